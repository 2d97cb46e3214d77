#include "adapters/search/same_book.hpp"

#include "adapters/search/segment_builder.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace estante::search {
namespace {

// Fields of values have no length that would tell of one too many.
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

// What a facet counts a book under: a name or a number; nothing without a value.
std::optional<std::string> group_of(const Segment& segment, Facet facet, std::size_t book)
{
    const auto& [groups, of_book] = segment.groups(facet);
    if (of_book[book] == no_group)
        return std::nullopt;
    const auto& group = groups[of_book[book]];
    const bool named = facet == Facet::category || facet == Facet::language;
    return named ? std::string(segment.name_of(group)) : std::to_string(group.key);
}

// How many values each of some books has in the counted fields.
using ValueCounts = std::unordered_map<DocumentNumber, std::size_t>;

void count_values(const Segment& segment, ValueCounts& counts)
{
    segment.index.each_list([&counts](std::uint32_t, Field field, const Postings& postings) {
        if (std::ranges::find(counted_fields, field) == std::end(counted_fields))
            return;
        for (const auto document : postings.documents)
            if (const auto found = counts.find(document); found != counts.end())
                ++found->second;
    });
}

bool is_indexed_as(const Segment& segment, DocumentNumber number, std::size_t values, const SearchDocument& document,
                   const analysis::TitleCollation& collation)
{
    const auto anew = build_segment({&document, 1}, collation);
    if (!has_same_columns(segment.columns, number, anew->columns, 0))
        return false;
    for (const auto facet : {Facet::category, Facet::language, Facet::decade, Facet::price_band})
        if (group_of(segment, facet, number) != group_of(*anew, facet, 0))
            return false;

    // Fields of one length in which all of the document's terms occur as often have no others.
    bool same = true;
    anew->index.each_list([&](std::uint32_t term, Field field, const Postings& postings) {
        const auto text = anew->index.terms()[term];
        const auto indexed = segment.index.find(field, segment.index.terms().find(text, Dictionary::hash_of(text)));
        same = same && indexed.frequency_in(number) == postings.frequency(0);
    });
    ValueCounts expected{{DocumentNumber{0}, 0}};
    count_values(*anew, expected);
    return same && values == expected.begin()->second;
}

} // namespace

std::vector<IndexStatus> states_of(const Snapshot& snapshot, const std::vector<IndexChange>& wanted,
                                   const analysis::TitleCollation& collation)
{
    std::vector<IndexStatus> states;
    states.reserve(wanted.size());
    for (const auto& book : wanted)
        states.push_back(book.document ? IndexStatus::missing : IndexStatus::right);
    for (const auto& live : snapshot.segments) {
        const auto& segment = *live.segment;
        std::vector<std::pair<std::size_t, DocumentNumber>> here;
        ValueCounts values;
        for (std::size_t number = 0; number < wanted.size(); ++number)
            if (const auto found = segment.find(wanted[number].book_id); found && live.is_live(*found)) {
                here.emplace_back(number, *found);
                values.emplace(*found, 0);
            }
        if (here.empty())
            continue;
        count_values(segment, values);
        for (const auto& [number, document] : here) {
            const auto& book = wanted[number];
            states[number] = !book.document                                       ? IndexStatus::orphaned
                             : segment.columns.versions[document] != book.version ? IndexStatus::stale
                             : is_indexed_as(segment, document, values.at(document), *book.document, collation)
                                 ? IndexStatus::right
                                 : IndexStatus::content_mismatch;
        }
    }
    return states;
}

std::vector<std::string> live_ids(const Snapshot& snapshot, std::string_view after, std::size_t limit)
{
    std::vector<std::string> ids;
    for (const auto& live : snapshot.segments) {
        const auto& in_order = live.segment->by_id.documents;
        const auto first = std::ranges::upper_bound(in_order, after, {},
                                                    [&live](auto document) { return live.segment->id_of(document); });
        std::size_t taken = 0;
        for (auto at = first; at != in_order.end() && taken < limit; ++at)
            if (live.is_live(*at)) {
                ids.emplace_back(live.segment->id_of(*at));
                ++taken;
            }
    }
    std::ranges::sort(ids);
    ids.resize(std::min(ids.size(), limit));
    return ids;
}

} // namespace estante::search
