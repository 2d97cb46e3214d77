// A set of small numbers as bits. Sizes that meet in one operation are equal.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace estante::search {

// How many are set in `count` words; how many are set in both.
std::size_t count_bits(const std::uint64_t* words, std::size_t count);
std::size_t count_common_bits(const std::uint64_t* words, const std::uint64_t* others, std::size_t count);
// The members of a set of at most 65,536 numbers, of which there are `count`, ascending.
void members_of(std::span<const std::uint64_t> words, std::size_t count, std::vector<std::uint16_t>& members);

class Bits {
public:
    static constexpr std::size_t word_bits = 64;

    Bits() = default;
    explicit Bits(std::size_t size, bool value = false)
        : words_((size + word_bits - 1) / word_bits, value ? ~std::uint64_t{0} : 0), size_(size)
    {
        clear_beyond_size();
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
    // Becomes the set of `size` numbers whose words these are; false if words are too few or many, or hold more
    // numbers.
    bool assign(std::size_t size, std::span<const std::uint64_t> words)
    {
        *this = Bits(size);
        if (words.size() != words_.size())
            return false;
        std::ranges::copy(words, words_.begin());
        clear_beyond_size();
        return std::ranges::equal(words, words_);
    }
    void shrink_to_fit() { words_.shrink_to_fit(); }

    std::size_t count() const { return count_bits(words_.data(), words_.size()); }
    // How many of both.
    std::size_t count_common(const Bits& other) const
    {
        return count_common_bits(words_.data(), other.words_.data(), words_.size());
    }
    void members(std::size_t count, std::vector<std::uint16_t>& members) const { members_of(words_, count, members); }
    std::size_t word_count() const { return words_.size(); }
    std::uint64_t word(std::size_t at) const { return words_[at]; }
    std::uint64_t& word(std::size_t at) { return words_[at]; }
    const std::uint64_t* data() const { return words_.data(); }

    void keep(const Bits& other)
    {
        for (std::size_t at = 0; at < words_.size(); ++at)
            words_[at] &= other.words_[at];
    }
    void drop(const Bits& other)
    {
        for (std::size_t at = 0; at < words_.size(); ++at)
            words_[at] &= ~other.words_[at];
    }

    // Calls with each member from `begin` on, ascending, until the function answers false.
    template <class Function> void each_while(std::size_t begin, Function&& function) const
    {
        auto passed = (std::uint64_t{1} << (begin % word_bits)) - 1;
        for (auto at = begin / word_bits; at < words_.size(); ++at, passed = 0)
            for (auto word = words_[at] & ~passed; word != 0; word &= word - 1)
                if (!function(at * word_bits + static_cast<std::size_t>(std::countr_zero(word))))
                    return;
    }
    template <class Function> void each(Function&& function) const
    {
        each_while(0, [&function](std::size_t member) {
            function(member);
            return true;
        });
    }

    std::size_t memory_bytes() const { return words_.capacity() * sizeof(std::uint64_t); }

private:
    void clear_beyond_size()
    {
        if (size_ % word_bits != 0)
            words_.back() &= (std::uint64_t{1} << (size_ % word_bits)) - 1;
    }

    std::vector<std::uint64_t> words_;
    std::size_t size_ = 0;
};

} // namespace estante::search
