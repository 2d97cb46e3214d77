#include "adapters/aws/context.hpp"
#include "aws_client_test.hpp"

#include <stdexcept>

namespace estante::aws {

namespace {

class ContextTest : public testing::Test {
protected:
    ManualClock clock_;
    SeededRandom random_;

    Context context(ContextOptions options) { return {clock_, random_, std::move(options)}; }
};

TEST_F(ContextTest, ReadsRegionAndEndpointsOfTheEnvironmentUnlessOptionsNameThem)
{
    const Environment environment{{"AWS_REGION", "eu-west-1"},
                                  {"AWS_ENDPOINT_URL_S3", "http://s3.example"},
                                  {"AWS_ENDPOINT_URL", "http://all.example"}};
    auto from_environment = context({.environment = environment});
    EXPECT_EQ(from_environment.region(), "eu-west-1");
    EXPECT_EQ(from_environment.endpoint("s3"), "http://s3.example");
    EXPECT_EQ(from_environment.endpoint("dynamodb"), "http://all.example");

    auto from_options = context({.environment = environment,
                                 .region = "eu-central-1",
                                 .endpoints = {{"s3", "http://127.0.0.1:1"}, {"sts", ""}}});
    EXPECT_EQ(from_options.region(), "eu-central-1");
    EXPECT_EQ(from_options.endpoint("s3"), "http://127.0.0.1:1");
    EXPECT_EQ(from_options.endpoint("sts"), "http://all.example") << "an empty entry names no endpoint";
}

TEST_F(ContextTest, ThrowsForARegionThatNothingNames)
{
    auto without_region = context({.environment = {}});
    EXPECT_THROW(without_region.region(), std::runtime_error);
    EXPECT_THROW(context({.environment = {}, .tenant_role_arn = "arn:aws:iam::123456789012:role/shop"}),
                 std::runtime_error)
        << "STS needs a region";
}

TEST_F(ContextTest, GivesTenantsTheProcessesCredentialsUnlessARoleIsSet)
{
    const Environment environment{{"AWS_REGION", "eu-central-1"},
                                  {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                  {"AWS_SECRET_ACCESS_KEY", "SECRETEXAMPLE"}};
    auto shared = context({.environment = environment});
    EXPECT_EQ(run(shared.credentials()->get()).value().id, "AKIDEXAMPLE");
    EXPECT_EQ(shared.tenant_credentials("acme"), shared.credentials());

    auto with_role = context({.environment = environment, .tenant_role_arn = "arn:aws:iam::123456789012:role/shop"});
    EXPECT_NE(with_role.tenant_credentials("acme"), with_role.credentials());
    EXPECT_NE(with_role.tenant_credentials("acme"), with_role.tenant_credentials("northwind"));
    EXPECT_EQ(with_role.tenant_credentials("acme"), with_role.tenant_credentials("acme"));
}

} // namespace

} // namespace estante::aws
