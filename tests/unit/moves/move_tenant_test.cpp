#include "records/import_records.hpp"
#include "unit/moves/two_stores_fixture.hpp"

namespace estante::moves {
namespace {

struct Interrupted {};

class MoveTenant : public testing::TestWithParam<TwoStores::Direction> {
protected:
    TwoStores stores{GetParam()};
};

TEST_P(MoveTenant, OpensTheShopInTheTargetAndClosesItInTheSource)
{
    const auto report = stores.move("acme").value();
    EXPECT_TRUE(report.switched);
    EXPECT_EQ(report.reason, "");
    EXPECT_EQ(count_items(report.comparison.from.at("acme")), TwoStores::items_per_shop + 1);
    EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::suspended);
    EXPECT_EQ(stores.status(stores.to, "acme"), TenantStatus::active);
    EXPECT_EQ(stores.status(stores.from, "acme2"), TenantStatus::active);
    EXPECT_EQ(stores.digests(stores.to).size(), 1);
}

TEST_P(MoveTenant, IsReadOnlyInTheTargetUntilTheSwitch)
{
    std::set<TenantStatus> seen;
    stores.from.after_scan = [&] {
        if (stores.in_target({"acme#TENANT", "TENANT"}, Table::users))
            seen.insert(stores.status(stores.to, "acme"));
    };
    ASSERT_TRUE(stores.move("acme").value().switched);
    EXPECT_EQ(seen, std::set{TenantStatus::moving});
}

TEST_P(MoveTenant, SellsInTheSourceUntilItIsReadOnly)
{
    int sold = 0;
    stores.from.after_scan = [&] {
        if (stores.status(stores.from, "acme") == TenantStatus::active)
            stores.put({{"pk", "acme#user_1"}, {"sk", "PURCHASE#sold_" + std::to_string(sold++)}}, Table::purchases);
    };
    ASSERT_TRUE(stores.move("acme").value().switched);
    EXPECT_GT(sold, 5);
    for (int i = 0; i < sold; ++i)
        EXPECT_TRUE(stores.in_target({"acme#user_1", "PURCHASE#sold_" + std::to_string(i)}, Table::purchases)) << i;
}

TEST_P(MoveTenant, CopiesCommitsInFlightWhenItBecameReadOnly)
{
    bool late = false;
    stores.from.after_scan = [&] {
        if (stores.status(stores.from, "acme") == TenantStatus::moving && !std::exchange(late, true))
            stores.put(TwoStores::book("acme", 50));
    };
    ASSERT_TRUE(stores.move("acme").value().switched);
    EXPECT_TRUE(late);
    EXPECT_TRUE(stores.in_target({"acme#book_50", "STOCK"}));
}

TEST_P(MoveTenant, CopiesCommitsThatArriveWhileTheSourceIsSuspended)
{
    bool late = false;
    stores.to.before_write = [&] {
        if (stores.status(stores.from, "acme") == TenantStatus::suspended && !std::exchange(late, true))
            stores.put(TwoStores::book("acme", 51));
    };
    ASSERT_TRUE(stores.move("acme").value().switched);
    EXPECT_TRUE(late);
    EXPECT_TRUE(stores.in_target({"acme#book_51", "STOCK"}));
}

TEST_P(MoveTenant, DoesNotSwitchWhenTheTargetIsWrittenWhileTheSourceIsSuspended)
{
    stores.to.before_write = [&] {
        if (stores.status(stores.from, "acme") != TenantStatus::suspended)
            return;
        stores.to.before_write = [] {};
        stores.put(TwoStores::book("acme", 52)); // a late change, which causes another comparison
        run(stores.to.items().put({.table = Table::books, .item = TwoStores::book("acme", 400)})).value();
    };
    EXPECT_FALSE(stores.move("acme").value().switched);
    EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::active);
    EXPECT_EQ(stores.saved.phase, CopyPhase::changes);
}

TEST_P(MoveTenant, DoesNotSwitchWhenTheStoresDiffer)
{
    stores.to.before_write = [this] { // a foreign write to the target
        run(stores.to.items().put({.table = Table::books, .item = TwoStores::book("acme", 400)})).value();
    };
    const auto report = stores.move("acme").value();
    EXPECT_FALSE(report.switched);
    EXPECT_NE(report.reason, "");
    ASSERT_EQ(report.comparison.differ.size(), 1);
    EXPECT_EQ(report.comparison.differ[0].tenant, "acme");
    EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::active);
    EXPECT_EQ(stores.status(stores.to, "acme"), TenantStatus::moving);
}

TEST_P(MoveTenant, DoesNotSwitchDuringAnImport)
{
    Item job = to_item(ImportJob{.id = CountingIds(stores.clock).make<ImportId>(),
                                 .media_type = "text/csv",
                                 .defaults = {},
                                 .status = ImportStatus::running,
                                 .created_ms = stores.clock.now_ms()});
    job.insert_or_assign("pk", Value("acme#" + std::string(text_of(job, "pk"))));
    stores.put(job);
    const auto report = stores.move("acme").value();
    EXPECT_FALSE(report.switched);
    EXPECT_TRUE(report.reason.contains("import")) << report.reason;
    EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::active);
}

TEST_P(MoveTenant, ResumesAfterAnInterruptionAtEachStep)
{
    std::size_t max_steps = 0; // of the next attempt
    std::size_t attempts = 0;
    while (true) {
        auto options = stores.options("acme");
        std::size_t steps = 0;
        options.save = [&](const CopyProgress& now) {
            stores.saved = now;
            if (++steps > max_steps)
                throw Interrupted{};
        };
        ItemCopier copier(stores.from, stores.to, stores.clock, options);
        CopyProgress progress = progress_from(to_map(stores.saved));
        try {
            const auto report = run(move_tenant(copier, progress));
            ASSERT_TRUE(report) << report.error();
            EXPECT_TRUE(report->switched);
            break;
        } catch (const Interrupted&) {
            ASSERT_LT(++attempts, 100U);
            if (stores.saved.phase >= CopyPhase::changes)
                ++max_steps; // the later steps start over at each attempt
            EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::active);
        }
    }
    EXPECT_GT(attempts, 15U);
    EXPECT_GE(max_steps, 3U);
    EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::suspended);
    EXPECT_EQ(stores.status(stores.to, "acme"), TenantStatus::active);
    EXPECT_EQ(stores.digests(stores.to).size(), 1);
}

TEST_P(MoveTenant, ReopensTheSourceWhenItIsInterrupted)
{
    auto options = stores.options("acme");
    bool was_read_only = false;
    options.save = [&](const CopyProgress& now) {
        stores.saved = now;
        if (stores.status(stores.from, "acme") == TenantStatus::moving && !std::exchange(was_read_only, true))
            throw Interrupted{};
    };
    ItemCopier copier(stores.from, stores.to, stores.clock, options);
    CopyProgress progress;
    EXPECT_THROW(run(move_tenant(copier, progress)), Interrupted);
    EXPECT_TRUE(was_read_only);
    EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::active);
    EXPECT_TRUE(stores.move("acme", stores.saved).value().switched);
}

TEST_P(MoveTenant, FinishesAnInterruptedSwitch)
{
    ASSERT_TRUE(stores.move("acme").value().switched);
    ASSERT_EQ(stores.saved.phase, CopyPhase::switching);
    run(stores.to.items().put({.table = Table::books, .item = TwoStores::book("acme", 1, 55)}))
        .value(); // the target sells a copy
    const auto report = stores.move("acme", stores.saved);
    ASSERT_TRUE(report) << report.error();
    EXPECT_TRUE(report->switched);
    EXPECT_EQ(stores.in_target({"acme#book_1", "STOCK"})->at("on_hand"), Value(55));
    EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::suspended);
}

TEST_P(MoveTenant, FailsForAShopThatIsOpenInTheTarget)
{
    ASSERT_TRUE(stores.move("acme").value().switched);
    stores.set_status("acme", TenantStatus::active);
    const auto refused = stores.move("acme");
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().contains("open in the target")) << refused.error();
}

TEST_P(MoveTenant, FailsForASuspendedShop)
{
    stores.set_status("acme", TenantStatus::suspended);
    const auto refused = stores.move("acme");
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().contains("suspended")) << refused.error();
    EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::suspended);
}

TEST_P(MoveTenant, StopsWhenTheShopIsReopenedConcurrently)
{
    bool reopened = false;
    stores.to.after_scan = [&] { // while the target is compared
        if (stores.status(stores.from, "acme") == TenantStatus::moving && !std::exchange(reopened, true))
            stores.set_status("acme", TenantStatus::active);
    };
    const auto report = stores.move("acme");
    EXPECT_FALSE(report && report->switched);
    EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::active);
    EXPECT_EQ(stores.status(stores.to, "acme"), TenantStatus::moving);
}

TEST_P(MoveTenant, MovesBackOverStaleItems)
{
    ASSERT_TRUE(stores.move("acme").value().switched);
    run(stores.to.items().remove({.table = Table::books, .key = {"acme#book_0", "STOCK"}})).value();
    auto options = stores.options("acme");
    options.processor = "copy-back";
    ItemCopier back(stores.to, stores.from, stores.clock, options);
    EXPECT_TRUE(run(back.target_has_items()).value());
    CopyProgress progress{.replaces = true};
    const auto report = run(move_tenant(back, progress));
    ASSERT_TRUE(report) << report.error();
    EXPECT_TRUE(report->switched);
    EXPECT_EQ(stores.status(stores.from, "acme"), TenantStatus::active);
    EXPECT_EQ(stores.status(stores.to, "acme"), TenantStatus::suspended);
    EXPECT_FALSE(run(stores.from.items().get(Table::books, {"acme#book_0", "STOCK"})).value());
}

TEST_P(MoveTenant, CountsPurchasesThatTheSourcesProcessorsHaveNotCounted)
{
    const Purchase sale = stores.sale("acme");
    const Purchase elsewhere = stores.sale("acme2");
    ASSERT_TRUE(stores.move("acme").value().switched);
    for (ObservedStore* store : {&stores.from, &stores.to}) {
        EXPECT_TRUE(stores.is_counted(*store, "acme", sale));
        EXPECT_EQ(stores.purchases_counted(*store, "acme"), 1);
    }
    EXPECT_FALSE(stores.is_counted(stores.from, "acme2", elsewhere));
}

TEST_P(MoveTenant, CountsEachSaleOnceWhileBothStoresProcess)
{
    std::vector<Purchase> sales = {stores.sale("acme"), stores.sale("acme")};
    stores.process(stores.from);
    stores.from.after_scan = [&] {
        if (stores.status(stores.from, "acme") == TenantStatus::active && sales.size() < 40)
            sales.push_back(stores.sale("acme"));
        if (sales.size() % 3 == 0)
            stores.process(stores.from);
    };
    stores.to.before_write = [this] { stores.process(stores.to); };
    stores.to.after_scan = [this] { stores.process(stores.to); };
    const auto report = stores.move("acme").value();
    ASSERT_TRUE(report.switched) << report.reason;
    EXPECT_GT(sales.size(), 10);
    stores.process(stores.to);
    for (const Purchase& sale : sales)
        EXPECT_TRUE(stores.is_counted(stores.to, "acme", sale));
    EXPECT_EQ(stores.purchases_counted(stores.to, "acme"), static_cast<std::int64_t>(sales.size()));
}

TEST_P(MoveTenant, IgnoresSearchesThatTheTargetCountsLater)
{
    stores.sale("acme");
    const Day today = day_of(stores.clock.now_ms());
    const Day yesterday{today - std::chrono::days(1)};
    bool counted = false;
    stores.to.after_scan = [&] { // while the target is compared
        if (std::exchange(counted, true))
            return;
        TenantItems items(TenantId{"acme"}, stores.to.items());
        for (const Day day : {today, yesterday}) {
            auto summary = run(read_day_summary(items, day)).value();
            ++summary.search_queries;
            run(items.transact({summary_put(summary)})).value();
        }
    };
    const auto report = stores.move("acme").value();
    EXPECT_TRUE(counted);
    EXPECT_TRUE(report.switched) << report.reason;
    EXPECT_EQ(stores.purchases_counted(stores.to, "acme"), 1);
}

TEST_P(MoveTenant, MovesBackWhileAProcessorCountsInTheFirstStore)
{
    const Purchase sale = stores.sale("acme");
    ASSERT_TRUE(stores.move("acme").value().switched);
    // As if the target's processors had not processed the sale: neither its marker nor its summary exists.
    TenantItems target(TenantId{"acme"}, stores.to.items());
    run(target.remove({.table = Table::purchases, .key = placed_marker_key(sale)})).value();
    run(target.remove({.table = Table::purchases, .key = day_summary_key(day_of(stores.clock.now_ms()))})).value();
    stores.from.before_write = [this] { stores.process(stores.from); };
    stores.from.after_scan = [this] { stores.process(stores.from); };

    auto options = stores.options("acme");
    options.processor = "copy-back";
    ItemCopier back(stores.to, stores.from, stores.clock, options);
    CopyProgress progress{.replaces = true};
    const auto report = run(move_tenant(back, progress)).value();
    EXPECT_TRUE(report.switched) << report.reason;
    stores.process(stores.from);
    EXPECT_TRUE(stores.is_counted(stores.from, "acme", sale));
    EXPECT_EQ(stores.purchases_counted(stores.from, "acme"), 1);
}

INSTANTIATE_TEST_SUITE_P(Both, MoveTenant,
                         testing::Values(TwoStores::Direction::memory_to_sqlite,
                                         TwoStores::Direction::sqlite_to_memory),
                         [](const auto& info) {
                             return info.param == TwoStores::Direction::memory_to_sqlite ? "FromMemoryToSqlite"
                                                                                         : "FromSqliteToMemory";
                         });

} // namespace
} // namespace estante::moves
