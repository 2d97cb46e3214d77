#include "adapters/duckdb/duckdb_analytics.hpp"
#include "adapters/duckdb/duckdb_tables.hpp"
#include "adapters/filesystem/filesystem_objects.hpp"
#include "adapters/memory/buffered_counters.hpp"
#include "background/lake_maintenance.hpp"
#include "operations/purchases/cancel_purchase.hpp"
#include "processors/figures/purchases_stream.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/closed_days.hpp"
#include "support/checkout_test.hpp"
#include "support/failing_objects.hpp"
#include "support/temporary_folder.hpp"

#include <functional>

namespace estante {
namespace {

// Days go by, purchases come into the lake as their processor puts them there, and rounds are made by hand.
class Upkeep : public CheckoutTest {
protected:
    TemporaryFolder folder;
    std::unique_ptr<ObjectStore> lake = create_filesystem_objects(folder / "lake");
    FailingObjects failing{*lake};
    std::unique_ptr<LakeTables> tables = create_duckdb_lake_tables(*lake, {.scratch = folder / "tables"});
    std::unique_ptr<Analytics> analytics =
        create_duckdb_analytics(*lake, {.folder = folder / "lake", .scratch = folder / "reports"});
    const TenantId acme{"acme"};
    const Day last_of_january = day_of(ManualClock::start_ms);
    const Month january = month_of(last_of_january);
    BufferedCounters counters{clock};
    std::function<std::vector<TenantId>()> shops = [] { return std::vector{TenantId{"acme"}, TenantId{"northwind"}}; };
    LakeMaintenance upkeep{{.items = store,
                            .lake = failing,
                            .tables = *tables,
                            .clock = clock,
                            .ids = ids,
                            .shops = [this] { return shops(); },
                            .scratch = folder / "tables"}};
    BookId book;
    purchases::PurchaseView bought;

    void SetUp() override
    {
        CheckoutTest::SetUp();
        book = given_book("Nada", Money{20'00}, 100).book_id;
        bought = given_purchase(customer, book, 2);
        given_purchase(customer, book);
        take_in();
    }

    // What was committed comes to the lake's processor and to the upkeep.
    void take_in()
    {
        auto changes = run(memory->changes().next("lake", 1000)).value();
        if (changes.empty())
            return;
        const auto position = changes.back().position;
        upkeep.saw(changes);
        ASSERT_TRUE(run(purchases_stream(all, *lake, counters, std::move(changes))));
        run(memory->changes().acknowledge("lake", position)).value();
    }
    void cancel(const PurchaseId& purchase)
    {
        IdempotencyGuard<purchases::PurchaseView> no_key;
        run(purchases::cancel_purchase(customer, {purchase}, items, clock, no_key)).value();
        take_in();
    }
    lake_layout::ClosedDays list() { return run(closed_days(*lake, acme)).value(); }
    bool is_closed() { return list().days.contains(last_of_january); }
    bool is_summed() { return list().months.contains(january); }
    std::string etag_of(const std::string& key)
    {
        const auto found = run(lake->get(key)).value();
        return found ? found->etag : "";
    }
    std::string export_of(const std::string& shop) { return etag_of(lake_layout::books_key({shop})); }
    // What reports say, by both of their ways.
    std::uint64_t copies_sold()
    {
        const Period period{.first = last_of_january, .last = last_of_january};
        const auto totals = run(analytics->totals(acme, period)).value();
        const auto best = run(analytics->top_books(acme, period, false, 10)).value();
        EXPECT_EQ(best.empty() ? 0 : best.front().items, totals.items);
        return totals.items;
    }
    void until_it_is_due()
    {
        clock.set(first_ms(last_of_january + std::chrono::days(1)) + allowed_lateness / std::chrono::milliseconds(1));
    }
};

TEST_F(Upkeep, ExportsEveryCatalogueOnceAndThenThoseThatChanged)
{
    upkeep.work();
    const auto acmes = export_of("acme");
    const auto northwinds = export_of("northwind");
    EXPECT_NE(acmes, "");
    EXPECT_NE(northwinds, "");

    given_purchase(customer, book);
    take_in();
    upkeep.work();
    EXPECT_EQ(export_of("acme"), acmes) << "a sale does not show";

    set_price(book, Money{9'95});
    take_in();
    upkeep.work();
    EXPECT_NE(export_of("acme"), acmes);
    EXPECT_EQ(export_of("northwind"), northwinds);
}

TEST_F(Upkeep, AnExportThatFailedIsMadeInTheNextRound)
{
    failing.fail_after(0);
    upkeep.work();
    EXPECT_EQ(export_of("acme"), "");
    failing.recover();
    upkeep.work();
    const auto first = export_of("acme");
    EXPECT_NE(first, "");

    set_price(book, Money{9'95});
    take_in();
    failing.fail_after(0);
    upkeep.work();
    EXPECT_EQ(export_of("acme"), first);
    failing.recover();
    upkeep.work();
    EXPECT_NE(export_of("acme"), first);
}

TEST_F(Upkeep, ClosesADayOnceItIsDueAndSumsItsMonthInTheNextRound)
{
    until_it_is_due();
    clock.advance(-1);
    upkeep.work();
    EXPECT_FALSE(is_closed());
    clock.advance(1);
    upkeep.work();
    EXPECT_TRUE(is_closed());
    EXPECT_FALSE(is_summed()) << "a day of it was closed in this round";
    EXPECT_EQ(copies_sold(), 3U);
    upkeep.work();
    EXPECT_TRUE(is_summed());
    EXPECT_EQ(copies_sold(), 3U);
    const auto before = etag_of(lake_layout::closed_days_key(acme));
    upkeep.work();
    EXPECT_EQ(etag_of(lake_layout::closed_days_key(acme)), before) << "there was nothing to do";
}

TEST_F(Upkeep, ALateCancellationReopensItsDayAndTheNextRoundsCloseItAgain)
{
    until_it_is_due();
    upkeep.work();
    upkeep.work();
    ASSERT_TRUE(is_closed() && is_summed());

    cancel(bought.purchase_id);

    EXPECT_FALSE(is_closed());
    EXPECT_FALSE(is_summed());
    EXPECT_EQ(copies_sold(), 1U);
    upkeep.work();
    EXPECT_TRUE(is_closed());
    EXPECT_EQ(copies_sold(), 1U);
    upkeep.work();
    EXPECT_TRUE(is_summed());
    EXPECT_EQ(copies_sold(), 1U);
}

TEST_F(Upkeep, WhicheverWriteFindsTheDiskFullNothingIsHalfVisibleAndLaterRoundsMend)
{
    upkeep.work(); // the exports are made
    until_it_is_due();
    const auto month_file = [this] {
        return run(lake->list("acme/purchases_by_month/", std::nullopt, 10)).value().objects.size();
    };
    std::size_t closings_cut_off = 0;
    std::size_t sums_cut_off = 0;
    for (std::size_t writes = 0; closings_cut_off == writes; ++writes) {
        failing.fail_after(writes);
        upkeep.work();
        failing.recover();
        if (!is_closed())
            ++closings_cut_off;
        EXPECT_EQ(copies_sold(), 3U) << writes;
        clock.advance(closing_lease.count() + 1); // what could not give up holds the day no longer
        upkeep.work();
        EXPECT_TRUE(is_closed()) << writes;
        EXPECT_EQ(copies_sold(), 3U) << writes;
        run(reopen_day(*lake, acme, last_of_january)).value();
    }
    EXPECT_EQ(closings_cut_off, 4U); // the note, both files, the list

    upkeep.work();
    for (std::size_t writes = 0; sums_cut_off == writes; ++writes) {
        failing.fail_after(writes);
        upkeep.work();
        failing.recover();
        if (!is_summed())
            ++sums_cut_off;
        EXPECT_EQ(copies_sold(), 3U) << writes;
        clock.advance(closing_lease.count() + 1);
        upkeep.work();
        EXPECT_TRUE(is_summed()) << writes;
        EXPECT_EQ(copies_sold(), 3U) << writes;
        run(reopen_day(*lake, acme, last_of_january)).value();
        upkeep.work(); // closed again, and the month to be summed
    }
    EXPECT_EQ(sums_cut_off, 3U); // the note, the file, the list
    upkeep.work();
    EXPECT_TRUE(is_summed());
    EXPECT_EQ(month_file(), 1U); // nothing of failed attempts is left
}

TEST_F(Upkeep, ADamagedObjectHoldsUpItsDayAloneAndNotItsMonth)
{
    const Day before = last_of_january - std::chrono::days(1);
    const auto damaged = lake_layout::purchases_prefix(acme, before) + "purchase_cut.json.gz";
    run(lake->put(damaged, "\x1f\x8b", {})).value();
    until_it_is_due();
    upkeep.work();
    upkeep.work();
    EXPECT_EQ(list().days, std::set{last_of_january});
    EXPECT_TRUE(is_summed());
    EXPECT_EQ(copies_sold(), 3U);

    run(lake->remove(damaged)).value();
    given_purchase(customer, book); // on the day it is now: not due
    take_in();
    upkeep.work();
    EXPECT_EQ(list().days, std::set{last_of_january});
}

TEST_F(Upkeep, ManyDamagedDaysHoldUpNoOther)
{
    constexpr int more_than_a_round_takes = 12;
    for (int days = 1; days <= more_than_a_round_takes; ++days)
        run(lake->put(lake_layout::purchases_prefix(acme, last_of_january - std::chrono::days(days)) +
                          "purchase_cut.json.gz",
                      "\x1f\x8b", {}))
            .value();
    until_it_is_due();
    upkeep.work();
    EXPECT_FALSE(is_closed()) << "the oldest days come first";
    upkeep.work();
    EXPECT_EQ(list().days, std::set{last_of_january});

    cancel(bought.purchase_id); // reopened, and the next round begins with the oldest again
    upkeep.work();
    upkeep.work();
    EXPECT_TRUE(is_closed());
    EXPECT_EQ(copies_sold(), 1U);
}

TEST_F(Upkeep, GoesOnAfterARoundInWhichTheStoreDidNotAnswer)
{
    const auto good =
        std::exchange(shops, []() -> std::vector<TenantId> { throw std::runtime_error("the store is away"); });
    until_it_is_due();
    upkeep.work();
    EXPECT_FALSE(is_closed());
    shops = good;
    upkeep.work();
    EXPECT_TRUE(is_closed());
}

} // namespace
} // namespace estante
