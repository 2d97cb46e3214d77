#include "adapters/search/index_check.hpp"

#include "adapters/search/build_segment.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace estante::search {
namespace {

// Keyword fields with several values have no stored length, so their values are counted.
constexpr Field counted_fields[] = {Field::contributor, Field::isbn};

bool has_same_columns(const Columns& left, std::size_t left_book, const Columns& right, std::size_t right_book)
{
    for (std::size_t field = 0; field < scored_fields; ++field)
        if (left.lengths[field][left_book] != right.lengths[field][right_book] ||
            left.norms[field][left_book] != right.norms[field][right_book])
            return false;
    return left.ids[left_book] == right.ids[right_book] && left.titles[left_book] == right.titles[right_book] &&
           left.ratings[left_book] == right.ratings[right_book] && left.prices[left_book] == right.prices[right_book] &&
           left.years[left_book] == right.years[right_book] && left.updated[left_book] == right.updated[right_book] &&
           left.in_stock.test(left_book) == right.in_stock.test(right_book);
}

// The value of a facet as a name or number. nullopt: the document has none.
std::optional<std::string> facet_value(const Segment& segment, Facet facet, std::size_t document)
{
    const auto& [values, ordinals] = segment.doc_values(facet);
    if (ordinals[document] == no_ordinal)
        return std::nullopt;
    const auto& value = values[ordinals[document]];
    const bool named = facet == Facet::category || facet == Facet::language;
    return named ? std::string(segment.name_of(value)) : std::to_string(value.key);
}

// The number of values in the counted fields, by document.
using ValueCounts = std::unordered_map<DocId, std::size_t>;

void count_values(const Segment& segment, ValueCounts& counts)
{
    segment.index.for_each_list([&counts](std::uint32_t, Field field, const PostingList& postings) {
        if (std::ranges::find(counted_fields, field) == std::end(counted_fields))
            return;
        for (const auto document : postings.documents)
            if (const auto found = counts.find(document); found != counts.end())
                ++found->second;
    });
}

bool is_indexed_as(const Segment& segment, DocId number, std::size_t values, const SearchDocument& document,
                   const analysis::TitleCollation& collation)
{
    const auto expected = build_segment({&document, 1}, collation);
    if (!has_same_columns(segment.columns, number, expected->columns, 0))
        return false;
    for (const auto facet : {Facet::category, Facet::language, Facet::decade, Facet::price_band})
        if (facet_value(segment, facet, number) != facet_value(*expected, facet, 0))
            return false;

    // If the lengths are equal and all expected terms have equal frequencies, there are no other terms.
    bool same = true;
    expected->index.for_each_list([&](std::uint32_t term, Field field, const PostingList& postings) {
        const auto text = expected->index.terms()[term];
        const auto indexed = segment.index.find(field, segment.index.terms().find(text, TermDictionary::hash_of(text)));
        same = same && indexed.frequency_in(number) == postings.frequency(0);
    });
    ValueCounts expected_values{{DocId{0}, 0}};
    count_values(*expected, expected_values);
    return same && values == expected_values.begin()->second;
}

} // namespace

std::vector<IndexStatus> check_books(const Snapshot& snapshot, const std::vector<IndexChange>& wanted,
                                     const analysis::TitleCollation& collation)
{
    std::vector<IndexStatus> states;
    states.reserve(wanted.size());
    for (const auto& book : wanted)
        states.push_back(book.document ? IndexStatus::missing : IndexStatus::in_sync);
    for (const auto& live : snapshot.segments) {
        const auto& segment = *live.segment;
        std::vector<std::pair<std::size_t, DocId>> found_here;
        ValueCounts values;
        for (std::size_t number = 0; number < wanted.size(); ++number)
            if (const auto found = segment.find(wanted[number].book_id); found && live.is_live(*found)) {
                found_here.emplace_back(number, *found);
                values.emplace(*found, 0);
            }
        if (found_here.empty())
            continue;
        count_values(segment, values);
        for (const auto& [number, document] : found_here) {
            const auto& book = wanted[number];
            states[number] = !book.document                                       ? IndexStatus::orphaned
                             : segment.columns.versions[document] != book.version ? IndexStatus::stale
                             : is_indexed_as(segment, document, values.at(document), *book.document, collation)
                                 ? IndexStatus::in_sync
                                 : IndexStatus::content_mismatch;
        }
    }
    return states;
}

std::vector<std::string> list_book_ids(const Snapshot& snapshot, std::string_view after, std::size_t limit)
{
    std::vector<std::string> ids;
    for (const auto& live : snapshot.segments) {
        const auto& in_order = live.segment->by_id.documents;
        const auto first = std::ranges::upper_bound(in_order, after, {},
                                                    [&live](auto document) { return live.segment->id_of(document); });
        std::size_t count = 0;
        for (auto at = first; at != in_order.end() && count < limit; ++at)
            if (live.is_live(*at)) {
                ids.emplace_back(live.segment->id_of(*at));
                ++count;
            }
    }
    std::ranges::sort(ids);
    ids.resize(std::min(ids.size(), limit));
    return ids;
}

} // namespace estante::search
