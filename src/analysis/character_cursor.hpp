// Steps through the code points of a text with their character classes.
#pragma once

#include "analysis/character_class.hpp"
#include "analysis/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace estante::analysis {

// Starts at an offset and ends at the end of the text, or before the code point that would exceed `max_length` UTF-16
// units. The tokenizer's rules take it by value, so each of them reads ahead from the same position.
class CharacterCursor {
public:
    CharacterCursor(std::string_view text, std::size_t at, std::size_t max_length)
        : text_(text), at_(at), next_(at), max_length_(max_length)
    {
        decode();
    }

    bool ended() const { return ended_; }
    UChar32 character() const { return character_; }
    CharacterClass character_class() const { return class_; }
    bool is(CharacterClass classes) const { return !ended_ && (class_ & classes) != 0; }
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
        ended_ = units_ + utf16_units(character_) > max_length_;
        class_ = classify(character_);
    }

    std::string_view text_;
    std::size_t at_;
    std::size_t next_;
    std::size_t max_length_;
    std::size_t units_ = 0;
    UChar32 character_ = 0;
    CharacterClass class_ = char_class::none;
    bool ended_ = false;
};

} // namespace estante::analysis
