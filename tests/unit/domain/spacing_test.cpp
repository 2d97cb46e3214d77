#include "domain/spacing.hpp"

#include <gtest/gtest.h>

namespace estante {
namespace {

TEST(SingleSpaced, TrimsAndJoinsRunsOfAnyWhiteSpace)
{
    EXPECT_EQ(single_spaced("  Angels \t&\r\n Demons  "), "Angels & Demons");
    EXPECT_EQ(single_spaced("a\u00A0\u2003\u3000b\u0085"), "a b");
    EXPECT_EQ(single_spaced(""), "");
    EXPECT_EQ(single_spaced(" \n "), "");
}

TEST(SingleSpaced, DropsDirectionMarksAndKeepsJoiners)
{
    EXPECT_EQ(single_spaced("Wycliffe\u200F, \u202AJohn\u202C"), "Wycliffe, John");
    EXPECT_EQ(single_spaced("\uFEFFtitle"), "title");
    EXPECT_EQ(single_spaced("می\u200Cخواهم"), "می\u200Cخواهم"); // a zero-width non-joiner is spelling
}

TEST(SingleSpaced, LeavesBrokenBytesAlone)
{
    EXPECT_EQ(single_spaced("a\xFF  b\xC3"), "a\xFF b\xC3");
}

} // namespace
} // namespace estante
