#include "domain/white_space.hpp"

#include <gtest/gtest.h>

namespace estante {
namespace {

TEST(CollapseWhiteSpace, TrimsAndJoinsRunsOfAnyWhiteSpace)
{
    EXPECT_EQ(collapse_white_space("  Angels \t&\r\n Demons  "), "Angels & Demons");
    EXPECT_EQ(collapse_white_space("a\u00A0\u2003\u3000b\u0085"), "a b");
    EXPECT_EQ(collapse_white_space(""), "");
    EXPECT_EQ(collapse_white_space(" \n "), "");
}

TEST(CollapseWhiteSpace, RemovesDirectionMarksAndKeepsJoiners)
{
    EXPECT_EQ(collapse_white_space("Wycliffe\u200F, \u202AJohn\u202C"), "Wycliffe, John");
    EXPECT_EQ(collapse_white_space("\uFEFFtitle"), "title");
    EXPECT_EQ(collapse_white_space("می\u200Cخواهم"), "می\u200Cخواهم"); // a zero-width non-joiner is spelling
}

TEST(CollapseWhiteSpace, KeepsBytesThatAreNotUtf8)
{
    EXPECT_EQ(collapse_white_space("a\xFF  b\xC3"), "a\xFF b\xC3");
}

} // namespace
} // namespace estante
