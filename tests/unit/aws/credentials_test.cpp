// Sources of keys, and how long keys are cached.
#include "adapters/aws/cached_credentials.hpp"
#include "adapters/aws/metadata_credentials.hpp"
#include "adapters/aws/sts.hpp"
#include "adapters/aws/tenant_sessions.hpp"
#include "aws_client_test.hpp"
#include "codec/timestamp.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <fstream>
#include <set>

namespace estante::aws {

namespace {

namespace asio = boost::asio;
constexpr std::int64_t minute_ms = 60'000;

void write_file(const std::filesystem::path& path, std::string_view text)
{
    std::ofstream(path) << text;
}

std::string time_in(std::int64_t minutes)
{
    return to_string(Timestamp{.ms = ManualClock::start_ms + minutes * minute_ms});
}

std::string key_json(const std::string& id, const std::string& expiration)
{
    return R"({"Code":"Success","AccessKeyId":")" + id +
           R"(","SecretAccessKey":"secret","Token":"token","Expiration":")" + expiration + "\"}";
}

InjectedFault sts_response(const std::string& call, const std::string& id, const std::string& expiration)
{
    return fault::xml(200,
                      "<" + call + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + call +
                          "Result><Credentials><AccessKeyId>" + id +
                          "</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>"
                          "<Expiration>" +
                          expiration + "</Expiration></Credentials></" + call + "Result></" + call + "Response>");
}

class CredentialsTest : public AwsClientTest {
protected:
    TemporaryFolder folder_;

    std::shared_ptr<CredentialsProvider> from(const Environment& environment)
    {
        return default_credentials(*client_, clock_, environment, server_.url());
    }
    Environment container() const
    {
        return {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server_.url() + "/v2/credentials"}};
    }
    static std::string id_from(CredentialsProvider& credentials)
    {
        const auto key = run(credentials.get());
        return key ? key->id : "none: " + key.error().reason;
    }
};

TEST_F(CredentialsTest, OfTheEnvironmentHavePriority)
{
    auto environment = container();
    environment["AWS_ACCESS_KEY_ID"] = "AKID";
    environment["AWS_SECRET_ACCESS_KEY"] = "secret";
    environment["AWS_SESSION_TOKEN"] = "token";
    const auto key = run(from(environment)->get());
    ASSERT_TRUE(key);
    EXPECT_EQ(key->id, "AKID");
    EXPECT_EQ(key->secret, "secret");
    EXPECT_EQ(key->session_token, "token");
    EXPECT_FALSE(key->expires_ms);
    EXPECT_EQ(request_count(), 0U);
}

TEST_F(CredentialsTest, OfAWebIdentityAreFetchedFromStsUnsigned)
{
    write_file(folder_ / "token", "eyJ.web.identity\n");
    const auto credentials = from({{"AWS_WEB_IDENTITY_TOKEN_FILE", folder_ / "token"},
                                   {"AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/shop"},
                                   {"AWS_ROLE_SESSION_NAME", "estante@pod 1"},
                                   {"AWS_REGION", "eu-central-1"}});
    server_.next(fault::error(500, "InternalFailure"));
    server_.next(sts_response("AssumeRoleWithWebIdentity", "ASIAWEB", time_in(60)));
    const auto key = run(credentials->get());
    ASSERT_TRUE(key) << key.error().reason;
    EXPECT_EQ(key->id, "ASIAWEB");
    EXPECT_EQ(key->session_token, "token");
    EXPECT_EQ(key->expires_ms, ManualClock::start_ms + 60 * minute_ms);
    ASSERT_EQ(request_count(), 2U);
    const auto request = server_.seen().back();
    EXPECT_EQ(request.header("authorization"), "");
    EXPECT_EQ(request.header("content-type"), "application/x-www-form-urlencoded; charset=utf-8");
    EXPECT_TRUE(request.body.contains("Action=AssumeRoleWithWebIdentity&")) << request.body;
    EXPECT_TRUE(request.body.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fshop"));
    EXPECT_TRUE(request.body.contains("RoleSessionName=estante%40pod-1"));
    EXPECT_TRUE(request.body.ends_with("WebIdentityToken=eyJ.web.identity"));
}

TEST_F(CredentialsTest, OfAWebIdentityNeedItsTokenFile)
{
    const auto credentials = from({{"AWS_WEB_IDENTITY_TOKEN_FILE", folder_ / "missing"},
                                   {"AWS_ROLE_ARN", "arn"},
                                   {"AWS_REGION", "eu-central-1"}});
    EXPECT_TRUE(id_from(*credentials).contains("missing"));
    EXPECT_EQ(request_count(), 0U);
}

TEST_F(CredentialsTest, ThatStsRejectsReportTheReason)
{
    write_file(folder_ / "token", "eyJ");
    server_.otherwise(fault::xml(400, "<ErrorResponse><Error><Code>ExpiredTokenException</Code><Message>Token expired"
                                      "</Message></Error></ErrorResponse>"));
    const auto credentials = from({{"AWS_WEB_IDENTITY_TOKEN_FILE", folder_ / "token"}, {"AWS_ROLE_ARN", "arn"}});
    EXPECT_EQ(id_from(*credentials), "none: sts:AssumeRoleWithWebIdentity: ExpiredTokenException Token expired");
    EXPECT_EQ(request_count(), 1U);
}

TEST_F(CredentialsTest, OfAContainerAreFetchedWithTheCurrentToken)
{
    auto environment = container();
    environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "of the environment";
    server_.next(fault::json(200, key_json("ASIA1", time_in(60))));
    EXPECT_EQ(id_from(*from(environment)), "ASIA1");
    EXPECT_EQ(server_.seen().back().method, "GET");
    EXPECT_EQ(server_.seen().back().target, "/v2/credentials");
    EXPECT_EQ(server_.seen().back().header("authorization"), "of the environment");

    environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = folder_ / "token";
    const auto credentials = from(environment);
    for (const auto* token : {"first", "second"}) {
        write_file(folder_ / "token", token);
        server_.next(fault::json(200, key_json(token, time_in(60))));
        EXPECT_EQ(id_from(*credentials), token);
        EXPECT_EQ(server_.seen().back().header("authorization"), token);
        credentials->mark_expired({.id = token, .session_token = "token"});
    }
    write_file(folder_ / "token", "two\nlines");
    EXPECT_TRUE(id_from(*credentials).contains("more than one line"));
}

TEST_F(CredentialsTest, OfAContainerAreFetchedOnlyFromItsAgentOrOverTls)
{
    const auto url = [](std::string name, std::string value) {
        return container_credentials_url({{std::move(name), std::move(value)}}).value_or("rejected");
    };
    EXPECT_EQ(url("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x"), "http://169.254.170.2/v2/x");
    EXPECT_EQ(url("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "evil.example/x"), "rejected");
    for (const auto* good :
         {"https://anywhere.example/x", "http://localhost/x", "http://127.0.0.1:80/x", "http://[::1]/x",
          "http://169.254.170.2/x", "http://169.254.170.23/x", "http://[fd00:ec2::23]/x"})
        EXPECT_EQ(url("AWS_CONTAINER_CREDENTIALS_FULL_URI", good), good);
    for (const auto* bad : {"http://anywhere.example/x", "http://127.0.0.1.evil.example/x", "http://10.0.0.1/x",
                            "http://169.254.169.254/x", "ftp://127.0.0.1/x", "http://127.0.0.1@evil.example/x"})
        EXPECT_EQ(url("AWS_CONTAINER_CREDENTIALS_FULL_URI", bad), "rejected") << bad;
}

TEST_F(CredentialsTest, OfAnInstanceAreFetchedWithATokenOfImdsV2)
{
    server_.next(fault::html(500)); // retried
    server_.next(fault::respond(200, "text/plain", "metadata-token"));
    server_.next(fault::respond(200, "text/plain", "shop-role\n"));
    server_.next(fault::json(200, key_json("ASIAIMDS", time_in(60))));
    EXPECT_EQ(id_from(*from({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", server_.url() + "/"}})), "ASIAIMDS");
    const auto requests = server_.seen();
    ASSERT_EQ(requests.size(), 4U);
    EXPECT_EQ(requests[1].method, "PUT");
    EXPECT_EQ(requests[1].target, "/latest/api/token");
    EXPECT_EQ(requests[1].header("x-aws-ec2-metadata-token-ttl-seconds"), "21600");
    EXPECT_EQ(requests[2].target, "/latest/meta-data/iam/security-credentials/");
    EXPECT_EQ(requests[2].header("x-aws-ec2-metadata-token"), "metadata-token");
    EXPECT_EQ(requests[3].target, "/latest/meta-data/iam/security-credentials/shop-role");
}

TEST_F(CredentialsTest, OfAnInstanceReportTheReasonOfAFailure)
{
    const Environment environment{{"AWS_EC2_METADATA_SERVICE_ENDPOINT", server_.url()}};
    server_.next(fault::respond(403, "text/html", "<html/>"));
    EXPECT_EQ(id_from(*from(environment)), "none: instance metadata: HTTP 403");
    server_.next(fault::respond(200, "text/plain", "metadata-token"));
    server_.next(fault::respond(200, "text/plain", "shop-role"));
    server_.next(fault::json(200, R"({"Code":"AssumeRoleUnauthorizedAccess"})"));
    EXPECT_EQ(id_from(*from(environment)), "none: instance metadata: AssumeRoleUnauthorizedAccess");
    EXPECT_TRUE(id_from(*from({{"AWS_EC2_METADATA_DISABLED", "true"}})).contains("AWS_EC2_METADATA_DISABLED"));
}

TEST_F(CredentialsTest, AreFetchedOnceForConcurrentCallers)
{
    const auto credentials = from(container());
    server_.otherwise(fault::json(200, key_json("ASIA1", time_in(60))));
    std::atomic<int> got = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                asio::io_context loop;
                for (int i = 0; i < 25; ++i)
                    asio::co_spawn(loop, credentials->get(),
                                   [&](const std::exception_ptr&, const Result<Credentials, CredentialsError>& key) {
                                       got += key && key->id == "ASIA1" ? 1 : 0;
                                   });
                loop.run();
            });
    }
    EXPECT_EQ(got, 100);
    EXPECT_EQ(request_count(), 1U);
}

TEST_F(CredentialsTest, AreRefreshedInTheBackgroundBeforeTheyExpire)
{
    const auto credentials = from(container());
    server_.next(fault::json(200, key_json("ASIA1", time_in(60))));
    EXPECT_EQ(id_from(*credentials), "ASIA1");
    clock_.advance(54 * minute_ms);
    EXPECT_EQ(id_from(*credentials), "ASIA1");
    EXPECT_EQ(request_count(), 1U) << "six minutes before expiry";

    server_.next(fault::json(200, key_json("ASIA2", time_in(120))));
    clock_.advance(minute_ms);
    EXPECT_EQ(id_from(*credentials), "ASIA1") << "callers do not wait for the refresh";
    EXPECT_TRUE(eventually([&] { return id_from(*credentials) == "ASIA2"; }));
    EXPECT_EQ(request_count(), 2U);
}

TEST_F(CredentialsTest, ServeUntilTheyExpireWhenARefreshFails)
{
    const auto credentials = from(container());
    server_.next(fault::json(200, key_json("ASIA1", time_in(60))));
    EXPECT_EQ(id_from(*credentials), "ASIA1");
    server_.otherwise(fault::respond(403, "text/plain", "no"));
    clock_.advance(56 * minute_ms);
    EXPECT_EQ(id_from(*credentials), "ASIA1");
    ASSERT_TRUE(server_.wait_for_seen(2));
    EXPECT_EQ(id_from(*credentials), "ASIA1");
    clock_.advance(4 * minute_ms);
    EXPECT_EQ(id_from(*credentials), "none: container endpoint: HTTP 403");
    server_.otherwise(fault::json(200, key_json("ASIA2", time_in(120))));
    EXPECT_TRUE(eventually([&] { return id_from(*credentials) == "ASIA2"; }));
}

TEST_F(CredentialsTest, ThatAServiceReportsAsExpiredAreRefreshedForOneMoreAttempt)
{
    const auto credentials = from(container());
    FaultServer dynamodb;
    server_.next(fault::json(200, key_json("ASIA1", time_in(60))));
    server_.next(fault::json(200, key_json("ASIA2", time_in(60))));
    dynamodb.next(fault::error(400, "ExpiredTokenException"));
    const auto service = service_at("dynamodb", "eu-central-1", dynamodb.url());
    EXPECT_TRUE(run(client_->call(service, *credentials, {.body = "{}", .idempotent = false})));
    ASSERT_EQ(dynamodb.seen().size(), 2U);
    EXPECT_TRUE(dynamodb.seen()[0].header("authorization").contains("Credential=ASIA1/"));
    EXPECT_TRUE(dynamodb.seen()[1].header("authorization").contains("Credential=ASIA2/"));
}

TEST_F(CredentialsTest, ThatExpireRepeatedlyAreForbidden)
{
    const auto credentials = from(container());
    FaultServer dynamodb;
    for (const auto* id : {"ASIA1", "ASIA2", "ASIA3"})
        server_.next(fault::json(200, key_json(id, time_in(60))));
    dynamodb.otherwise(fault::error(400, "ExpiredTokenException"));
    const auto service = service_at("dynamodb", "eu-central-1", dynamodb.url());
    const auto response = run(client_->call(service, *credentials, {.body = "{}"}));
    EXPECT_EQ(response.error().kind, Failure::Kind::forbidden);
    EXPECT_EQ(dynamodb.seen().size(), 2U);
}

TEST_F(CredentialsTest, MayBeDestroyedDuringAFetch)
{
    auto credentials = from(container());
    server_.next(fault::silence());
    {
        asio::io_context loop;
        asio::co_spawn(loop, credentials->get(),
                       [](const std::exception_ptr&, const Result<Credentials, CredentialsError>&) {});
        loop.poll();
        ASSERT_TRUE(server_.wait_for_seen(1));
    }
    credentials.reset();
    client_.reset(); // does not wait for the fetch
}

TEST_F(CredentialsTest, ReadRegionAndEndpointsFromTheEnvironment)
{
    EXPECT_EQ(region_from({{"AWS_REGION", "eu-west-1"}, {"AWS_DEFAULT_REGION", "us-east-1"}}), "eu-west-1");
    EXPECT_EQ(region_from({{"AWS_DEFAULT_REGION", "us-east-1"}}), "us-east-1");
    EXPECT_FALSE(region_from({}));
    const Environment environment{{"AWS_ENDPOINT_URL_S3", "http://a"}, {"AWS_ENDPOINT_URL", "http://b"}};
    EXPECT_EQ(endpoint_from(environment, "s3"), "http://a");
    EXPECT_EQ(endpoint_from(environment, "dynamodb"), "http://b");
    EXPECT_EQ(endpoint_from({}, "dynamodb"), "");
    EXPECT_FALSE(variable(process_environment(), "PATH").empty());
}

class TenantSessionsTest : public CredentialsTest {
protected:
    std::shared_ptr<CredentialsProvider> signer_ = static_credentials({.id = "AKIDGATEWAY", .secret = "secret"});

    TenantSessions sessions(std::size_t tenants = 1'000)
    {
        return {*client_,
                clock_,
                service_at("sts", "eu-central-1", server_.url()),
                signer_,
                {.role_arn = "arn:aws:iam::123456789012:role/tenant", .max_tenants = tenants}};
    }
    // Responds to AssumeRole with a key named after the session tag.
    void respond_with_the_tag()
    {
        server_.otherwise(fault::made([](const SeenRequest& request) {
            const auto at = request.body.find("Tags.member.1.Value=") + 20;
            return sts_response("AssumeRole", "ASIA-" + request.body.substr(at, request.body.find('&', at) - at),
                                time_in(60))
                .bytes;
        }));
    }
};

TEST_F(TenantSessionsTest, AreRequestedWithTheTenantsTag)
{
    respond_with_the_tag();
    auto all = sessions();
    EXPECT_EQ(id_from(*all.credentials_for("northwind")), "ASIA-northwind");
    EXPECT_EQ(id_from(*all.credentials_for("acme")), "ASIA-acme");
    const auto request = server_.seen().front();
    EXPECT_TRUE(request.body.contains("Action=AssumeRole&")) << request.body;
    EXPECT_TRUE(request.body.contains("&RoleSessionName=tenant-northwind&"));
    EXPECT_TRUE(request.body.contains("&Tags.member.1.Key=TenantId&Tags.member.1.Value=northwind"));
    EXPECT_TRUE(request.body.contains("DurationSeconds=3600"));
    EXPECT_TRUE(request.header("authorization").contains("Credential=AKIDGATEWAY/20260131/eu-central-1/sts/"));
}

TEST_F(TenantSessionsTest, AreFetchedOncePerTenant)
{
    respond_with_the_tag();
    auto all = sessions();
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (const auto* tenant : {"a", "b", "a", "b"})
                    EXPECT_EQ(id_from(*all.credentials_for(tenant)), std::string("ASIA-") + tenant);
            });
    }
    EXPECT_EQ(request_count(), 2U);
    EXPECT_EQ(all.credentials_for("a"), all.credentials_for("a"));
}

TEST_F(TenantSessionsTest, AreBoundedAndTheLeastRecentlyUsedIsEvicted)
{
    respond_with_the_tag();
    auto all = sessions(2);
    const auto a = all.credentials_for("a");
    all.credentials_for("b");
    all.credentials_for("a");
    all.credentials_for("c"); // evicts b
    EXPECT_EQ(all.size(), 2U);
    EXPECT_EQ(all.credentials_for("a"), a);
    all.credentials_for("b"); // evicts c
    all.credentials_for("d"); // evicts a
    EXPECT_NE(all.credentials_for("a"), a);
    EXPECT_EQ(id_from(*a), "ASIA-a") << "returned credentials stay usable";
    EXPECT_EQ(all.size(), 2U);
}

TEST_F(TenantSessionsTest, AreRefreshedBeforeTheyExpire)
{
    auto all = sessions();
    server_.next(sts_response("AssumeRole", "ASIA1", time_in(60)));
    EXPECT_EQ(id_from(*all.credentials_for("a")), "ASIA1");
    server_.next(sts_response("AssumeRole", "ASIA2", time_in(120)));
    clock_.advance(56 * minute_ms);
    EXPECT_EQ(id_from(*all.credentials_for("a")), "ASIA1");
    EXPECT_TRUE(eventually([&] { return id_from(*all.credentials_for("a")) == "ASIA2"; }));
}

TEST_F(TenantSessionsTest, ThatAreRejectedReportTheReason)
{
    server_.otherwise(fault::xml(403,
                                 "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform "
                                 "sts:TagSession</Message></Error></ErrorResponse>"));
    auto all = sessions();
    EXPECT_EQ(id_from(*all.credentials_for("a")),
              "none: sts:AssumeRole: AccessDenied not authorized to perform sts:TagSession");
    EXPECT_EQ(request_count(), 1U);
}

TEST(SessionNames, AreValidForSts)
{
    EXPECT_EQ(to_session_name("tenant-northwind"), "tenant-northwind");
    EXPECT_EQ(to_session_name("a b/ñ"), "a-b---");
    EXPECT_EQ(to_session_name("x"), "x-");
    EXPECT_EQ(to_session_name(std::string(100, 'a')).size(), 64U);
}

} // namespace

} // namespace estante::aws
