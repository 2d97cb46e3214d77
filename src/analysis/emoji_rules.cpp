#include "analysis/emoji_rules.hpp"

namespace estante::analysis {

namespace {

constexpr UChar32 text_presentation = 0xFE0E;
constexpr UChar32 emoji_presentation = 0xFE0F;
constexpr UChar32 keycap = 0x20E3;
constexpr UChar32 first_tag = 0xE0020;
constexpr UChar32 last_tag = 0xE007E;
constexpr UChar32 cancel_tag = 0xE007F;

bool is_mark(const CharacterCursor& cursor)
{
    return cursor.is(char_class::extends) && cursor.character() != text_presentation &&
           cursor.character() != emoji_presentation;
}

std::size_t match_tags(CharacterCursor cursor, std::size_t fallback)
{
    bool has_tags = false;
    for (; !cursor.ended() && cursor.character() >= first_tag && cursor.character() <= last_tag; has_tags = true)
        cursor.advance();
    if (!has_tags || !cursor.is_character(cancel_tag))
        return fallback;
    cursor.advance();
    return cursor.offset();
}

} // namespace

std::size_t match_keycap(CharacterCursor cursor)
{
    const auto begin = cursor.offset();
    auto end = begin;
    bool capped = false;
    const auto pass_marks = [&] {
        for (; is_mark(cursor); end = capped ? cursor.offset() : begin) {
            capped = capped || cursor.character() == keycap;
            cursor.advance();
        }
    };
    cursor.advance();
    pass_marks();
    if (!cursor.is_character(emoji_presentation))
        return end;
    cursor.advance();
    if (!cursor.is_character(keycap))
        return end;
    capped = true;
    pass_marks();
    return end;
}

std::size_t match_emoji(CharacterCursor cursor)
{
    auto end = cursor.offset();
    for (bool first = true;; first = false) {
        std::size_t joiners = 0;
        for (; cursor.is_character(zero_width_joiner); ++joiners)
            cursor.advance();
        const bool pictograph = cursor.is(char_class::emoji);
        if (!pictograph && !(cursor.is(char_class::emoji_modifier) && joiners <= (first ? 0U : 1U)))
            return end;
        bool is_joined = false;
        do {
            is_joined = cursor.is_character(zero_width_joiner);
            cursor.advance();
            end = cursor.offset();
        } while (is_mark(cursor));
        if (pictograph && cursor.is_character(emoji_presentation)) {
            cursor.advance();
            end = cursor.offset();
            if (first)
                end = match_tags(cursor, end);
            is_joined = cursor.is_character(zero_width_joiner);
        }
        if (!is_joined)
            return end;
    }
}

std::size_t match_flag(CharacterCursor cursor)
{
    const auto begin = cursor.offset();
    for (int indicators = 0; indicators < 2; ++indicators) {
        if (!cursor.is(char_class::regional))
            return begin;
        cursor.advance();
        while (cursor.is(char_class::extends))
            cursor.advance();
    }
    return cursor.offset();
}

} // namespace estante::analysis
