#include "adapters/search/inverted_index.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <stdexcept>
#include <utility>

namespace estante::search {
namespace {

// A posting while a list is built. Packed postings sort by document.
std::uint32_t pack(DocId document, Frequency frequency)
{
    return static_cast<std::uint32_t>(document) << 16 | frequency;
}
DocId document_of(std::uint32_t packed)
{
    return static_cast<DocId>(packed >> 16);
}
Frequency frequency_of(std::uint32_t packed)
{
    return static_cast<Frequency>(packed & 0xFFFFU);
}

constexpr std::size_t min_documents_for_bitset = 256;
// A list with 1/32 of the documents, or with so many postings that a search in it would be slow, is stored as a bit set
// too.
constexpr std::size_t bitset_share = 32;
constexpr std::size_t min_bitset_postings = 512;

std::size_t words_for(std::size_t documents)
{
    return (documents + BitSet::word_bits - 1) / BitSet::word_bits;
}

} // namespace

bool InvertedIndex::is_common(std::size_t count, std::size_t documents)
{
    return documents >= min_documents_for_bitset && (count * bitset_share >= documents || count >= min_bitset_postings);
}

InvertedIndex::InvertedIndex(TermDictionary terms, const std::vector<Posting>& postings, const Norms& norms,
                             std::size_t documents)
    : terms_(std::move(terms)), documents_(documents)
{
    const auto begins = lay_out(postings);
    std::vector<std::uint32_t> packed(postings.size());
    auto ends = begins;
    for (const auto& posting : postings)
        packed[ends[list_number(posting.field, entries_[posting.term])]++] = pack(posting.document, posting.frequency);

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

// Numbers the lists, counts their postings, and returns the offset of each list in the concatenation of all.
std::vector<std::uint32_t> InvertedIndex::lay_out(const std::vector<Posting>& postings)
{
    entries_.assign(terms_.size(), 0);
    for (const auto& posting : postings)
        entries_.mutable_values()[posting.term] |= 1U << number_of(posting.field);

    std::uint32_t next_list = 0;
    for (auto& entry : entries_.mutable_values()) {
        const auto fields = entry & field_bits;
        if (next_list >= 1U << (32 - field_count) || postings.size() > std::numeric_limits<std::uint32_t>::max())
            throw std::length_error("a search segment has too many terms");
        entry = next_list << field_count | fields;
        next_list += static_cast<std::uint32_t>(std::popcount(fields));
    }

    std::vector<std::uint32_t> begins(next_list, 0);
    for (const auto& posting : postings)
        ++begins[list_number(posting.field, entries_[posting.term])];
    std::uint32_t begin = 0;
    for (auto& count : begins)
        begin += std::exchange(count, begin);
    lists_.resize(next_list);
    return begins;
}

void InvertedIndex::store(std::size_t list, Field field, std::span<std::uint32_t> packed, const Norms& norms)
{
    auto& entry = lists_.mutable_values()[list];
    entry.count = static_cast<std::uint32_t>(packed.size());
    if (packed.size() == 1) {
        entry.document_or_low = document_of(packed[0]);
        entry.frequency_or_high = frequency_of(packed[0]);
        return;
    }
    if (!std::ranges::is_sorted(packed)) // as after a merge
        std::ranges::sort(packed);
    if (postings_.size() > std::numeric_limits<std::uint32_t>::max())
        throw std::length_error("a search segment has too many postings");
    entry.document_or_low = static_cast<std::uint16_t>(postings_.size() & 0xFFFFU);
    entry.frequency_or_high = static_cast<std::uint16_t>(postings_.size() >> 16);

    if (number_of(field) < scored_fields)
        store_impacts(field, packed, norms);
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

void InvertedIndex::store_impacts(Field field, std::span<const std::uint32_t> packed, const Norms& norms)
{
    for (std::size_t begin = 0; begin < packed.size(); begin += BlockImpact::block_size) {
        std::uint8_t shortest = std::numeric_limits<std::uint8_t>::max();
        Frequency highest = 0;
        for (const auto posting : packed.subspan(begin, std::min(BlockImpact::block_size, packed.size() - begin))) {
            shortest = std::min(shortest, norms[number_of(field)][document_of(posting)]);
            highest = std::max(highest, frequency_of(posting));
        }
        postings_.push_back(BlockImpact::pack(
            shortest, static_cast<std::uint8_t>(std::min<Frequency>(highest, BlockImpact::saturated_frequency))));
    }
}

void InvertedIndex::store_bits(std::size_t list, std::span<const std::uint32_t> packed)
{
    common_lists_.push_back(static_cast<std::uint32_t>(list));
    const auto begin = bits_.size();
    bits_.resize(begin + words_for(documents_));
    const auto words = bits_.mutable_values().subspan(begin);
    for (const auto posting : packed) {
        const auto document = document_of(posting);
        words[document / BitSet::word_bits] |= std::uint64_t{1} << (document % BitSet::word_bits);
    }
}

PostingList InvertedIndex::find(Field field, std::uint32_t term) const
{
    if (term == TermDictionary::absent)
        return {};
    const auto entry = entries_[term];
    if ((entry >> number_of(field) & 1U) == 0)
        return {};
    const auto number = list_number(field, entry);
    const auto& list = lists_[number];
    if (list.count == 1)
        return {.documents = {&list.document_or_low, 1}, .frequencies = &list.frequency_or_high};

    PostingList postings;
    const std::size_t count = list.count;
    const auto* at = postings_.data() + (static_cast<std::size_t>(list.frequency_or_high) << 16 |
                                         static_cast<std::size_t>(list.document_or_low));
    __builtin_prefetch(at); // all lists of a query are looked up before the first is read
    if (number_of(field) < scored_fields) {
        postings.impacts = at;
        at += (count + BlockImpact::block_size - 1) / BlockImpact::block_size;
    }
    postings.documents = {at, count};
    if (list.has_frequencies != 0)
        postings.frequencies = at + count;
    if (list.has_bits != 0) {
        const auto slot =
            std::ranges::lower_bound(common_lists_, static_cast<std::uint32_t>(number)) - common_lists_.begin();
        postings.bits = bits_.data() + static_cast<std::size_t>(slot) * words_for(documents_);
    }
    return postings;
}

bool InvertedIndex::is_consistent() const
{
    if (!terms_.is_consistent() || terms_.size() != entries_.size() ||
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
            if ((fields >> field & 1U) != 0 && !is_consistent(static_cast<Field>(field), term))
                return false;
    }
    return next_list == lists_.size();
}

// Checks one list.
bool InvertedIndex::is_consistent(Field field, std::uint32_t term) const
{
    const auto number = list_number(field, entries_[term]);
    const auto& list = lists_[number];
    if (list.count == 1)
        return list.document_or_low < documents_;
    const std::size_t begin = static_cast<std::size_t>(list.frequency_or_high) << 16 | list.document_or_low;
    const std::size_t blocks =
        number_of(field) < scored_fields ? (list.count + BlockImpact::block_size - 1) / BlockImpact::block_size : 0;
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
    return set == documents.size() && std::ranges::all_of(documents, [bits](DocId document) {
               return (bits[document / BitSet::word_bits] >> (document % BitSet::word_bits) & 1U) != 0;
           });
}

std::size_t InvertedIndex::memory_bytes() const
{
    return terms_.memory_bytes() + entries_.memory_bytes() + lists_.memory_bytes() + postings_.memory_bytes() +
           common_lists_.memory_bytes() + bits_.memory_bytes();
}

} // namespace estante::search
