#include "adapters/search/match_set.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <string>

namespace estante::search {
namespace {

void filter_by_term(BitSet& matches, const Segment& segment, Field field, const std::optional<std::string>& value)
{
    if (!value)
        return;
    const auto term = segment.index.terms().find(*value, TermDictionary::hash_of(*value));
    BitSet with_term(segment.size());
    union_into(with_term, segment.index.find(field, term));
    matches.intersect(with_term);
}

// Keeps the documents whose value is within the range, both ends included. A missing value is stored as the minimum of
// T.
template <class T> void filter_by_range(BitSet& matches, const SegmentArray<T>& column, T lowest, T highest)
{
    constexpr int max_sparse_bits = 12; // below it, testing single documents is faster than the whole word
    for (std::size_t word = 0; word < matches.word_count(); ++word) {
        auto bits = matches.word(word);
        const auto begin = word * BitSet::word_bits;
        if (std::popcount(bits) < max_sparse_bits) {
            for (auto rest = bits; rest != 0; rest &= rest - 1) {
                const auto value = column[begin + static_cast<std::size_t>(std::countr_zero(rest))];
                if (value < lowest || value > highest)
                    bits &= ~(rest & -rest);
            }
        } else {
            std::uint64_t within = 0;
            const auto size = std::min(BitSet::word_bits, column.size() - begin);
            for (std::size_t at = 0; at < size; ++at) {
                const auto value = column[begin + at];
                within |= static_cast<std::uint64_t>(value >= lowest && value <= highest) << at;
            }
            bits &= within;
        }
        matches.word(word) = bits;
    }
}

template <class Column, class Bound>
void filter_by_optional_range(BitSet& matches, const SegmentArray<Column>& column, const std::optional<Bound>& lowest,
                              const std::optional<Bound>& highest)
{
    if (!lowest && !highest)
        return;
    constexpr Column first_value = std::numeric_limits<Column>::min() + 1; // the minimum means: no value
    constexpr Column last_value = std::numeric_limits<Column>::max();
    filter_by_range(matches, column, std::max<Column>(first_value, lowest.value_or(first_value)),
                    highest.value_or(last_value));
}

} // namespace

BitSet find_matches(const LiveSegment& live, const SearchQuery& query, const TextQuery* text,
                    std::size_t segment_number)
{
    const auto& segment = *live.segment;
    BitSet matches(segment.size(), text == nullptr);
    if (text != nullptr)
        for (const auto& postings : text->postings(segment_number))
            union_into(matches, postings);
    if (live.deleted != nullptr)
        matches.subtract(*live.deleted);

    filter_by_term(matches, segment, Field::category, query.category);
    filter_by_term(matches, segment, Field::isbn, query.isbn);
    filter_by_term(matches, segment, Field::contributor, query.author);
    filter_by_term(matches, segment, Field::language, query.language);
    if (query.in_stock.has_value()) {
        if (*query.in_stock)
            matches.intersect(segment.columns.in_stock);
        else
            matches.subtract(segment.columns.in_stock);
    }
    filter_by_optional_range(matches, segment.columns.prices, query.min_price_cents, query.max_price_cents);
    filter_by_optional_range(matches, segment.columns.years, query.year_from, query.year_to);
    filter_by_optional_range(matches, segment.columns.updated, query.updated_since_ms, std::optional<std::int64_t>{});
    return matches;
}

} // namespace estante::search
