// Requests as the server receives them.
#include "adapters/aws/endpoint_url.hpp"
#include "adapters/aws/signature.hpp"
#include "aws_client_test.hpp"

namespace estante::aws {

namespace {

using Requests = AwsClientTest;

// Computes the signature from the received request, as a service does.
std::string signature_of(const SeenRequest& request, const std::string& region, const std::string& service,
                         PathRule rule)
{
    const auto authorization = std::string(request.header("authorization"));
    const auto from = authorization.find("SignedHeaders=") + 14;
    const auto names = authorization.substr(from, authorization.find(',', from) - from);
    Headers headers;
    for (const auto& [name, value] : request.headers) {
        if ((";" + names + ";").contains(";" + name + ";"))
            headers.emplace_back(name, value);
    }
    const auto question = std::min(request.target.find('?'), request.target.size());
    const auto path = request.target.substr(0, question);
    const auto query = question < request.target.size() ? request.target.substr(question + 1) : "";
    const auto hash = hex(sha256(request.body));
    const auto canonical = canonical_request({.method = request.method,
                                              .path = path,
                                              .query = query,
                                              .headers = headers,
                                              .payload_hash = hash,
                                              .path_rule = rule});
    const auto date = request.header("x-amz-date");
    return signature(signing_key("SECRETEXAMPLE", date, region, service),
                     string_to_sign(date, credential_scope(date, region, service), canonical.text));
}

TEST_F(Requests, AreSignedWithAllHeaders)
{
    EXPECT_TRUE(
        call({.headers = {{"Content-Type", "application/x-amz-json-1.0"}, {"X-Amz-Target", "A.B"}}, .body = "{}"}));
    const auto request = server_.seen().front();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/");
    EXPECT_EQ(request.body, "{}");
    EXPECT_EQ(request.header("host"), "127.0.0.1:" + std::to_string(server_.port()));
    EXPECT_EQ(request.header("content-length"), "2");
    EXPECT_EQ(request.header("x-amz-date"), "20260131T093000Z");
    EXPECT_EQ(request.header("x-amz-security-token"), "TOKENEXAMPLE");
    EXPECT_EQ(request.header("authorization"),
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260131/eu-central-1/dynamodb/aws4_request, "
              "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=" +
                  signature_of(request, "eu-central-1", "dynamodb", PathRule::normalized));
}

TEST_F(Requests, ToS3SignTheDigestOfTheBodyAndThePathAsSent)
{
    EXPECT_TRUE(call(service("s3"), {.method = "PUT",
                                     .path = "/bucket/a%20b/../c",
                                     .query = {{"versionId", "x y"}, {"acl", ""}},
                                     .body = std::string(100'000, 'x')}));
    const auto request = server_.seen().front();
    EXPECT_EQ(request.target, "/bucket/a%20b/../c?acl=&versionId=x%20y");
    EXPECT_EQ(request.body.size(), 100'000U);
    EXPECT_EQ(request.header("x-amz-content-sha256"), hex(sha256(request.body)));
    EXPECT_TRUE(request.header("authorization")
                    .ends_with("Signature=" + signature_of(request, "eu-central-1", "s3", PathRule::as_sent)));
}

TEST_F(Requests, MayProvideTheDigestOfTheBody)
{
    EXPECT_TRUE(call(service("s3"),
                     {.method = "PUT", .headers = {{"X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"}}, .body = "data"}));
    const auto request = server_.seen().front();
    const auto& headers = request.headers;
    EXPECT_EQ(request.header("x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
    EXPECT_EQ(std::ranges::count(headers, "x-amz-content-sha256", &std::pair<std::string, std::string>::first), 1);
}

TEST_F(Requests, WithoutABodyHaveNoContentLength)
{
    EXPECT_TRUE(call(service("s3"), {.method = "GET", .path = "/bucket"}));
    EXPECT_EQ(server_.seen().front().header("content-length"), "");
}

TEST_F(Requests, AreSentBelowThePathOfTheEndpoint)
{
    auto below = service();
    below.url += "/emulator/";
    EXPECT_TRUE(call(below, {.path = "/x"}));
    EXPECT_EQ(server_.seen().front().target, "/emulator/x");
}

TEST_F(Requests, WithHeadGetNoBodyDespiteAContentLength)
{
    server_.next({.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nETag: \"e\"\r\n\r\n"});
    const auto response = call(service("s3"), {.method = "HEAD", .path = "/bucket/key"});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(find_header(response->headers, "content-length"), "12345");
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().connections_opened, 1U);
}

TEST_F(Requests, RejectHeaderInjection)
{
    EXPECT_THROW(call({.headers = {{"X-A", "b\r\nX-C: d"}}}), std::invalid_argument);
    EXPECT_THROW(call({.path = "/a\r\nX-C: d"}), std::invalid_argument);
    EXPECT_EQ(request_count(), 0U);
}

TEST_F(Requests, WithoutCredentialsAreNotSent)
{
    credentials_.reset();
    const auto none = default_credentials(*client_, clock_, {{"AWS_EC2_METADATA_DISABLED", "true"}});
    const auto response = run(client_->call(service(), *none, {}));
    EXPECT_EQ(response.error().kind, Failure::Kind::forbidden);
    EXPECT_EQ(response.error().attempts, 0);
    EXPECT_TRUE(response.error().message.contains("AWS_ACCESS_KEY_ID"));
    EXPECT_EQ(request_count(), 0U);
}

TEST(ServiceAt, NamesThePublicEndpointUnlessAnotherIsGiven)
{
    EXPECT_EQ(service_at("dynamodb", "eu-central-1").url, "https://dynamodb.eu-central-1.amazonaws.com");
    EXPECT_EQ(service_at("sts", "cn-north-1").url, "https://sts.cn-north-1.amazonaws.com.cn");
    EXPECT_EQ(service_at("s3", "eu-west-1", "http://127.0.0.1:9000").url, "http://127.0.0.1:9000");
    EXPECT_TRUE(service_at("s3", "eu-west-1").sign_path_once);
    EXPECT_FALSE(service_at("sts", "eu-west-1").sign_path_once);
}

TEST(EndpointUrl, IsParsed)
{
    const auto plain = parse_endpoint_url("http://[::1]:8000/base?x=1");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->origin, "http://[::1]:8000");
    EXPECT_EQ(plain->authority, "[::1]:8000");
    EXPECT_EQ(plain->host, "::1");
    EXPECT_EQ(plain->port, "8000");
    EXPECT_EQ(plain->target, "/base?x=1");

    const auto secure = parse_endpoint_url("https://sts.amazonaws.com:443");
    ASSERT_TRUE(secure);
    EXPECT_TRUE(secure->tls);
    EXPECT_EQ(secure->authority, "sts.amazonaws.com");
    EXPECT_EQ(secure->port, "443");

    for (const auto* bad : {"", "sts.amazonaws.com", "ftp://a", "http://", "http://:80", "http://a:b", "http://[::1",
                            "http://a:999999", "http://user@host", "http://a b", "http://[::1]x80"})
        EXPECT_FALSE(parse_endpoint_url(bad)) << bad;
}

} // namespace

} // namespace estante::aws
