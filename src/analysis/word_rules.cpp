#include "analysis/word_rules.hpp"

#include <cstdint>

namespace estante::analysis {

namespace {

enum class WordState : std::uint8_t {
    begin,
    leading_connector, // only connectors so far: not a word yet
    connector,
    katakana,
    number,
    number_mid, // a digit must follow
    letter,
    letter_mid,          // a letter must follow
    hebrew,              // a letter that may be followed by a quote
    hebrew_quote,        // after ׳; a letter may follow
    hebrew_double_quote, // a Hebrew letter must follow
    hebrew_closed,       // after ״ and its letter: no middle punctuation here
    dead,
};

bool is_word(WordState state)
{
    switch (state) {
    case WordState::connector:
    case WordState::katakana:
    case WordState::number:
    case WordState::letter:
    case WordState::hebrew:
    case WordState::hebrew_quote:
    case WordState::hebrew_closed:
        return true;
    default:
        return false;
    }
}

// After a complete element any other element may start, except katakana, which joins only through a connector.
WordState begin_element(CharacterClass next)
{
    if (next & char_class::hebrew)
        return WordState::hebrew;
    if (next & char_class::letter)
        return WordState::letter;
    if (next & char_class::numeric)
        return WordState::number;
    return WordState::dead;
}

WordState step_over_connector(CharacterClass next, WordState on_connector)
{
    if (next & char_class::katakana)
        return WordState::katakana;
    if (next & char_class::connector)
        return on_connector;
    return begin_element(next);
}

WordState step_after_letter(WordState from, CharacterClass next)
{
    if (from == WordState::hebrew && (next & char_class::single_quote))
        return WordState::hebrew_quote;
    if (from == WordState::hebrew && (next & char_class::double_quote))
        return WordState::hebrew_double_quote;
    if (from != WordState::hebrew_quote && from != WordState::hebrew_closed && (next & char_class::mid_letter))
        return WordState::letter_mid;
    return (next & char_class::connector) ? WordState::connector : begin_element(next);
}

WordState step(WordState from, CharacterClass next)
{
    switch (from) {
    case WordState::begin:
    case WordState::leading_connector:
        return step_over_connector(next, WordState::leading_connector);
    case WordState::connector:
        return step_over_connector(next, WordState::connector);
    case WordState::katakana:
        if (next & char_class::katakana)
            return WordState::katakana;
        return (next & char_class::connector) ? WordState::connector : WordState::dead;
    case WordState::number:
        if (next & char_class::mid_number)
            return WordState::number_mid;
        return (next & char_class::connector) ? WordState::connector : begin_element(next);
    case WordState::number_mid:
        return (next & char_class::numeric) ? WordState::number : WordState::dead;
    case WordState::letter:
    case WordState::hebrew:
    case WordState::hebrew_quote:
    case WordState::hebrew_closed:
        return step_after_letter(from, next);
    case WordState::letter_mid:
        return (next & char_class::letter) ? WordState::letter : WordState::dead;
    case WordState::hebrew_double_quote:
        return (next & char_class::hebrew) ? WordState::hebrew_closed : WordState::dead;
    case WordState::dead:
        break;
    }
    return WordState::dead;
}

} // namespace

std::size_t match_word(CharacterCursor cursor)
{
    auto end = cursor.offset();
    for (auto state = WordState::begin; !cursor.ended();) {
        if (!cursor.is(char_class::extends) || state == WordState::begin) {
            state = step(state, cursor.character_class());
            if (state == WordState::dead)
                return end;
        }
        cursor.advance();
        if (is_word(state))
            end = cursor.offset();
    }
    return end;
}

} // namespace estante::analysis
