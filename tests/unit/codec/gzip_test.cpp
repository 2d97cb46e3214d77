#include "codec/gzip.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace estante {
namespace {

std::string noise(std::size_t size)
{
    std::mt19937 random(20'260'131);
    std::string text(size, '\0');
    for (char& c : text)
        c = static_cast<char>(random());
    return text;
}

TEST(Gzip, GivesBackEveryTextThatFitsTheLimit)
{
    for (const std::string& text : {std::string(), std::string("a"), std::string(4'096, 'a'), noise(4'095),
                                    noise(4'096), noise(4'097), noise(100'000), std::string(2'000'000, '\0')}) {
        const auto compressed = gzip(text);
        EXPECT_EQ(gunzip(compressed, text.size()), text);
        EXPECT_EQ(gunzip(compressed, 10'000'000), text);
        if (!text.empty())
            EXPECT_EQ(gunzip(compressed, text.size() - 1), std::nullopt);
    }
    EXPECT_EQ(gunzip(gzip(std::string_view()), 0), ""); // a view of nothing has a null pointer
}

TEST(Gzip, OfWhichAnythingIsMissingIsNoText)
{
    const auto compressed = gzip(noise(10'000));
    for (std::size_t size = 0; size < compressed.size(); size += size < 20 ? 1 : 997)
        EXPECT_EQ(gunzip(compressed.substr(0, size), 20'000), std::nullopt) << size;
    EXPECT_EQ(gunzip({}, 10), std::nullopt);
}

TEST(Gzip, OfWhichAByteIsAnotherIsNoText)
{
    const std::string text(10'000, 'a');
    const auto compressed = gzip(text);
    for (std::size_t at = 0; at < compressed.size(); ++at) {
        auto damaged = compressed;
        damaged[at] = static_cast<char>(~damaged[at]);
        const auto found = gunzip(damaged, 20'000);
        EXPECT_TRUE(!found || *found == text) << at; // a time or a name in the header does not matter
    }
}

} // namespace
} // namespace estante
