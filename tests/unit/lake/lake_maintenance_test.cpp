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
#include "support/forwarding_store.hpp"
#include "support/temporary_folder.hpp"

#include <utility>

namespace estante {
namespace {

// A store that can be made unavailable for reads.
class UnavailableStore final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;
    bool is_available = true;

    Task<StoreResult<Page>> query(Query query) override
    {
        if (!is_available)
            co_return std::unexpected(StoreError{.code = StoreError::Code::unavailable, .detail = "no answer"});
        co_return co_await ForwardingStore::query(std::move(query));
    }
};

class LakeMaintenanceTest : public CheckoutTest {
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
    UnavailableStore source{store};
    LakeMaintenance maintenance{{.items = source,
                                 .lake = failing,
                                 .tables = *tables,
                                 .clock = clock,
                                 .ids = ids,
                                 .scratch = folder / "tables"}};
    BookId book;
    purchases::PurchaseView bought;

    void SetUp() override
    {
        CheckoutTest::SetUp();
        book = given_book("Nada", Money{20'00}, 100).book_id;
        bought = given_purchase(customer, book, 2);
        given_purchase(customer, book);
        process_changes();
    }

    // Gives new changes to the lake's processor and to the maintenance.
    void process_changes()
    {
        auto changes = run(memory->changes().next("lake", 1000)).value();
        if (changes.empty())
            return;
        const auto position = changes.back().position;
        maintenance.record_changes(changes);
        ASSERT_TRUE(run(purchases_stream(all, *lake, counters, std::move(changes))));
        run(memory->changes().acknowledge("lake", position)).value();
    }
    void cancel(const PurchaseId& purchase)
    {
        IdempotencyGuard<purchases::PurchaseView> no_key;
        run(purchases::cancel_purchase(customer, {purchase}, items, clock, no_key)).value();
        process_changes();
    }
    void run_round() { run(maintenance.run_round()); }
    lake_layout::ClosedDays list() { return run(closed_days(*lake, acme)).value(); }
    bool is_closed() { return list().days.contains(last_of_january); }
    bool is_rolled_up() { return list().months.contains(january); }
    std::string etag_of(const std::string& key)
    {
        const auto found = run(lake->get(key)).value();
        return found ? found->etag : "";
    }
    std::string export_of(const std::string& shop) { return etag_of(lake_layout::books_key({shop})); }
    // By the totals and by the best-sellers, which must agree.
    std::uint64_t copies_sold()
    {
        const Period period{.first = last_of_january, .last = last_of_january};
        const auto totals = run(analytics->totals(acme, period)).value();
        const auto best = run(analytics->top_books(acme, period, false, 10)).value();
        EXPECT_EQ(best.empty() ? 0 : best.front().items, totals.items);
        return totals.items;
    }
    void advance_until_due()
    {
        clock.set(first_ms(last_of_january + std::chrono::days(1)) + allowed_lateness / std::chrono::milliseconds(1));
    }
};

TEST_F(LakeMaintenanceTest, ExportsEveryCatalogueOnceAndThenThoseThatChanged)
{
    run_round();
    const auto acmes = export_of("acme");
    const auto northwinds = export_of("northwind");
    EXPECT_NE(acmes, "");
    EXPECT_NE(northwinds, "");

    given_purchase(customer, book);
    process_changes();
    run_round();
    EXPECT_EQ(export_of("acme"), acmes) << "a sale does not change the export";

    set_price(book, Money{9'95});
    process_changes();
    run_round();
    EXPECT_NE(export_of("acme"), acmes);
    EXPECT_EQ(export_of("northwind"), northwinds);
}

TEST_F(LakeMaintenanceTest, RepeatsAFailedExportInTheNextRound)
{
    failing.fail_after(0);
    run_round();
    EXPECT_EQ(export_of("acme"), "");
    failing.recover();
    run_round();
    const auto first = export_of("acme");
    EXPECT_NE(first, "");

    set_price(book, Money{9'95});
    process_changes();
    failing.fail_after(0);
    run_round();
    EXPECT_EQ(export_of("acme"), first);
    failing.recover();
    run_round();
    EXPECT_NE(export_of("acme"), first);
}

TEST_F(LakeMaintenanceTest, ClosesADueDayAndRollsUpItsMonthInTheNextRound)
{
    advance_until_due();
    clock.advance(-1);
    run_round();
    EXPECT_FALSE(is_closed());
    clock.advance(1);
    run_round();
    EXPECT_TRUE(is_closed());
    EXPECT_FALSE(is_rolled_up()) << "a day of it was closed in this round";
    EXPECT_EQ(copies_sold(), 3U);
    run_round();
    EXPECT_TRUE(is_rolled_up());
    EXPECT_EQ(copies_sold(), 3U);
    const auto before = etag_of(lake_layout::closed_days_key(acme));
    run_round();
    EXPECT_EQ(etag_of(lake_layout::closed_days_key(acme)), before) << "nothing was due";
}

TEST_F(LakeMaintenanceTest, ClosesADayAgainThatALateCancellationReopened)
{
    advance_until_due();
    run_round();
    run_round();
    ASSERT_TRUE(is_closed() && is_rolled_up());

    cancel(bought.purchase_id);

    EXPECT_FALSE(is_closed());
    EXPECT_FALSE(is_rolled_up());
    EXPECT_EQ(copies_sold(), 1U);
    run_round();
    EXPECT_TRUE(is_closed());
    EXPECT_EQ(copies_sold(), 1U);
    run_round();
    EXPECT_TRUE(is_rolled_up());
    EXPECT_EQ(copies_sold(), 1U);
}

TEST_F(LakeMaintenanceTest, RecoversFromAFullDiskAtAnyWriteWithoutPartialResults)
{
    run_round(); // writes the exports
    advance_until_due();
    const auto month_file = [this] {
        return run(lake->list("acme/purchases_by_month/", std::nullopt, 10)).value().objects.size();
    };
    std::size_t failed_closings = 0;
    std::size_t failed_rollups = 0;
    for (std::size_t writes = 0; failed_closings == writes; ++writes) {
        failing.fail_after(writes);
        run_round();
        failing.recover();
        if (!is_closed())
            ++failed_closings;
        EXPECT_EQ(copies_sold(), 3U) << writes;
        clock.advance(lake_lease_duration.count() + 1); // a lease that could not be released has expired
        run_round();
        EXPECT_TRUE(is_closed()) << writes;
        EXPECT_EQ(copies_sold(), 3U) << writes;
        run(reopen_day(*lake, acme, last_of_january)).value();
    }
    EXPECT_EQ(failed_closings, 4U); // the lease, both files, the commit

    run_round();
    for (std::size_t writes = 0; failed_rollups == writes; ++writes) {
        failing.fail_after(writes);
        run_round();
        failing.recover();
        if (!is_rolled_up())
            ++failed_rollups;
        EXPECT_EQ(copies_sold(), 3U) << writes;
        clock.advance(lake_lease_duration.count() + 1);
        run_round();
        EXPECT_TRUE(is_rolled_up()) << writes;
        EXPECT_EQ(copies_sold(), 3U) << writes;
        run(reopen_day(*lake, acme, last_of_january)).value();
        run_round(); // closes the day again; the month is due
    }
    EXPECT_EQ(failed_rollups, 3U); // the lease, the file, the commit
    run_round();
    EXPECT_TRUE(is_rolled_up());
    EXPECT_EQ(month_file(), 1U); // files of failed attempts are removed
}

TEST_F(LakeMaintenanceTest, ADamagedObjectBlocksItsDayButNotItsMonth)
{
    const Day before = last_of_january - std::chrono::days(1);
    const auto damaged = lake_layout::purchases_prefix(acme, before) + "purchase_cut.json.gz";
    run(lake->put(damaged, "\x1f\x8b", {})).value();
    advance_until_due();
    run_round();
    run_round();
    EXPECT_EQ(list().days, std::set{last_of_january});
    EXPECT_TRUE(is_rolled_up());
    EXPECT_EQ(copies_sold(), 3U);

    run(lake->remove(damaged)).value();
    given_purchase(customer, book); // today, which is not due
    process_changes();
    run_round();
    EXPECT_EQ(list().days, std::set{last_of_january});
}

TEST_F(LakeMaintenanceTest, ManyDamagedDaysBlockNoOtherDay)
{
    constexpr int damaged_days = static_cast<int>(LakeMaintenance::max_days_per_round) + 2;
    for (int days = 1; days <= damaged_days; ++days)
        run(lake->put(lake_layout::purchases_prefix(acme, last_of_january - std::chrono::days(days)) +
                          "purchase_cut.json.gz",
                      "\x1f\x8b", {}))
            .value();
    advance_until_due();
    run_round();
    EXPECT_FALSE(is_closed()) << "the oldest days come first";
    run_round();
    EXPECT_EQ(list().days, std::set{last_of_january});

    cancel(bought.purchase_id); // reopens the day; the next round starts with the oldest day again
    run_round();
    run_round();
    EXPECT_TRUE(is_closed());
    EXPECT_EQ(copies_sold(), 1U);
}

TEST_F(LakeMaintenanceTest, ContinuesAfterARoundInWhichTheStoreWasUnavailable)
{
    source.is_available = false;
    advance_until_due();
    run_round();
    EXPECT_FALSE(is_closed());
    source.is_available = true;
    run_round();
    EXPECT_TRUE(is_closed());
}

} // namespace
} // namespace estante
