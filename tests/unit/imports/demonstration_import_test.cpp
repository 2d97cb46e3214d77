// Whole catalogues of real books, into SQLite.
#include "adapters/catalogues/demonstration.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "operations/imports/run_import.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace estante {
namespace {

class DemonstrationImport : public testing::TestWithParam<catalogues::DemonstrationShop> {};

TEST_P(DemonstrationImport, ImportsEveryBookOnce)
{
    TemporaryFolder folder;
    ManualClock clock;
    CountingIds ids(clock);
    PartitionVersions partition_versions;
    const auto store = create_sqlite_store(folder / "items.db", clock, partition_versions);
    TenantItems items(TenantId{"acme"}, store->items());
    const std::int64_t expected = GetParam() == catalogues::DemonstrationShop::goodbooks ? 10'000 : 913;

    for (const bool repeated : {false, true}) {
        const ImportJob job{.id = ids.make<ImportId>(), .media_type = "text/csv", .defaults = {}};
        const auto rows = catalogues::demonstration_reader(GetParam());
        const auto feed_started = std::chrono::steady_clock::now();
        const auto done = run(imports::run_import(items, job, *rows, clock, ids)).value();
        RecordProperty(repeated ? "repeated_ms" : "first_ms",
                       static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                            std::chrono::steady_clock::now() - feed_started)
                                            .count()));

        EXPECT_EQ(done.counts.rows, expected);
        EXPECT_EQ(done.counts.refused, 0);
        EXPECT_EQ(repeated ? done.counts.unchanged : done.counts.created, expected);
    }
}

INSTANTIATE_TEST_SUITE_P(, DemonstrationImport,
                         testing::Values(catalogues::DemonstrationShop::libreria,
                                         catalogues::DemonstrationShop::goodbooks),
                         [](const auto& shop) {
                             return shop.param == catalogues::DemonstrationShop::goodbooks ? "Goodbooks" : "Libreria";
                         });

} // namespace
} // namespace estante
