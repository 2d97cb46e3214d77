// The store with an S3 that fails: the right error code, bounded attempts, nothing partly visible, no remaining parts.
#include "adapters/s3/bucket.hpp"
#include "contract/object_store_contract.hpp"
#include "s3/s3_engines.hpp"
#include "support/fault_server.hpp"

#include <pugixml.hpp>

#include <fstream>

namespace estante {

namespace {

constexpr std::size_t part_bytes = 5UL << 20;

aws::ClientOptions short_timeouts()
{
    return {.max_connections = 8,
            .response_timeout = std::chrono::milliseconds(1500),
            .backoff_base = std::chrono::milliseconds(1),
            .backoff_cap = std::chrono::milliseconds(4)};
}

InjectedFault error(int status, const std::string& type)
{
    return fault::xml(status, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + type +
                                  "</Code><Message>told so</Message></Error>");
}

class S3Faults : public testing::Test {
protected:
    std::unique_ptr<S3UnderTest> direct_; // without the proxy
    std::unique_ptr<FaultServer> proxy_;
    std::unique_ptr<S3UnderTest> engine_;
    TemporaryFolder folder_;
    std::size_t seen_before_ = 0;

    void SetUp() override
    {
        if (!s3_url())
            GTEST_SKIP() << "no S3 engine runs (ESTANTE_TEST_S3)";
        direct_ = std::make_unique<S3UnderTest>(*s3_url());
        proxy_ = std::make_unique<FaultServer>(FaultServer::Options{.upstream_port = port_of(*s3_url())});
        engine_ = std::make_unique<S3UnderTest>(
            proxy_->url(), S3Options{.bucket = direct_->options().bucket, .part_bytes = part_bytes}, short_timeouts());
    }
    void TearDown() override
    {
        if (engine_)
            EXPECT_EQ(engine_->client().counters().connections_in_use, 0U) << "a connection leaked";
    }

    ObjectStore& store() { return engine_->objects(); }
    std::size_t seen() const { return proxy_->seen().size() - seen_before_; }
    std::string put(const std::string& key, const std::string& bytes, IfObject condition = {})
    {
        seen_before_ = proxy_->seen().size();
        return outcome(run(store().put(key, bytes, std::move(condition))));
    }
    std::string get(const std::string& key)
    {
        const auto found = run(direct_->objects().get(key));
        EXPECT_EQ(outcome(found), "ok");
        return found && *found ? (*found)->bytes : "absent";
    }
    std::filesystem::path file_of(std::size_t size)
    {
        std::ofstream(folder_ / "in", std::ios::binary) << std::string(size, 'f');
        return folder_ / "in";
    }
    std::string put_file(std::size_t size)
    {
        seen_before_ = proxy_->seen().size();
        return outcome(run(store().put_file("large", file_of(size))));
    }
    // The uploads of which S3 still has parts.
    std::ptrdiff_t unfinished_uploads()
    {
        const s3::Bucket bucket(direct_->client(), direct_->credentials(), direct_->options());
        const auto response = run(bucket.call({.query = {{"uploads", ""}}}));
        EXPECT_TRUE(response);
        pugi::xml_document document;
        document.load_string(response->body.c_str());
        const auto uploads = document.child("ListMultipartUploadsResult").children("Upload");
        return std::distance(uploads.begin(), uploads.end());
    }
};

TEST_F(S3Faults, TransientFaultsAreRetried)
{
    for (const auto& fault : {error(503, "SlowDown"), error(500, "InternalError"), error(503, "ServiceUnavailable"),
                              fault::html(502), fault::cut(), fault::closed_unanswered()}) {
        proxy_->next(fault, 2);
        EXPECT_EQ(put("a.json", "x"), "ok");
        EXPECT_EQ(seen(), 3U);
    }
    EXPECT_EQ(get("a.json"), "x");
}

TEST_F(S3Faults, PersistentFaultsAreUnavailableAfterThreeAttempts)
{
    for (const auto& fault :
         {error(503, "SlowDown"), error(500, "InternalError"), fault::html(200), fault::silence()}) {
        proxy_->next(fault, 3);
        EXPECT_EQ(put("a.json", "x"), "unavailable");
        EXPECT_EQ(seen(), 3U);
    }
    EXPECT_EQ(get("a.json"), "absent");
    proxy_->next(error(503, "SlowDown"), 3);
    EXPECT_EQ(outcome(run(store().get("a.json"))), "unavailable") << "not absent";
    proxy_->next(error(404, "NoSuchBucket"));
    EXPECT_EQ(outcome(run(store().get("a.json"))), "unavailable") << "not absent";
    proxy_->next(error(403, "AccessDenied"));
    EXPECT_EQ(outcome(run(store().get("a.json"))), "unavailable") << "not absent";
}

TEST_F(S3Faults, AConditionalPutIsNotRetriedAfterALostResponse)
{
    proxy_->next(fault::done_and_unanswered());
    EXPECT_EQ(put("a.json", "x", {.absent = true}), "unavailable")
        << "not precondition_failed, which its own effect would cause";
    EXPECT_EQ(seen(), 1U);
    EXPECT_EQ(get("a.json"), "x");
}

TEST_F(S3Faults, AConflictingConditionalPutIsRetriedAFewTimes)
{
    proxy_->next(error(409, "ConditionalRequestConflict"), 3);
    EXPECT_EQ(put("a.json", "x", {.absent = true}), "ok");
    EXPECT_EQ(seen(), 4U);
    proxy_->next(error(409, "ConditionalRequestConflict"), 6);
    EXPECT_EQ(put("b.json", "x", {.absent = true}), "unavailable");
    EXPECT_EQ(seen(), 6U);
    proxy_->next(error(412, "PreconditionFailed"));
    EXPECT_EQ(put("b.json", "x", {.absent = true}), "precondition_failed");
    EXPECT_EQ(seen(), 1U);
}

TEST_F(S3Faults, AMultipartUploadRetriesTransientFaults)
{
    proxy_->next(fault::forwarded());
    proxy_->next(fault::closed_unanswered());
    proxy_->next(fault::done_and_unanswered());
    EXPECT_EQ(put_file(2 * part_bytes + 100), "ok");
    EXPECT_EQ(seen(), 1U + 2U + 3U + 1U) << "create, two faults, three parts, complete";
    EXPECT_TRUE(get("large") == std::string(2 * part_bytes + 100, 'f'));
    EXPECT_EQ(unfinished_uploads(), 0);
}

TEST_F(S3Faults, AnUploadThatFailsInAnyStepLeavesNothingBehind)
{
    ASSERT_EQ(put("large", "as it was"), "ok");
    // create, part 1, part 2, part 3, complete
    for (int step = 1; step <= 4; ++step) {
        for (const auto& fault : {fault::closed_unanswered(), error(500, "InternalError")}) {
            proxy_->next(fault::forwarded(), step);
            proxy_->next(fault, 3);
            EXPECT_EQ(put_file(2 * part_bytes + 100), "unavailable");
            EXPECT_EQ(seen(), static_cast<std::size_t>(step) + 3 + 1) << "the last request removes the parts";
            EXPECT_EQ(proxy_->seen().back().method, "DELETE");
            EXPECT_EQ(unfinished_uploads(), 0);
            EXPECT_EQ(get("large"), "as it was");
        }
    }
}

TEST_F(S3Faults, PartsThatCannotBeRemovedAreReported)
{
    proxy_->next(fault::forwarded());
    proxy_->next(error(500, "InternalError"), 6);
    const auto response = run(store().put_file("large", file_of(2 * part_bytes)));
    ASSERT_EQ(outcome(response), "unavailable");
    EXPECT_TRUE(response.error().detail.contains("parts could not be removed")) << response.error().detail;
    EXPECT_EQ(unfinished_uploads(), 1) << "negative control of the check";
}

TEST_F(S3Faults, AnUploadWhoseCompletionFailsWithStatus200IsAFailure)
{
    proxy_->next(fault::forwarded(), 3);
    proxy_->next(error(200, "InternalError"), 3);
    EXPECT_EQ(put_file(part_bytes + 1), "unavailable");
    EXPECT_EQ(get("large"), "absent");
    EXPECT_EQ(unfinished_uploads(), 0);
}

TEST_F(S3Faults, AFailedDownloadLeavesTheFileUnchanged)
{
    ASSERT_EQ(put_file(2 * part_bytes + 100), "ok");
    std::ofstream(folder_ / "out") << "as it was";
    proxy_->next(fault::forwarded());
    proxy_->next(fault::done_and_cut(1000), 3);
    EXPECT_EQ(outcome(run(store().get_file("large", folder_ / "out"))), "unavailable");
    EXPECT_EQ(std::filesystem::file_size(folder_ / "out"), 9U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 2) << "in and out";

    proxy_->next(fault::done_and_cut(1000), 2);
    EXPECT_EQ(outcome(run(store().get_file("large", folder_ / "out"))), "ok");
    EXPECT_EQ(std::filesystem::file_size(folder_ / "out"), 2 * part_bytes + 100);
}

TEST_F(S3Faults, ADownloadHasOneVersion)
{
    ASSERT_EQ(put_file(2 * part_bytes), "ok");
    bool replaced = false;
    proxy_->next(fault::forwarded());
    proxy_->next(fault::made([&](const SeenRequest&) { // between the first range and the second
        replaced = outcome(run(direct_->objects().put("large", std::string(part_bytes + 7, 'n'), {}))) == "ok";
        return fault::http_bytes(412, "application/xml", "<Error><Code>PreconditionFailed</Code></Error>");
    }));
    EXPECT_EQ(outcome(run(store().get_file("large", folder_ / "out"))), "ok");
    EXPECT_TRUE(replaced);
    EXPECT_FALSE(proxy_->seen().at(proxy_->seen().size() - 3).header("if-match").empty());
    EXPECT_EQ(std::filesystem::file_size(folder_ / "out"), part_bytes + 7);

    proxy_->otherwise(error(412, "PreconditionFailed"));
    EXPECT_EQ(outcome(run(store().get_file("large", folder_ / "out"))), "unavailable") << "attempts are bounded";
}

TEST_F(S3Faults, BytesWithAWrongChecksumAreUnavailable)
{
    proxy_->next(
        fault::respond(200, "application/octet-stream", "altered",
                       "ETag: \"e\"\r\nx-amz-checksum-sha256: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\r\n"));
    EXPECT_EQ(outcome(run(store().get("a.json"))), "unavailable");
}

TEST_F(S3Faults, AWrongSecretIsRejected)
{
    S3UnderTest unauthorized(*s3_url(), S3Options{.bucket = direct_->options().bucket}, short_timeouts(),
                             {.id = "test", .secret = "wrong"});
    EXPECT_EQ(outcome(run(unauthorized.objects().put("a.json", "x", {}))), "unavailable");
    EXPECT_EQ(outcome(run(unauthorized.objects().get("a.json"))), "unavailable");
    EXPECT_EQ(get("a.json"), "absent");
}

TEST_F(S3Faults, ObjectsAreTaggedByTheirKey)
{
    S3UnderTest tagging(proxy_->url(), S3Options{.bucket = direct_->options().bucket,
                                                 .tags_of =
                                                     [](std::string_view key) {
                                                         return key.starts_with("raw/") ? std::string("class=raw")
                                                                                        : std::string();
                                                     },
                                                 .part_bytes = part_bytes});
    for (const auto* key : {"raw/a.json", "other.json"}) {
        ASSERT_EQ(outcome(run(tagging.objects().put(key, "x", {}))), "ok");
        EXPECT_EQ(proxy_->seen().back().header("x-amz-tagging"), key[0] == 'r' ? "class=raw" : "");
    }
    seen_before_ = proxy_->seen().size();
    ASSERT_EQ(outcome(run(tagging.objects().put_file("raw/large", file_of(part_bytes + 1)))), "ok");
    EXPECT_EQ(proxy_->seen().at(seen_before_).header("x-amz-tagging"), "class=raw")
        << "the request that creates an upload";
}

} // namespace

} // namespace estante
