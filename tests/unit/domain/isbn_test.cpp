#include "domain/isbn.hpp"
#include "domain/isbn_ranges.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace estante {
namespace {

std::string parsed(std::string_view text)
{
    const auto isbn = Isbn::parse(text);
    return isbn ? isbn->value : "nothing";
}

TEST(Isbn, ParsesAllCommonForms)
{
    for (const auto* spelling : {
             "9780439023481",
             "978-0-439-02348-1",
             "978 0 439 02348 1",
             "0439023483",
             "0-439-02348-3",
             " 0439023483\n",
             "ISBN 9780439023481",
             "isbn: 0-439-02348-3",
             "ISBN-13: 978-0-439-02348-1",
             "ISBN-10 0439023483",
             "ISBN978-0-439-02348-1",
             "978‐0‐439‐02348‐1", // U+2010
             "978‑0‑439‑02348‑1", // U+2011
             "978–0–439–02348–1", // U+2013
             "978―0―439―02348―1", // U+2015
             "978\u00A0\u0030\u00A0439\u00A002348\u00A01",
         })
        EXPECT_EQ(parsed(spelling), "9780439023481") << spelling;
}

TEST(Isbn, WithTenCharactersMayEndInX)
{
    EXPECT_EQ(parsed("080442957X"), "9780804429573");
    EXPECT_EQ(parsed("0-8044-2957-x"), "9780804429573");
}

TEST(Isbn, RejectsAnythingElse)
{
    for (const auto* text : {
             "",
             " ",
             "ISBN",
             "ISBN:",
             "-",
             "X",
             "978043902348",
             "97804390234811",
             "9780439023480" /* check digit */,
             "0439023484" /* check digit */,
             "9770439023482" /* an EAN of another kind */,
             "97804390234X1",
             "X439023483",
             "043902348-",
             "-0439023483",
             "0--439-02348-3",
             "978—0439023481x",
             "978.0439023481",
             "9.78043902348e+12",
             "978‖0‖439‖02348‖1" /* U+2016 */,
             "978\xE2\x80",
             "ISBN-12 0439023483",
             "0439023483 (paperback)",
         })
        EXPECT_EQ(parsed(text), "nothing") << text;
}

TEST(Isbn, AcceptsThePrefix979ExceptPrintedMusic)
{
    EXPECT_EQ(parsed("979-10-90636-07-1"), "9791090636071");
    EXPECT_EQ(parsed("979-0-2600-0043-8"), "nothing"); // a valid ISMN
}

TEST(Isbn, HasATenCharacterFormOnlyWithPrefix978)
{
    EXPECT_EQ(Isbn::parse("9780439023481")->isbn10(), "0439023483");
    EXPECT_EQ(Isbn::parse("9780804429573")->isbn10(), "080442957X");
    EXPECT_EQ(Isbn::parse("9791090636071")->isbn10(), std::nullopt);
}

TEST(Isbn, ConvertsToTenCharactersAndBackForEveryCheckDigit)
{
    for (int number = 439023480; number < 439023680; ++number) {
        const std::string nine = "0" + std::to_string(number);
        std::optional<Isbn> found;
        for (const char check : std::string_view("0123456789X")) {
            if (const auto isbn = Isbn::parse(nine.substr(0, 9) + check)) {
                EXPECT_FALSE(found) << "two check digits for " << nine;
                found = isbn;
                EXPECT_EQ(*isbn->isbn10(), nine.substr(0, 9) + check);
            }
        }
        EXPECT_TRUE(found);
    }
}

// Well-known hyphenations, most of them from https://en.wikipedia.org/wiki/ISBN.
TEST(Isbn, IsHyphenatedByTheRangeMessage)
{
    for (const auto* hyphenated : {
             "978-0-439-02348-1",
             "978-3-16-148410-0",
             "978-84-376-0494-7",
             "978-99921-58-10-4",
             "978-9971-5-0210-2",
             "978-960-425-059-2",
             "978-80-902734-1-2",
             "978-85-359-0277-8",
             "978-1-84356-028-9",
             "978-0-684-84328-5",
             "978-0-8044-2957-3",
             "978-0-85131-041-1",
             "978-93-86954-21-3",
             "978-0-943396-04-0",
             "978-0-9752298-0-4",
             "979-10-90636-07-1",
             "979-8-88645-174-0",
         }) {
        std::string digits = hyphenated;
        std::erase(digits, '-');
        const auto isbn = Isbn::parse(digits);
        ASSERT_TRUE(isbn) << hyphenated;
        EXPECT_EQ(isbn->hyphenated(), hyphenated);
        EXPECT_EQ(Isbn::parse(isbn->hyphenated()), isbn);
    }
}

TEST(Isbn, IsNotHyphenatedInAnUndefinedGroup)
{
    const auto undefined = Isbn::parse("9786700000007"); // 978-670 has length 0 in the message
    ASSERT_TRUE(undefined);
    EXPECT_EQ(undefined->hyphenated(), "9786700000007");
    const auto beyond = Isbn::parse("9799999999990");
    ASSERT_TRUE(beyond);
    EXPECT_EQ(beyond->hyphenated(), "9799999999990");
}

TEST(IsbnRanges, AreSortedDisjointAndLeaveDigitsForTheTitle)
{
    static_assert(std::size(isbn_ranges) > 1000);
    const IsbnRange* before = nullptr;
    for (const auto& range : isbn_ranges) {
        EXPECT_LE(range.first, range.last);
        EXPECT_GE(range.first, 978'000'000'000U);
        EXPECT_LT(range.last, 980'000'000'000U);
        EXPECT_GE(range.group_digits, 1);
        EXPECT_LE(range.group_digits + range.registrant_digits, 8) << range.first;
        if (before) {
            EXPECT_LT(before->last, range.first);
        }
        before = &range;
    }
}

} // namespace
} // namespace estante
