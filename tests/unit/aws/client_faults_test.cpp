// Calls to a server that fails: the right kind of failure, bounded attempts, no second effect, no leaked connection.
#include "aws_client_test.hpp"

namespace estante::aws {

namespace {

using Kind = Failure::Kind;
using Faults = AwsClientTest;

TEST_F(Faults, AValidResponseIsReturned)
{
    server_.next(fault::json(200, R"({"Item":1})", "X-Amzn-RequestId: 7\r\n"));
    const auto response = call();
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 200U);
    EXPECT_EQ(response->body, R"({"Item":1})");
    EXPECT_EQ(find_header(response->headers, "x-amzn-requestid"), "7");
}

TEST_F(Faults, ThrottlingIsRetried)
{
    server_.next(fault::throttled(), 2);
    EXPECT_TRUE(call());
    EXPECT_EQ(request_count(), 3U);
    EXPECT_EQ(client_->counters().retries, 2U);
    EXPECT_EQ(client_->counters().connections_opened, 1U);
}

TEST_F(Faults, PersistentThrottlingIsAFailure)
{
    server_.otherwise(fault::throttled());
    const auto response = call();
    EXPECT_EQ(response.error().kind, Kind::throttled);
    EXPECT_EQ(response.error().type, "ThrottlingException");
    EXPECT_EQ(response.error().attempts, 3);
    EXPECT_FALSE(response.error().maybe_applied);
    EXPECT_EQ(request_count(), 3U);
}

TEST_F(Faults, ThrottlingIsRetriedEvenForANonIdempotentRequest)
{
    server_.next(fault::throttled());
    EXPECT_TRUE(call(non_idempotent()));
    EXPECT_EQ(request_count(), 2U);
}

TEST_F(Faults, AServerErrorIsRetried)
{
    server_.next(fault::error(500, "InternalServerError"));
    server_.next(fault::error(503, "ServiceUnavailable"));
    EXPECT_TRUE(call());
    EXPECT_EQ(request_count(), 3U);
}

TEST_F(Faults, APersistentServerErrorIsUnavailableAndMaybeApplied)
{
    server_.otherwise(fault::error(500, "InternalServerError"));
    const auto response = call();
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_EQ(response.error().status, 500U);
    EXPECT_TRUE(response.error().maybe_applied);
    EXPECT_EQ(request_count(), 3U);
}

TEST_F(Faults, AServerErrorIsNotRetriedForANonIdempotentRequest)
{
    server_.otherwise(fault::error(500, "InternalServerError"));
    const auto response = call(non_idempotent());
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_TRUE(response.error().maybe_applied);
    EXPECT_EQ(request_count(), 1U);
}

TEST_F(Faults, ServiceUnavailableIsAlwaysRetriedSinceItHadNoEffect)
{
    server_.next(fault::error(503, "ServiceUnavailable"));
    EXPECT_TRUE(call(non_idempotent()));
    EXPECT_EQ(request_count(), 2U);
}

TEST_F(Faults, ARejectionIsNotRetried)
{
    server_.otherwise(fault::error(400, "ConditionalCheckFailedException"));
    const auto response = call();
    EXPECT_EQ(response.error().kind, Kind::rejected);
    EXPECT_EQ(response.error().type, "ConditionalCheckFailedException");
    EXPECT_TRUE(response.error().body.contains("told so"));
    EXPECT_FALSE(response.error().maybe_applied);
    EXPECT_EQ(request_count(), 1U);
}

TEST_F(Faults, ARejectionAfterAnUnknownOutcomeIsMaybeApplied)
{
    server_.next(fault::cut());
    server_.next(fault::error(400, "ConditionalCheckFailedException"));
    const auto response = call();
    EXPECT_EQ(response.error().kind, Kind::rejected);
    EXPECT_TRUE(response.error().maybe_applied) << "the first attempt may be the reason why the condition fails";
}

TEST_F(Faults, ATruncatedResponseIsRetried)
{
    server_.next(fault::cut());
    EXPECT_TRUE(call());
    EXPECT_EQ(request_count(), 2U);
    EXPECT_EQ(client_->counters().connections_opened, 2U);
}

TEST_F(Faults, PersistentTruncationIsUnavailable)
{
    server_.otherwise(fault::cut());
    const auto response = call();
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_EQ(response.error().status, 0U);
    EXPECT_TRUE(response.error().maybe_applied);
    EXPECT_EQ(request_count(), 3U);
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Faults, AServerThatDoesNotRespondTimesOut)
{
    server_.next(fault::silence());
    const auto begin = std::chrono::steady_clock::now();
    const auto response = call(non_idempotent());
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_TRUE(response.error().message.contains("timed out")) << response.error().message;
    EXPECT_TRUE(response.error().maybe_applied);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, short_timeouts().response_timeout);
    EXPECT_EQ(request_count(), 1U);
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Faults, AnAttemptTimeoutMayBeLongerThanTheClientsTimeout)
{
    auto options = short_timeouts();
    options.response_timeout = std::chrono::milliseconds(10);
    use_options(options);
    server_.next(fault::silence());
    Request patient = non_idempotent();
    patient.attempt_timeout = std::chrono::milliseconds(200);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(call(std::move(patient)).error().kind, Kind::unavailable);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(200));
}

TEST_F(Faults, AResponseThatNeverEndsTimesOut)
{
    server_.next({.bytes = "HTTP/1.1 200 Told\r\nContent-Length: 10\r\n\r\n12345", .silent = true}, 3);
    EXPECT_EQ(call().error().kind, Kind::unavailable);
    EXPECT_EQ(request_count(), 3U);
}

TEST_F(Faults, HtmlIsUnavailableWithAnyStatus)
{
    for (const int status : {200, 502}) {
        server_.next(fault::html(status), 3);
        const auto response = call();
        EXPECT_EQ(response.error().kind, Kind::unavailable);
        EXPECT_EQ(response.error().status, static_cast<unsigned>(status));
        EXPECT_EQ(response.error().attempts, 3);
        EXPECT_EQ(response.error().body, "");
    }
    server_.next(fault::html(403));
    EXPECT_EQ(call().error().attempts, 1);
}

TEST_F(Faults, AResponseThatIsNotHttpIsUnavailable)
{
    server_.next({.bytes = "SSH-2.0-OpenSSH_9.2\r\n", .close = true}, 3);
    EXPECT_EQ(call().error().kind, Kind::unavailable);
}

TEST_F(Faults, AnInterimResponseIsSkipped)
{
    server_.next({.bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"});
    const auto response = call();
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "{}");
    EXPECT_EQ(client_->counters().connections_open, 1U);
}

TEST_F(Faults, AChunkedResponseIsAssembled)
{
    const std::string large(300'000, 'x');
    server_.next(fault::chunked({"{\"a\":", large, "}"}));
    const auto response = call();
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "{\"a\":" + large + "}");
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().connections_opened, 1U);
}

TEST_F(Faults, AResponseOverTheSizeLimitIsNotRetried)
{
    auto options = short_timeouts();
    options.max_response_bytes = 1000;
    use_options(options);
    server_.otherwise(fault::json(200, std::string(1001, ' ')));
    EXPECT_EQ(call().error().kind, Kind::unavailable);
    EXPECT_EQ(request_count(), 1U);
    server_.next(fault::chunked({std::string(600, ' '), std::string(600, ' ')}));
    EXPECT_EQ(call().error().kind, Kind::unavailable);
    server_.next(fault::json(200, std::string(1000, ' ')));
    EXPECT_TRUE(call());
}

TEST_F(Faults, AClosedPortIsUnavailable)
{
    const ClosedPort closed_port;
    const auto response = call(service_at("dynamodb", "eu-central-1", closed_port.url()), non_idempotent());
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_EQ(response.error().attempts, 3) << "nothing was sent, so a retry is safe";
    EXPECT_FALSE(response.error().maybe_applied);
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Faults, AnInvalidEndpointIsNotRetried)
{
    const auto response = call(service_at("dynamodb", "eu-central-1", "dynamodb.example"), {});
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_EQ(response.error().attempts, 1);
}

TEST_F(Faults, AnUnknownHostIsUnavailable)
{
    const auto response = call(service_at("dynamodb", "eu-central-1", "http://nowhere.invalid"), non_idempotent());
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_FALSE(response.error().maybe_applied);
}

TEST_F(Faults, AClockSkewIsCorrectedOnceAndRemembered)
{
    // The server's clock is an hour ahead of ours (2026-01-31T09:30:00Z).
    server_.otherwise(fault::made([](const SeenRequest& request) {
        return request.header("x-amz-date").starts_with("20260131T1030")
                   ? fault::json(200, "{}").bytes
                   : fault::error(400, "InvalidSignatureException", "Signature expired: a is now earlier than b",
                                  "Date: Sat, 31 Jan 2026 10:30:00 GMT\r\n")
                         .bytes;
    }));
    EXPECT_TRUE(call(non_idempotent()));
    EXPECT_EQ(request_count(), 2U);
    EXPECT_TRUE(call(non_idempotent()));
    EXPECT_EQ(request_count(), 3U) << "the skew is remembered";
}

TEST_F(Faults, AClockSkewThatCannotBeCorrectedIsForbidden)
{
    server_.otherwise(fault::error(403, "RequestTimeTooSkewed", "no", "Date: Sat, 31 Jan 2026 10:30:00 GMT\r\n"));
    const auto response = call();
    EXPECT_EQ(response.error().kind, Kind::forbidden);
    EXPECT_EQ(response.error().type, "RequestTimeTooSkewed");
    EXPECT_EQ(request_count(), 2U);
}

TEST_F(Faults, AnExpiredKeyThatCannotBeRefreshedIsForbiddenWithoutARetry)
{
    server_.otherwise(fault::error(400, "ExpiredTokenException"));
    const auto response = call();
    EXPECT_EQ(response.error().kind, Kind::forbidden);
    EXPECT_EQ(response.error().type, "ExpiredTokenException");
    EXPECT_EQ(request_count(), 1U);
}

TEST_F(Faults, RetryAfterIsRespectedUpToTheCap)
{
    auto options = short_timeouts();
    options.backoff_cap = std::chrono::milliseconds(80);
    use_options(options);
    server_.next(fault::throttled("Retry-After: 3600\r\n"));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(call());
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(took, options.backoff_cap);
    EXPECT_LT(took, std::chrono::seconds(60));
}

TEST_F(Faults, MessagesContainNoSecret)
{
    server_.otherwise(fault::made([](const SeenRequest& request) { // like STS, which repeats the canonical request
        return fault::error(403, "SignatureDoesNotMatch",
                            "The signature does not match.\\n\\nx-amz-security-token:" +
                                std::string(request.header("x-amz-security-token")))
            .bytes;
    }));
    const auto response = call();
    EXPECT_EQ(response.error().kind, Kind::forbidden);
    EXPECT_FALSE((response.error().message + response.error().body).contains("TOKENEXAMPLE"));
}

TEST_F(Faults, ANonIdempotentRequestBehindAProxyIsAppliedOnce)
{
    FaultServer proxy({.upstream_port = server_.port()});
    const auto through = service_at("dynamodb", "eu-central-1", proxy.url());

    EXPECT_TRUE(call(through, non_idempotent()));
    EXPECT_EQ(request_count(), 1U) << "the proxy forwards";
    proxy.next(fault::throttled());
    EXPECT_TRUE(call(through, non_idempotent()));
    EXPECT_EQ(request_count(), 2U) << "throttled before the effect";
    for (const InjectedFault& done :
         {fault::done_and_unanswered(), fault::done_and_cut(20), fault::done_and_silent()}) {
        const auto before = request_count();
        proxy.next(done);
        const auto response = call(through, non_idempotent());
        EXPECT_EQ(response.error().kind, Kind::unavailable);
        EXPECT_TRUE(response.error().maybe_applied);
        EXPECT_EQ(request_count(), before + 1) << "applied, and not retried";
    }
}

TEST_F(Faults, FetchSendsOneUnsignedRequest)
{
    server_.next(fault::respond(200, "text/plain", "role"));
    const auto response =
        run(client_->fetch(server_.url() + "/latest/meta?a=b", {.method = "GET"}, std::chrono::seconds(1)));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "role");
    EXPECT_EQ(server_.seen().front().target, "/latest/meta?a=b");
    EXPECT_EQ(server_.seen().front().header("authorization"), "");

    server_.next(fault::respond(404, "text/html", ""));
    EXPECT_EQ(run(client_->fetch(server_.url(), {.method = "GET"}, std::chrono::seconds(1))).error().kind,
              Kind::rejected);
    server_.next(fault::silence());
    const auto late = run(client_->fetch(server_.url(), {.method = "GET"}, std::chrono::milliseconds(30)));
    EXPECT_EQ(late.error().kind, Kind::unavailable);
    EXPECT_EQ(request_count(), 3U);
}

} // namespace

} // namespace estante::aws
