#include "adapters/memory/memory_live_sales_hub.hpp"
#include "operations/analytics/day_tally.hpp"
#include "operations/analytics/live_sales.hpp"
#include "operations/purchases/cancel_purchase.hpp"
#include "operations/purchases/set_status.hpp"
#include "processors/figures/live_sales_feed.hpp"
#include "support/checkout_test.hpp"

#include <chrono>
#include <set>
#include <thread>

namespace estante {
namespace {

using namespace analytics;

class LiveSalesTest : public CheckoutTest {
protected:
    std::unique_ptr<LiveSalesHub> live =
        create_memory_live_sales_hub({.max_watches = 3, .max_watches_per_shop = 2, .max_events_per_watch = 5});
    BookId nada;

    void SetUp() override
    {
        CheckoutTest::SetUp();
        nada = given_book("Nada", Money{10'00}, 10'000).book_id;
    }
    PurchaseId sell(std::int64_t quantity = 1) { return given_purchase(customer, nada, quantity).purchase_id; }
    void cancel(const PurchaseId& id) { run(purchases::cancel_purchase(manager, {id}, items, clock, no_key_)).value(); }
    void publish_changes()
    {
        const auto changes = run(memory->changes().next("live-test", 1000)).value();
        feed_live_sales(*live, changes);
        if (!changes.empty())
            run(memory->changes().acknowledge("live-test", changes.back().position)).value();
    }
    static std::vector<LiveEvent> read_events(SalesWatch& watch)
    {
        return run(watch.next(std::chrono::milliseconds(0)));
    }
    LiveSalesPage page(const std::optional<LiveCursor>& since = {})
    {
        return run(live_sales(manager, {since}, items, clock)).value();
    }

private:
    IdempotencyGuard<purchases::PurchaseView> no_key_;
};

using Kind = LiveEvent::Kind;

TEST_F(LiveSalesTest, WatchGetsSalesAndCancellationsOfItsShopOnly)
{
    publish_changes();
    const auto watch = live->watch({"acme"}).value();
    const auto other = live->watch({"northwind"}).value();
    const auto sold = sell();
    run(purchases::set_status(manager, {.purchase_id = sold, .if_match = {}, .status = PurchaseStatus::paid}, items,
                              clock))
        .value();
    cancel(sold);
    publish_changes();
    const auto events = read_events(*watch);
    ASSERT_EQ(events.size(), 2U) << "a payment is no sale";
    EXPECT_EQ(events[0].kind, Kind::sale);
    EXPECT_EQ(events[0].purchase->id, sold);
    EXPECT_EQ(events[1].kind, Kind::cancellation);
    EXPECT_EQ(events[1].purchase->status, PurchaseStatus::cancelled);
    EXPECT_TRUE(read_events(*other).empty());
}

TEST_F(LiveSalesTest, PurchasesOfAMovedShopAreNoSales)
{
    publish_changes();
    const auto watch = live->watch({"acme"}).value();
    sell();
    auto changes = run(memory->changes().next("live-test", 1000)).value();
    for (Change& change : changes)
        change.at_ms += day_ms;
    feed_live_sales(*live, changes);
    EXPECT_TRUE(read_events(*watch).empty());
}

TEST_F(LiveSalesTest, WatchGetsAGapIfItsBufferOverflows)
{
    publish_changes();
    const auto watch = live->watch({"acme"}).value();
    for (int i = 0; i < 6; ++i)
        sell();
    publish_changes();
    const auto events = read_events(*watch);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].kind, Kind::missed);
    EXPECT_EQ(events[1].kind, Kind::sale);
}

TEST_F(LiveSalesTest, WaitEndsWithTheEventBeforeItsTimeout)
{
    publish_changes();
    const auto watch = live->watch({"acme"}).value();
    const auto sold = sell();
    const auto wait_and_sell = [&]() -> Task<std::vector<LiveEvent>> {
        // The thread starts before the wait and may publish first.
        std::jthread publisher([&] { publish_changes(); });
        auto events = co_await watch->next(std::chrono::hours(1));
        co_return events;
    };
    const auto events = run(wait_and_sell());
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].purchase->id, sold);
}

TEST_F(LiveSalesTest, WatchesAreLimitedByShopAndInAll)
{
    auto first = live->watch({"acme"});
    auto second = live->watch({"acme"});
    EXPECT_EQ(code_of(live->watch({"acme"})), Errc::rate_limited);
    const auto third = live->watch({"northwind"});
    EXPECT_EQ(code_of(live->watch({"northwind"})), Errc::unavailable);
    second->reset();
    EXPECT_TRUE(live->watch({"acme"})) << "one watch has ended";
    EXPECT_TRUE(live->is_watched());
}

TEST_F(LiveSalesTest, PageWithoutACursorHasOnlyACursor)
{
    sell();
    const auto begin = page();
    EXPECT_TRUE(begin.items.empty());
    EXPECT_EQ(begin.today.purchases, 1U);
    EXPECT_TRUE(page(begin.cursor).items.empty());
    const auto sold = sell(3);
    const auto next = page(begin.cursor);
    ASSERT_EQ(next.items.size(), 1U);
    EXPECT_EQ(next.items[0].purchase_id, sold);
    EXPECT_EQ(next.today.items, 4U);
    EXPECT_EQ(next.today.revenue, Money{40'00});
    EXPECT_TRUE(page(next.cursor).items.empty());
}

TEST_F(LiveSalesTest, PagesHaveEverySaleOnce)
{
    auto cursor = page().cursor;
    std::set<PurchaseId> sold;
    for (int i = 0; i < 250; ++i) {
        sold.insert(sell());
        clock.advance(i % 3 == 0 ? 40 : 0);
    }
    std::set<PurchaseId> found;
    std::size_t sent = 0;
    bool more = true;
    for (int pages = 0; more; ++pages) {
        ASSERT_LT(pages, 10);
        const auto got = page(cursor);
        EXPECT_LE(got.items.size(), max_live_sales);
        for (const LiveSale& sale : got.items)
            found.insert(sale.purchase_id);
        sent += got.items.size();
        cursor = got.cursor;
        more = got.more;
    }
    EXPECT_EQ(found, sold);
    EXPECT_EQ(sent, sold.size());
}

TEST_F(LiveSalesTest, SaleThatCommitsAfterANewerOneIsNotMissed)
{
    const auto cursor = page().cursor;
    const auto early_ms = clock.now_ms();
    clock.advance(2'000);
    sell();
    const auto after = page(cursor);
    ASSERT_EQ(after.items.size(), 1U);
    clock.set(early_ms);
    const auto late = sell();
    const auto next = page(after.cursor);
    ASSERT_EQ(next.items.size(), 1U);
    EXPECT_EQ(next.items[0].purchase_id, late);
}

TEST_F(LiveSalesTest, TimeIsACursorToo)
{
    sell();
    clock.advance(60'000);
    const auto sold = sell();
    const auto since = LiveCursor::parse("2026-01-31T09:30:01Z").value();
    ASSERT_EQ(page(since).items.size(), 1U);
    EXPECT_EQ(page(since).items[0].purchase_id, sold);
}

TEST(LiveCursors, AreParsedStrictly)
{
    const std::string ulid = "01M8GM94ASNFK1HWQEKR8F5QPM";
    for (const std::string& good : {std::string("1795854466513"), "1795854466513." + ulid, std::string("0"),
                                    std::string("2026-01-31"), std::string("2026-01-31T09:30:00+01:00")})
        EXPECT_TRUE(LiveCursor::parse(good)) << good;
    std::string many = "1";
    for (std::size_t i = 0; i <= LiveCursor::max_seen; ++i)
        many += "." + ulid;
    for (const std::string& bad :
         {std::string(), std::string("x"), std::string("-1"), "1." + ulid + ".", std::string("1."),
          std::string("1..") + ulid, "1." + ulid + "x", std::string("99999999999999999999"),
          std::string("1.../../etc/passwd"), std::string("1;DROP TABLE purchases"), many})
        EXPECT_FALSE(LiveCursor::parse(bad)) << bad;
}

TEST_F(LiveSalesTest, TallyCountsReadAndReceivedSalesOnce)
{
    publish_changes();
    const auto watch = live->watch({"acme"}).value();
    sell(2);
    const auto dropped = sell(1);
    DayTally today;
    run(today.read(items, day_of(clock.now_ms()), clock.now_ms())).value();
    const auto late = sell(4);
    cancel(dropped);
    cancel(late);
    publish_changes();
    for (const LiveEvent& event : read_events(*watch))
        today.add(event);
    EXPECT_EQ(today.sales(), (Sales{.purchases = 1, .items = 2, .revenue_cents = 20'00}));
    DayTally again;
    run(again.read(items, day_of(clock.now_ms()), clock.now_ms())).value();
    EXPECT_EQ(again.sales(), today.sales());
}

} // namespace
} // namespace estante
