#include "analysis/character_kind.hpp"

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

CharacterKind word_break_kind(UChar32 c)
{
    switch (u_getIntPropertyValue(c, UCHAR_WORD_BREAK)) {
    case U_WB_ALETTER:
        return kind::letter;
    case U_WB_HEBREW_LETTER:
        return kind::letter | kind::hebrew;
    case U_WB_NUMERIC:
        return kind::numeric;
    case U_WB_KATAKANA:
        return kind::katakana;
    case U_WB_EXTENDNUMLET:
        return kind::connector;
    case U_WB_MIDLETTER:
        return kind::mid_letter;
    case U_WB_MIDNUM:
        return kind::mid_number;
    case U_WB_MIDNUMLET:
        return kind::mid_letter | kind::mid_number;
    case U_WB_SINGLE_QUOTE:
        return kind::mid_letter | kind::mid_number | kind::single_quote;
    case U_WB_DOUBLE_QUOTE:
        return kind::double_quote;
    case U_WB_EXTEND:
    case U_WB_FORMAT:
    case U_WB_ZWJ:
        return kind::extends;
    case U_WB_REGIONAL_INDICATOR:
        return kind::regional;
    default:
        return kind::none;
    }
}

// What later versions of Unicode changed about characters that were there before.
std::optional<CharacterKind> changed_since_12_1(UChar32 c)
{
    if ((c >= 0x02E5 && c <= 0x02EB) || c == 0x055A || c == 0x055F || c == 0x058A || (c >= 0xA708 && c <= 0xA716) ||
        c == 0x16FE2)
        return kind::none;
    if (c >= 0x1FB00 && c <= 0x1FBFF)
        return kind::emoji;
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

std::array<CharacterKind, common_end> common_kinds()
{
    std::array<CharacterKind, common_end> kinds{};
    for (UChar32 c = 0; c < common_end; ++c)
        kinds[static_cast<std::size_t>(c)] = kind_by_properties(c);
    return kinds;
}

} // namespace

CharacterKind kind_by_properties(UChar32 c)
{
    if (const auto changed = changed_since_12_1(c))
        return *changed;
    CharacterKind result = is_emoji(c) ? kind::emoji : kind::none;
    if (!assigned_by_unicode_12_1(c))
        return result;
    result |= word_break_kind(c);
    if (c >= 0xFF10 && c <= 0xFF19)
        result |= kind::numeric;
    if (u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER))
        result |= kind::emoji_modifier;
    if (u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT)
        result |= kind::complex;
    UErrorCode status = U_ZERO_ERROR;
    const auto script = uscript_getScript(c, &status);
    check_icu(status, "tell the script of a character");
    if (script == USCRIPT_HAN)
        result |= kind::han;
    if (script == USCRIPT_HIRAGANA)
        result |= kind::hiragana;
    return result;
}

CharacterKind kind_of(UChar32 c)
{
    static const auto kinds = common_kinds();
    return c >= 0 && c < common_end ? kinds[static_cast<std::size_t>(c)] : kind_by_properties(c);
}

} // namespace estante::analysis
