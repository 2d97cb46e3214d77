// Requests to moto: Athena's with preset results, Glue's with stored tables.
#include "adapters/athena/glue_setup.hpp"
#include "athena/athena_fixture.hpp"

#include <algorithm>
#include <cstdlib>
#include <random>

namespace estante {

namespace {

std::string moto_url()
{
    const char* url = std::getenv("ESTANTE_TEST_MOTO"); // NOLINT(concurrency-mt-unsafe): before any thread
    return url ? url : "";
}

class OnMoto : public testing::Test {
protected:
    AthenaFixture fixture_;

    void SetUp() override
    {
        if (moto_url().empty())
            GTEST_SKIP() << "moto does not run (ESTANTE_TEST_MOTO)";
    }
    // Sets the rows of the next query.
    void preset_rows(const std::string& rows)
    {
        const auto set = run(fixture_.client().fetch(
            moto_url() + "/moto-api/static/athena/query-results",
            {.body = R"({"region":"eu-central-1","results":[{"rows":)" + rows + R"(,"column_info":[]}]})"},
            std::chrono::seconds(5)));
        ASSERT_TRUE(set) << set.error().message;
    }
};

TEST_F(OnMoto, AReportReadsTheResultsOfItsQuery)
{
    preset_rows(R"([{"Data":[{"VarCharValue":"a"},{"VarCharValue":"b"},{"VarCharValue":"c"}]},)"
                R"({"Data":[{"VarCharValue":"12"},{"VarCharValue":"34"},{"VarCharValue":"56789"}]}])");
    const auto reports = fixture_.reports(moto_url(), {.output = "s3://bucket/athena/"});
    const auto totals =
        run(reports->totals(*TenantId::parse("acme"), {.first = day(2026, 1, 1), .last = day(2026, 1, 31)}));
    ASSERT_TRUE(totals) << fixture_.last_log_line();
    EXPECT_EQ(*totals, (Sales{.purchases = 12, .items = 34, .revenue_cents = 56789}));
}

TEST_F(OnMoto, TablesAreCreatedComparedAndUpdated)
{
    const auto credentials = aws::static_credentials({.id = "test", .secret = "test"});
    const auto database = "t" + std::to_string(std::random_device()());
    const auto setup = [&](const std::string& lake) {
        return athena::GlueSetup(athena::glue_api(fixture_.client(), "eu-central-1", moto_url()), *credentials,
                                 database, {.url = lake});
    };
    EXPECT_EQ(run(setup("s3://one").check())->size(), 1U) << "the database does not exist";
    EXPECT_EQ(run(setup("s3://one").create())->size(), 4U) << "the database and three tables";
    EXPECT_EQ(run(setup("s3://one").check())->size(), 0U);
    EXPECT_EQ(run(setup("s3://one").create())->size(), 0U);
    EXPECT_EQ(run(setup("s3://another").check())->size(), 3U) << "tables of another lake";
    EXPECT_EQ(run(setup("s3://another").create())->size(), 3U);
    EXPECT_EQ(run(setup("s3://another").check())->size(), 0U);
}

} // namespace

TEST(GlueTables, HaveUniqueColumnsAndAPartitionTemplate)
{
    const auto tables = athena::glue_tables({.url = "s3://bookstore-analytics-dev"});
    ASSERT_EQ(tables.size(), 3U);
    const Map& purchases = tables[0];
    EXPECT_EQ(text_of(*find(purchases, "Parameters")->if_map(), "storage.location.template"),
              "s3://bookstore-analytics-dev/${tenant_id}/purchases/year=${year}/month=${month}/day=${day}/");
    EXPECT_EQ(text_of(*find(purchases, "Parameters")->if_map(), "projection.tenant_id.type"), "injected");
    EXPECT_EQ(text_of(*find(tables[2], "Parameters")->if_map(), "storage.location.template"),
              "s3://bookstore-analytics-dev/${tenant_id}/books/");
    for (const Map& table : tables) {
        std::vector<std::string> names;
        const Map& storage = *find(table, "StorageDescriptor")->if_map();
        for (const auto* list : {find(storage, "Columns"), find(table, "PartitionKeys")}) {
            for (const Value& column : *list->if_list())
                names.emplace_back(text_of(*column.if_map(), "Name"));
        }
        std::ranges::sort(names);
        EXPECT_EQ(std::ranges::adjacent_find(names), names.end())
            << "Hive does not allow a column that is also a partition";
    }
}

} // namespace estante
