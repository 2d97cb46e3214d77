#include "adapters/catalogues/lines.hpp"
#include "catalogue_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace estante::catalogues {
namespace {

// Returns only a few bytes at a time, so that every boundary is tested.
class ShortReads : public ByteSource {
public:
    ShortReads(std::string_view text, std::size_t read_size) : remaining_(text), read_size_(read_size) {}

    std::size_t read(std::span<char> buffer) override
    {
        const auto count = std::min({buffer.size(), read_size_, remaining_.size()});
        std::ranges::copy(remaining_.substr(0, count), buffer.begin());
        remaining_.remove_prefix(count);
        return count;
    }
    std::optional<std::uint64_t> total_bytes() const override { return std::nullopt; }

private:
    std::string_view remaining_;
    std::size_t read_size_;
};

std::vector<std::string> lines_of(std::unique_ptr<ByteSource> source)
{
    Lines lines(std::move(source));
    std::vector<std::string> read;
    std::size_t number = 0;
    while (const auto line = lines.next()) {
        EXPECT_EQ(line->number, ++number);
        read.push_back(line->text);
    }
    if (lines.bytes().damaged())
        read.emplace_back("(damaged)");
    return read;
}

using Read = std::vector<std::string>;

TEST(Lines, AreTheSameForAnyReadSize)
{
    const std::string text = "\xEF\xBB\xBFone\r\ntwo\r\rfour\n\nsix\r\n";
    const Read expected{"one", "two", "", "four", "", "six"};
    for (std::size_t read_size = 1; read_size < 30; ++read_size) {
        EXPECT_EQ(lines_of(std::make_unique<ShortReads>(text, read_size)), expected) << read_size;
        EXPECT_EQ(lines_of(std::make_unique<ShortReads>(gzip(text), read_size)), expected) << read_size;
    }
}

TEST(Lines, IncludeALastLineWithoutABreak)
{
    EXPECT_EQ(lines_of(memory_source(bytes_of_file("a\nb"))), (Read{"a", "b"}));
    EXPECT_EQ(lines_of(memory_source(bytes_of_file("a\r"))), (Read{"a"}));
    EXPECT_EQ(lines_of(memory_source(bytes_of_file(""))), Read{});
}

TEST(Lines, AreReadFromSeveralGzipMembersAndTheirPadding)
{
    EXPECT_EQ(lines_of(memory_source(bytes_of_file(gzip("a\nb") + gzip("c\n") + gzip("") + std::string(512, '\0')))),
              (Read{"a", "bc"}));
}

TEST(Lines, EndBeforeTheLineThatDamagedGzipCutsOff)
{
    std::string text;
    for (int i = 0; i < 10'000; ++i)
        text += std::to_string(i * 7919) + "\n";
    const std::string whole = gzip(text);
    const auto cut = lines_of(memory_source(bytes_of_file(std::string_view(whole).substr(0, whole.size() / 2))));
    ASSERT_GT(cut.size(), 1000U);
    EXPECT_EQ(cut.back(), "(damaged)");
    for (std::size_t i = 0; i + 1 < cut.size(); ++i)
        ASSERT_EQ(cut[i], std::to_string(i * 7919));

    std::string flipped = whole;
    flipped[flipped.size() - 6] = static_cast<char>(~flipped[flipped.size() - 6]); // of the CRC
    EXPECT_EQ(lines_of(memory_source(bytes_of_file(flipped))).back(), "(damaged)");
    EXPECT_EQ(lines_of(memory_source(bytes_of_file(whole + "trailing"))).back(), "(damaged)");
    EXPECT_NE(lines_of(memory_source(bytes_of_file(whole))).back(), "(damaged)"); // the control
}

TEST(Lines, AreTruncatedAndMarkedOverTheLimit)
{
    const std::string text = std::string(max_row_bytes + 1, 'x') + "\n" + std::string(max_row_bytes, 'y') + "\nz";
    Lines lines(memory_source(bytes_of_file(text)));
    const auto over = lines.next();
    EXPECT_TRUE(over->too_long);
    EXPECT_EQ(over->text.size(), max_row_bytes);
    const auto just = lines.next();
    EXPECT_FALSE(just->too_long);
    EXPECT_EQ(just->text.size(), max_row_bytes);
    EXPECT_EQ(lines.next()->text, "z");
}

TEST(Lines, AreReturnedAgainAfterPutBack)
{
    Lines lines(memory_source(bytes_of_file("a\nb\nc\nd")));
    std::vector<Line> taken;
    for (int i = 0; i < 3; ++i)
        taken.push_back(*lines.next());
    lines.put_back(std::move(taken));
    for (const auto* text : {"a", "b", "c", "d"})
        EXPECT_EQ(lines.next()->text, text);
    EXPECT_FALSE(lines.next());
}

TEST(FileSource, ReadsAFileAndKnowsItsSize)
{
    const auto path = std::filesystem::path(testing::TempDir()) / "estante_file_source_test.csv";
    std::ofstream(path) << "title\nUno\n";
    auto source = file_source(path);
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->total_bytes(), 10U);
    EXPECT_EQ(lines_of(std::move(*source)), (Read{"title", "Uno"}));
    std::filesystem::remove(path);
}

TEST(FileSource, IsNotFoundIfThereIsNoFile)
{
    EXPECT_EQ(file_source("/no/such/file.csv").error().code, Errc::not_found);
    EXPECT_EQ(file_source(testing::TempDir()).error().code, Errc::not_found);
}

} // namespace
} // namespace estante::catalogues
