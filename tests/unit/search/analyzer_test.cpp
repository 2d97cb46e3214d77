#include "analysis/analyzer.hpp"
#include "analysis/character_class.hpp"
#include "books.hpp"

#include <gtest/gtest.h>
#include <unicode/brkiter.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace estante::analysis {
namespace {

using search::lines_of;
using search::split;
using Texts = std::vector<std::string>;

Texts terms_of(std::string_view text)
{
    Texts terms;
    SpanishAnalyzer reader(text);
    for (std::string_view term; reader.next(term);)
        terms.emplace_back(term);
    return terms;
}

Texts words_of(std::string_view text)
{
    Texts words;
    StandardTokenizer splitter(text);
    for (std::string_view word; splitter.next(word);)
        words.emplace_back(word);
    return words;
}

TEST(Analyzer, StemsLikeLucenesSpanishLightStemmer)
{
    EXPECT_EQ(terms_of("canciones canción"), (Texts{"cancion", "cancion"}));
    EXPECT_EQ(terms_of("luces luz"), (Texts{"luz", "luz"}));
    EXPECT_EQ(terms_of("inglés ingleses"), (Texts{"ingl", "ingles"}));
    EXPECT_EQ(terms_of("año años"), (Texts{"año", "años"}));
    EXPECT_EQ(terms_of("niño niños"), (Texts{"niño", "niñ"}));
    EXPECT_EQ(terms_of("reses pingüinos"), (Texts{"res", "pinguin"}));
}

TEST(Analyzer, MeasuresWordLengthsInUtf16Units)
{
    EXPECT_EQ(terms_of("𐐷𐐷o"), (Texts{"𐐷𐐷"}));    // five units: stemmed
    EXPECT_EQ(terms_of("ñññs"), (Texts{"ñññs"})); // four units: not stemmed, despite its seven bytes
}

TEST(Analyzer, RemovesOnlyTheSixStopWords)
{
    EXPECT_EQ(terms_of("El LA de Que Y a"), Texts{});
    EXPECT_EQ(terms_of("él qué los en the"), (Texts{"él", "qué", "los", "en", "the"}));
}

TEST(Analyzer, LowerCasesEachCodePointSeparately)
{
    EXPECT_EQ(terms_of("ÁÉÑ ΣΊΣ GROẞ İT"), (Texts{"áéñ", "σίσ", "groß", "it"}));
}

TEST(StandardTokenizer, MakesEachHanAndHiraganaCharacterAToken)
{
    EXPECT_EQ(words_of("漢字かな𠮷"), (Texts{"漢", "字", "か", "な", "𠮷"}));
}

TEST(StandardTokenizer, KeepsRunsOfKatakanaHangulAndThaiTogether)
{
    EXPECT_EQ(words_of("カタカナ 한국어 책 ภาษาไทยเป็นภาษา"), (Texts{"カタカナ", "한국어", "책", "ภาษาไทยเป็นภาษา"}));
}

TEST(StandardTokenizer, MakesEmojiSequencesTokens)
{
    EXPECT_EQ(words_of("☺★™ 👍🏽 👩‍👩‍👧‍👦 🇪🇸🇫🇷 #️⃣"),
              (Texts{"☺", "★", "™", "👍🏽", "👩‍👩‍👧‍👦", "🇪🇸", "🇫🇷", "#️⃣"}));
}

TEST(StandardTokenizer, KeepsPunctuationOnlyBetweenLettersOrDigits)
{
    EXPECT_EQ(words_of("l'amour 1.000,50 a.b a.1 x_y C++ foo-bar"),
              (Texts{"l'amour", "1.000,50", "a.b", "a", "1", "x_y", "C", "foo", "bar"}));
}

TEST(StandardTokenizer, CutsWordsIntoPiecesOf255Units)
{
    EXPECT_EQ(words_of(std::string(600, 'd')),
              (Texts{std::string(255, 'd'), std::string(255, 'd'), std::string(90, 'd')}));
    std::string pairs;
    for (int count = 0; count < 128; ++count)
        pairs += "𐐷";
    const auto words = words_of(pairs); // a surrogate pair is not cut
    ASSERT_EQ(words.size(), 2U);
    EXPECT_EQ(words[0].size(), 127U * 4);
    EXPECT_EQ(words[1].size(), 4U);
}

TEST(Analyzer, YieldsLucenesTermsForRealAndUnusualTexts)
{
    std::size_t texts = 0;
    for (const auto& line : lines_of("lucene_terms.tsv")) {
        const auto columns = split(line, '\t');
        ASSERT_EQ(columns.size(), 2U) << line;
        std::string joined;
        for (const auto& term : terms_of(columns[0]))
            joined += term + '|';
        EXPECT_EQ(joined, columns[1]) << columns[0];
        ++texts;
    }
    EXPECT_GT(texts, 150U);
}

TEST(CharacterClass, IsEqualFromTheTableAndFromIcu)
{
    for (UChar32 c = 0; c < 0x3000; ++c)
        ASSERT_EQ(classify(c), classify_by_properties(c)) << "U+" << std::hex << c;
    EXPECT_NE(classify('a'), classify('1'));
}

// ICU's word breaks follow the same rules, except for colons (its data differs), emoji, and scripts without spaces.
Texts icu_words_of(const std::string& text)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> words(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    const auto unicode = icu::UnicodeString::fromUTF8(text);
    words->setText(unicode);
    Texts result;
    for (auto begin = words->first(), end = words->next(); end != icu::BreakIterator::DONE;
         begin = end, end = words->next())
        if (words->getRuleStatus() >= UBRK_WORD_NUMBER)
            unicode.tempSubStringBetween(begin, end).toUTF8String(result.emplace_back());
    return result;
}

bool is_plain(const std::string& text)
{
    const auto unicode = icu::UnicodeString::fromUTF8(text);
    for (int at = 0; at < unicode.length(); ++at)
        if (unicode[at] == ':' || unicode[at] >= 0x0E00 || (classify(unicode[at]) & char_class::emoji) != 0)
            return false;
    return true;
}

TEST(StandardTokenizer, AgreesWithIcusWordBreaksOnRealTitles)
{
    std::size_t compared = 0;
    for (const auto& line : lines_of("lucene_books.tsv")) {
        const auto columns = split(line, '\t');
        const auto text = columns[1] + ' ' + columns[2];
        if (!is_plain(text))
            continue;
        EXPECT_EQ(words_of(text), icu_words_of(text));
        ++compared;
    }
    EXPECT_GT(compared, 200U);
}

TEST(StandardTokenizer, SkipsIllFormedUtf8)
{
    EXPECT_EQ(words_of("ca\xFFsa \xC3"), (Texts{"ca", "sa"}));
    EXPECT_EQ(words_of("\xED\xA0\x80 uno \xF4\x90\x80\x80 dos \xE2\x82"), (Texts{"uno", "dos"}));
    EXPECT_EQ(words_of(std::string("a\0b", 3)), (Texts{"a", "b"}));
    std::string every_byte;
    for (int byte = 0; byte < 256; ++byte)
        every_byte += static_cast<char>(byte);
    EXPECT_EQ(words_of(every_byte), (Texts{"0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"}));
}

} // namespace
} // namespace estante::analysis
