#include "adapters/search/segment_builder.hpp"

#include "analysis/analyzer.hpp"
#include "analysis/completion_form.hpp"
#include "ports/rules/search_rules.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

namespace estante::search {
namespace {

constexpr std::size_t highest_count = 65'535;

std::uint16_t at_most_two_bytes(std::size_t count)
{
    return static_cast<std::uint16_t>(std::min(count, highest_count));
}

double usable_rating(double rating)
{
    return std::isfinite(rating) ? rating : 0;
}

// Collects books in the order of the segment, then makes it.
class Draft {
public:
    explicit Draft(std::size_t documents) : segment_(std::make_shared<Segment>())
    {
        segment_->columns.versions.reserve(documents);
    }

    Columns& columns() { return segment_->columns; }

    void add_text(Field field, std::string_view text)
    {
        numbers_.clear();
        analysis::SpanishTerms terms(text);
        for (std::string_view term; terms.next(term);)
            numbers_.push_back(terms_.add(term));
        add_length(field, numbers_.size());
        std::ranges::sort(numbers_);
        for (std::size_t at = 0; at < numbers_.size();) {
            const auto first = at;
            while (at < numbers_.size() && numbers_[at] == numbers_[first])
                ++at;
            occurrences_.push_back({numbers_[first], document(), at_most_two_bytes(at - first), field});
        }
    }
    void add_length(Field field, std::size_t length)
    {
        columns().lengths[number_of(field)].push_back(at_most_two_bytes(length));
        columns().norms[number_of(field)].push_back(norm_of(static_cast<std::uint32_t>(length)));
    }
    // An empty value counts as none; a repeated one counts once.
    void add_value(Field field, std::string_view value)
    {
        if (value.empty())
            return;
        const Occurrence occurrence{terms_.add(value), document(), 1, field};
        for (auto at = occurrences_.rbegin();
             at != occurrences_.rend() && at->document == document() && at->field == field; ++at)
            if (at->term == occurrence.term)
                return;
        occurrences_.push_back(occurrence);
    }
    std::uint32_t add_term(std::string_view term) { return terms_.add(term); }
    void add_occurrence(const Occurrence& occurrence) { occurrences_.push_back(occurrence); }

    std::shared_ptr<const Segment> finish(const analysis::TitleCollation& collation);

private:
    DocumentNumber document() const { return static_cast<DocumentNumber>(columns_size()); }
    std::size_t columns_size() const { return segment_->columns.size(); }
    void group_by_term(Field field, Facet facet);
    void group_by_number(Facet facet, const std::vector<std::int32_t>& keys);
    void fill_facets();
    void fill_orders(const analysis::TitleCollation& collation);
    FlatArray<std::uint16_t> suggestion_ranks() const;

    std::shared_ptr<Segment> segment_;
    Dictionary terms_;
    std::vector<Occurrence> occurrences_;
    std::vector<std::uint32_t> numbers_;
};

Order order_of(std::vector<DocumentNumber> documents)
{
    Order order{.documents = std::move(documents), .places = {}};
    order.places.resize(order.documents.size());
    for (std::size_t place = 0; place < order.documents.size(); ++place)
        order.places.changeable()[order.documents[place]] = static_cast<std::uint16_t>(place);
    return order;
}

std::vector<DocumentNumber> all_documents(std::size_t count)
{
    std::vector<DocumentNumber> documents(count);
    std::iota(documents.begin(), documents.end(), DocumentNumber{0});
    return documents;
}

std::shared_ptr<const Segment> Draft::finish(const analysis::TitleCollation& collation)
{
    segment_->count_statistics();
    fill_orders(collation);
    segment_->completions = Completions(columns().titles, suggestion_ranks());
    segment_->index = InvertedIndex(std::move(terms_), occurrences_, columns().norms, columns().size());
    segment_->plain_terms = PlainTerms(segment_->index);
    fill_facets();
    segment_->joint_facets = JointFacets(segment_->facets);
    columns().shrink_to_fit();
    return std::move(segment_);
}

// In the order of their names.
void Draft::group_by_term(Field field, Facet facet)
{
    auto& [groups, of_book] = segment_->facets[static_cast<std::size_t>(facet)];
    const auto& index = segment_->index;
    index.each_list([&groups, field](std::uint32_t term, Field of, const Postings& postings) {
        if (of == field)
            groups.push_back({static_cast<std::int32_t>(term), static_cast<std::uint32_t>(postings.count())});
    });
    std::ranges::sort(groups.changeable(), {}, [this](const Groups::Group& group) { return segment_->name_of(group); });
    groups.shrink_to_fit();

    of_book.assign(columns().size(), no_group);
    for (std::size_t group = 0; group < groups.size(); ++group)
        for (const auto document : index.find(field, static_cast<std::uint32_t>(groups[group].key)).documents)
            of_book.changeable()[document] = static_cast<std::uint16_t>(group);
}

void Draft::group_by_number(Facet facet, const std::vector<std::int32_t>& keys)
{
    auto& [groups, of_book] = segment_->facets[static_cast<std::size_t>(facet)];
    std::map<std::int32_t, std::uint32_t> counts;
    for (const auto key : keys)
        if (key != no_year)
            ++counts[key];
    for (const auto& [key, books] : counts)
        groups.push_back({key, books});
    groups.shrink_to_fit();
    of_book.reserve(keys.size());
    for (const auto key : keys)
        of_book.push_back(key == no_year ? no_group
                                         : static_cast<std::uint16_t>(std::distance(counts.begin(), counts.find(key))));
}

void Draft::fill_facets()
{
    group_by_term(Field::category, Facet::category);
    group_by_term(Field::language, Facet::language);
    std::vector<std::int32_t> keys;
    for (const auto year : columns().years)
        keys.push_back(year == no_year ? no_year : decade_of(year));
    group_by_number(Facet::decade, keys);
    keys.clear();
    for (const auto price : columns().prices)
        keys.push_back(price == no_price ? no_year : price_band_of(price));
    group_by_number(Facet::price_band, keys);
}

void Draft::fill_orders(const analysis::TitleCollation& collation)
{
    const auto count = columns().size();
    auto documents = all_documents(count);
    std::ranges::sort(documents, {}, [this](auto document) { return columns().ids[document]; });
    segment_->by_id = order_of(std::move(documents));

    std::vector<std::string> keys;
    keys.reserve(count);
    for (std::size_t document = 0; document < count; ++document)
        keys.push_back(collation.key_of(columns().titles[document]));
    documents.assign(segment_->by_id.documents.begin(), segment_->by_id.documents.end());
    std::ranges::sort(documents, [&keys, &places = segment_->by_id.places](auto left, auto right) {
        const auto order = keys[left].compare(keys[right]);
        return order != 0 ? order < 0 : places[left] < places[right];
    });
    segment_->by_title = order_of(std::move(documents));
}

// By weight, then what is indexed of the title, then id.
FlatArray<std::uint16_t> Draft::suggestion_ranks() const
{
    const auto& books = segment_->columns;
    std::vector<std::tuple<std::int64_t, std::string_view, std::uint16_t>> keys;
    keys.reserve(books.size());
    for (std::size_t document = 0; document < books.size(); ++document)
        keys.emplace_back(-analysis::completion_weight(books.ratings[document]),
                          analysis::completion_input(books.titles[document]), segment_->by_id.places[document]);
    auto documents = all_documents(books.size());
    std::ranges::sort(documents, {}, [&keys](auto document) -> const auto& { return keys[document]; });
    return order_of(std::move(documents)).places;
}

void append_document(Draft& draft, const SearchDocument& document)
{
    draft.add_text(Field::title, document.title);
    draft.add_text(Field::author, document.author);
    draft.add_text(Field::description, document.description);
    for (const auto& contributor : document.contributors)
        draft.add_value(Field::contributor, contributor);
    draft.add_value(Field::category, document.category);
    draft.add_value(Field::language, document.language);
    draft.add_value(Field::isbn, document.isbn);

    auto& columns = draft.columns();
    columns.ids.add(document.book_id);
    columns.titles.add(document.title);
    columns.ratings.push_back(usable_rating(document.rating));
    columns.prices.push_back(document.price_cents.value_or(no_price));
    columns.years.push_back(document.publication_year.value_or(no_year));
    columns.updated.push_back(document.updated_ms);
    columns.in_stock.push_back(document.in_stock);
    columns.versions.push_back(document.version);
}

void append_book(Columns& to, const Columns& from, std::size_t document)
{
    to.ids.add(from.ids[document]);
    to.titles.add(from.titles[document]);
    to.ratings.push_back(from.ratings[document]);
    to.prices.push_back(from.prices[document]);
    to.years.push_back(from.years[document]);
    to.updated.push_back(from.updated[document]);
    to.in_stock.push_back(from.in_stock.test(document));
    for (std::size_t field = 0; field < scored_fields; ++field) {
        to.lengths[field].push_back(from.lengths[field][document]);
        to.norms[field].push_back(from.norms[field][document]);
    }
    to.versions.push_back(from.versions[document]);
}

// Where a live book of the merged segments is, and its place in the new one.
struct MergedBook {
    std::size_t segment = 0;
    DocumentNumber document = 0;
};

std::vector<MergedBook> live_books_in_order(std::span<const LiveSegment> segments)
{
    std::vector<MergedBook> books;
    for (std::size_t segment = 0; segment < segments.size(); ++segment)
        for (std::size_t document = 0; document < segments[segment].segment->size(); ++document)
            if (segments[segment].is_live(document))
                books.push_back({segment, static_cast<DocumentNumber>(document)});
    std::ranges::sort(books, [segments](const MergedBook& left, const MergedBook& right) {
        const auto& left_books = segments[left.segment].segment->columns;
        const auto& right_books = segments[right.segment].segment->columns;
        if (left_books.ratings[left.document] != right_books.ratings[right.document])
            return left_books.ratings[left.document] > right_books.ratings[right.document];
        return left_books.ids[left.document] < right_books.ids[right.document];
    });
    return books;
}

void append_occurrences(Draft& draft, const LiveSegment& live, const std::vector<DocumentNumber>& new_numbers)
{
    const auto& index = live.segment->index;
    std::uint32_t known = Dictionary::absent;
    std::uint32_t number = 0;
    index.each_list([&](std::uint32_t term, Field field, const Postings& postings) {
        for (std::size_t at = 0; at < postings.count(); ++at) {
            const auto document = postings.documents[at];
            if (!live.is_live(document))
                continue;
            if (known != term) { // only terms that live on
                number = draft.add_term(index.terms()[term]);
                known = term;
            }
            draft.add_occurrence(
                {number, new_numbers[document], static_cast<Frequency>(postings.frequency(at)), field});
        }
    });
}

} // namespace

std::shared_ptr<const Segment> build_segment(std::span<const SearchDocument> documents,
                                             const analysis::TitleCollation& collation)
{
    std::vector<const SearchDocument*> ordered;
    ordered.reserve(documents.size());
    for (const auto& document : documents)
        ordered.push_back(&document);
    std::ranges::sort(ordered, [](const auto* left, const auto* right) {
        const auto left_rating = usable_rating(left->rating);
        const auto right_rating = usable_rating(right->rating);
        return left_rating != right_rating ? left_rating > right_rating : left->book_id < right->book_id;
    });

    Draft draft(documents.size());
    for (const auto* document : ordered)
        append_document(draft, *document);
    return draft.finish(collation);
}

std::shared_ptr<const Segment> merge_segments(std::span<const LiveSegment> segments,
                                              const analysis::TitleCollation& collation)
{
    const auto books = live_books_in_order(segments);
    Draft draft(books.size());
    std::vector<std::vector<DocumentNumber>> new_numbers(segments.size());
    for (std::size_t segment = 0; segment < segments.size(); ++segment)
        new_numbers[segment].resize(segments[segment].segment->size());
    for (std::size_t number = 0; number < books.size(); ++number) {
        const auto [segment, document] = books[number];
        new_numbers[segment][document] = static_cast<DocumentNumber>(number);
        append_book(draft.columns(), segments[segment].segment->columns, document);
    }
    for (std::size_t segment = 0; segment < segments.size(); ++segment)
        append_occurrences(draft, segments[segment], new_numbers[segment]);
    return draft.finish(collation);
}

} // namespace estante::search
