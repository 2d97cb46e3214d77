#include "adapters/search/build_segment.hpp"
#include "adapters/search/searcher.hpp"
#include "adapters/search/segment_file.hpp"
#include "books.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace estante::search {
namespace {

std::shared_ptr<const Segment> some_segment(std::size_t books)
{
    BookGenerator random(7);
    std::vector<SearchDocument> documents;
    for (std::size_t number = 0; number < books; ++number)
        documents.push_back(random.make(number));
    return build_segment(documents, collation());
}

Snapshot snapshot_of(std::shared_ptr<const Segment> segment)
{
    Snapshot snapshot{.segments = {{.segment = segment}}};
    snapshot.statistics = segment->statistics;
    return snapshot;
}

std::string bytes_of(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put_bytes(const std::filesystem::path& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The bytes of a file, aligned as in a mapped file.
class Loaded {
public:
    explicit Loaded(const std::string& bytes) : memory_(bytes.size() + alignment), size_(bytes.size())
    {
        auto* place = static_cast<void*>(memory_.data());
        auto room = memory_.size();
        begin_ = static_cast<char*>(std::align(alignment, bytes.size(), place, room));
        std::ranges::copy(bytes, begin_);
    }
    char& operator[](std::size_t at) { return begin_[at]; }
    std::span<const std::byte> bytes() const { return std::as_bytes(std::span(begin_, size_)); }
    bool is_rejected() const
    {
        try {
            parse_segment(bytes());
        } catch (const DamagedFile&) {
            return true;
        }
        return false;
    }

private:
    static constexpr std::size_t alignment = 64;
    std::vector<char> memory_;
    std::size_t size_;
    char* begin_ = nullptr;
};

class SegmentFileTest : public testing::Test {
protected:
    const TemporaryFolder folder{};
    const std::filesystem::path path = folder.path() / "segment";

    bool is_rejected(const SegmentFile& saved) const
    {
        try {
            read_segment(path, saved);
        } catch (const DamagedFile&) {
            return true;
        }
        return false;
    }
};

TEST_F(SegmentFileTest, SearchesLikeTheSegmentThatWasWritten)
{
    const auto written = some_segment(700);
    const auto saved = write_segment(*written, path);
    EXPECT_EQ(saved.bytes, std::filesystem::file_size(path));
    const auto read = read_segment(path, saved);
    EXPECT_EQ(read->statistics, written->statistics);
    for (const auto* text : {"casa", "el amor de la mar", "nino", "Quijote soledad", "日本", ""})
        for (const auto sort : {SearchSort::relevance, SearchSort::title, SearchSort::price, SearchSort::updated}) {
            const SearchQuery query{.text = text, .matching = Matching::tolerant, .sort = sort, .limit = 100};
            const auto before = search_snapshot(snapshot_of(written), query, collation()).value();
            const auto after = search_snapshot(snapshot_of(read), query, collation()).value();
            EXPECT_EQ(after.hits, before.hits);
            EXPECT_EQ(after.total, before.total);
            EXPECT_EQ(after.facets, before.facets);
        }
    EXPECT_EQ(suggest_titles(snapshot_of(read), "cas", 10).value(),
              suggest_titles(snapshot_of(written), "cas", 10).value());
}

TEST_F(SegmentFileTest, IsIdenticalWhenAReadSegmentIsWrittenAgain)
{
    const auto saved = write_segment(*some_segment(60), path);
    const auto first = bytes_of(path);
    const auto again = folder.path() / "again";
    EXPECT_EQ(write_segment(*read_segment(path, saved), again), saved);
    EXPECT_EQ(bytes_of(again), first);
}

TEST_F(SegmentFileTest, DetectsEachAlteredByte)
{
    write_segment(*some_segment(12), path);
    Loaded file(bytes_of(path));
    ASSERT_FALSE(file.is_rejected());
    for (std::size_t at = 0; at < file.bytes().size(); ++at) {
        const auto before = file[at];
        file[at] = static_cast<char>(before ^ (1 << at % 8));
        ASSERT_TRUE(file.is_rejected()) << "byte " << at << " of " << file.bytes().size();
        file[at] = before;
    }
}

TEST_F(SegmentFileTest, DetectsTruncationAndGrowth)
{
    const auto saved = write_segment(*some_segment(12), path);
    const auto bytes = bytes_of(path);
    for (std::size_t length = 0; length < bytes.size(); length += length < 100 ? 1 : 61) {
        put_bytes(path, bytes.substr(0, length));
        ASSERT_TRUE(is_rejected(saved)) << length << " of " << bytes.size();
    }
    put_bytes(path, bytes + '\0');
    EXPECT_TRUE(is_rejected(saved));
}

TEST_F(SegmentFileTest, DetectsTheFileOfAnotherSegment)
{
    const auto saved = write_segment(*some_segment(12), path);
    write_segment(*some_segment(13), path);
    EXPECT_TRUE(is_rejected(saved));
}

// Without checksums: inconsistent arrays are rejected, and every accepted file can be searched.
TEST_F(SegmentFileTest, NeverReadsOutsideItsArrays)
{
    write_segment(*some_segment(40), path);
    const auto bytes = bytes_of(path);
    std::size_t refused = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        Loaded file(bytes);
        file[at] = static_cast<char>(bytes[at] ^ 0x41);
        try {
            const auto snapshot = snapshot_of(parse_segment(file.bytes(), Checksums::ignored));
            EXPECT_TRUE(search_snapshot(snapshot, {.text = "casa amor", .matching = Matching::tolerant}, collation()));
            EXPECT_TRUE(suggest_titles(snapshot, "cas", 10));
        } catch (const DamagedFile&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 100U);
}

} // namespace
} // namespace estante::search
