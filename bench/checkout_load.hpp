// Durable checkouts of three lines each by concurrent clients, in shops on a new store. They call the operation
// directly, without HTTP.
#pragma once

#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system/system.hpp"
#include "measure.hpp"
#include "operations/purchases/checkout.hpp"
#include "records/carts.hpp"
#include "records/stock.hpp"
#include "records/tenants.hpp"
#include "runtime/run_task.hpp"
#include "support/sqlite_syncs.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace estante::bench {

struct CheckoutFigures {
    double per_second = 0;
    double p50_ms = 0;
    double p95_ms = 0;
    double p99_ms = 0;
    double syncs_per_checkout = 0;
};

// The median of one figure over the rounds.
inline double median(const std::vector<CheckoutFigures>& rounds, double CheckoutFigures::* figure)
{
    std::vector<double> samples;
    for (const CheckoutFigures& round : rounds)
        samples.push_back(round.*figure);
    return percentile(std::move(samples), 0.5);
}

inline std::string to_text(const CheckoutFigures& figures)
{
    return fmt::format("{:.0f}/s, p50 {:.2f} ms, p99 {:.2f} ms, {:.3f} fsyncs each", figures.per_second, figures.p50_ms,
                       figures.p99_ms, figures.syncs_per_checkout);
}

// Each checkout has a customer of its own with a filled cart. Customers are distributed over the shops round-robin.
class CheckoutLoad {
public:
    struct Size {
        std::size_t shops = 1;
        std::size_t books_per_shop = 10'000;
        std::size_t max_group_transactions = SqliteOptions{}.max_group_transactions; // transactions that share a commit
    };

    CheckoutLoad(const std::filesystem::path& folder, const Size& size)
        : size_(size),
          folder_(folder),
          clock_(create_system_clock()),
          random_(create_system_random()),
          ids_(create_ids(*clock_, *random_))
    {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        store_ = create_sqlite_store(folder_ / "bench.db", *clock_, partition_versions_,
                                     {.max_group_transactions = size_.max_group_transactions});
        for (std::size_t i = 0; i < size_.books_per_shop; ++i)
            books_.push_back(ids_->make<BookId>());
        std::vector<Action> actions;
        for (std::size_t i = 0; i < size_.shops; ++i) {
            actions.push_back(Put{
                .table = Table::users,
                .item = to_item(Tenant{
                    .id = shop(i),
                    .settings = {
                        .name = {"Bench"}, .language = {"es"}, .currency = {"EUR"}, .vat_rate = {}, .delivery = {}}})});
            for (const BookId& book : books_)
                actions.push_back(in_tenant(
                    shop(i),
                    {.table = Table::books,
                     .item = to_item(StockRecord{.book_id = book, .stock = {.on_hand = 1'000'000, .price = price}})}));
        }
        must(run_task(store_->items().batch_write(std::move(actions))));
    }
    ~CheckoutLoad()
    {
        store_.reset();
        std::filesystem::remove_all(folder_);
    }

    // Runs the checkouts by concurrent clients on two event loops.
    CheckoutFigures measure(std::size_t clients, std::size_t checkouts)
    {
        const auto customers = fill_carts(checkouts);
        const auto syncs_before = vfs_.syncs();
        std::atomic<std::size_t> next = 0;
        std::mutex mutex;
        std::vector<double> times;
        boost::asio::io_context loops[2];
        for (std::size_t i = 0; i < clients; ++i)
            boost::asio::co_spawn(loops[i % 2], client(customers, next, mutex, times), [](std::exception_ptr thrown) {
                if (thrown)
                    std::rethrow_exception(thrown);
            });
        const auto begin = Clock::now();
        std::thread other([&] { loops[1].run(); });
        loops[0].run();
        other.join();
        const double ms = ms_since(begin);
        const auto syncs = vfs_.syncs() - syncs_before;
        return {.per_second = static_cast<double>(checkouts) / ms * 1000,
                .p50_ms = percentile(times, 0.5),
                .p95_ms = percentile(times, 0.95),
                .p99_ms = percentile(times, 0.99),
                .syncs_per_checkout = static_cast<double>(syncs) / static_cast<double>(checkouts)};
    }

private:
    static constexpr std::size_t lines_per_cart = 3;
    static constexpr Money price{12'50};

    const SyncCountingVfs& vfs_ = SyncCountingVfs::installed(); // before the store opens its file
    Size size_;
    std::filesystem::path folder_;
    std::unique_ptr<estante::Clock> clock_;
    std::unique_ptr<Random> random_;
    std::unique_ptr<IdGenerator> ids_;
    PartitionVersions partition_versions_;
    std::unique_ptr<SqliteStore> store_;
    purchases::PurchaseNumbers numbers_;
    std::vector<BookId> books_; // the same ids in each shop

    TenantId shop(std::size_t number) const { return {fmt::format("shop{}", number % size_.shops)}; }

    static void must(const StoreResult<void>& done)
    {
        if (!done)
            throw std::runtime_error("the store refuses: " + done.error().detail);
    }

    std::vector<UserId> fill_carts(std::size_t count)
    {
        std::vector<UserId> customers;
        std::vector<Action> actions;
        for (std::size_t i = 0; i < count; ++i) {
            customers.push_back(ids_->make<UserId>());
            Cart cart{.lines = {}, .version = 1, .updated_ms = clock_->now_ms()};
            for (std::size_t line = 0; line < lines_per_cart; ++line)
                cart.lines.push_back({.book_id = books_[(i * 31 + line * 7919) % books_.size()],
                                      .title = "A title of usual length",
                                      .unit_price = price});
            actions.push_back(in_tenant(shop(i), {.table = Table::purchases, .item = to_item(cart, customers.back())}));
        }
        must(run_task(store_->items().batch_write(std::move(actions))));
        return customers;
    }

    Task<void> client(const std::vector<UserId>& customers, std::atomic<std::size_t>& next, std::mutex& mutex,
                      std::vector<double>& times)
    {
        std::vector<double> mine;
        while (true) {
            const auto i = next++;
            if (i >= customers.size())
                break;
            const Caller caller{
                .tenant = shop(i), .kind = Caller::Kind::customer, .user = customers[i], .guest = {}, .session = {}};
            const purchases::Checkout request{.expected_total = price * lines_per_cart, .delivery = {}, .payment = {}};
            TenantItems scoped(caller.tenant, store_->items());
            IdempotencyGuard<purchases::PurchaseView> idempotency;
            const auto begin = Clock::now();
            const auto bought =
                co_await purchases::checkout(caller, request, scoped, numbers_, *clock_, *ids_, idempotency);
            mine.push_back(ms_since(begin));
            if (!bought)
                throw std::runtime_error("a checkout failed: " + bought.error().detail.en);
        }
        const std::lock_guard lock(mutex);
        times.insert(times.end(), mine.begin(), mine.end());
    }
};

} // namespace estante::bench
