#include "analysis/character_class.hpp"

#include "domain/icu_status.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <array>
#include <optional>

namespace estante::analysis {
namespace {

bool assigned_by_unicode_12_1(UChar32 c)
{
    UVersionInfo age;
    u_charAge(c, age);
    return age[0] != 0 && (age[0] < 12 || (age[0] == 12 && age[1] <= 1));
}

CharacterClass word_break_class(UChar32 c)
{
    switch (u_getIntPropertyValue(c, UCHAR_WORD_BREAK)) {
    case U_WB_ALETTER:
        return char_class::letter;
    case U_WB_HEBREW_LETTER:
        return char_class::letter | char_class::hebrew;
    case U_WB_NUMERIC:
        return char_class::numeric;
    case U_WB_KATAKANA:
        return char_class::katakana;
    case U_WB_EXTENDNUMLET:
        return char_class::connector;
    case U_WB_MIDLETTER:
        return char_class::mid_letter;
    case U_WB_MIDNUM:
        return char_class::mid_number;
    case U_WB_MIDNUMLET:
        return char_class::mid_letter | char_class::mid_number;
    case U_WB_SINGLE_QUOTE:
        return char_class::mid_letter | char_class::mid_number | char_class::single_quote;
    case U_WB_DOUBLE_QUOTE:
        return char_class::double_quote;
    case U_WB_EXTEND:
    case U_WB_FORMAT:
    case U_WB_ZWJ:
        return char_class::extends;
    case U_WB_REGIONAL_INDICATOR:
        return char_class::regional;
    default:
        return char_class::none;
    }
}

// Property changes that later versions of Unicode made to characters of 12.1.
std::optional<CharacterClass> changed_since_12_1(UChar32 c)
{
    if ((c >= 0x02E5 && c <= 0x02EB) || c == 0x055A || c == 0x055F || c == 0x058A || (c >= 0xA708 && c <= 0xA716) ||
        c == 0x16FE2)
        return char_class::none;
    if (c >= 0x1FB00 && c <= 0x1FBFF)
        return char_class::emoji;
    return std::nullopt;
}

bool is_emoji(UChar32 c)
{
    if (u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC))
        return true;
    const bool digit_or_sign = c < 0x80;
    return u_hasBinaryProperty(c, UCHAR_EMOJI) && !digit_or_sign && !u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER) &&
           !u_hasBinaryProperty(c, UCHAR_REGIONAL_INDICATOR);
}

constexpr UChar32 common_end = 0x0900; // Latin, Greek, Cyrillic, Hebrew, Arabic and their marks

std::array<CharacterClass, common_end> common_classes()
{
    std::array<CharacterClass, common_end> classes{};
    for (UChar32 c = 0; c < common_end; ++c)
        classes[static_cast<std::size_t>(c)] = classify_by_properties(c);
    return classes;
}

} // namespace

CharacterClass classify_by_properties(UChar32 c)
{
    if (const auto changed = changed_since_12_1(c))
        return *changed;
    CharacterClass result = is_emoji(c) ? char_class::emoji : char_class::none;
    if (!assigned_by_unicode_12_1(c))
        return result;
    result |= word_break_class(c);
    if (c >= 0xFF10 && c <= 0xFF19)
        result |= char_class::numeric;
    if (u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER))
        result |= char_class::emoji_modifier;
    if (u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT)
        result |= char_class::complex;
    UErrorCode status = U_ZERO_ERROR;
    const auto script = uscript_getScript(c, &status);
    check_icu(status, "tell the script of a character");
    if (script == USCRIPT_HAN)
        result |= char_class::han;
    if (script == USCRIPT_HIRAGANA)
        result |= char_class::hiragana;
    return result;
}

CharacterClass classify(UChar32 c)
{
    static const auto classes = common_classes();
    return c >= 0 && c < common_end ? classes[static_cast<std::size_t>(c)] : classify_by_properties(c);
}

} // namespace estante::analysis
