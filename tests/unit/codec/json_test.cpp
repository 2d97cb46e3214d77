#include "codec/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace estante {
namespace {

std::string rewritten(std::string_view text)
{
    const auto value = json::parse(text);
    return value ? json::to_text(*value) : "refused: " + value.error().reason;
}

bool refused(std::string_view text)
{
    return !json::parse(text);
}

TEST(Json, ReadsAndWritesEveryType)
{
    EXPECT_EQ(rewritten(R"( {"b":[1,-2.50,true,false,null,"x",{}],"a":{"c":[]}} )"),
              R"({"a":{"c":[]},"b":[1,-2.5,true,false,null,"x",{}]})");
    EXPECT_EQ(rewritten("\"x\""), "\"x\"");
    EXPECT_EQ(rewritten("[[],[[]]]"), "[[],[[]]]");
}

TEST(Json, KeepsNumbersExactly)
{
    EXPECT_EQ(rewritten("0.1"), "0.1");
    EXPECT_EQ(rewritten("29.90"), "29.9");
    EXPECT_EQ(rewritten("12345678901234567890123456789012345678"), "12345678901234567890123456789012345678");
    EXPECT_EQ(rewritten("0.12345678901234567890123456789012345678"), "0.12345678901234567890123456789012345678");
    EXPECT_EQ(rewritten("18446744073709551616"), "18446744073709551616"); // 2^64
    EXPECT_EQ(rewritten("-9223372036854775809"), "-9223372036854775809");
    EXPECT_EQ(rewritten("[1e2,1E-2,-0]"), "[100,0.01,0]");
}

TEST(Json, RejectsNumbersThatItCannotRepresent)
{
    EXPECT_TRUE(refused("1e400"));
    EXPECT_TRUE(refused("1e-400"));
    EXPECT_TRUE(refused("1e99999999999"));
    EXPECT_TRUE(refused("123456789012345678901234567890123456789"));
    EXPECT_TRUE(refused("[1,1e126]"));
    for (const auto* text : {"01", "1.", ".5", "+1", "-", "1e", "NaN", "Infinity", "0x10"})
        EXPECT_TRUE(refused(text)) << text;
}

TEST(Json, RejectsDuplicateKeys)
{
    EXPECT_EQ(rewritten(R"({"a":1,"b":2,"a":3})"), "refused: duplicate key");
    EXPECT_EQ(rewritten(R"({"a":1,"\u0061":3})"), "refused: duplicate key");
    EXPECT_EQ(rewritten(R"([{"x":{"a":1,"a":1}}])"), "refused: duplicate key");
    EXPECT_EQ(rewritten(R"({"a":{"a":1},"b":{"a":1}})"), R"({"a":{"a":1},"b":{"a":1}})");
}

// Inserting each key at its position in a flat map would take 95 seconds.
TEST(Json, ReadsAHundredThousandKeysInDescendingOrderQuickly)
{
    std::string text;
    for (int i = 100'000; i-- > 0;)
        text += (text.empty() ? "{\"" : ",\"") + std::to_string(100'000 + i) + "\":0";
    const auto value = json::parse(text + "}");
    ASSERT_TRUE(value);
    EXPECT_EQ(value->if_map()->size(), 100'000U);
    EXPECT_EQ(value->if_map()->begin()->first, "100000");
}

TEST(Json, NestsUpTo32Levels)
{
    const auto nested = [](int levels) { return std::string(levels, '[') + std::string(levels, ']'); };
    EXPECT_FALSE(refused(nested(32)));
    EXPECT_TRUE(refused(nested(33)));
    EXPECT_TRUE(refused(std::string(1'000'000, '[')));
    std::string objects;
    for (int i = 0; i < 33; ++i)
        objects += "{\"a\":";
    EXPECT_TRUE(refused(objects + "1" + std::string(33, '}')));
}

TEST(Json, RejectsInvalidUtf8)
{
    for (const auto* text : {"\"\x80\"", "\"\xC3\"", "\"\xC0\xAF\"", "\"\xE0\x80\xAF\"", "\"\xED\xA0\x80\"",
                             "\"\xF4\x90\x80\x80\"", "\"\xFF\"", "{\"\xC3\":1}"})
        EXPECT_TRUE(refused(text)) << text;
    EXPECT_EQ(rewritten("\"ñ€😀\""), "\"ñ€😀\"");
}

TEST(Json, RejectsU0000)
{
    EXPECT_EQ(rewritten(R"("\u0000")"), "refused: U+0000 in a string");
    EXPECT_EQ(rewritten(R"({"a\u0000b":1})"), "refused: U+0000 in a string");
    EXPECT_TRUE(refused(std::string_view("\"a\0b\"", 5)));
    EXPECT_EQ(rewritten(R"("\u0001")"), R"("\u0001")");
}

TEST(Json, ReadsAndWritesEscapes)
{
    EXPECT_EQ(rewritten(R"("\"\\\/\b\f\n\r\t\u00f1\ud83d\ude00")"), R"("\"\\/\u0008\u000c\n\r\tñ😀")");
    for (const auto* text :
         {R"("\x")", R"("\u12")", R"("\u12g4")", R"("\ud83d")", R"("\ud83dx")", R"("\ude00")", "\"\n\"", "\"\t\""})
        EXPECT_TRUE(refused(text)) << text;
}

TEST(Json, RoundTripsEveryCharacterOfAString)
{
    std::string all;
    for (char c = 1; c < 0x7F; ++c)
        all += c;
    all += "\x7Fñ\u2028\uFFFD😀";
    const auto again = json::parse(json::to_text(Value(all)));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again->if_string(), all);
}

TEST(Json, RejectsAByteOrderMarkTrailingTextAndTruncatedText)
{
    for (const auto* text : {"", " ", "\xEF\xBB\xBF{}", "{} x", "{}{}", "[1,]", "{\"a\":1,}", "[1", "{\"a\"",
                             "{\"a\":}", "{a:1}", "'a'", "[1 2]", "tru", "nulls", "// c\n1", "/* c */ 1", "{1:2}"})
        EXPECT_TRUE(refused(text)) << text;
    EXPECT_FALSE(refused("\n\t {} \r\n"));
}

TEST(Json, ReportsTheOffsetOfAnError)
{
    const auto value = json::parse(R"({"a": nope})");
    ASSERT_FALSE(value);
    EXPECT_GE(value.error().offset, 6U);
    EXPECT_LE(value.error().offset, 8U);
    EXPECT_FALSE(value.error().reason.empty());
}

} // namespace
} // namespace estante
