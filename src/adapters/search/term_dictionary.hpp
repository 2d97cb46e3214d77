// The term dictionary of a segment: terms are numbered 0, 1, 2 … in the order of insertion and found by hash. It
// consists of flat arrays, without a pointer per term.
#pragma once

#include "adapters/search/segment_array.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace estante::search {

// Strings stored one after the other in one block of memory (at most 4 GB).
class PackedStrings {
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
    bool is_consistent() const; // no string exceeds the block
    // Calls `visit` with each array in the order of the segment file (docs/search-format.md).
    template <class Self, class Visit> void for_each_array(this Self& self, Visit&& visit)
    {
        visit(self.text_);
        visit(self.ends_);
    }

private:
    SegmentArray<char> text_;
    SegmentArray<std::uint32_t> ends_;
};

class TermDictionary {
public:
    static constexpr std::uint32_t absent = 0xFFFFFFFF;

    // Equal in every dictionary, so that one hash serves the lookup in all segments.
    static std::uint64_t hash_of(std::string_view text);

    std::size_t size() const { return texts_.size(); }
    std::string_view operator[](std::uint32_t number) const { return texts_[number]; }
    std::uint32_t find(std::string_view text, std::uint64_t hash) const;
    std::uint32_t add(std::string_view text); // returns the number of the new or existing term
    void shrink_to_fit() { texts_.shrink_to_fit(); }
    bool is_consistent() const; // every lookup terminates with an existing term or `absent`
    std::size_t memory_bytes() const { return texts_.memory_bytes() + slots_.memory_bytes(); }
    template <class Self, class Visit> void for_each_array(this Self& self, Visit&& visit)
    {
        self.texts_.for_each_array(visit);
        visit(self.slots_);
    }

private:
    void grow();
    std::size_t slot_of(std::string_view text, std::uint64_t hash) const;

    PackedStrings texts_;
    SegmentArray<std::uint32_t> slots_; // hash table with open addressing: a term number or `absent`
};

} // namespace estante::search
