// Damaged files never crash the readers, never hang them and never give a row that breaks a limit.
#include "adapters/catalogues/decoded_bytes.hpp"
#include "adapters/catalogues/demonstration.hpp"
#include "catalogue_files.hpp"
#include "codec/reader.hpp"
#include "domain/code_points.hpp"

#include <algorithm>
#include <random>

namespace estante::catalogues {
namespace {

// The beginning of a demonstration file, uncompressed.
std::string head_of(std::span<const std::byte> compressed, std::size_t size)
{
    DecodedBytes bytes(memory_source(compressed));
    std::string head(size, '\0');
    std::size_t read_bytes = 0;
    while (const auto count = bytes.read(std::span(head).subspan(read_bytes)))
        read_bytes += count;
    head.resize(read_bytes);
    return head;
}

void expect_valid(const Row& row)
{
    const BookEntry& book = row.entry;
    ASSERT_FALSE(book.title.value.empty());
    ASSERT_TRUE(codec::is_utf8(book.title.value));
    ASSERT_LE(count_code_points(book.title.value), 500U);
    ASSERT_LE(book.contributors.size(), BookEntry::max_contributors);
    ASSERT_LE(book.subjects.size(), BookEntry::max_subjects);
    ASSERT_LE(row.source_id.size(), 200U);
    if (book.isbn) {
        ASSERT_EQ(Isbn::parse(book.isbn->value), book.isbn);
    }
    if (row.price) {
        ASSERT_LE(row.price->cents, Money::max_cents);
    }
}

// Reads to the end and counts the rows and the refusals.
std::pair<std::size_t, std::size_t> read_counting(std::string_view file)
{
    std::pair<std::size_t, std::size_t> count{0, 0};
    auto reader = create_catalogue_reader(memory_source(bytes_of_file(file)));
    if (!reader)
        return count;
    std::size_t line = 0;
    while (auto row = (*reader)->read()) {
        if (*row) {
            expect_valid(**row);
            ++count.first;
        } else {
            EXPECT_FALSE(row->error().reason.en.empty());
            EXPECT_TRUE(codec::is_utf8(row->error().excerpt));
            EXPECT_TRUE(codec::is_utf8(row->error().subject));
            EXPECT_LE(row->error().subject.size(), 200U);
            ++count.second;
        }
        const auto at = *row ? (*row)->line : row->error().line;
        EXPECT_GE(at, line);
        line = at;
    }
    return count;
}

std::string mutated(std::string file, std::mt19937_64& random)
{
    using namespace std::string_view_literals;
    constexpr std::string_view special_bytes = "\"\"\"\",,\n\r|;\0\xFF\xC3\xE2{}[]:\\$(e-.0"sv;
    for (auto changes = 1 + random() % 20; changes > 0; --changes) {
        const auto at = random() % file.size();
        switch (random() % 4) {
        case 0:
            file[at] = static_cast<char>(random());
            break;
        case 1:
            file[at] = special_bytes[random() % special_bytes.size()];
            break;
        case 2:
            file.insert(at, 1, special_bytes[random() % special_bytes.size()]);
            break;
        default:
            file.erase(at, 1 + random() % 8);
        }
    }
    return file;
}

void mutate(const std::string& file, int times)
{
    std::mt19937_64 random(20260131);
    std::size_t good = 0;
    std::size_t refused = 0;
    for (int i = 0; i < times; ++i) {
        const auto [rows, refusals] = read_counting(mutated(file, random));
        good += rows;
        refused += refusals;
        ASSERT_FALSE(testing::Test::HasFatalFailure()) << "mutation " << i;
    }
    // Without both the test would prove nothing.
    EXPECT_GT(good, 0U);
    EXPECT_GT(refused, 0U);
}

TEST(Mutations, OfGoodbooks)
{
    mutate(head_of(demonstration_goodbooks(), 8000), 2000);
}

TEST(Mutations, OfGutenberg)
{
    mutate(head_of(demonstration_gutenberg_es(), 8000), 2000);
}

TEST(Mutations, OfAShopsCsv)
{
    std::string file = "title;contributors;isbn;price;stock;subjects;language;publication_year\n";
    for (int i = 0; i < 40; ++i)
        file += "\"Libro \"\"" + std::to_string(i) +
                "\"\"; con todo\";Ana|Eva (editor);0439023483;12,50;3;Uno|Dos;spa;1999\n";
    mutate(file, 2000);
}

TEST(Mutations, OfAShopsNdjson)
{
    std::string file;
    for (int i = 0; i < 40; ++i)
        file +=
            R"({"title":"Libro \u00f1","contributors":[{"name":"Ana"}],"isbn":"0439023483","price":12.5,"on_hand":3})"
            "\n";
    mutate(file, 2000);
}

TEST(Mutations, OfGzip)
{
    std::string file = "title,price\n";
    for (int i = 0; i < 500; ++i)
        file += "Libro " + std::to_string(i * 7919) + "," + std::to_string(i) + "\n";
    mutate(gzip(file), 2000);
}

} // namespace
} // namespace estante::catalogues
