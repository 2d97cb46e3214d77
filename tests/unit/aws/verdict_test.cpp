#include "adapters/aws/verdict.hpp"

#include <gtest/gtest.h>

namespace estante::aws {

namespace {

using Kind = Failure::Kind;
using Remedy = Verdict::Remedy;

constexpr std::int64_t signed_at_ms = 1'440'938'160'000; // Sun, 30 Aug 2015 12:36:00 GMT

const Service dynamodb{.name = "dynamodb", .region = "eu-central-1", .url = "https://dynamodb.example"};
const Service s3{.name = "s3", .region = "eu-central-1", .url = "https://s3.example", .sign_path_once = true};

Response answer(unsigned status, std::string type, std::string body, Headers more = {})
{
    more.emplace_back("content-type", std::move(type));
    return {.status = status, .headers = std::move(more), .body = std::move(body)};
}

Response json_error(unsigned status, const std::string& type, const std::string& message = "why", Headers more = {})
{
    return answer(status, "application/x-amz-json-1.0",
                  R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + type + R"(","message":")" + message + "\"}",
                  std::move(more));
}

Response s3_error(unsigned status, const std::string& code)
{
    return answer(status, "application/xml",
                  "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>why</Message></Error>");
}

std::optional<Verdict> on(Response response, const Service& service = dynamodb, const Request& request = {})
{
    return verdict_on(service, request, response, signed_at_ms);
}

TEST(Verdict, ASuccessIsNone)
{
    EXPECT_FALSE(on(answer(200, "application/x-amz-json-1.0", "{}")));
    EXPECT_FALSE(on(answer(204, "", ""), s3, {.method = "DELETE"}));
}

TEST(Verdict, NamesAreFoundInJsonHeadersAndThreeShapesOfXml)
{
    EXPECT_EQ(service_error_of(json_error(400, "ValidationException"))->type, "ValidationException");
    EXPECT_EQ(service_error_of(answer(400, "application/json", R"({"code":"A","Message":"why"})"))->message, "why");
    EXPECT_EQ(service_error_of(answer(400, "application/json", "{}",
                                      {{"x-amzn-errortype", "TooManyRequestsException:http://internal.amazon.com/"}}))
                  ->type,
              "TooManyRequestsException");
    EXPECT_EQ(service_error_of(s3_error(404, "NoSuchKey"))->type, "NoSuchKey");
    EXPECT_EQ(service_error_of(answer(403, "text/xml",
                                      "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
                                      "<Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>"
                                      "<RequestId>1</RequestId></ErrorResponse>"))
                  ->type,
              "AccessDenied");
    EXPECT_EQ(service_error_of(answer(400, "text/xml",
                                      "<Response><Errors><Error><Code>Throttling</Code></Error></Errors></Response>"))
                  ->type,
              "Throttling");
    EXPECT_FALSE(service_error_of(answer(400, "text/html", "<html></html>")));
    EXPECT_FALSE(service_error_of(answer(400, "application/json", "not json")));
}

TEST(Verdict, ARefusalIsFinalAndKeepsItsBody)
{
    const auto verdict = on(json_error(400, "ConditionalCheckFailedException", "The conditional request failed"));
    EXPECT_EQ(verdict->failure.kind, Kind::refused);
    EXPECT_EQ(verdict->failure.type, "ConditionalCheckFailedException");
    EXPECT_EQ(verdict->failure.message, "The conditional request failed");
    EXPECT_TRUE(verdict->failure.body.contains("__type"));
    EXPECT_EQ(verdict->remedy, Remedy::none);
    EXPECT_TRUE(verdict->no_effect);
}

TEST(Verdict, ThrottlingHadNoEffectAndIsTriedAgain)
{
    for (const auto* type : {"ThrottlingException", "Throttling", "ThrottledException", "RequestLimitExceeded",
                             "ProvisionedThroughputExceededException", "TooManyRequestsException"}) {
        const auto verdict = on(json_error(400, type));
        EXPECT_EQ(verdict->failure.kind, Kind::throttled) << type;
        EXPECT_EQ(verdict->remedy, Remedy::pause) << type;
        EXPECT_TRUE(verdict->no_effect) << type;
    }
    EXPECT_EQ(on(s3_error(503, "SlowDown"), s3)->failure.kind, Kind::throttled);
    EXPECT_EQ(on(answer(429, "text/plain", "slower"))->failure.kind, Kind::throttled);
}

TEST(Verdict, AServerErrorMayHaveHadItsEffectUnlessItSaysThatItIsUnavailable)
{
    const auto internal = on(json_error(500, "InternalServerError"));
    EXPECT_EQ(internal->failure.kind, Kind::unavailable);
    EXPECT_EQ(internal->remedy, Remedy::pause);
    EXPECT_FALSE(internal->no_effect);

    const auto unavailable = on(json_error(503, "ServiceUnavailable"));
    EXPECT_EQ(unavailable->failure.kind, Kind::unavailable);
    EXPECT_EQ(unavailable->remedy, Remedy::pause);
    EXPECT_TRUE(unavailable->no_effect);

    EXPECT_FALSE(on(answer(503, "text/plain", "no backend"))->no_effect);
    EXPECT_EQ(on(s3_error(501, "NotImplemented"), s3)->remedy, Remedy::none);
}

TEST(Verdict, HtmlIsNoAnswerOfTheService)
{
    for (const unsigned status : {200U, 403U, 404U, 502U}) {
        const auto verdict = on(answer(status, "text/html", "<html></html>"));
        EXPECT_EQ(verdict->failure.kind, Kind::unavailable) << status;
        EXPECT_EQ(verdict->failure.status, status);
        EXPECT_FALSE(verdict->no_effect) << status;
    }
    EXPECT_FALSE(on(answer(200, "text/html", "<html></html>", {{"x-amz-request-id", "1"}}), s3, {.method = "GET"}))
        << "an object of S3 may be HTML";
}

TEST(Verdict, S3MayFailWith200)
{
    const Request completion{.method = "POST", .path = "/bucket/key"};
    const auto verdict = on(s3_error(200, "InternalError"), s3, completion);
    EXPECT_EQ(verdict->failure.kind, Kind::unavailable);
    EXPECT_EQ(verdict->remedy, Remedy::pause);
    EXPECT_FALSE(on(answer(200, "application/xml", "<CompleteMultipartUploadResult/>"), s3, completion));
}

TEST(Verdict, AnAnswerWithoutABodyToHeadIsARefusal)
{
    const auto verdict = on(answer(404, "application/xml", ""), s3, {.method = "HEAD"});
    EXPECT_EQ(verdict->failure.kind, Kind::refused);
    EXPECT_EQ(verdict->failure.status, 404U);
    EXPECT_EQ(on(answer(403, "", ""), s3, {.method = "HEAD"})->failure.kind, Kind::forbidden);
    EXPECT_EQ(on(answer(404, "", ""), s3, {.method = "GET"})->failure.kind, Kind::unavailable);
}

TEST(Verdict, AWrongClockIsKnownByItsNameItsWordsOrTheDate)
{
    const Headers same{{"date", "Sun, 30 Aug 2015 12:36:01 GMT"}};
    const Headers later{{"date", "Sun, 30 Aug 2015 13:36:00 GMT"}};
    EXPECT_EQ(on(json_error(403, "RequestTimeTooSkewed", "why", later), s3)->remedy, Remedy::clock);
    EXPECT_EQ(
        on(json_error(400, "InvalidSignatureException", "Signature expired: 1 is now earlier than 2", same))->remedy,
        Remedy::clock);
    EXPECT_EQ(on(json_error(403, "SignatureDoesNotMatch", "Signature not yet current", same))->remedy, Remedy::clock);
    EXPECT_EQ(on(json_error(403, "SignatureDoesNotMatch", "why", later))->remedy, Remedy::clock);
    EXPECT_EQ(on(json_error(400, "RequestExpired", "why", later))->remedy, Remedy::clock);

    EXPECT_EQ(on(json_error(403, "SignatureDoesNotMatch", "why", same))->remedy, Remedy::none);
    EXPECT_EQ(on(json_error(403, "RequestTimeTooSkewed"))->remedy, Remedy::none) << "no Date to go by";
    EXPECT_EQ(on(json_error(400, "RequestExpired", "why", same))->remedy, Remedy::fresh_key);
    EXPECT_EQ(on(json_error(400, "ExpiredTokenException"))->remedy, Remedy::fresh_key);
    EXPECT_EQ(on(json_error(400, "ExpiredTokenException"))->failure.kind, Kind::forbidden);
}

TEST(Verdict, MessagesLeaveOutTheSignedHeaders)
{
    const auto verdict = on(json_error(403, "InvalidSignatureException",
                                       R"(The signature does not match.\n\nx-amz-security-token:SECRET)"));
    EXPECT_EQ(verdict->failure.message, "The signature does not match.");
    EXPECT_EQ(verdict->failure.body, "");
}

TEST(Verdict, ReadsRetryAfterAndHttpDates)
{
    EXPECT_EQ(on(json_error(503, "ServiceUnavailable", "why", {{"retry-after", "7"}}))->retry_after.count(), 7);
    EXPECT_EQ(on(json_error(503, "ServiceUnavailable", "why", {{"retry-after", "soon"}}))->retry_after.count(), 0);
    EXPECT_EQ(parse_http_date("Sun, 30 Aug 2015 12:36:00 GMT"), signed_at_ms);
    EXPECT_FALSE(parse_http_date("Sun, 30 Foo 2015 12:36:00 GMT"));
    EXPECT_FALSE(parse_http_date("Sun, 31 Feb 2015 12:36:00 GMT"));
    EXPECT_FALSE(parse_http_date("2015-08-30T12:36:00Z"));
}

} // namespace

} // namespace estante::aws
