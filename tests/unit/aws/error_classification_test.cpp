#include "adapters/aws/error_classification.hpp"

#include <gtest/gtest.h>

namespace estante::aws {

namespace {

using Kind = Failure::Kind;

constexpr std::int64_t signed_at_ms = 1'440'938'160'000; // Sun, 30 Aug 2015 12:36:00 GMT

const Service dynamodb{.name = "dynamodb", .region = "eu-central-1", .url = "https://dynamodb.example"};
const Service s3{.name = "s3", .region = "eu-central-1", .url = "https://s3.example", .sign_path_once = true};

Response response(unsigned status, std::string type, std::string body, Headers more = {})
{
    more.emplace_back("content-type", std::move(type));
    return {.status = status, .headers = std::move(more), .body = std::move(body)};
}

Response json_error(unsigned status, const std::string& type, const std::string& message = "why", Headers more = {})
{
    return response(status, "application/x-amz-json-1.0",
                    R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + type + R"(","message":")" + message + "\"}",
                    std::move(more));
}

Response s3_error(unsigned status, const std::string& code)
{
    return response(status, "application/xml",
                    "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>why</Message></Error>");
}

std::optional<ErrorClassification> classify(Response response, const Service& service = dynamodb,
                                            const Request& request = {})
{
    return classify_response(service, request, response, signed_at_ms);
}

TEST(ErrorClassification, FindsNoErrorInASuccess)
{
    EXPECT_FALSE(classify(response(200, "application/x-amz-json-1.0", "{}")));
    EXPECT_FALSE(classify(response(204, "", ""), s3, {.method = "DELETE"}));
}

TEST(ErrorClassification, ParsesErrorsFromJsonHeadersAndThreeFormsOfXml)
{
    EXPECT_EQ(parse_service_error(json_error(400, "ValidationException"))->type, "ValidationException");
    EXPECT_EQ(parse_service_error(response(400, "application/json", R"({"code":"A","Message":"why"})"))->message,
              "why");
    EXPECT_EQ(
        parse_service_error(response(400, "application/json", "{}",
                                     {{"x-amzn-errortype", "TooManyRequestsException:http://internal.amazon.com/"}}))
            ->type,
        "TooManyRequestsException");
    EXPECT_EQ(parse_service_error(s3_error(404, "NoSuchKey"))->type, "NoSuchKey");
    EXPECT_EQ(parse_service_error(response(403, "text/xml",
                                           "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
                                           "<Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>"
                                           "<RequestId>1</RequestId></ErrorResponse>"))
                  ->type,
              "AccessDenied");
    EXPECT_EQ(
        parse_service_error(
            response(400, "text/xml", "<Response><Errors><Error><Code>Throttling</Code></Error></Errors></Response>"))
            ->type,
        "Throttling");
    EXPECT_FALSE(parse_service_error(response(400, "text/html", "<html></html>")));
    EXPECT_FALSE(parse_service_error(response(400, "application/json", "not json")));
}

TEST(ErrorClassification, DoesNotRetryARejectionAndKeepsItsBody)
{
    const auto error = classify(json_error(400, "ConditionalCheckFailedException", "The conditional request failed"));
    EXPECT_EQ(error->failure.kind, Kind::rejected);
    EXPECT_EQ(error->failure.type, "ConditionalCheckFailedException");
    EXPECT_EQ(error->failure.message, "The conditional request failed");
    EXPECT_TRUE(error->failure.body.contains("__type"));
    EXPECT_EQ(error->action, RetryAction::none);
    EXPECT_TRUE(error->not_applied);
}

TEST(ErrorClassification, RetriesThrottlingWhichHadNoEffect)
{
    for (const auto* type : {"ThrottlingException", "Throttling", "ThrottledException", "RequestLimitExceeded",
                             "ProvisionedThroughputExceededException", "TooManyRequestsException"}) {
        const auto error = classify(json_error(400, type));
        EXPECT_EQ(error->failure.kind, Kind::throttled) << type;
        EXPECT_EQ(error->action, RetryAction::back_off) << type;
        EXPECT_TRUE(error->not_applied) << type;
    }
    EXPECT_EQ(classify(s3_error(503, "SlowDown"), s3)->failure.kind, Kind::throttled);
    EXPECT_EQ(classify(response(429, "text/plain", "slower"))->failure.kind, Kind::throttled);
}

TEST(ErrorClassification, TreatsAServerErrorAsMaybeAppliedUnlessTheServiceIsUnavailable)
{
    const auto internal = classify(json_error(500, "InternalServerError"));
    EXPECT_EQ(internal->failure.kind, Kind::unavailable);
    EXPECT_EQ(internal->action, RetryAction::back_off);
    EXPECT_FALSE(internal->not_applied);

    const auto unavailable = classify(json_error(503, "ServiceUnavailable"));
    EXPECT_EQ(unavailable->failure.kind, Kind::unavailable);
    EXPECT_EQ(unavailable->action, RetryAction::back_off);
    EXPECT_TRUE(unavailable->not_applied);

    EXPECT_FALSE(classify(response(503, "text/plain", "no backend"))->not_applied);
    EXPECT_EQ(classify(s3_error(501, "NotImplemented"), s3)->action, RetryAction::none);
}

TEST(ErrorClassification, TreatsHtmlAsAResponseOfSomethingElse)
{
    for (const unsigned status : {200U, 403U, 404U, 502U}) {
        const auto error = classify(response(status, "text/html", "<html></html>"));
        EXPECT_EQ(error->failure.kind, Kind::unavailable) << status;
        EXPECT_EQ(error->failure.status, status);
        EXPECT_FALSE(error->not_applied) << status;
    }
    EXPECT_FALSE(
        classify(response(200, "text/html", "<html></html>", {{"x-amz-request-id", "1"}}), s3, {.method = "GET"}))
        << "an S3 object may be HTML";
}

TEST(ErrorClassification, FindsAnErrorOfS3WithStatus200)
{
    const Request completion{.method = "POST", .path = "/bucket/key"};
    const auto error = classify(s3_error(200, "InternalError"), s3, completion);
    EXPECT_EQ(error->failure.kind, Kind::unavailable);
    EXPECT_EQ(error->action, RetryAction::back_off);
    EXPECT_FALSE(classify(response(200, "application/xml", "<CompleteMultipartUploadResult/>"), s3, completion));
}

TEST(ErrorClassification, TreatsAHeadResponseWithoutABodyAsARejection)
{
    const auto error = classify(response(404, "application/xml", ""), s3, {.method = "HEAD"});
    EXPECT_EQ(error->failure.kind, Kind::rejected);
    EXPECT_EQ(error->failure.status, 404U);
    EXPECT_EQ(classify(response(403, "", ""), s3, {.method = "HEAD"})->failure.kind, Kind::forbidden);
    EXPECT_EQ(classify(response(404, "", ""), s3, {.method = "GET"})->failure.kind, Kind::unavailable);
}

TEST(ErrorClassification, RecognizesAWrongClockByTypeMessageOrDate)
{
    const Headers same{{"date", "Sun, 30 Aug 2015 12:36:01 GMT"}};
    const Headers later{{"date", "Sun, 30 Aug 2015 13:36:00 GMT"}};
    EXPECT_EQ(classify(json_error(403, "RequestTimeTooSkewed", "why", later), s3)->action, RetryAction::correct_clock);
    EXPECT_EQ(classify(json_error(400, "InvalidSignatureException", "Signature expired: 1 is now earlier than 2", same))
                  ->action,
              RetryAction::correct_clock);
    EXPECT_EQ(classify(json_error(403, "SignatureDoesNotMatch", "Signature not yet current", same))->action,
              RetryAction::correct_clock);
    EXPECT_EQ(classify(json_error(403, "SignatureDoesNotMatch", "why", later))->action, RetryAction::correct_clock);
    EXPECT_EQ(classify(json_error(400, "RequestExpired", "why", later))->action, RetryAction::correct_clock);

    EXPECT_EQ(classify(json_error(403, "SignatureDoesNotMatch", "why", same))->action, RetryAction::none);
    EXPECT_EQ(classify(json_error(403, "RequestTimeTooSkewed"))->action, RetryAction::none)
        << "there is no Date header";
    EXPECT_EQ(classify(json_error(400, "RequestExpired", "why", same))->action, RetryAction::refresh_credentials);
    EXPECT_EQ(classify(json_error(400, "ExpiredTokenException"))->action, RetryAction::refresh_credentials);
    EXPECT_EQ(classify(json_error(400, "ExpiredTokenException"))->failure.kind, Kind::forbidden);
}

TEST(ErrorClassification, LeavesTheSignedHeadersOutOfTheMessage)
{
    const auto error = classify(json_error(403, "InvalidSignatureException",
                                           R"(The signature does not match.\n\nx-amz-security-token:SECRET)"));
    EXPECT_EQ(error->failure.message, "The signature does not match.");
    EXPECT_EQ(error->failure.body, "");
}

TEST(ErrorClassification, ParsesRetryAfterAndHttpDates)
{
    EXPECT_EQ(classify(json_error(503, "ServiceUnavailable", "why", {{"retry-after", "7"}}))->retry_after.count(), 7);
    EXPECT_EQ(classify(json_error(503, "ServiceUnavailable", "why", {{"retry-after", "soon"}}))->retry_after.count(),
              0);
    EXPECT_EQ(parse_http_date("Sun, 30 Aug 2015 12:36:00 GMT"), signed_at_ms);
    EXPECT_FALSE(parse_http_date("Sun, 30 Foo 2015 12:36:00 GMT"));
    EXPECT_FALSE(parse_http_date("Sun, 31 Feb 2015 12:36:00 GMT"));
    EXPECT_FALSE(parse_http_date("2015-08-30T12:36:00Z"));
}

} // namespace

} // namespace estante::aws
