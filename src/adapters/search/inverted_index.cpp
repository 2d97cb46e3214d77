#include "adapters/search/inverted_index.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <stdexcept>
#include <utility>

namespace estante::search {
namespace {

// A posting while lists are made: ordered by document.
std::uint32_t pack(DocumentNumber document, Frequency frequency)
{
    return static_cast<std::uint32_t>(document) << 16 | frequency;
}
DocumentNumber document_of(std::uint32_t packed)
{
    return static_cast<DocumentNumber>(packed >> 16);
}
Frequency frequency_of(std::uint32_t packed)
{
    return static_cast<Frequency>(packed & 0xFFFFU);
}

constexpr std::size_t fewest_documents_for_bits = 256;
// A list with 1/32 of the documents, or with as many as would take long to look through, is kept as bits too.
constexpr std::size_t common_share = 32;
constexpr std::size_t many_postings = 512;

std::size_t words_for(std::size_t documents)
{
    return (documents + Bits::word_bits - 1) / Bits::word_bits;
}

} // namespace

bool InvertedIndex::is_common(std::size_t count, std::size_t documents)
{
    return documents >= fewest_documents_for_bits && (count * common_share >= documents || count >= many_postings);
}

InvertedIndex::InvertedIndex(Dictionary terms, const std::vector<Occurrence>& occurrences, const Norms& norms,
                             std::size_t documents)
    : terms_(std::move(terms)), documents_(documents)
{
    const auto begins = lay_out(occurrences);
    std::vector<std::uint32_t> packed(occurrences.size());
    auto ends = begins;
    for (const auto& occurrence : occurrences)
        packed[ends[list_number(occurrence.field, entries_[occurrence.term])]++] =
            pack(occurrence.document, occurrence.frequency);

    for (std::uint32_t term = 0; term < entries_.size(); ++term)
        for (std::size_t field = 0; field < field_count; ++field)
            if ((entries_[term] >> field & 1U) != 0) {
                const auto list = list_number(static_cast<Field>(field), entries_[term]);
                store(list, static_cast<Field>(field),
                      std::span(packed).subspan(begins[list], ends[list] - begins[list]), norms);
            }
    terms_.shrink_to_fit();
    postings_.shrink_to_fit();
    common_lists_.shrink_to_fit();
    bits_.shrink_to_fit();
}

// Numbers the lists and counts their postings; answers where each begins when they lie one after the other.
std::vector<std::uint32_t> InvertedIndex::lay_out(const std::vector<Occurrence>& occurrences)
{
    entries_.assign(terms_.size(), 0);
    for (const auto& occurrence : occurrences)
        entries_.changeable()[occurrence.term] |= 1U << number_of(occurrence.field);

    std::uint32_t next_list = 0;
    for (auto& entry : entries_.changeable()) {
        const auto fields = entry & field_bits;
        if (next_list >= 1U << (32 - field_count) || occurrences.size() > std::numeric_limits<std::uint32_t>::max())
            throw std::length_error("a search segment has too many terms");
        entry = next_list << field_count | fields;
        next_list += static_cast<std::uint32_t>(std::popcount(fields));
    }

    std::vector<std::uint32_t> begins(next_list, 0);
    for (const auto& occurrence : occurrences)
        ++begins[list_number(occurrence.field, entries_[occurrence.term])];
    std::uint32_t begin = 0;
    for (auto& count : begins)
        begin += std::exchange(count, begin);
    lists_.resize(next_list);
    return begins;
}

void InvertedIndex::store(std::size_t list, Field field, std::span<std::uint32_t> packed, const Norms& norms)
{
    auto& entry = lists_.changeable()[list];
    entry.count = static_cast<std::uint32_t>(packed.size());
    if (packed.size() == 1) {
        entry.document_or_low = document_of(packed[0]);
        entry.frequency_or_high = frequency_of(packed[0]);
        return;
    }
    if (!std::ranges::is_sorted(packed)) // after a merge
        std::ranges::sort(packed);
    if (postings_.size() > std::numeric_limits<std::uint32_t>::max())
        throw std::length_error("a search segment has too many postings");
    entry.document_or_low = static_cast<std::uint16_t>(postings_.size() & 0xFFFFU);
    entry.frequency_or_high = static_cast<std::uint16_t>(postings_.size() >> 16);

    if (number_of(field) < scored_fields)
        store_blocks(field, packed, norms);
    for (const auto posting : packed)
        postings_.push_back(document_of(posting));
    if (std::ranges::any_of(packed, [](auto posting) { return frequency_of(posting) > 1; })) {
        entry.has_frequencies = 1;
        for (const auto posting : packed)
            postings_.push_back(frequency_of(posting));
    }
    if (is_common(packed.size(), documents_)) {
        entry.has_bits = 1;
        store_bits(list, packed);
    }
}

void InvertedIndex::store_blocks(Field field, std::span<const std::uint32_t> packed, const Norms& norms)
{
    for (std::size_t begin = 0; begin < packed.size(); begin += Block::documents) {
        std::uint8_t shortest = std::numeric_limits<std::uint8_t>::max();
        Frequency highest = 0;
        for (const auto posting : packed.subspan(begin, std::min(Block::documents, packed.size() - begin))) {
            shortest = std::min(shortest, norms[number_of(field)][document_of(posting)]);
            highest = std::max(highest, frequency_of(posting));
        }
        postings_.push_back(
            Block::pack(shortest, static_cast<std::uint8_t>(std::min<Frequency>(highest, Block::frequency_beyond))));
    }
}

void InvertedIndex::store_bits(std::size_t list, std::span<const std::uint32_t> packed)
{
    common_lists_.push_back(static_cast<std::uint32_t>(list));
    const auto begin = bits_.size();
    bits_.resize(begin + words_for(documents_));
    const auto words = bits_.changeable().subspan(begin);
    for (const auto posting : packed) {
        const auto document = document_of(posting);
        words[document / Bits::word_bits] |= std::uint64_t{1} << (document % Bits::word_bits);
    }
}

Postings InvertedIndex::find(Field field, std::uint32_t term) const
{
    if (term == Dictionary::absent)
        return {};
    const auto entry = entries_[term];
    if ((entry >> number_of(field) & 1U) == 0)
        return {};
    const auto number = list_number(field, entry);
    const auto& list = lists_[number];
    if (list.count == 1)
        return {.documents = {&list.document_or_low, 1}, .frequencies = &list.frequency_or_high};

    Postings postings;
    const std::size_t count = list.count;
    const auto* at = postings_.data() + (static_cast<std::size_t>(list.frequency_or_high) << 16 |
                                         static_cast<std::size_t>(list.document_or_low));
    __builtin_prefetch(at); // the lists of a query are all found before the first is read
    if (number_of(field) < scored_fields) {
        postings.blocks = at;
        at += (count + Block::documents - 1) / Block::documents;
    }
    postings.documents = {at, count};
    if (list.has_frequencies != 0)
        postings.frequencies = at + count;
    if (list.has_bits != 0) {
        const auto place =
            std::ranges::lower_bound(common_lists_, static_cast<std::uint32_t>(number)) - common_lists_.begin();
        postings.bits = bits_.data() + static_cast<std::size_t>(place) * words_for(documents_);
    }
    return postings;
}

bool InvertedIndex::is_sound() const
{
    if (!terms_.is_sound() || terms_.size() != entries_.size() ||
        bits_.size() != common_lists_.size() * words_for(documents_))
        return false;
    std::size_t next_list = 0;
    for (std::uint32_t term = 0; term < entries_.size(); ++term) {
        const auto fields = entries_[term] & field_bits;
        if (entries_[term] >> field_count != next_list)
            return false;
        next_list += static_cast<std::size_t>(std::popcount(fields));
        if (next_list > lists_.size())
            return false;
        for (std::size_t field = 0; field < field_count; ++field)
            if ((fields >> field & 1U) != 0 && !is_sound(static_cast<Field>(field), term))
                return false;
    }
    return next_list == lists_.size();
}

// Of the one list.
bool InvertedIndex::is_sound(Field field, std::uint32_t term) const
{
    const auto number = list_number(field, entries_[term]);
    const auto& list = lists_[number];
    if (list.count == 1)
        return list.document_or_low < documents_;
    const std::size_t begin = static_cast<std::size_t>(list.frequency_or_high) << 16 | list.document_or_low;
    const std::size_t blocks =
        number_of(field) < scored_fields ? (list.count + Block::documents - 1) / Block::documents : 0;
    const std::size_t length = blocks + list.count * (list.has_frequencies != 0 ? std::size_t{2} : std::size_t{1});
    if (list.count == 0 || list.count > documents_ || length > postings_.size() || begin > postings_.size() - length)
        return false;
    const auto documents = std::span<const std::uint16_t>(postings_).subspan(begin + blocks, list.count);
    if (documents.back() >= documents_ || !std::ranges::is_sorted(documents, std::less_equal<>()))
        return false;
    if (list.has_bits == 0)
        return true;
    const auto common = std::ranges::lower_bound(common_lists_, static_cast<std::uint32_t>(number));
    if (common == common_lists_.end() || *common != number)
        return false;
    const auto bits = std::span<const std::uint64_t>(bits_).subspan(
        static_cast<std::size_t>(common - common_lists_.begin()) * words_for(documents_), words_for(documents_));
    std::size_t set = 0;
    for (const auto word : bits)
        set += static_cast<std::size_t>(std::popcount(word));
    return set == documents.size() && std::ranges::all_of(documents, [bits](DocumentNumber document) {
               return (bits[document / Bits::word_bits] >> (document % Bits::word_bits) & 1U) != 0;
           });
}

std::size_t InvertedIndex::memory_bytes() const
{
    return terms_.memory_bytes() + entries_.memory_bytes() + lists_.memory_bytes() + postings_.memory_bytes() +
           common_lists_.memory_bytes() + bits_.memory_bytes();
}

} // namespace estante::search
