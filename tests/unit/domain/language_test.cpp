#include "domain/language.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace estante {
namespace {

TEST(LanguageOf, KnowsNoLanguageOfElevenOrMoreLetters)
{
    for (const char* tag :
         {"abcdefghijk", "abcdefghijkl", "abcdefghijklm", "abcdefghijkl-ES"}) // ICU's buffer has twelve
        EXPECT_EQ(language_of(tag), std::nullopt) << tag;
}

TEST(LanguageOf, ReadsTheCodesOfOtherCatalogues)
{
    constexpr std::pair<const char*, const char*> cases[] = {
        // all that goodbooks-10k has and that ISO 639-1 covers
        {"eng", "en"},
        {"en-US", "en"},
        {"en-GB", "en"},
        {"en-CA", "en"},
        {"ara", "ar"},
        {"fre", "fr"},
        {"ind", "id"},
        {"spa", "es"},
        {"ger", "de"},
        {"jpn", "ja"},
        {"per", "fa"},
        {"por", "pt"},
        {"pol", "pl"},
        {"en", "en"},
        {"nor", "no"},
        {"dan", "da"},
        {"ita", "it"},
        {"nl", "nl"},
        {"vie", "vi"},
        {"tur", "tr"},
        {"swe", "sv"},
        {"rum", "ro"},
        {"rus", "ru"},
        {"zho", "zh"},
        // the terminological forms beside the bibliographic ones
        {"fra", "fr"},
        {"deu", "de"},
        {"fas", "fa"},
        {"ron", "ro"},
        {"chi", "zh"},
        {"dut", "nl"},
        {"nld", "nl"},
        {"gre", "el"},
        {"ell", "el"},
        {"cze", "cs"},
        {"ces", "cs"},
        {"wel", "cy"},
        {"baq", "eu"},
        {"eus", "eu"},
        {"cat", "ca"},
        {"glg", "gl"},
        // tags, old codes, individual languages of a macrolanguage, capitals
        {"es-419", "es"},
        {"zh-Hant-TW", "zh"},
        {"zh_Hant", "zh"},
        {"pt_BR", "pt"},
        {"iw", "he"},
        {"cmn", "zh"},
        {"EN", "en"},
        {"Spa", "es"},
        // two-letter codes that ICU would rather replace
        {"tl", "tl"},
        {"tgl", "tl"},
        {"no", "no"},
        {"nb", "nb"},
        {"tw", "tw"},
    };
    for (const auto& [code, iso] : cases) {
        const auto language = language_of(code);
        ASSERT_TRUE(language) << code;
        EXPECT_EQ(language->value, iso) << code;
    }
}

TEST(LanguageOf, IsNothingWithoutATwoLetterCode)
{
    for (const auto* code : {"", "e", "mul", "und", "zxx", "fil", "grc", "enm", "nah", "xx", "qq", "English", "español",
                             "en/es", "es es", "12", "--", "toolongtoolongtoolongtoolongtoolongtoolong"})
        EXPECT_EQ(language_of(code), std::nullopt) << code;
}

} // namespace
} // namespace estante
