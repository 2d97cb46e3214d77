#include "unit/moves/two_stores_fixture.hpp"

namespace estante::moves {
namespace {

struct Interrupted {};

class CopyItems : public testing::TestWithParam<TwoStores::Direction> {
protected:
    TwoStores stores{GetParam()};

    bool stores_match(std::optional<std::string> tenant = {})
    {
        return differences(stores.digests(stores.from, tenant), stores.digests(stores.to, tenant)).empty();
    }
};

TEST_P(CopyItems, MakesTheTargetEqualToTheSource)
{
    EXPECT_FALSE(stores_match());
    stores.copy_all();
    EXPECT_TRUE(stores_match());
    EXPECT_EQ(stores.digests(stores.to).size(), 4);
}

TEST_P(CopyItems, SkipsExpiredItemsAndCheckpoints)
{
    stores.copy_all();
    for (const auto& [table, key] : stores.to.written) {
        EXPECT_NE(key.pk, "operator#STREAM");
        EXPECT_NE(key.pk, "acme#guest_9");
    }
    EXPECT_TRUE(stores.in_target({"acme#guest_8", "CART"}, Table::purchases));
}

TEST_P(CopyItems, WritesMarkersBeforeOtherItems)
{
    stores.copy_all();
    const auto& written = stores.to.written;
    const auto is_other = [](const auto& at) { return copy_order_of(at.first, at.second) != CopyOrder::marker; };
    const auto first_other = std::ranges::find_if(written, is_other);
    ASSERT_EQ(first_other - written.begin(), 3); // one per shop
    EXPECT_TRUE(std::all_of(first_other, written.end(), is_other));
}

TEST_P(CopyItems, ResumesAfterAnInterruptionAtEachPage)
{
    auto options = stores.options();
    options.save = [this](const CopyProgress& now) {
        stores.saved = now;
        if (now.phase < CopyPhase::changes)
            throw Interrupted{};
    };
    std::size_t interruptions = 0;
    while (true) {
        ItemCopier copier(stores.from, stores.to, stores.clock, options);
        CopyProgress progress = progress_from(to_map(stores.saved)); // as read from a progress file
        try {
            run(copier.copy(progress)).value();
            break;
        } catch (const Interrupted&) {
            ASSERT_LT(++interruptions, 100U);
        }
    }
    EXPECT_GT(interruptions, 15U);
    EXPECT_TRUE(stores_match());
    const std::set<std::pair<Table, Key>> distinct(stores.to.written.begin(), stores.to.written.end());
    EXPECT_EQ(distinct.size(), stores.to.written.size()); // no page was copied twice
}

TEST_P(CopyItems, RepeatsAPageThatWasWrittenButNotSaved)
{
    stores.to.before_write = [writes = 0]() mutable {
        if (++writes == 5)
            throw Interrupted{};
    };
    EXPECT_THROW(stores.copy_all(), Interrupted);
    stores.to.before_write = [] {};
    ItemCopier copier(stores.from, stores.to, stores.clock, stores.options());
    CopyProgress progress = stores.saved;
    run(copier.copy(progress)).value();
    EXPECT_TRUE(stores_match());
}

TEST_P(CopyItems, CopiesConcurrentChanges)
{
    int pages = 0;
    stores.from.after_scan = [&] {
        ++pages;
        // Both before and after the cursor of the scan.
        stores.put(TwoStores::book("acme", pages % TwoStores::books, 100 + pages));
        stores.put(TwoStores::book("zeta", pages));
        stores.put({{"pk", "aaa#SUMMARY"}, {"sk", "2026-02-01"}, {"copies", pages}}, Table::purchases);
    };
    stores.copy_all();
    stores.from.after_scan = [] {};
    EXPECT_GT(pages, 10);
    EXPECT_TRUE(stores_match());
    EXPECT_TRUE(stores.in_target({"zeta#book_1", "STOCK"}));
}

// A long copy copies the changes between its pages. A page that was prefetched before that must not overwrite them.
TEST_P(CopyItems, DiscardsAPrefetchedPageWhenChangesAreCopied)
{
    for (int changed_after = 1; changed_after < 16; ++changed_after) {
        TwoStores other(GetParam());
        int pages = 0;
        other.from.after_scan = [&] {
            if (++pages != changed_after)
                return;
            for (int number = 0; number < TwoStores::books; ++number)
                other.put(TwoStores::book("acme", number, 100));
            other.clock.advance(11LL * 60 * 1000);
        };
        other.copy_all();
        EXPECT_GE(pages, changed_after);
        EXPECT_EQ(other.digests(other.from), other.digests(other.to)) << "changed after page " << changed_after;
    }
}

TEST_P(CopyItems, DeletesItemsThatAreDeletedConcurrently)
{
    int deleted = 0;
    stores.from.after_scan = [&] { // items that are already copied
        for (int number = 0; number < TwoStores::books; ++number) {
            const Key key{"acme#book_" + std::to_string(number), "STOCK"};
            if (stores.in_target(key) && run(stores.from.items().get(Table::books, key)).value()) {
                stores.remove(key);
                ++deleted;
            }
        }
    };
    stores.copy_all();
    stores.from.after_scan = [] {};
    EXPECT_EQ(deleted, TwoStores::books);
    EXPECT_TRUE(stores_match());
    EXPECT_FALSE(stores.in_target({"acme#book_0", "STOCK"}));
    EXPECT_FALSE(stores.in_target({"acme#book_6", "STOCK"}));
}

TEST_P(CopyItems, CopiesOnlyItemsOfItsTenant)
{
    ItemCopier copier(stores.from, stores.to, stores.clock, stores.options("acme"));
    CopyProgress progress;
    stores.from.after_scan = [this] {
        stores.put(TwoStores::book("acme2", 0, 77));
        stores.put(TwoStores::book("acme", 0, 88));
    };
    run(copier.copy(progress)).value();
    stores.from.after_scan = [] {};
    const auto target = stores.digests(stores.to);
    ASSERT_EQ(target.size(), 1);
    EXPECT_TRUE(stores_match("acme"));
    EXPECT_EQ(stores.in_target({"acme#book_0", "STOCK"})->at("on_hand"), Value(88));
}

TEST_P(CopyItems, ReportsWhetherTheTargetHasItems)
{
    ItemCopier acme(stores.from, stores.to, stores.clock, stores.options("acme"));
    EXPECT_FALSE(run(acme.target_has_items()).value());
    run(stores.to.items().put({.table = Table::purchases, .item = {{"pk", "acme2#user_1"}, {"sk", "CART"}}})).value();
    EXPECT_FALSE(run(acme.target_has_items()).value());
    ItemCopier all(stores.from, stores.to, stores.clock, stores.options());
    EXPECT_TRUE(run(all.target_has_items()).value());
}

TEST_P(CopyItems, DeletesStaleTargetItemsWhenReplacing)
{
    run(stores.to.items().put({.table = Table::books, .item = TwoStores::book("acme", 400)})).value();
    run(stores.to.items().put({.table = Table::books, .item = TwoStores::book("other", 1)})).value();
    ItemCopier copier(stores.from, stores.to, stores.clock, stores.options("acme"));
    CopyProgress progress{.replaces = true};
    run(copier.copy(progress)).value();
    EXPECT_FALSE(stores.in_target({"acme#book_400", "STOCK"}));
    EXPECT_TRUE(stores.in_target({"other#book_1", "STOCK"})); // another shop's
    EXPECT_TRUE(differences(stores.digests(stores.from, "acme2"), stores.digests(stores.to, "acme2")).size() > 0);
}

TEST_P(CopyItems, StartsOverWhenChangesMayHaveLeftTheStream)
{
    ItemCopier copier(stores.from, stores.to, stores.clock, stores.options());
    CopyProgress progress;
    run(copier.copy(progress)).value();
    EXPECT_EQ(stores.saved.phase, CopyPhase::changes);
    // Acknowledged without being read, as if the stream had dropped it.
    stores.remove({"acme#book_2", "STOCK"});
    run(stores.from.changes().acknowledge("copy-test", run(stores.from.changes().newest()).value())).value();
    stores.clock.advance(21LL * 3600 * 1000);
    run(copier.copy(progress)).value();
    EXPECT_TRUE(progress.replaces);
    EXPECT_FALSE(stores.in_target({"acme#book_2", "STOCK"}));
    EXPECT_TRUE(stores_match());
}

TEST_P(CopyItems, ComparisonFindsForeignWritesToTheTarget)
{
    ItemCopier copier(stores.from, stores.to, stores.clock, stores.options());
    CopyProgress progress;
    run(copier.copy(progress)).value();
    EXPECT_TRUE(run(copier.compare(progress, 3)).value().differ.empty());
    run(stores.to.items().put({.table = Table::books, .item = TwoStores::book("northwind", 1, 2)})).value();
    const auto comparison = run(copier.compare(progress, 3)).value();
    ASSERT_EQ(comparison.differ.size(), 1);
    EXPECT_EQ(comparison.differ[0].tenant, "northwind");
    EXPECT_EQ(comparison.differ[0].table, Table::books);
}

std::string direction_name(const testing::TestParamInfo<TwoStores::Direction>& info)
{
    return info.param == TwoStores::Direction::memory_to_sqlite ? "FromMemoryToSqlite" : "FromSqliteToMemory";
}

TEST_P(CopyItems, ListsUncopiedChangesWithoutDailySummaries)
{
    ItemCopier copier(stores.from, stores.to, stores.clock, stores.options("acme"));
    CopyProgress progress;
    run(copier.copy(progress)).value();
    EXPECT_TRUE(run(copier.uncopied_changes()).value().empty());
    stores.put({{"pk", "acme#SUMMARY"}, {"sk", "2025-12-31"}, {"search_queries", 9}}, Table::purchases);
    stores.put(TwoStores::book("acme2", 3, 9));
    EXPECT_TRUE(run(copier.uncopied_changes()).value().empty());
    stores.put(TwoStores::book("acme", 3, 9));
    stores.put(TwoStores::book("acme", 3, 8));
    EXPECT_EQ(run(copier.uncopied_changes()).value(), (std::vector<Key>{{"acme#book_3", "STOCK"}}));
}

INSTANTIATE_TEST_SUITE_P(Both, CopyItems,
                         testing::Values(TwoStores::Direction::memory_to_sqlite,
                                         TwoStores::Direction::sqlite_to_memory),
                         direction_name);

} // namespace
} // namespace estante::moves
