#include "adapters/search/term_dictionary.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

namespace estante::search {
namespace {

constexpr std::size_t min_slots = 8;

} // namespace

void PackedStrings::add(std::string_view text)
{
    if (text.size() > std::numeric_limits<std::uint32_t>::max() - text_.size())
        throw std::length_error("a search segment holds more than 4 GB of text");
    text_.append(text);
    ends_.push_back(static_cast<std::uint32_t>(text_.size()));
}

void PackedStrings::shrink_to_fit()
{
    text_.shrink_to_fit();
    ends_.shrink_to_fit();
}

bool PackedStrings::is_consistent() const
{
    return std::ranges::is_sorted(ends_) && (ends_.empty() ? 0 : ends_.back()) == text_.size();
}

// FNV-1a with a final mix, so that the low bits depend on all bits.
std::uint64_t TermDictionary::hash_of(std::string_view text)
{
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : text)
        hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
    return hash ^ hash >> 32;
}

std::size_t TermDictionary::slot_of(std::string_view text, std::uint64_t hash) const
{
    const auto mask = slots_.size() - 1;
    auto slot = static_cast<std::size_t>(hash) & mask;
    while (slots_[slot] != absent && texts_[slots_[slot]] != text)
        slot = (slot + 1) & mask;
    return slot;
}

std::uint32_t TermDictionary::find(std::string_view text, std::uint64_t hash) const
{
    return slots_.empty() ? absent : slots_[slot_of(text, hash)];
}

std::uint32_t TermDictionary::add(std::string_view text)
{
    if (slots_.size() * 2 <= texts_.size() * 3) // at most two thirds full
        grow();
    const auto slot = slot_of(text, hash_of(text));
    if (slots_[slot] == absent) {
        const auto number = static_cast<std::uint32_t>(texts_.size());
        texts_.add(text);
        slots_.mutable_values()[slot] = number;
    }
    return slots_[slot];
}

bool TermDictionary::is_consistent() const
{
    const auto is_known = [this](std::uint32_t number) { return number == absent || number < texts_.size(); };
    return texts_.is_consistent() && std::ranges::all_of(slots_, is_known) &&
           (slots_.empty() ? texts_.size() == 0
                           : std::has_single_bit(slots_.size()) && std::ranges::find(slots_, absent) != slots_.end());
}

void TermDictionary::grow()
{
    slots_.assign(slots_.empty() ? min_slots : slots_.size() * 2, absent);
    for (std::uint32_t number = 0; number < texts_.size(); ++number)
        slots_.mutable_values()[slot_of(texts_[number], hash_of(texts_[number]))] = number;
}

} // namespace estante::search
