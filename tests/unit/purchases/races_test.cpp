// Many buyers of few copies: on one event loop, where all coroutines are between their reads and their writes, and on
// several threads; in memory and on SQLite.
#include "adapters/sqlite/sqlite_store.hpp"
#include "operations/purchases/cancel_purchase.hpp"
#include "support/checkout_test.hpp"
#include "support/temporary_folder.hpp"
#include "support/yielding_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>

#include <map>
#include <mutex>
#include <random>

namespace estante {
namespace {

struct Setting {
    const char* name;
    int threads;
    bool sqlite;
};

class Races : public BookshopTest, public testing::WithParamInterface<Setting> {
protected:
    struct Buyer {
        Caller caller;
        std::int64_t copies = 1;
        std::optional<Result<purchases::PurchaseView>> result{};
    };

    TemporaryFolder folder;
    PartitionVersions partition_versions;
    std::unique_ptr<SqliteStore> sqlite =
        GetParam().sqlite ? create_sqlite_store(folder / "items.db", clock, partition_versions) : nullptr;
    ItemStore& real = sqlite ? sqlite->items() : memory->items();
    YieldingStore yielding{real};
    TenantItems shop{TenantId{"acme"}, yielding};
    purchases::PurchaseNumbers numbers;

    void SetUp() override
    {
        const Tenant tenant{.id = {"acme"}, .settings = {.name = {"Librería"}, .delivery = {}}};
        run(real.put({.table = Table::users, .item = to_item(tenant)})).value();
    }

    BookId given_copies(std::int64_t on_hand)
    {
        IdempotencyGuard<books::BookView> no_key;
        return run(books::create_book(manager, new_book(entry("Best seller"), Money{20'00}, on_hand), shop, clock, ids,
                                      no_key))
            .value()
            .book_id;
    }
    Buyer given_buyer(const std::vector<BookId>& wanted, std::int64_t copies)
    {
        Buyer buyer{caller_in("acme", Caller::Kind::customer), copies};
        for (const BookId& id : wanted) {
            cart::AddToCart request{.book_id = id};
            request.quantity.value.value = copies;
            IdempotencyGuard<cart::CartView> no_key;
            run(cart::add_to_cart(buyer.caller, request, shop, clock, no_key)).value();
        }
        return buyer;
    }
    Stock stock_of(const BookId& id) { return stock_from(*run(shop.get(Table::books, stock_key(id))).value()).stock; }

    // Runs all concurrently to their end. Throws what one of them throws.
    void run_all(std::vector<std::function<Task<void>()>> coroutines)
    {
        boost::asio::thread_pool threads(static_cast<std::size_t>(GetParam().threads));
        std::mutex mutex;
        std::exception_ptr thrown;
        for (auto& coroutine : coroutines)
            boost::asio::co_spawn(threads, coroutine(), [&](std::exception_ptr error) {
                const std::lock_guard lock(mutex);
                if (error)
                    thrown = error;
            });
        threads.join();
        if (thrown)
            std::rethrow_exception(thrown);
    }
    void all_buy(std::vector<Buyer>& buyers)
    {
        std::vector<std::function<Task<void>()>> coroutines;
        for (Buyer& buyer : buyers)
            coroutines.emplace_back([this, &buyer]() -> Task<void> {
                const purchases::Checkout request;
                IdempotencyGuard<purchases::PurchaseView> no_key;
                buyer.result = co_await purchases::checkout(buyer.caller, request, shop, numbers, clock, ids, no_key);
            });
        run_all(std::move(coroutines));
    }
    static std::map<Errc, int> refusals_of(const std::vector<Buyer>& buyers)
    {
        std::map<Errc, int> count;
        for (const Buyer& buyer : buyers) {
            if (!*buyer.result)
                ++count[buyer.result->error().code];
        }
        return count;
    }
    static std::int64_t sold_to(const std::vector<Buyer>& buyers)
    {
        std::int64_t sold = 0;
        for (const Buyer& buyer : buyers)
            sold += *buyer.result ? buyer.copies : 0;
        return sold;
    }
};

TEST_P(Races, ExactlyOneOfTwoBuyersGetsTheLastCopy)
{
    for (int round = 0; round < 20; ++round) {
        const auto id = given_copies(1);
        std::vector<Buyer> buyers{given_buyer({id}, 1), given_buyer({id}, 1)};
        all_buy(buyers);
        EXPECT_EQ(sold_to(buyers), 1);
        EXPECT_EQ(refusals_of(buyers), (std::map<Errc, int>{{Errc::out_of_stock, 1}}));
        EXPECT_EQ(stock_of(id).on_hand, 0);
        EXPECT_EQ(stock_of(id).availability_version, 2);
    }
}

TEST_P(Races, TwoHundredBuyersOfFiftyCopiesBuyExactlyFifty)
{
    const auto id = given_copies(50);
    std::vector<Buyer> buyers;
    for (int i = 0; i < 200; ++i)
        buyers.push_back(given_buyer({id}, 1));

    all_buy(buyers);

    EXPECT_EQ(sold_to(buyers), 50);
    EXPECT_EQ(refusals_of(buyers), (std::map<Errc, int>{{Errc::out_of_stock, 150}}));
    EXPECT_EQ(stock_of(id).on_hand, 0);
    EXPECT_EQ(stock_of(id).availability_version, 2); // on_hand crossed 0 once
    EXPECT_EQ(stock_of(id).version, 51);
    std::set<std::string> purchase_numbers;
    for (const Buyer& buyer : buyers) {
        if (*buyer.result)
            EXPECT_TRUE(purchase_numbers.insert((*buyer.result)->number).second);
    }
}

TEST_P(Races, NobodyGetsOutOfStockWhileThereAreCopies)
{
    std::mt19937 random(7);
    for (int round = 0; round < 10; ++round) {
        const auto id = given_copies(60);
        std::vector<Buyer> buyers;
        for (int i = 0; i < 40; ++i)
            buyers.push_back(given_buyer({id}, 1 + static_cast<std::int64_t>(random() % 4)));

        all_buy(buyers);

        const auto left = stock_of(id).on_hand;
        EXPECT_EQ(sold_to(buyers) + left, 60);
        EXPECT_EQ(stock_of(id).availability_version, left == 0 ? 2 : 1);
        for (const Buyer& buyer : buyers) {
            if (*buyer.result)
                continue;
            EXPECT_EQ(buyer.result->error().code, Errc::out_of_stock);
            EXPECT_LT(left, buyer.copies); // copies are only sold, so the error was correct
        }
    }
}

TEST_P(Races, CartsOfSeveralBooksBuyAllOrNothing)
{
    const std::vector<BookId> books{given_copies(10), given_copies(15), given_copies(20)};
    std::vector<Buyer> buyers;
    for (int i = 0; i < 60; ++i)
        buyers.push_back(given_buyer({books[i % 3], books[(i + 1) % 3]}, 1));

    all_buy(buyers);

    std::map<BookId, std::int64_t> sold;
    for (const Buyer& buyer : buyers) {
        if (!*buyer.result)
            continue;
        for (const auto& line : (*buyer.result)->items)
            sold[line.book_id] += line.quantity;
    }
    const std::int64_t initial[] = {10, 15, 20};
    for (std::size_t i = 0; i < books.size(); ++i)
        EXPECT_EQ(sold[books[i]] + stock_of(books[i]).on_hand, initial[i]);
    EXPECT_EQ(refusals_of(buyers)[Errc::out_of_stock],
              60 - std::ranges::count_if(buyers, [](const Buyer& buyer) { return buyer.result->has_value(); }));
}

TEST_P(Races, CancellingDuringSalesKeepsTheNumberOfCopies)
{
    const auto id = given_copies(10);
    std::vector<Buyer> first;
    for (int i = 0; i < 10; ++i)
        first.push_back(given_buyer({id}, 1));
    all_buy(first);
    ASSERT_EQ(sold_to(first), 10);

    std::vector<Buyer> second;
    for (int i = 0; i < 30; ++i)
        second.push_back(given_buyer({id}, 1));
    std::vector<std::function<Task<void>()>> coroutines;
    for (Buyer& buyer : first)
        coroutines.emplace_back([this, &buyer]() -> Task<void> {
            const purchases::CancelPurchase request{(*buyer.result)->purchase_id};
            IdempotencyGuard<purchases::PurchaseView> no_key;
            const auto cancelled = co_await purchases::cancel_purchase(buyer.caller, request, shop, clock, no_key);
            EXPECT_TRUE(cancelled);
        });
    for (Buyer& buyer : second)
        coroutines.emplace_back([this, &buyer]() -> Task<void> {
            const purchases::Checkout request;
            IdempotencyGuard<purchases::PurchaseView> no_key;
            buyer.result = co_await purchases::checkout(buyer.caller, request, shop, numbers, clock, ids, no_key);
        });
    run_all(std::move(coroutines));

    EXPECT_EQ(sold_to(second) + stock_of(id).on_hand, 10);
    const auto refused = refusals_of(second);
    for (const auto& [code, count] : refused)
        EXPECT_TRUE(code == Errc::out_of_stock || code == Errc::unavailable);
}

TEST_P(Races, TwoCheckoutsOfOneCartBuyItOnce)
{
    const auto id = given_copies(10);
    for (int round = 0; round < 5; ++round) {
        const auto buyer = given_buyer({id}, 1);
        std::vector<Buyer> windows{{buyer.caller}, {buyer.caller}, {buyer.caller}};
        all_buy(windows);
        EXPECT_EQ(sold_to(windows), 1);
    }
    EXPECT_EQ(stock_of(id).on_hand, 5);
}

INSTANTIATE_TEST_SUITE_P(, Races,
                         testing::Values(Setting{"OnOneLoopInMemory", 1, false},
                                         Setting{"OnFourThreadsInMemory", 4, false},
                                         Setting{"OnOneLoopOnSqlite", 1, true},
                                         Setting{"OnFourThreadsOnSqlite", 4, true}),
                         [](const auto& setting) { return setting.param.name; });

} // namespace
} // namespace estante
