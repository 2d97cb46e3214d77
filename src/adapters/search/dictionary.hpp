// Texts with numbers 0, 1, 2 … in the order in which they were added, found by hash. Flat arrays, no pointer per text.
#pragma once

#include "adapters/search/flat_array.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace estante::search {

// Texts one after the other in one block of memory (at most 4 GB).
class PackedTexts {
public:
    std::size_t size() const { return ends_.size(); }
    std::string_view operator[](std::size_t at) const
    {
        const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
        return {text_.data() + begin, ends_[at] - begin};
    }
    void add(std::string_view text);
    void shrink_to_fit();
    std::size_t memory_bytes() const { return text_.memory_bytes() + ends_.memory_bytes(); }
    bool is_sound() const; // no text reaches outside of the block
    // Calls with each array that it is made of, in the order of the file (see docs/search-format.md).
    template <class Self, class Visit> void each_array(this Self& self, Visit&& visit)
    {
        visit(self.text_);
        visit(self.ends_);
    }

private:
    FlatArray<char> text_;
    FlatArray<std::uint32_t> ends_;
};

class Dictionary {
public:
    static constexpr std::uint32_t absent = 0xFFFFFFFF;

    // The same in every dictionary, so that one hash serves the look-up in many.
    static std::uint64_t hash_of(std::string_view text);

    std::size_t size() const { return texts_.size(); }
    std::string_view operator[](std::uint32_t number) const { return texts_[number]; }
    std::uint32_t find(std::string_view text, std::uint64_t hash) const;
    std::uint32_t add(std::string_view text); // its number, new or not
    void shrink_to_fit() { texts_.shrink_to_fit(); }
    bool is_sound() const; // every look-up ends, with a text that is there or `absent`
    std::size_t memory_bytes() const { return texts_.memory_bytes() + slots_.memory_bytes(); }
    template <class Self, class Visit> void each_array(this Self& self, Visit&& visit)
    {
        self.texts_.each_array(visit);
        visit(self.slots_);
    }

private:
    void grow();
    std::size_t slot_of(std::string_view text, std::uint64_t hash) const;

    PackedTexts texts_;
    FlatArray<std::uint32_t> slots_; // open addressing; a number or `absent`
};

} // namespace estante::search
