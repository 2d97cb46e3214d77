#include "adapters/search/segment_builder.hpp"

#include "analysis/analyzer.hpp"
#include "analysis/completion_analysis.hpp"
#include "ports/rules/search_rules.hpp"
#include "ports/search_index.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

namespace estante::search {
namespace {

std::uint16_t saturate(std::size_t count)
{
    constexpr std::size_t max_count = std::numeric_limits<std::uint16_t>::max();
    return static_cast<std::uint16_t>(std::min(count, max_count));
}

DocumentOrder order_of(std::vector<DocId> documents)
{
    DocumentOrder order{.documents = std::move(documents), .positions = {}};
    order.positions.resize(order.documents.size());
    for (std::size_t position = 0; position < order.documents.size(); ++position)
        order.positions.mutable_values()[order.documents[position]] = static_cast<std::uint16_t>(position);
    return order;
}

std::vector<DocId> all_doc_ids(std::size_t count)
{
    std::vector<DocId> documents(count);
    std::iota(documents.begin(), documents.end(), DocId{0});
    return documents;
}

} // namespace

SegmentBuilder::SegmentBuilder(std::size_t documents) : segment_(std::make_shared<Segment>())
{
    segment_->columns.versions.reserve(documents);
}

void SegmentBuilder::add_text(Field field, std::string_view text)
{
    term_numbers_.clear();
    analysis::SpanishAnalyzer terms(text);
    for (std::string_view term; terms.next(term);)
        term_numbers_.push_back(terms_.add(term));
    add_length(field, term_numbers_.size());
    std::ranges::sort(term_numbers_);
    for (std::size_t at = 0; at < term_numbers_.size();) {
        const auto first = at;
        while (at < term_numbers_.size() && term_numbers_[at] == term_numbers_[first])
            ++at;
        postings_.push_back({term_numbers_[first], document(), saturate(at - first), field});
    }
}

void SegmentBuilder::add_length(Field field, std::size_t length)
{
    columns().lengths[number_of(field)].push_back(saturate(length));
    columns().norms[number_of(field)].push_back(encode_norm(static_cast<std::uint32_t>(length)));
}

void SegmentBuilder::add_keyword(Field field, std::string_view value)
{
    if (value.empty())
        return;
    const Posting posting{terms_.add(value), document(), 1, field};
    for (auto at = postings_.rbegin(); at != postings_.rend() && at->document == document() && at->field == field; ++at)
        if (at->term == posting.term)
            return;
    postings_.push_back(posting);
}

std::shared_ptr<const Segment> SegmentBuilder::finish(const analysis::TitleCollation& collation)
{
    segment_->count_statistics();
    fill_orders(collation);
    segment_->completions = CompletionIndex(columns().titles, suggestion_ranks());
    segment_->index = InvertedIndex(std::move(terms_), postings_, columns().norms, columns().size());
    segment_->folded_terms = FoldedTerms(segment_->index);
    fill_facets();
    segment_->facet_combinations = FacetCombinations(segment_->facets);
    columns().shrink_to_fit();
    return std::move(segment_);
}

// The values are sorted by name.
void SegmentBuilder::fill_term_facet(Field field, Facet facet)
{
    auto& [values, ordinals] = segment_->facets[static_cast<std::size_t>(facet)];
    const auto& index = segment_->index;
    index.for_each_list([&values, field](std::uint32_t term, Field of, const PostingList& postings) {
        if (of == field)
            values.push_back({static_cast<std::int32_t>(term), static_cast<std::uint32_t>(postings.count())});
    });
    std::ranges::sort(values.mutable_values(), {},
                      [this](const FacetDocValues::Value& value) { return segment_->name_of(value); });
    values.shrink_to_fit();

    ordinals.assign(columns().size(), no_ordinal);
    for (std::size_t ordinal = 0; ordinal < values.size(); ++ordinal)
        for (const auto document : index.find(field, static_cast<std::uint32_t>(values[ordinal].key)).documents)
            ordinals.mutable_values()[document] = static_cast<std::uint16_t>(ordinal);
}

void SegmentBuilder::fill_number_facet(Facet facet, const std::vector<std::int32_t>& keys)
{
    auto& [values, ordinals] = segment_->facets[static_cast<std::size_t>(facet)];
    std::map<std::int32_t, std::uint32_t> counts;
    for (const auto key : keys)
        if (key != no_year)
            ++counts[key];
    for (const auto& [key, documents] : counts)
        values.push_back({key, documents});
    values.shrink_to_fit();
    ordinals.reserve(keys.size());
    for (const auto key : keys)
        ordinals.push_back(
            key == no_year ? no_ordinal : static_cast<std::uint16_t>(std::distance(counts.begin(), counts.find(key))));
}

void SegmentBuilder::fill_facets()
{
    fill_term_facet(Field::category, Facet::category);
    fill_term_facet(Field::language, Facet::language);
    std::vector<std::int32_t> keys;
    for (const auto year : columns().years)
        keys.push_back(year == no_year ? no_year : decade_of(year));
    fill_number_facet(Facet::decade, keys);
    keys.clear();
    for (const auto price : columns().prices)
        keys.push_back(price == no_price ? no_year : price_band_of(price));
    fill_number_facet(Facet::price_band, keys);
}

void SegmentBuilder::fill_orders(const analysis::TitleCollation& collation)
{
    const auto count = columns().size();
    auto documents = all_doc_ids(count);
    std::ranges::sort(documents, {}, [this](auto document) { return columns().ids[document]; });
    segment_->by_id = order_of(std::move(documents));

    std::vector<std::string> keys;
    keys.reserve(count);
    for (std::size_t document = 0; document < count; ++document)
        keys.push_back(collation.key_of(columns().titles[document]));
    documents.assign(segment_->by_id.documents.begin(), segment_->by_id.documents.end());
    std::ranges::sort(documents, [&keys, &positions = segment_->by_id.positions](auto left, auto right) {
        const auto order = keys[left].compare(keys[right]);
        return order != 0 ? order < 0 : positions[left] < positions[right];
    });
    segment_->by_title = order_of(std::move(documents));
}

// The order of suggestions: weight descending, then the indexed part of the title, then id.
SegmentArray<std::uint16_t> SegmentBuilder::suggestion_ranks() const
{
    const auto& books = segment_->columns;
    std::vector<std::tuple<std::int64_t, std::string_view, std::uint16_t>> keys;
    keys.reserve(books.size());
    for (std::size_t document = 0; document < books.size(); ++document)
        keys.emplace_back(-analysis::completion_weight(books.ratings[document]),
                          analysis::completion_input(books.titles[document]), segment_->by_id.positions[document]);
    auto documents = all_doc_ids(books.size());
    std::ranges::sort(documents, {}, [&keys](auto document) -> const auto& { return keys[document]; });
    return order_of(std::move(documents)).positions;
}

} // namespace estante::search
