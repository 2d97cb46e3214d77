// A fixed-size bit set, like Lucene's FixedBitSet. The operands of an operation have equal sizes.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace estante::search {

// The number of bits set in `count` words, and in the intersection of two such sets.
std::size_t count_bits(const std::uint64_t* words, std::size_t count);
std::size_t count_intersection(const std::uint64_t* words, const std::uint64_t* others, std::size_t count);
// The positions of the set bits, ascending. There are at most 65,536 bits, of which `count` are set.
void collect_set_bits(std::span<const std::uint64_t> words, std::size_t count, std::vector<std::uint16_t>& positions);

class BitSet {
public:
    static constexpr std::size_t word_bits = 64;

    BitSet() = default;
    explicit BitSet(std::size_t size, bool value = false)
        : words_((size + word_bits - 1) / word_bits, value ? ~std::uint64_t{0} : 0), size_(size)
    {
        clear_tail_bits();
    }

    std::size_t size() const { return size_; }
    bool test(std::size_t at) const { return (words_[at / word_bits] >> (at % word_bits) & 1U) != 0; }
    void set(std::size_t at) { words_[at / word_bits] |= std::uint64_t{1} << (at % word_bits); }
    void push_back(bool value)
    {
        if (size_ % word_bits == 0)
            words_.push_back(0);
        ++size_;
        if (value)
            set(size_ - 1);
    }
    // Becomes a set of `size` bits with these words. False if the number of words is wrong, or if bits are set beyond
    // the size.
    bool assign(std::size_t size, std::span<const std::uint64_t> words)
    {
        *this = BitSet(size);
        if (words.size() != words_.size())
            return false;
        std::ranges::copy(words, words_.begin());
        clear_tail_bits();
        return std::ranges::equal(words, words_);
    }
    void shrink_to_fit() { words_.shrink_to_fit(); }

    std::size_t count() const { return count_bits(words_.data(), words_.size()); }
    std::size_t intersection_count(const BitSet& other) const
    {
        return count_intersection(words_.data(), other.words_.data(), words_.size());
    }
    void collect(std::size_t count, std::vector<std::uint16_t>& positions) const
    {
        collect_set_bits(words_, count, positions);
    }
    std::size_t word_count() const { return words_.size(); }
    std::uint64_t word(std::size_t at) const { return words_[at]; }
    std::uint64_t& word(std::size_t at) { return words_[at]; }
    const std::uint64_t* data() const { return words_.data(); }

    void intersect(const BitSet& other)
    {
        for (std::size_t at = 0; at < words_.size(); ++at)
            words_[at] &= other.words_[at];
    }
    void subtract(const BitSet& other)
    {
        for (std::size_t at = 0; at < words_.size(); ++at)
            words_[at] &= ~other.words_[at];
    }

    // Calls the function with the position of each set bit from `begin` on, ascending, until it returns false.
    template <class Function> void for_each_while(std::size_t begin, Function&& function) const
    {
        auto skipped = (std::uint64_t{1} << (begin % word_bits)) - 1;
        for (auto at = begin / word_bits; at < words_.size(); ++at, skipped = 0)
            for (auto word = words_[at] & ~skipped; word != 0; word &= word - 1)
                if (!function(at * word_bits + static_cast<std::size_t>(std::countr_zero(word))))
                    return;
    }
    template <class Function> void for_each(Function&& function) const
    {
        for_each_while(0, [&function](std::size_t position) {
            function(position);
            return true;
        });
    }

    std::size_t memory_bytes() const { return words_.capacity() * sizeof(std::uint64_t); }

private:
    void clear_tail_bits()
    {
        if (size_ % word_bits != 0)
            words_.back() &= (std::uint64_t{1} << (size_ % word_bits)) - 1;
    }

    std::vector<std::uint64_t> words_;
    std::size_t size_ = 0;
};

} // namespace estante::search
