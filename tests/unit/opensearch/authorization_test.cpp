#include "unit/opensearch/index_fixture.hpp"

namespace estante::opensearch {
namespace {

class Authorization : public OpenSearchIndexTest {
protected:
    SeenRequest first_request(OpenSearchOptions options, aws::Credentials key = {})
    {
        server.next(fault::json(200, version));
        server.otherwise(fault::json(200, one_hit));
        EXPECT_TRUE(run(index(std::move(options), std::move(key))->search(acme, {.text = "nada", .facets = false})));
        return server.seen().back();
    }
};

TEST_F(Authorization, IsNotSentUnlessConfigured)
{
    EXPECT_EQ(first_request({}).header("authorization"), "");
}

TEST_F(Authorization, IsTheConfiguredHeader)
{
    for (const std::string header : {"Basic dXNlcjpzZWNyZXQ=", "ApiKey bXkta2V5"})
        EXPECT_EQ(first_request({.authorization = {{"Authorization", header}}}).header("authorization"), header);
}

TEST_F(Authorization, IsASignatureForAmazonOpenSearchServiceWithCredentials)
{
    const auto request = first_request({.region = "eu-central-1"},
                                       {.id = "AKIDEXAMPLE", .secret = "SECRETEXAMPLE", .session_token = "TOKEN"});
    const auto header = std::string(request.header("authorization"));
    EXPECT_TRUE(header.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")) << header;
    EXPECT_NE(header.find("/eu-central-1/es/aws4_request"), std::string::npos) << header;
    EXPECT_EQ(request.header("x-amz-security-token"), "TOKEN");
    EXPECT_EQ(request.raw.find("SECRETEXAMPLE"), std::string::npos);
}

TEST_F(Authorization, IsNotInLogLines)
{
    server.otherwise(
        fault::json(403, R"({"error":{"type":"security_exception","reason":"no permissions"},"status":403})"));
    const OpenSearchOptions options{.authorization = {{"Authorization", "Basic dXNlcjpzZWNyZXQ="}}};
    EXPECT_EQ(code_of(run(index(options)->search(acme, {.text = "nada"}))), Errc::unavailable);
    ASSERT_FALSE(reported.empty());
    for (const auto& line : reported)
        EXPECT_EQ(line.find("dXNlcjpzZWNyZXQ"), std::string::npos) << line;
}

TEST_F(Authorization, IsSentToTheTenantsOwnServer)
{
    FaultServer own;
    own.next(fault::json(200, version));
    own.otherwise(fault::json(200, one_hit));
    server.next(fault::json(200, version));
    server.otherwise(fault::json(200, one_hit));
    OpenSearchOptions options;
    options.endpoint_of = [&own](const TenantId& tenant) {
        return tenant.value == "northwind" ? own.url() : std::string();
    };
    const auto both = index(std::move(options));
    EXPECT_TRUE(run(both->search({"northwind"}, {.text = "nada", .facets = false})));
    EXPECT_EQ(server.seen().size(), 0U);
    EXPECT_EQ(own.seen().size(), 2U);
    EXPECT_TRUE(run(both->search(acme, {.text = "nada", .facets = false})));
    EXPECT_EQ(server.seen().size(), 2U);
    EXPECT_EQ(own.seen().size(), 2U);
    EXPECT_TRUE(own.seen().back().target.starts_with("/books_northwind/_search"));
}

} // namespace
} // namespace estante::opensearch
