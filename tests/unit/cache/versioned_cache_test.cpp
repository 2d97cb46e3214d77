#include "cache/versioned_cache.hpp"

#include <gtest/gtest.h>

#include <string>

namespace estante {
namespace {

struct VersionedCacheTest : testing::Test {
    PartitionVersions partition_versions;
    VersionedCache<std::string> cache{10};

    ReadSet reads_of(std::initializer_list<std::string_view> partitions) const
    {
        ReadSet reads(partition_versions);
        for (const auto partition : partitions)
            reads.add(Table::books, partition);
        return reads;
    }
    void write(std::string_view partition, Table table = Table::books)
    {
        partition_versions.advance(PartitionVersions::slot_of(table, partition));
    }
};

TEST_F(VersionedCacheTest, FindsAValueUntilOneOfItsPartitionsIsWritten)
{
    cache.put("a", "value", reads_of({"acme#book_1", "acme#book_2"}));
    write("acme#book_3");
    write("acme#book_1", Table::purchases);
    ASSERT_NE(cache.find("a"), nullptr);
    EXPECT_EQ(cache.find("a")->value, "value");
    write("acme#book_2");
    EXPECT_EQ(cache.find("a"), nullptr);
}

TEST_F(VersionedCacheTest, FindsNothingWhenAPartitionIsWrittenBetweenReadAndPut)
{
    auto reads = reads_of({"acme#book_1"});
    write("acme#book_1");
    cache.put("a", "stale", std::move(reads));
    EXPECT_EQ(cache.find("a"), nullptr);
    cache.put("a", "fresh", reads_of({"acme#book_1"}));
    ASSERT_NE(cache.find("a"), nullptr);
    EXPECT_EQ(cache.find("a")->value, "fresh");
}

TEST_F(VersionedCacheTest, FindsNothingAfterAllVersionsAdvance)
{
    cache.put("a", "value", reads_of({"acme#book_1"}));
    partition_versions.advance_all();
    EXPECT_EQ(cache.find("a"), nullptr);
}

TEST_F(VersionedCacheTest, ReturnsTheReadsOfAnEntryForValuesMadeFromIt)
{
    cache.put("a", "value", reads_of({"acme#book_1"}));
    const auto* entry = cache.find("a");
    ASSERT_NE(entry, nullptr);
    VersionedCache<std::string> derived(10);
    derived.put("b", entry->value + " derived", entry->reads);
    EXPECT_NE(derived.find("b"), nullptr);
    write("acme#book_1");
    EXPECT_EQ(derived.find("b"), nullptr);
}

TEST_F(VersionedCacheTest, EvictsByCost)
{
    for (int i = 0; i < 100; ++i)
        cache.put(std::to_string(i), "value", reads_of({"acme#book_1"}), 5);
    int found = 0;
    for (int i = 0; i < 100; ++i)
        found += cache.find(std::to_string(i)) ? 1 : 0;
    EXPECT_GT(found, 0);
    EXPECT_LE(found, 4);
}

} // namespace
} // namespace estante
