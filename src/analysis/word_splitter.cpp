#include "analysis/word_splitter.hpp"

#include "analysis/character_kind.hpp"
#include "analysis/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace estante::analysis {
namespace {

constexpr UChar32 zero_width_joiner = 0x200D;
constexpr UChar32 text_presentation = 0xFE0E;
constexpr UChar32 emoji_presentation = 0xFE0F;
constexpr UChar32 keycap = 0x20E3;
constexpr UChar32 first_tag = 0xE0020;
constexpr UChar32 last_tag = 0xE007E;
constexpr UChar32 cancel_tag = 0xE007F;

// A place in the text, within the longest word that may begin at the place where it was made.
class Place {
public:
    Place(std::string_view text, std::size_t at) : text_(text), at_(at), next_(at) { decode(); }

    bool ended() const { return ended_; }
    UChar32 character() const { return character_; }
    CharacterKind kind() const { return kind_; }
    bool is(CharacterKind kinds) const { return !ended_ && (kind_ & kinds) != 0; }
    bool is_character(UChar32 c) const { return !ended_ && character_ == c; }
    std::size_t offset() const { return at_; }

    void advance()
    {
        units_ += utf16_units(character_);
        at_ = next_;
        decode();
    }

private:
    void decode()
    {
        if (at_ >= text_.size()) {
            ended_ = true;
            return;
        }
        const auto first = static_cast<std::uint8_t>(text_[at_]);
        if (first < 0x80) {
            character_ = first;
            next_ = at_ + 1;
        } else {
            character_ = next_code_point(text_, next_);
        }
        ended_ = units_ + utf16_units(character_) > WordSplitter::longest_word;
        kind_ = kind_of(character_);
    }

    std::string_view text_;
    std::size_t at_;
    std::size_t next_;
    std::size_t units_ = 0;
    UChar32 character_ = 0;
    CharacterKind kind_ = kind::none;
    bool ended_ = false;
};

enum class WordState : std::uint8_t {
    begin,
    leading_connector, // only connectors so far: not yet a word
    connector,
    katakana,
    number,
    number_mid, // a digit must follow
    letter,
    letter_mid,          // a letter must follow
    hebrew,              // a letter that quotes may follow
    hebrew_quote,        // ׳ ended it; a letter may follow
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

// After a complete element any new element may begin, but katakana joins only through a connector.
WordState begin_element(CharacterKind is)
{
    if (is & kind::hebrew)
        return WordState::hebrew;
    if (is & kind::letter)
        return WordState::letter;
    if (is & kind::numeric)
        return WordState::number;
    return WordState::dead;
}

WordState step_over_connector(CharacterKind is, WordState on_connector)
{
    if (is & kind::katakana)
        return WordState::katakana;
    if (is & kind::connector)
        return on_connector;
    return begin_element(is);
}

WordState step_after_letter(WordState from, CharacterKind is)
{
    if (from == WordState::hebrew && (is & kind::single_quote))
        return WordState::hebrew_quote;
    if (from == WordState::hebrew && (is & kind::double_quote))
        return WordState::hebrew_double_quote;
    if (from != WordState::hebrew_quote && from != WordState::hebrew_closed && (is & kind::mid_letter))
        return WordState::letter_mid;
    return (is & kind::connector) ? WordState::connector : begin_element(is);
}

WordState step(WordState from, CharacterKind is)
{
    switch (from) {
    case WordState::begin:
    case WordState::leading_connector:
        return step_over_connector(is, WordState::leading_connector);
    case WordState::connector:
        return step_over_connector(is, WordState::connector);
    case WordState::katakana:
        if (is & kind::katakana)
            return WordState::katakana;
        return (is & kind::connector) ? WordState::connector : WordState::dead;
    case WordState::number:
        if (is & kind::mid_number)
            return WordState::number_mid;
        return (is & kind::connector) ? WordState::connector : begin_element(is);
    case WordState::number_mid:
        return (is & kind::numeric) ? WordState::number : WordState::dead;
    case WordState::letter:
    case WordState::hebrew:
    case WordState::hebrew_quote:
    case WordState::hebrew_closed:
        return step_after_letter(from, is);
    case WordState::letter_mid:
        return (is & kind::letter) ? WordState::letter : WordState::dead;
    case WordState::hebrew_double_quote:
        return (is & kind::hebrew) ? WordState::hebrew_closed : WordState::dead;
    case WordState::dead:
        break;
    }
    return WordState::dead;
}

// Each match answers the end of the longest word of its sort that begins at the place; the place itself if there is
// none.

std::size_t match_word(Place place)
{
    auto end = place.offset();
    for (auto state = WordState::begin; !place.ended();) {
        if (!place.is(kind::extends) || state == WordState::begin) {
            state = step(state, place.kind());
            if (state == WordState::dead)
                return end;
        }
        place.advance();
        if (is_word(state))
            end = place.offset();
    }
    return end;
}

bool extends_but_no_presentation(const Place& place)
{
    return place.is(kind::extends) && place.character() != text_presentation && place.character() != emoji_presentation;
}

// [0-9#*] with a keycap, in any order with its marks.
std::size_t match_keycap(Place place)
{
    const auto begin = place.offset();
    auto end = begin;
    bool capped = false;
    const auto pass_marks = [&] {
        for (; extends_but_no_presentation(place); end = capped ? place.offset() : begin) {
            capped = capped || place.character() == keycap;
            place.advance();
        }
    };
    place.advance();
    pass_marks();
    if (!place.is_character(emoji_presentation))
        return end;
    place.advance();
    if (!place.is_character(keycap))
        return end;
    capped = true;
    pass_marks();
    return end;
}

std::size_t match_tags(Place place, std::size_t otherwise)
{
    bool some = false;
    for (; !place.ended() && place.character() >= first_tag && place.character() <= last_tag; some = true)
        place.advance();
    if (!some || !place.is_character(cancel_tag))
        return otherwise;
    place.advance();
    return place.offset();
}

// Pictures, each with its marks and presentation, joined by zero-width joiners; or one picture with tags (flags of
// regions).
std::size_t match_emoji(Place place)
{
    auto end = place.offset();
    for (bool first = true;; first = false) {
        std::size_t joiners = 0;
        for (; place.is_character(zero_width_joiner); ++joiners)
            place.advance();
        const bool picture = place.is(kind::emoji);
        if (!picture && !(place.is(kind::emoji_modifier) && joiners <= (first ? 0U : 1U)))
            return end;
        bool joined = false;
        do {
            joined = place.is_character(zero_width_joiner);
            place.advance();
            end = place.offset();
        } while (extends_but_no_presentation(place));
        if (picture && place.is_character(emoji_presentation)) {
            place.advance();
            end = place.offset();
            if (first)
                end = match_tags(place, end);
            joined = place.is_character(zero_width_joiner);
        }
        if (!joined)
            return end;
    }
}

std::size_t match_flag(Place place)
{
    const auto begin = place.offset();
    for (int halves = 0; halves < 2; ++halves) {
        if (!place.is(kind::regional))
            return begin;
        place.advance();
        while (place.is(kind::extends))
            place.advance();
    }
    return place.offset();
}

std::size_t match_complex(Place place)
{
    while (place.is(kind::complex)) {
        place.advance();
        while (place.is(kind::extends))
            place.advance();
    }
    return place.offset();
}

std::size_t match_ideograph(Place place)
{
    place.advance();
    while (place.is(kind::extends))
        place.advance();
    return place.offset();
}

bool takes_keycap(const Place& place)
{
    const auto c = place.character();
    return c == '#' || c == '*' || (c >= '0' && c <= '9');
}

std::size_t longest_match(const Place& place)
{
    auto end = match_word(place);
    const auto consider = [&end](std::size_t other) { end = std::max(end, other); };
    if (takes_keycap(place))
        consider(match_keycap(place));
    if (place.is(kind::emoji | kind::emoji_modifier) || place.is_character(zero_width_joiner))
        consider(match_emoji(place));
    if (place.is(kind::regional))
        consider(match_flag(place));
    if (place.is(kind::complex))
        consider(match_complex(place));
    if (place.is(kind::han | kind::hiragana))
        consider(match_ideograph(place));
    return end;
}

} // namespace

bool WordSplitter::next(std::string_view& word)
{
    while (at_ < text_.size()) {
        Place place(text_, at_);
        const auto end = longest_match(place);
        if (end > at_) {
            word = text_.substr(at_, end - at_);
            at_ = end;
            return true;
        }
        place.advance();
        at_ = place.offset();
    }
    return false;
}

} // namespace estante::analysis
