#include "domain/email.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace estante {
namespace {

std::string parsed(std::string_view text)
{
    const auto email = Email::parse(text);
    return email ? email->value : "nothing";
}

TEST(Email, IsTrimmedAndLowerCased)
{
    EXPECT_EQ(parsed("  Ana.Pérez@Example.COM\r\n"), "ana.pérez@example.com");
    EXPECT_EQ(parsed("ANA+libros@tienda-uno.co.uk"), "ana+libros@tienda-uno.co.uk");
    EXPECT_EQ(parsed("a@b.c"), "a@b.c");
    EXPECT_EQ(parsed("o'brien_{x}|~!#$%&*/=?^`@example.com"), "o'brien_{x}|~!#$%&*/=?^`@example.com");
}

TEST(Email, KeepsNonAsciiLetters)
{
    EXPECT_EQ(parsed("josé@españa.example"), "josé@españa.example");
    EXPECT_EQ(parsed("用户@例子.公司"), "用户@例子.公司");
    EXPECT_EQ(parsed("Ñandú@example.com"), "Ñandú@example.com"); // only ASCII is lower-cased
}

TEST(Email, IsTheSameInBothUnicodeFormsOfAnAccent)
{
    EXPECT_EQ(parsed("jose\u0301@example.com"), parsed("jos\u00E9@example.com"));
}

TEST(Email, RejectsInvalidSyntax)
{
    for (const auto* text : {
             "",
             " ",
             "ana",
             "@",
             "ana@",
             "@example.com",
             "ana@example",
             "ana@@example.com",
             "ana@b@example.com",
             ".ana@example.com",
             "ana.@example.com",
             "a..b@example.com",
             "ana@.example.com",
             "ana@example.com.",
             "ana@exa..mple.com",
             "ana@-example.com",
             "ana@example-.com",
             "ana@exam ple.com",
             "an a@example.com",
             "ana@example.com>",
             "<ana@example.com>",
             "\"ana\"@example.com",
             "ana@[192.0.2.1]",
             "ana@192.0.2.1",
             "ana,eva@example.com",
             "ana@exa_mple.com",
             "ana;@example.com",
             "ana\x01@example.com",
             "ana@example.com\x7F",
             "ana\u00A0@example.com",
             "ana\u200B@example.com",
             "ana\u202E@example.com",
             "ana\u0085@example.com",
             "ana\xFF@example.com",
             "ana\xC3@example.com",
             "Ana <ana@example.com>",
             "ana(x)@example.com",
         })
        EXPECT_EQ(parsed(text), "nothing") << text;
    EXPECT_EQ(parsed(std::string_view("ana\0@example.com", 16)), "nothing");
}

TEST(Email, HasTheLimitsOfRfc5321)
{
    const std::string local(64, 'a');
    const std::string label(63, 'b');
    EXPECT_EQ(parsed(local + "@example.com"), local + "@example.com");
    EXPECT_EQ(parsed(local + "a@example.com"), "nothing");
    EXPECT_EQ(parsed("a@" + label + ".com"), "a@" + label + ".com");
    EXPECT_EQ(parsed("a@b" + label + ".com"), "nothing");
    const std::string longest = local + "@" + label + "." + label + "." + std::string(57, 'c') + ".es";
    ASSERT_EQ(longest.size(), 254U - 1);
    EXPECT_EQ(parsed(longest), longest);
    EXPECT_EQ(parsed(longest + "p"), longest + "p");
    EXPECT_EQ(parsed(longest + "pp"), "nothing");
}

TEST(Email, MatchesItsPatternIfItParses)
{
    const std::regex pattern{std::string(Email::pattern)};
    for (const auto* text : {"ana@example.com", "josé@españa.example", "a@b.c", "x+y@tienda-uno.co.uk"})
        EXPECT_TRUE(std::regex_match(Email::parse(text)->value, pattern)) << text;
    EXPECT_FALSE(std::regex_match("ana@example", pattern));
}

} // namespace
} // namespace estante
