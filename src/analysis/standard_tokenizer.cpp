#include "analysis/standard_tokenizer.hpp"

#include "analysis/character_cursor.hpp"
#include "analysis/emoji_rules.hpp"
#include "analysis/word_rules.hpp"

#include <algorithm>

namespace estante::analysis {

namespace {

std::size_t match_complex(CharacterCursor cursor)
{
    while (cursor.is(char_class::complex)) {
        cursor.advance();
        while (cursor.is(char_class::extends))
            cursor.advance();
    }
    return cursor.offset();
}

std::size_t match_ideograph(CharacterCursor cursor)
{
    cursor.advance();
    while (cursor.is(char_class::extends))
        cursor.advance();
    return cursor.offset();
}

bool may_start_keycap(const CharacterCursor& cursor)
{
    const auto c = cursor.character();
    return c == '#' || c == '*' || (c >= '0' && c <= '9');
}

std::size_t longest_match(const CharacterCursor& cursor)
{
    auto end = match_word(cursor);
    const auto consider = [&end](std::size_t other) { end = std::max(end, other); };
    if (may_start_keycap(cursor))
        consider(match_keycap(cursor));
    if (cursor.is(char_class::emoji | char_class::emoji_modifier) || cursor.is_character(zero_width_joiner))
        consider(match_emoji(cursor));
    if (cursor.is(char_class::regional))
        consider(match_flag(cursor));
    if (cursor.is(char_class::complex))
        consider(match_complex(cursor));
    if (cursor.is(char_class::han | char_class::hiragana))
        consider(match_ideograph(cursor));
    return end;
}

} // namespace

bool StandardTokenizer::next(std::string_view& token)
{
    while (at_ < text_.size()) {
        CharacterCursor cursor(text_, at_, max_token_length);
        const auto end = longest_match(cursor);
        if (end > at_) {
            token = text_.substr(at_, end - at_);
            at_ = end;
            return true;
        }
        cursor.advance();
        at_ = cursor.offset();
    }
    return false;
}

} // namespace estante::analysis
