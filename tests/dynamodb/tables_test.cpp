#include "adapters/dynamodb/table_setup.hpp"
#include "dynamodb/dynamodb_engines.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

namespace estante {

namespace {

class Tables : public testing::TestWithParam<DynamoDbEngine> {
protected:
    std::unique_ptr<Clock> clock = create_system_clock();
    std::unique_ptr<Random> random = create_system_random();
    aws::Client client{*clock, *random};
    std::shared_ptr<aws::CredentialsProvider> credentials = aws::static_credentials({.id = "test", .secret = "test"});
    aws::JsonApi api = dynamodb::tables_api(client, "eu-central-1", GetParam().url);
    const std::string stage = new_stage();
    dynamodb::TableSetup setup{api, *credentials, stage};

    std::vector<std::string> check()
    {
        auto differences = run(setup.check());
        EXPECT_TRUE(differences) << differences.error().detail;
        return differences ? std::move(*differences) : std::vector<std::string>();
    }
    bool call(const std::string& operation, std::string body)
    {
        return run(api.call(operation, std::move(body), *credentials)).has_value();
    }
};

TEST_P(Tables, AreCreatedAsDescribed)
{
    EXPECT_EQ(check().size(), 3U) << "three tables are missing";
    ASSERT_TRUE(run(setup.create()));
    EXPECT_EQ(check(), std::vector<std::string>());
    EXPECT_TRUE(run(setup.create())) << "a second time changes nothing";
    EXPECT_EQ(check(), std::vector<std::string>());
}

TEST_P(Tables, ThatDifferAreReportedWithTheDifference)
{
    ASSERT_TRUE(call("CreateTable", R"({"TableName":")" + dynamodb::table_name(Table::users, stage) +
                                        R"(","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],)"
                                        R"("AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],)"
                                        R"("ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}})"));
    std::string report;
    for (const auto& line : check())
        report += line + "\n";
    for (const char* text : {"its key is id/", "there is no index GSI1", "its stream is not on",
                             "billing is not on demand", "time to live is not on expires_at"})
        EXPECT_NE(report.find(text), report.npos) << text << " is missing in\n" << report;
}

TEST_P(Tables, WithoutAStreamGetOne)
{
    ASSERT_TRUE(run(setup.create()));
    const auto books = dynamodb::table_name(Table::books, stage);
    ASSERT_TRUE(
        call("UpdateTable", R"({"TableName":")" + books + R"(","StreamSpecification":{"StreamEnabled":false}})"));
    ASSERT_EQ(check().size(), 1U);
    ASSERT_TRUE(run(setup.create()));
    EXPECT_EQ(check(), std::vector<std::string>());
}

} // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Tables);
INSTANTIATE_TEST_SUITE_P(DynamoDb, Tables, testing::ValuesIn(dynamodb_engines()),
                         [](const auto& info) { return info.param.name; });

} // namespace estante
