#include "adapters/search/build_segment.hpp"
#include "adapters/search/merge_policy.hpp"
#include "adapters/search/searcher.hpp"
#include "adapters/search/tenant_index.hpp"
#include "books.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace estante::search {
namespace {

std::string titles_of(const TenantIndex& index, const std::string& text = "")
{
    std::string titles;
    for (const auto& hit : search_snapshot(*index.snapshot(), {.text = text, .limit = 100}, collation()).value().hits)
        for (const auto& live : index.snapshot()->segments)
            if (const auto document = live.segment->find(hit.book_id); document && live.is_live(*document))
                titles += (titles.empty() ? "" : ", ") + std::string(live.segment->columns.titles[*document]);
    return titles;
}

SearchDocument version_of(std::uint64_t version, std::string title, std::string id = "book_1")
{
    auto document = book(std::move(id), std::move(title));
    document.version = version;
    return document;
}

TEST(Versions, AreIgnoredUnlessHigherThanTheIndexedOne)
{
    TenantIndex index(collation(), {});
    index.apply({put(version_of(5, "cinco"))});
    index.apply({put(version_of(5, "otro cinco")), put(version_of(4, "cuatro"))});
    EXPECT_EQ(titles_of(index), "cinco");
    index.apply({{.book_id = "book_1", .version = 5}});
    EXPECT_EQ(titles_of(index), "cinco");
    index.apply({put(version_of(6, "seis"))});
    EXPECT_EQ(titles_of(index), "seis");
    EXPECT_EQ(titles_of(index, "cinco"), "");
}

TEST(Versions, DecideWithinABatch)
{
    TenantIndex index(collation(), {});
    index.apply({put(version_of(2, "dos")), put(version_of(4, "cuatro")), put(version_of(3, "tres"))});
    EXPECT_EQ(titles_of(index), "cuatro");
    index.apply({{.book_id = "book_1", .version = 6}, put(version_of(5, "cinco"))});
    EXPECT_EQ(titles_of(index), "");
    index.apply({put(version_of(7, "siete")), {.book_id = "book_1", .version = 8}, put(version_of(9, "nueve"))});
    EXPECT_EQ(titles_of(index), "nueve");
}

TEST(Versions, OfRemovedBooksAreKept)
{
    TenantIndex index(collation(), {});
    index.apply({put(version_of(1, "uno"))});
    index.apply({removal("book_1")});
    index.apply({put(version_of(2, "de vuelta"))});
    EXPECT_EQ(titles_of(index), "");
    index.apply({removal("book_never_seen"), put(version_of(3, "nunca", "book_never_seen"))});
    EXPECT_EQ(titles_of(index), "");
}

TEST(Versions, AreKeptForABoundedNumberOfRemovedBooks)
{
    Tombstones stones(2);
    stones.put("a", 1);
    stones.put("b", 1);
    stones.put("a", 2); // newer now
    stones.put("c", 1);
    EXPECT_EQ(stones.size(), 2U);
    EXPECT_EQ(stones.version_of("b"), std::nullopt);
    EXPECT_EQ(stones.version_of("a"), 2U);
    EXPECT_EQ(stones.version_of("c"), 1U);
    for (int count = 0; count < 1000; ++count) {
        stones.put("d", 1);
        stones.erase("d");
    }
    EXPECT_LE(stones.size(), 2U);
}

TEST(Rebuild, ReplacesEverything)
{
    TenantIndex index(collation(), {});
    index.apply({put(version_of(9, "viejo")), put(version_of(9, "otro", "book_2")), removal("book_3")});
    index.rebuild({version_of(1, "nuevo"), version_of(1, "tres", "book_3"), version_of(2, "tres bis", "book_3")});
    EXPECT_EQ(titles_of(index), "nuevo, tres bis");
    index.rebuild({});
    EXPECT_EQ(titles_of(index), "");
    EXPECT_EQ(index.snapshot()->statistics[0], FieldStatistics{});
}

TEST(Statistics, CountOnlyLiveBooks)
{
    BookGenerator maker(6);
    TenantIndex index(collation(), {.max_segment_documents = 50, .max_inline_merge = 10});
    std::vector<SearchDocument> last(80);
    for (std::uint64_t version = 1; version <= 400; ++version) {
        const auto number = maker.below(last.size());
        last[number] = maker.make(number, version);
        index.apply({put(last[number])});
        if (version % 50 == 0)
            index.run_background_merge();
    }
    TenantIndex fresh(collation(), {});
    std::erase_if(last, [](const auto& document) { return document.book_id.empty(); });
    fresh.rebuild(last);
    EXPECT_EQ(index.snapshot()->statistics, fresh.snapshot()->statistics);
    EXPECT_EQ(index.snapshot()->live_count(), last.size());
    EXPECT_EQ(titles_of(index), titles_of(fresh));
}

TEST(Snapshots, DoNotChangeUnderTheirReaders)
{
    TenantIndex index(collation(), {});
    index.apply({put(version_of(1, "antes"))});
    const auto before = index.snapshot();
    index.apply({put(version_of(2, "después"))});
    EXPECT_EQ(search_snapshot(*before, {.text = "antes"}, collation()).value().total, 1U);
    EXPECT_EQ(search_snapshot(*index.snapshot(), {.text = "antes"}, collation()).value().total, 0U);
}

std::size_t max_segments_while_adding(std::size_t books, const TenantIndexLimits& limits)
{
    TenantIndex index(collation(), limits);
    std::size_t most = 0;
    for (std::size_t number = 0; number < books; ++number) {
        index.apply({put(version_of(1, "libro", "book_" + std::to_string(number)))});
        while (index.wants_merge() && index.run_background_merge()) {
        }
        most = std::max(most, index.snapshot()->segments.size());
    }
    EXPECT_EQ(index.snapshot()->live_count(), books);
    return most;
}

TEST(Merging, KeepsTheNumberOfSegmentsLow)
{
    EXPECT_LE(max_segments_while_adding(1000, {}), 12U);
    EXPECT_LE(max_segments_while_adding(1000, {.max_inline_merge = 64}), 12U);
}

LiveSegment segment_of(std::size_t books)
{
    std::vector<SearchDocument> documents;
    for (std::size_t number = 0; number < books; ++number)
        documents.push_back(book("book_" + std::to_string(number), "libro"));
    return {.segment = build_segment(documents, collation())};
}

TEST(Merging, SelectsSegmentsOfSimilarSize)
{
    using Places = std::vector<std::size_t>;
    const std::vector<LiveSegment> segments{segment_of(40), segment_of(3), segment_of(40), segment_of(100)};
    EXPECT_EQ(select_merge(segments, {}, 1000), (Places{0, 2, 3}));
    EXPECT_EQ(select_merge(segments, {}, 100), (Places{0, 2}));
    EXPECT_EQ(select_merge(segments, {}, 50), Places{});
    EXPECT_EQ(select_merge(segments, std::vector{segments[2]}, 1000), Places{});
    EXPECT_EQ(select_merge({}, {}, 1000), Places{});
}

TEST(Merging, RespectsTheMaximumSegmentSize)
{
    TenantIndex index(collation(), {.max_segment_documents = 100, .max_inline_merge = 100});
    for (std::size_t number = 0; number < 1000; ++number)
        index.apply({put(version_of(1, "libro", "book_" + std::to_string(number)))});
    for (const auto& live : index.snapshot()->segments)
        EXPECT_LE(live.segment->size(), 100U);
    EXPECT_LE(index.snapshot()->segments.size(), 30U);
}

TEST(Merging, RewritesASegmentWithAQuarterOfItsBooksDeleted)
{
    BookGenerator maker(7);
    std::vector<SearchDocument> documents;
    for (std::size_t number = 0; number < 100; ++number)
        documents.push_back(maker.make(number));
    TenantIndex index(collation(), {});
    index.rebuild(documents);
    for (std::size_t number = 0; number < 24; ++number)
        index.apply({removal(documents[number].book_id)});
    EXPECT_EQ(index.snapshot()->segments.at(0).deleted_count, 24U);
    for (std::size_t number = 24; number < 30; ++number)
        index.apply({removal(documents[number].book_id)});
    EXPECT_LT(index.snapshot()->segments.at(0).segment->size(), 76U);
    EXPECT_EQ(index.snapshot()->live_count(), 70U);
}

} // namespace
} // namespace estante::search
