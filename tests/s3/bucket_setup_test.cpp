// The bucket of `estante lake create`: on moto, which supports lifecycle and encryption, and on versitygw, which does
// not.
#include "adapters/s3/bucket_setup.hpp"
#include "contract/object_store_contract.hpp"
#include "s3/s3_engines.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace estante {

namespace {

using Lines = std::vector<std::string>;

class BucketSetupTest : public testing::Test {
protected:
    std::unique_ptr<Clock> clock_ = create_system_clock();
    std::unique_ptr<Random> random_ = create_system_random();
    aws::Client client_{*clock_, *random_};
    std::shared_ptr<aws::CredentialsProvider> credentials_ =
        aws::static_credentials({.id = "test", .secret = "testtest"});
    S3Options options_{.bucket = new_bucket_name(), .region = "eu-central-1"};

    s3::BucketSetup setup() { return {client_, credentials_, options_}; }
    Lines create()
    {
        const auto lines = run(setup().create());
        EXPECT_EQ(outcome(lines), "ok") << (lines ? "" : lines.error().detail);
        return lines.value_or(Lines{});
    }
    Lines check()
    {
        const auto lines = run(setup().check());
        EXPECT_EQ(outcome(lines), "ok") << (lines ? "" : lines.error().detail);
        return lines.value_or(Lines{"no result"});
    }
    void set(const std::string& query, const std::string& document)
    {
        const s3::Bucket bucket(client_, credentials_, options_);
        s3::BucketRequest request{.method = "PUT", .query = {{query, ""}}};
        s3::set_body(request, document);
        const auto done = run(bucket.call(std::move(request)));
        ASSERT_TRUE(done) << done.error().type;
    }
};

TEST_F(BucketSetupTest, CreatesAMissingBucketAsDescribed)
{
    if (!moto_url())
        GTEST_SKIP() << "moto does not run";
    options_.endpoint = *moto_url();
    EXPECT_EQ(check().size(), 1U) << "the bucket does not exist";
    EXPECT_EQ(create().size(), 4U) << "the bucket, and three of its configurations";
    EXPECT_EQ(check(), Lines{});
    EXPECT_EQ(create(), Lines{}) << "the second time nothing changes";
}

TEST_F(BucketSetupTest, ReportsDifferencesAndRepairsThem)
{
    if (!moto_url())
        GTEST_SKIP() << "moto does not run";
    options_.endpoint = *moto_url();
    create();
    // The original document's rule applies to every object, including those that reports read.
    set("lifecycle",
        "<LifecycleConfiguration><Rule><ID>DeleteOldData</ID><Status>Enabled</Status><Filter><Prefix></Prefix>"
        "</Filter><Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass></Transition><Transition>"
        "<Days>90</Days><StorageClass>GLACIER</StorageClass></Transition></Rule></LifecycleConfiguration>");
    set("publicAccessBlock", "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>"
                             "</PublicAccessBlockConfiguration>");
    const auto differences = check();
    ASSERT_EQ(differences.size(), 2U);
    EXPECT_TRUE(differences[0].contains("public access"));
    EXPECT_TRUE(differences[1].contains("class=raw"));
    EXPECT_EQ(create().size(), 2U);
    EXPECT_EQ(check(), Lines{});
}

TEST_F(BucketSetupTest, ReportsUnsupportedSettingsAndTheBucketIsUsable)
{
    if (!s3_url())
        GTEST_SKIP() << "versitygw does not run";
    options_.endpoint = *s3_url();
    const auto lines = create();
    EXPECT_TRUE(
        std::ranges::any_of(lines, [](const auto& line) { return line.contains("does not support ?lifecycle"); }));
    EXPECT_EQ(check(), Lines{});
    const auto store = create_s3_objects(client_, credentials_, *random_, options_);
    EXPECT_EQ(outcome(run(store->put("a.json", "x", {}))), "ok");
}

TEST_F(BucketSetupTest, PutsTheBucketIntoHostOrPath)
{
    const auto url = [this] { return s3::bucket_service(options_).url; };
    options_.bucket = "bookstore-analytics-dev";
    EXPECT_EQ(url(), "https://bookstore-analytics-dev.s3.eu-central-1.amazonaws.com");
    options_.bucket = "with.dots";
    EXPECT_EQ(url(), "https://s3.eu-central-1.amazonaws.com/with.dots");
    options_.endpoint = "http://127.0.0.1:7070/";
    EXPECT_EQ(url(), "http://127.0.0.1:7070/with.dots");
    options_.addressing = S3Options::Addressing::host;
    options_.endpoint = "https://objects.example:9000";
    EXPECT_EQ(url(), "https://with.dots.objects.example:9000");
}

} // namespace

} // namespace estante
