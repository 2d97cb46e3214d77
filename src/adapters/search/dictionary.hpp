// Texts with numbers 0, 1, 2 … in the order in which they were added, found by hash. Flat arrays, no pointer per text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace estante::search {

// Texts one after the other in one block of memory (at most 4 GB).
class PackedTexts {
public:
    std::size_t size() const { return ends_.size(); }
    std::string_view operator[](std::size_t at) const
    {
        const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
        return std::string_view(text_).substr(begin, ends_[at] - begin);
    }
    void add(std::string_view text);
    void shrink_to_fit();
    std::size_t memory_bytes() const { return text_.capacity() + ends_.capacity() * sizeof(std::uint32_t); }

private:
    std::string text_;
    std::vector<std::uint32_t> ends_;
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
    std::size_t memory_bytes() const { return texts_.memory_bytes() + slots_.capacity() * sizeof(std::uint32_t); }

private:
    void grow();
    std::size_t slot_of(std::string_view text, std::uint64_t hash) const;

    PackedTexts texts_;
    std::vector<std::uint32_t> slots_; // open addressing; a number or `absent`
};

} // namespace estante::search
