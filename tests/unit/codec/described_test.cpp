#include "codec/described.hpp"
#include "domain/book.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace estante::codec {
namespace {

enum class Order { rating, minus_price, new_ };
BOOST_DESCRIBE_ENUM(Order, rating, minus_price, new_)

struct Line {
    BookId book_id;
    Or<Quantity, 1> quantity;
};
BOOST_DESCRIBE_STRUCT(Line, (), (book_id, quantity))

struct Sample {
    Text<1, 5> title;
    std::vector<Line> lines;
    std::optional<Money> price;
    std::optional<std::optional<Text<1, 9>>> note;
    std::optional<Order> sort;
    std::optional<Timestamp> since;
    Nullable<PageToken> next_cursor;
    std::optional<bool> in_stock;
};
BOOST_DESCRIBE_STRUCT(Sample, (), (title, lines, price, note, sort, since, next_cursor, in_stock))

struct Forgotten {
    int first;
    int second;
};
BOOST_DESCRIBE_STRUCT(Forgotten, (), (first))
static_assert(!is_fully_described<Forgotten>);
static_assert(is_fully_described<Sample>);

std::vector<std::string> faults_of(std::string_view text)
{
    Sample sample;
    Reader reader;
    read(reader, *json::parse(text), sample);
    std::vector<std::string> faults;
    for (const Fault& fault : reader.faults)
        faults.push_back(fault.pointer + " " + fault.code);
    return faults;
}

TEST(Described, ReportsAllFaultsWithTheirPointers)
{
    EXPECT_EQ(
        faults_of(
            R"({"title":"","lines":[{"book_id":"book_1"},{"quantity":0}],"price":29.999,"extra":1,"next_cursor":null,
                            "sort":"price","since":"yesterday","in_stock":"yes"})"),
        (std::vector<std::string>{"/title too_short", "/lines/0/book_id bad_format", "/lines/1/book_id required",
                                  "/lines/1/quantity out_of_range", "/price too_many_decimals", "/sort not_one_of",
                                  "/since bad_format", "/in_stock wrong_type", "/extra unknown_field"}));
}

TEST(Described, CountsCodePointsAndRejectsBlankTextAndControlCharacters)
{
    EXPECT_TRUE(faults_of(R"({"title":"ñandú","next_cursor":null})").empty());
    EXPECT_EQ(faults_of(R"({"title":"ñandús","next_cursor":null})"), std::vector<std::string>{"/title too_long"});
    EXPECT_EQ(faults_of(R"({"title":"  ","next_cursor":null})"), std::vector<std::string>{"/title blank"});
    EXPECT_EQ(faults_of(R"({"title":"a\u0007","next_cursor":null})"),
              std::vector<std::string>{"/title bad_characters"});
}

TEST(Described, WritesWhatItReads)
{
    const std::string text =
        R"({"title":"Ana","lines":[{"book_id":"book_01J0000000000000000000000A","quantity":2}],"price":29.90,)"
        R"("note":null,"sort":"-price","since":"2026-01-31T09:30:00.000Z","next_cursor":null,"in_stock":true})";
    Sample sample;
    Reader reader;
    read(reader, *json::parse(text), sample);
    ASSERT_TRUE(reader.faults.empty());
    EXPECT_TRUE(sample.note && !*sample.note);
    EXPECT_EQ(to_json(sample), text);
}

TEST(Described, OmitsAbsentMembersAndUsesFallbacks)
{
    Sample sample;
    Reader reader;
    read(reader,
         *json::parse(R"({"title":"Ana","lines":[{"book_id":"book_01J0000000000000000000000A"}],"next_cursor":"x"})"),
         sample);
    ASSERT_TRUE(reader.faults.empty());
    EXPECT_FALSE(sample.note);
    EXPECT_EQ(
        to_json(sample),
        R"({"title":"Ana","lines":[{"book_id":"book_01J0000000000000000000000A","quantity":1}],"next_cursor":"x"})");
}

TEST(Described, ReadsQueryTextsWithTheSameLimits)
{
    Sample sample;
    Reader reader;
    reader.source = Reader::Source::text;
    const Map query{{"title", "Ana"},     {"price", "12.5"}, {"in_stock", "true"},
                    {"next_cursor", "x"}, {"sort", "new"},   {"since", "2026-01-31"}};
    read_members(reader, query, &sample, fields<Sample>());
    EXPECT_TRUE(reader.faults.empty());
    EXPECT_EQ(sample.price, Money{1250});
    EXPECT_EQ(sample.in_stock, true);
    EXPECT_EQ(sample.sort, Order::new_);

    const Map wrong{{"title", "Ana\xC3"}, {"price", "dear"}, {"next_cursor", "x"}};
    read_members(reader, wrong, &sample, fields<Sample>());
    ASSERT_EQ(reader.faults.size(), 2U);
    EXPECT_EQ(reader.faults[0].pointer, "?title");
    EXPECT_EQ(reader.faults[1].pointer, "?price");
}

TEST(Described, HasTheLimitsInItsSchemas)
{
    Schemas schemas;
    schema<Sample>(schemas);
    const std::string text = json::to_text(Value(schemas.components));
    EXPECT_NE(text.find(R"("title":{"maxLength":5,"minLength":1,"type":"string"})"), text.npos) << text;
    EXPECT_NE(text.find(R"("enum":["rating","-price","new"])"), text.npos) << text;
    EXPECT_NE(text.find(R"("quantity":{"maximum":99,"minimum":1,"type":"integer"})"), text.npos) << text;
}

struct Found {
    Shared<Line> line;
    std::optional<bool> in_stock{};
};
BOOST_DESCRIBE_STRUCT(Found, (), (line, in_stock))

TEST(Described, InlinesTheMembersOfASharedObject)
{
    const Shared<Line> line(Line{.book_id = {"book_1"}, .quantity = {}});
    EXPECT_EQ(to_json(Found{.line = line}), R"({"book_id":"book_1","quantity":1})");
    EXPECT_EQ(to_json(Found{.line = line, .in_stock = true}), R"({"book_id":"book_1","quantity":1,"in_stock":true})");
    Schemas schemas;
    schema<Found>(schemas);
    const auto named = std::ranges::find_if(schemas.components,
                                            [](const auto& component) { return component.first.ends_with("Found"); });
    ASSERT_NE(named, schemas.components.end());
    const Map& found = *named->second.if_map();
    EXPECT_EQ(json::to_text(*find(found, "required")), R"(["book_id","quantity"])");
    const Map& properties = *find(found, "properties")->if_map();
    EXPECT_TRUE(properties.contains("book_id") && properties.contains("in_stock") && !properties.contains("line"));
}

TEST(Timestamps, AreRfc3339InBothDirections)
{
    for (const auto* text : {"2026-01-31T09:30:00.000Z", "1969-12-31T23:59:59.999Z", "2024-02-29T00:00:00.001Z"})
        EXPECT_EQ(to_string(*parse_timestamp(text)), text);
    EXPECT_EQ(to_string(*parse_timestamp("2026-01-31T09:30:00+02:00")), "2026-01-31T07:30:00.000Z");
    EXPECT_EQ(to_string(*parse_timestamp("2026-01-31")), "2026-01-31T00:00:00.000Z");
    for (const auto* text :
         {"", "2026-02-30", "2026-01-31T9:30:00Z", "2026-01-31T09:30:00", "2026-01-31T25:00:00Z", "now"})
        EXPECT_FALSE(parse_timestamp(text)) << text;
}

} // namespace
} // namespace estante::codec
