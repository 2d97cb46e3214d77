// What becomes of a call when the other side fails: the right kind, bounded attempts, no second effect, no connection
// lost.
#include "aws_client_test.hpp"

namespace estante::aws {

namespace {

using Kind = Failure::Kind;
using Faults = AwsClientTest;

TEST_F(Faults, ASoundAnswerComesBackWhole)
{
    server_.next(fault::json(200, R"({"Item":1})", "X-Amzn-RequestId: 7\r\n"));
    const auto answer = call();
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200U);
    EXPECT_EQ(answer->body, R"({"Item":1})");
    EXPECT_EQ(header_of(answer->headers, "x-amzn-requestid"), "7");
}

TEST_F(Faults, ThrottlingIsTriedAgainUntilItEnds)
{
    server_.next(fault::throttled(), 2);
    EXPECT_TRUE(call());
    EXPECT_EQ(seen(), 3U);
    EXPECT_EQ(client_->counters().retries, 2U);
    EXPECT_EQ(client_->counters().connections_opened, 1U);
}

TEST_F(Faults, ThrottlingWithoutEndIsThrottled)
{
    server_.otherwise(fault::throttled());
    const auto answer = call();
    EXPECT_EQ(answer.error().kind, Kind::throttled);
    EXPECT_EQ(answer.error().type, "ThrottlingException");
    EXPECT_EQ(answer.error().attempts, 3);
    EXPECT_FALSE(answer.error().maybe_done);
    EXPECT_EQ(seen(), 3U);
}

TEST_F(Faults, ThrottlingIsTriedAgainEvenForWhatMustNotHappenTwice)
{
    server_.next(fault::throttled());
    EXPECT_TRUE(call(once()));
    EXPECT_EQ(seen(), 2U);
}

TEST_F(Faults, AServerErrorIsTriedAgain)
{
    server_.next(fault::error(500, "InternalServerError"));
    server_.next(fault::error(503, "ServiceUnavailable"));
    EXPECT_TRUE(call());
    EXPECT_EQ(seen(), 3U);
}

TEST_F(Faults, AServerErrorWithoutEndIsUnavailableAndPerhapsDone)
{
    server_.otherwise(fault::error(500, "InternalServerError"));
    const auto answer = call();
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_EQ(answer.error().status, 500U);
    EXPECT_TRUE(answer.error().maybe_done);
    EXPECT_EQ(seen(), 3U);
}

TEST_F(Faults, AServerErrorIsNotTriedAgainForWhatMustNotHappenTwice)
{
    server_.otherwise(fault::error(500, "InternalServerError"));
    const auto answer = call(once());
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_TRUE(answer.error().maybe_done);
    EXPECT_EQ(seen(), 1U);
}

TEST_F(Faults, ServiceUnavailableIsTriedAgainAlwaysSinceNothingWasDone)
{
    server_.next(fault::error(503, "ServiceUnavailable"));
    EXPECT_TRUE(call(once()));
    EXPECT_EQ(seen(), 2U);
}

TEST_F(Faults, ARefusalIsNotTriedAgain)
{
    server_.otherwise(fault::error(400, "ConditionalCheckFailedException"));
    const auto answer = call();
    EXPECT_EQ(answer.error().kind, Kind::refused);
    EXPECT_EQ(answer.error().type, "ConditionalCheckFailedException");
    EXPECT_TRUE(answer.error().body.contains("told so"));
    EXPECT_FALSE(answer.error().maybe_done);
    EXPECT_EQ(seen(), 1U);
}

TEST_F(Faults, ARefusalAfterAnAttemptOfUnknownOutcomeSaysSo)
{
    server_.next(fault::cut());
    server_.next(fault::error(400, "ConditionalCheckFailedException"));
    const auto answer = call();
    EXPECT_EQ(answer.error().kind, Kind::refused);
    EXPECT_TRUE(answer.error().maybe_done) << "the first attempt may be why the condition fails";
}

TEST_F(Faults, ACutInMidAnswerIsTriedAgain)
{
    server_.next(fault::cut());
    EXPECT_TRUE(call());
    EXPECT_EQ(seen(), 2U);
    EXPECT_EQ(client_->counters().connections_opened, 2U);
}

TEST_F(Faults, ACutWithoutEndIsUnavailable)
{
    server_.otherwise(fault::cut());
    const auto answer = call();
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_EQ(answer.error().status, 0U);
    EXPECT_TRUE(answer.error().maybe_done);
    EXPECT_EQ(seen(), 3U);
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Faults, SilenceEndsAtTheDeadline)
{
    server_.next(fault::silence());
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = call(once());
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_TRUE(answer.error().message.contains("in time")) << answer.error().message;
    EXPECT_TRUE(answer.error().maybe_done);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, quick().answer_within);
    EXPECT_EQ(seen(), 1U);
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Faults, ARequestsOwnLimitReplacesTheClientsShorterOne)
{
    auto options = quick();
    options.answer_within = std::chrono::milliseconds(10);
    use(options);
    server_.next(fault::silence());
    Request patient = once();
    patient.within = std::chrono::milliseconds(200);
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(call(std::move(patient)).error().kind, Kind::unavailable);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(200));
}

TEST_F(Faults, AnAnswerThatNeverEndsIsSilenceToo)
{
    server_.next({.bytes = "HTTP/1.1 200 Told\r\nContent-Length: 10\r\n\r\n12345", .silent = true}, 3);
    EXPECT_EQ(call().error().kind, Kind::unavailable);
    EXPECT_EQ(seen(), 3U);
}

TEST_F(Faults, HtmlIsUnavailableWhateverItsStatus)
{
    for (const int status : {200, 502}) {
        server_.next(fault::html(status), 3);
        const auto answer = call();
        EXPECT_EQ(answer.error().kind, Kind::unavailable);
        EXPECT_EQ(answer.error().status, static_cast<unsigned>(status));
        EXPECT_EQ(answer.error().attempts, 3);
        EXPECT_EQ(answer.error().body, "");
    }
    server_.next(fault::html(403));
    EXPECT_EQ(call().error().attempts, 1);
}

TEST_F(Faults, WhatIsNotHttpIsUnavailable)
{
    server_.next({.bytes = "SSH-2.0-OpenSSH_9.2\r\n", .close = true}, 3);
    EXPECT_EQ(call().error().kind, Kind::unavailable);
}

TEST_F(Faults, AnInterimAnswerIsPassedOver)
{
    server_.next({.bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"});
    const auto answer = call();
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "{}");
    EXPECT_EQ(client_->counters().connections_open, 1U);
}

TEST_F(Faults, AnAnswerInPiecesIsPutTogether)
{
    const std::string large(300'000, 'x');
    server_.next(fault::chunked({"{\"a\":", large, "}"}));
    const auto answer = call();
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "{\"a\":" + large + "}");
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().connections_opened, 1U);
}

TEST_F(Faults, AnAnswerOverTheLimitIsAFailureAndNotTriedAgain)
{
    auto options = quick();
    options.answer_bytes = 1000;
    use(options);
    server_.otherwise(fault::json(200, std::string(1001, ' ')));
    EXPECT_EQ(call().error().kind, Kind::unavailable);
    EXPECT_EQ(seen(), 1U);
    server_.next(fault::chunked({std::string(600, ' '), std::string(600, ' ')}));
    EXPECT_EQ(call().error().kind, Kind::unavailable);
    server_.next(fault::json(200, std::string(1000, ' ')));
    EXPECT_TRUE(call());
}

TEST_F(Faults, NobodyListening)
{
    const ClosedPort nobody;
    const auto answer = call(service_at("dynamodb", "eu-central-1", nobody.url()), once());
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_EQ(answer.error().attempts, 3) << "nothing was sent, so another attempt is safe";
    EXPECT_FALSE(answer.error().maybe_done);
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Faults, AnEndpointThatIsNoUrlIsNotTriedAgain)
{
    const auto answer = call(service_at("dynamodb", "eu-central-1", "dynamodb.example"), {});
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_EQ(answer.error().attempts, 1);
}

TEST_F(Faults, ANameThatDoesNotResolveIsUnavailable)
{
    const auto answer = call(service_at("dynamodb", "eu-central-1", "http://nowhere.invalid"), once());
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_FALSE(answer.error().maybe_done);
}

TEST_F(Faults, AWrongClockIsCorrectedOnceAndRemembered)
{
    // The server's clock is an hour ahead of ours (2026-01-31T09:30:00Z).
    server_.otherwise(fault::made([](const SeenRequest& request) {
        return request.header("x-amz-date").starts_with("20260131T1030")
                   ? fault::json(200, "{}").bytes
                   : fault::error(400, "InvalidSignatureException", "Signature expired: a is now earlier than b",
                                  "Date: Sat, 31 Jan 2026 10:30:00 GMT\r\n")
                         .bytes;
    }));
    EXPECT_TRUE(call(once()));
    EXPECT_EQ(seen(), 2U);
    EXPECT_TRUE(call(once()));
    EXPECT_EQ(seen(), 3U) << "the offset is kept";
}

TEST_F(Faults, AClockThatCannotBeCorrectedIsForbidden)
{
    server_.otherwise(fault::error(403, "RequestTimeTooSkewed", "no", "Date: Sat, 31 Jan 2026 10:30:00 GMT\r\n"));
    const auto answer = call();
    EXPECT_EQ(answer.error().kind, Kind::forbidden);
    EXPECT_EQ(answer.error().type, "RequestTimeTooSkewed");
    EXPECT_EQ(seen(), 2U);
}

TEST_F(Faults, AnExpiredKeyThatStaysTheSameIsForbiddenAtOnce)
{
    server_.otherwise(fault::error(400, "ExpiredTokenException"));
    const auto answer = call();
    EXPECT_EQ(answer.error().kind, Kind::forbidden);
    EXPECT_EQ(answer.error().type, "ExpiredTokenException");
    EXPECT_EQ(seen(), 1U);
}

TEST_F(Faults, RetryAfterIsRespectedWithinTheCap)
{
    auto options = quick();
    options.backoff_cap = std::chrono::milliseconds(80);
    use(options);
    server_.next(fault::throttled("Retry-After: 3600\r\n"));
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_TRUE(call());
    const auto took = std::chrono::steady_clock::now() - begun;
    EXPECT_GE(took, options.backoff_cap);
    EXPECT_LT(took, std::chrono::seconds(60));
}

TEST_F(Faults, MessagesHoldNoSecret)
{
    server_.otherwise(fault::made([](const SeenRequest& request) { // as STS does: it repeats the canonical request
        return fault::error(403, "SignatureDoesNotMatch",
                            "The signature does not match.\\n\\nx-amz-security-token:" +
                                std::string(request.header("x-amz-security-token")))
            .bytes;
    }));
    const auto answer = call();
    EXPECT_EQ(answer.error().kind, Kind::forbidden);
    EXPECT_FALSE((answer.error().message + answer.error().body).contains("TOKENEXAMPLE"));
}

TEST_F(Faults, BehindAProxyNothingHappensTwice)
{
    FaultServer proxy({.upstream_port = server_.port()});
    const auto through = service_at("dynamodb", "eu-central-1", proxy.url());

    EXPECT_TRUE(call(through, once()));
    EXPECT_EQ(seen(), 1U) << "the proxy forwards";
    proxy.next(fault::throttled());
    EXPECT_TRUE(call(through, once()));
    EXPECT_EQ(seen(), 2U) << "throttled before the effect";
    for (const Misbehaviour& done : {fault::done_and_unanswered(), fault::done_and_cut(20), fault::done_and_silent()}) {
        const auto before = seen();
        proxy.next(done);
        const auto answer = call(through, once());
        EXPECT_EQ(answer.error().kind, Kind::unavailable);
        EXPECT_TRUE(answer.error().maybe_done);
        EXPECT_EQ(seen(), before + 1) << "done, and not again";
    }
}

TEST_F(Faults, FetchTriesOnceAndSignsNothing)
{
    server_.next(fault::answer(200, "text/plain", "role"));
    const auto answer =
        run(client_->fetch(server_.url() + "/latest/meta?a=b", {.method = "GET"}, std::chrono::seconds(1)));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "role");
    EXPECT_EQ(server_.seen().front().target, "/latest/meta?a=b");
    EXPECT_EQ(server_.seen().front().header("authorization"), "");

    server_.next(fault::answer(404, "text/html", ""));
    EXPECT_EQ(run(client_->fetch(server_.url(), {.method = "GET"}, std::chrono::seconds(1))).error().kind,
              Kind::refused);
    server_.next(fault::silence());
    const auto late = run(client_->fetch(server_.url(), {.method = "GET"}, std::chrono::milliseconds(30)));
    EXPECT_EQ(late.error().kind, Kind::unavailable);
    EXPECT_EQ(seen(), 3U);
}

} // namespace

} // namespace estante::aws
