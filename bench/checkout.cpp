// Durable checkouts through the operation, without HTTP: three lines each, from 64 clients on two event loops, beside a
// writer of the same store that commits every transaction by itself (the same rows, the same code, groups of one).
#include "operations/purchases/checkout.hpp"

#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system/system.hpp"
#include "hosts/embedded/run_task.hpp"
#include "measure.hpp"
#include "records/carts.hpp"
#include "records/stock.hpp"
#include "records/tenants.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace estante::bench {
namespace {

constexpr std::size_t books = 10'000;
constexpr std::size_t lines_each = 3;
constexpr Money price{12'50};
const TenantId tenant{"bench"};

void must(const Stored<void>& done)
{
    if (!done)
        throw std::runtime_error("the store refuses: " + done.error().detail);
}

struct Measured {
    double per_second = 0;
    double p50_ms = 0;
    double p99_ms = 0;
    double syncs_per_checkout = 0;
};

// A shop on a fresh file, with books in stock and one customer a checkout, the cart already filled.
class Shop {
public:
    Shop(const std::filesystem::path& folder, std::size_t max_group)
        : folder_(folder),
          clock_(create_system_clock()),
          random_(create_system_random()),
          ids_(create_ids(*clock_, *random_))
    {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        store_ = create_sqlite_store(folder_ / "bench.db", *clock_, stamps_, {.max_group = max_group});
        Tenant shop{
            .id = tenant,
            .settings = {.name = {"Bench"}, .language = {"es"}, .currency = {"EUR"}, .vat_rate = {}, .delivery = {}}};
        must(run_task(store_->items().put({.table = Table::users, .item = to_item(shop)})));
        std::vector<Action> actions;
        for (std::size_t i = 0; i < books; ++i) {
            books_.push_back(ids_->make<BookId>());
            actions.push_back(Put{.table = Table::books,
                                  .item = to_item(StockRecord{.book_id = books_.back(),
                                                              .stock = {.on_hand = 1'000'000, .price = price}})});
        }
        must(run_task(items().batch_write(std::move(actions))));
    }
    ~Shop()
    {
        store_.reset();
        std::filesystem::remove_all(folder_);
    }

    Measured measure(std::size_t clients, std::size_t checkouts)
    {
        const auto customers = fill_carts(checkouts);
        const auto before = store_->counters();
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
        const auto after = store_->counters();
        return {.per_second = static_cast<double>(checkouts) / ms * 1000,
                .p50_ms = percentile(times, 0.5),
                .p99_ms = percentile(times, 0.99),
                .syncs_per_checkout = static_cast<double>(after.syncs - before.syncs) / static_cast<double>(checkouts)};
    }

private:
    std::filesystem::path folder_;
    std::unique_ptr<estante::Clock> clock_;
    std::unique_ptr<Random> random_;
    std::unique_ptr<Ids> ids_;
    Stamps stamps_;
    std::unique_ptr<SqliteStore> store_;
    purchases::PurchaseNumbers numbers_;
    std::vector<BookId> books_;

    TenantItems items() { return {tenant, store_->items()}; }

    std::vector<UserId> fill_carts(std::size_t count)
    {
        std::vector<UserId> customers;
        std::vector<Action> actions;
        for (std::size_t i = 0; i < count; ++i) {
            customers.push_back(ids_->make<UserId>());
            Cart cart{.lines = {}, .version = 1, .updated_ms = clock_->now_ms()};
            for (std::size_t line = 0; line < lines_each; ++line)
                cart.lines.push_back({.book_id = books_[(i * 31 + line * 7919) % books],
                                      .title = "A title of usual length",
                                      .unit_price = price});
            actions.push_back(Put{.table = Table::purchases, .item = to_item(cart, customers.back())});
        }
        must(run_task(items().batch_write(std::move(actions))));
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
                .tenant = tenant, .kind = Caller::Kind::customer, .user = customers[i], .guest = {}, .session = {}};
            const purchases::Checkout request{.expected_total = price * lines_each, .delivery = {}, .payment = {}};
            TenantItems scoped = items();
            Once<purchases::PurchaseView> once;
            const auto begin = Clock::now();
            const auto bought = co_await purchases::checkout(caller, request, scoped, numbers_, *clock_, *ids_, once);
            mine.push_back(ms_since(begin));
            if (!bought)
                throw std::runtime_error("a checkout failed: " + bought.error().detail.en);
        }
        const std::lock_guard lock(mutex);
        times.insert(times.end(), mine.begin(), mine.end());
    }
};

int measure_all(const std::filesystem::path& folder)
{
    constexpr std::size_t rounds = 3;
    std::vector<double> ratios;
    std::vector<Measured> ours;
    std::vector<Measured> theirs;
    {
        Shop grouped(folder / "grouped", SqliteOptions{}.max_group);
        Shop single(folder / "single", 1);
        in_turns(
            rounds, [&](std::size_t) { ours.push_back(grouped.measure(64, 12'000)); },
            [&](std::size_t) { theirs.push_back(single.measure(64, 6'000)); });
        for (std::size_t i = 0; i < rounds; ++i) {
            ratios.push_back(ours[i].per_second / theirs[i].per_second);
            progress("round {}: grouped {:.0f}/s, p99 {:.1f} ms, {:.3f} fsyncs each; commit each {:.0f}/s: {:.2f}x",
                     i + 1, ours[i].per_second, ours[i].p99_ms, ours[i].syncs_per_checkout, theirs[i].per_second,
                     ratios.back());
        }
        for (const std::size_t clients : {1, 8, 64, 512}) {
            const auto at = grouped.measure(clients, clients == 1 ? 3'000 : 10'000);
            progress("{:3} clients: {:.0f}/s, p50 {:.2f} ms, p99 {:.2f} ms, {:.3f} fsyncs each", clients, at.per_second,
                     at.p50_ms, at.p99_ms, at.syncs_per_checkout);
        }
    }
    std::vector<double> p99;
    std::vector<double> syncs;
    for (const auto& each : ours) {
        p99.push_back(each.p99_ms);
        syncs.push_back(each.syncs_per_checkout);
    }
    const double ratio = percentile(ratios, 0.5);
    const double p99_ms = percentile(p99, 0.5);
    const double fsyncs = percentile(syncs, 0.5);
    JsonLine result;
    result.put("name", "checkout")
        .put("ratio", ratio)
        .put("target", 2.0)
        .put("holds", ratio >= 2 && p99_ms < 30 && fsyncs <= 1.0 / 8);
    result.put("per_s", ours[0].per_second).put("p99_ms", p99_ms).put("fsyncs_per_checkout", fsyncs);
    result.print();
    return 0;
}

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    return estante::bench::measure_all(argc > 1 ? argv[1] : "build/bench-checkout");
}
