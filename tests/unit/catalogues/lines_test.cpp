#include "adapters/catalogues/lines.hpp"
#include "catalogue_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace estante::catalogues {
namespace {

// Gives a few bytes at a time, so that every border falls inside something.
class Drip : public ByteSource {
public:
    Drip(std::string_view text, std::size_t at_once) : rest_(text), at_once_(at_once) {}

    std::size_t read(std::span<char> buffer) override
    {
        const auto count = std::min({buffer.size(), at_once_, rest_.size()});
        std::ranges::copy(rest_.substr(0, count), buffer.begin());
        rest_.remove_prefix(count);
        return count;
    }
    std::optional<std::uint64_t> total_bytes() const override { return std::nullopt; }

private:
    std::string_view rest_;
    std::size_t at_once_;
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

TEST(Lines, AreTheSameInAnyPortions)
{
    const std::string text = "\xEF\xBB\xBFone\r\ntwo\r\rfour\n\nsix\r\n";
    const Read expected{"one", "two", "", "four", "", "six"};
    for (std::size_t at_once = 1; at_once < 30; ++at_once) {
        EXPECT_EQ(lines_of(std::make_unique<Drip>(text, at_once)), expected) << at_once;
        EXPECT_EQ(lines_of(std::make_unique<Drip>(gzip(text), at_once)), expected) << at_once;
    }
}

TEST(Lines, KeepALastOneWithoutABreak)
{
    EXPECT_EQ(lines_of(memory_source(bytes_of_file("a\nb"))), (Read{"a", "b"}));
    EXPECT_EQ(lines_of(memory_source(bytes_of_file("a\r"))), (Read{"a"}));
    EXPECT_EQ(lines_of(memory_source(bytes_of_file(""))), Read{});
}

TEST(Lines, ReadSeveralGzipMembersAndTheirPadding)
{
    EXPECT_EQ(lines_of(memory_source(bytes_of_file(gzip("a\nb") + gzip("c\n") + gzip("") + std::string(512, '\0')))),
              (Read{"a", "bc"}));
}

TEST(Lines, OfDamagedGzipEndBeforeTheLineThatIsCut)
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

TEST(Lines, OverTheLimitSayThatTheyAreCut)
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

TEST(Lines, PutBackComeAgainFirst)
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

TEST(FileSource, ThatIsNoFileIsNotFound)
{
    EXPECT_EQ(file_source("/no/such/file.csv").error().code, Errc::not_found);
    EXPECT_EQ(file_source(testing::TempDir()).error().code, Errc::not_found);
}

} // namespace
} // namespace estante::catalogues
