// Objects that boto3 writes are readable here, and the reverse.
#include "contract/object_store_contract.hpp"
#include "s3/s3_engines.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace estante {

namespace {

std::string large()
{
    std::string bytes;
    for (int i = 0; i < 70'000 * 256; ++i)
        bytes += static_cast<char>(i % 256);
    return bytes;
}

class Boto3 : public testing::Test {
protected:
    std::unique_ptr<S3UnderTest> engine_;

    void SetUp() override
    {
        if (!s3_url())
            GTEST_SKIP() << "no S3 engine runs (ESTANTE_TEST_S3)";
        engine_ = std::make_unique<S3UnderTest>(*s3_url());
    }
    bool runs(const std::string& action) const
    {
        const auto command = "/usr/bin/python3 " ESTANTE_SOURCE_DIR "/tests/s3/boto3_exchange.py " + action + " " +
                             *s3_url() + " " + engine_->options().bucket;
        return std::system(command.c_str()) == 0; // NOLINT(concurrency-mt-unsafe)
    }
    void put(const std::string& key, const std::string& bytes)
    {
        ASSERT_EQ(outcome(run(engine_->objects().put(key, bytes, {}))), "ok");
    }
    std::string get(const std::string& key)
    {
        const auto found = run(engine_->objects().get(key));
        return found && *found ? (*found)->bytes : "absent";
    }
};

TEST_F(Boto3, ReadsObjectsOfThisStore)
{
    TemporaryFolder folder;
    std::ofstream(folder / "large", std::ios::binary) << large();
    put("ours/ñ.json.gz", std::string("\x1f\x8b and what not\0\xff", 17));
    put("ours/a b+c.json", "{}");
    put("ours/empty", "");
    EXPECT_FALSE(runs("read")) << "the check must notice a missing object";
    ASSERT_EQ(outcome(run(engine_->objects().put_file("ours/large", folder / "large"))), "ok");
    EXPECT_TRUE(runs("read"));
}

TEST_F(Boto3, WritesObjectsForThisStore)
{
    ASSERT_TRUE(runs("write"));
    EXPECT_EQ(get("boto/ñandú & a+b.json"), "{\"title\":\"ñ\"}");
    EXPECT_EQ(get("boto/empty"), "");
    EXPECT_TRUE(get("boto/large") == large());
    const auto page = run(engine_->objects().list("boto/", std::nullopt, 10));
    ASSERT_EQ(outcome(page), "ok");
    ASSERT_EQ(page->objects.size(), 3U);
    EXPECT_EQ(page->objects[2].key, "boto/ñandú & a+b.json");
    EXPECT_EQ(page->objects[1].size_bytes, large().size());
}

} // namespace

} // namespace estante
