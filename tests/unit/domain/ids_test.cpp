#include "domain/ids.hpp"

#include <gtest/gtest.h>

#include <random>

namespace estante {
namespace {

TEST(Ulid, IsWrittenAsInTheSpecification)
{
    // The time of https://github.com/ulid/spec's example 01ARZ3NDEKTSV4RRFFQ69G5FAV.
    const auto ulid = parse_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    ASSERT_TRUE(ulid);
    EXPECT_EQ(ulid->time_ms, 1'469'922'850'259U);
    EXPECT_EQ(to_string(*ulid), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    EXPECT_EQ(to_string(Ulid{}), "00000000000000000000000000");
}

TEST(Ulid, RoundTrips)
{
    std::mt19937_64 random(1);
    for (int i = 0; i < 1000; ++i) {
        Ulid ulid;
        ulid.time_ms = random() >> 16;
        for (auto& byte : ulid.entropy)
            byte = static_cast<std::uint8_t>(random());
        ASSERT_EQ(parse_ulid(to_string(ulid)), ulid);
    }
}

TEST(Ulid, OrdersLikeItsText)
{
    std::mt19937_64 random(2);
    const auto any = [&] {
        Ulid ulid;
        ulid.time_ms = random() % 3;
        ulid.entropy[0] = static_cast<std::uint8_t>(random());
        ulid.entropy[9] = static_cast<std::uint8_t>(random());
        return ulid;
    };
    for (int i = 0; i < 1000; ++i) {
        const Ulid left = any();
        const Ulid right = any();
        ASSERT_EQ(left <=> right, to_string(left) <=> to_string(right));
    }
}

TEST(Ulid, SuccessorCarriesThroughBytesAndIntoTheTime)
{
    Ulid ulid{.time_ms = 7, .entropy = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFE}};
    ulid = ulid.successor();
    EXPECT_EQ(ulid.entropy[9], 0xFF);
    ulid = ulid.successor();
    EXPECT_EQ(ulid.entropy[9], 0);
    EXPECT_EQ(ulid.entropy[8], 1);
    ulid.entropy.fill(0xFF);
    const auto before = ulid;
    ulid = ulid.successor();
    EXPECT_EQ(ulid, (Ulid{.time_ms = 8, .entropy = {}}));
    EXPECT_GT(to_string(ulid), to_string(before));
}

TEST(Ulid, RejectsTextThatIsNotTwentySixCharactersOfTheAlphabet)
{
    EXPECT_TRUE(parse_ulid("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
    for (const auto* text : {"", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAVV",
                             "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01arz3ndektsv4rrffq69g5fav", "01ARZ3NDEKTSV4RRFFQ69G5FAI",
                             "01ARZ3NDEKTSV4RRFFQ69G5FAL", "01ARZ3NDEKTSV4RRFFQ69G5FAO", "01ARZ3NDEKTSV4RRFFQ69G5FAU",
                             "01ARZ3NDEKTSV4RRFFQ69G5FA-", " 1ARZ3NDEKTSV4RRFFQ69G5FAV",
                             "\x80"
                             "1ARZ3NDEKTSV4RRFFQ69G5FAV"})
        EXPECT_EQ(parse_ulid(text), std::nullopt) << text;
}

TEST(Id, HasItsPrefixAndTime)
{
    const auto id = BookId::from(*parse_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    EXPECT_EQ(id.value, "book_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    EXPECT_EQ(id.time_ms(), 1'469'922'850'259U);
    EXPECT_EQ(BookId::parse(id.value), id);
    EXPECT_EQ(UserId::parse(id.value), std::nullopt);
    EXPECT_EQ(BookId::parse("01ARZ3NDEKTSV4RRFFQ69G5FAV"), std::nullopt);
    EXPECT_EQ(BookId::parse("BOOK_01ARZ3NDEKTSV4RRFFQ69G5FAV"), std::nullopt);
    EXPECT_EQ(BookId::parse(""), std::nullopt);
    EXPECT_TRUE(BookId().empty());
}

TEST(TenantId, IsTwoToFortyLowerCaseLettersDigitsAndHyphens)
{
    EXPECT_TRUE(TenantId::parse("ab"));
    EXPECT_TRUE(TenantId::parse("9-"));
    EXPECT_TRUE(TenantId::parse(std::string(40, 'a')));
    EXPECT_TRUE(TenantId::parse(operator_tenant));
    for (const auto& text : {std::string(), std::string("a"), std::string(41, 'a'), std::string("-a"),
                             std::string("Ab"), std::string("a_b"), std::string("a#b"), std::string("a b"),
                             std::string("á1"), std::string("ab\0", 3), std::string("a/b")})
        EXPECT_EQ(TenantId::parse(text), std::nullopt) << text;
}

TEST(KeyPart, EncodesHashAndPercent)
{
    EXPECT_EQ(encode_key_part("C#"), "C%23");
    EXPECT_EQ(encode_key_part("100%"), "100%25");
    EXPECT_EQ(encode_key_part("%23"), "%2523");
    EXPECT_EQ(encode_key_part("Ciencia ficción / ñ"), "Ciencia ficción / ñ");
    EXPECT_EQ(encode_key_part(""), "");
}

TEST(KeyPart, IsInjective)
{
    const std::string alphabet = "#%2335a";
    std::vector<std::string> parts;
    for (const char a : alphabet) {
        for (const char b : alphabet) {
            for (const char c : alphabet)
                parts.push_back(encode_key_part(std::string{a, b, c}));
        }
    }
    std::ranges::sort(parts);
    // Negative control: "3" is twice in the alphabet, so the check below would find duplicates.
    const auto doubles = parts.end() - std::unique(parts.begin(), parts.end());
    EXPECT_EQ(doubles, 7 * 7 * 7 - 6 * 6 * 6);
    for (const auto& part : parts)
        EXPECT_EQ(part.find('#'), part.npos);
}

} // namespace
} // namespace estante
