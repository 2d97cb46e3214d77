#include "adapters/catalogues/csv_records.hpp"
#include "catalogue_files.hpp"

namespace estante::catalogues {
namespace {

// "line: field|field" for records, "line! beginning of the raw text" for broken ones.
std::vector<std::string> records_of(std::string_view text, char delimiter = ',')
{
    Lines lines(memory_source(bytes_of_file(text)));
    CsvRecords records(lines, delimiter);
    std::vector<std::string> read;
    while (const auto record = records.next()) {
        std::string& line = read.emplace_back();
        if (!*record) {
            line = std::to_string(record->error().line) + "! " + record->error().raw.substr(0, 40);
            continue;
        }
        line = std::to_string((*record)->line) + ":";
        for (const auto& field : (*record)->fields)
            (line += &field == (*record)->fields.data() ? ' ' : '|') += field;
    }
    return read;
}

using Read = std::vector<std::string>;

TEST(CsvRecords, AreNumberedByThePhysicalLineWhereTheyBegin)
{
    EXPECT_EQ(records_of("a,b\n1,\"x\ny\r\nz\"\n\n  \n2,\"say \"\"hi\"\"\"\n"),
              (Read{"1: a|b", "2: 1|x\ny\nz", "7: 2|say \"hi\""}));
}

TEST(CsvRecords, EndWithAnyLineBreakOrTheFile)
{
    EXPECT_EQ(records_of("a,b\r\nc,d\re,f\ng,h"), (Read{"1: a|b", "2: c|d", "3: e|f", "4: g|h"}));
    EXPECT_EQ(records_of("a,\n,b\n,\n"), (Read{"1: a|", "2: |b", "3: |"}));
    EXPECT_EQ(records_of(""), Read{});
    EXPECT_EQ(records_of("\n\r\n \t\n"), Read{});
}

TEST(CsvRecords, TrimUnquotedFieldsOnly)
{
    EXPECT_EQ(records_of(" a ,\" b \", c\td \n"), (Read{"1: a| b |c\td"}));
    EXPECT_EQ(records_of("a;b,c;\"d;e\"\n", ';'), (Read{"1: a|b,c|d;e"}));
    EXPECT_EQ(records_of("a\tb\t\tc\n", '\t'), (Read{"1: a|b||c"}));
}

TEST(CsvRecords, AreTheOnlyOnesLostToAMisplacedQuote)
{
    EXPECT_EQ(records_of("1,a\n2,5\" disk\n3,b\n"), (Read{"1: 1|a", "2! 2,5\" disk", "3: 3|b"}));
    EXPECT_EQ(records_of("1,a\n2,\"x\"y\n3,b\n"), (Read{"1: 1|a", "2! 2,\"x\"y", "3: 3|b"}));
}

TEST(CsvRecords, ReadTheLinesAfterAnOpenQuoteAgain)
{
    EXPECT_EQ(records_of("1,a\n2,\"open\n3,b\n4,\"c\"\n5,d\n"),
              (Read{"1: 1|a", "2! 2,\"open", "3: 3|b", "4: 4|c", "5: 5|d"}));
    EXPECT_EQ(records_of("1,\"open\n2,b\n3,c"), (Read{"1! 1,\"open", "2: 2|b", "3: 3|c"}));
    EXPECT_EQ(records_of("\"\n\"\n"), (Read{"1: \n"}));
    EXPECT_EQ(records_of("a,\""), (Read{"1! a,\""}));
}

TEST(CsvRecords, AreRefusedOverTheLimitWithoutBufferingTheFile)
{
    const std::string long_line = "1," + std::string(3 * max_row_bytes, 'x');
    const auto read = records_of(long_line + "\n2,b\n");
    ASSERT_EQ(read.size(), 2U);
    EXPECT_TRUE(read[0].starts_with("1! 1,xxx"));
    EXPECT_EQ(read[1], "2: 2|b");

    std::string open_quote = "1,\"open\n";
    std::size_t lines = 1;
    for (; open_quote.size() < 3 * max_row_bytes; ++lines)
        open_quote += "2,a line without any quotes that only the limit can save\n";
    const auto saved = records_of(open_quote);
    ASSERT_EQ(saved.size(), lines);
    EXPECT_EQ(saved[0], "1! 1,\"open");
    EXPECT_EQ(saved[1], "2: 2|a line without any quotes that only the limit can save");
}

TEST(CsvRecords, AreReadUpToTheLimit)
{
    const std::string text = "1," + std::string(max_row_bytes - 3, 'x');
    EXPECT_EQ(records_of(text).front().size(), 3 + max_row_bytes - 1);
    EXPECT_TRUE(records_of(text + "x").front().starts_with("1! "));
}

TEST(DelimiterOf, IsTheMostFrequentOutsideQuotes)
{
    EXPECT_EQ(guess_delimiter("title,price,stock"), ',');
    EXPECT_EQ(guess_delimiter("title;price;stock"), ';');
    EXPECT_EQ(guess_delimiter("title\tprice"), '\t');
    EXPECT_EQ(guess_delimiter("\"a,b,c,d\";title"), ';');
    EXPECT_EQ(guess_delimiter("title"), ',');
    EXPECT_EQ(guess_delimiter(""), ',');
}

} // namespace
} // namespace estante::catalogues
