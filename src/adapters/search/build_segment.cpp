#include "adapters/search/build_segment.hpp"

#include "adapters/search/segment_builder.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace estante::search {
namespace {

double finite_rating(double rating)
{
    return std::isfinite(rating) ? rating : 0;
}

void append_document(SegmentBuilder& builder, const SearchDocument& document)
{
    builder.add_text(Field::title, document.title);
    builder.add_text(Field::author, document.author);
    builder.add_text(Field::description, document.description);
    for (const auto& contributor : document.contributors)
        builder.add_keyword(Field::contributor, contributor);
    builder.add_keyword(Field::category, document.category);
    builder.add_keyword(Field::language, document.language);
    builder.add_keyword(Field::isbn, document.isbn);

    auto& columns = builder.columns();
    columns.ids.add(document.book_id);
    columns.titles.add(document.title);
    columns.ratings.push_back(finite_rating(document.rating));
    columns.prices.push_back(document.price_cents.value_or(no_price));
    columns.years.push_back(document.publication_year.value_or(no_year));
    columns.updated.push_back(document.updated_ms);
    columns.in_stock.push_back(document.in_stock);
    columns.versions.push_back(document.version);
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
        const auto left_rating = finite_rating(left->rating);
        const auto right_rating = finite_rating(right->rating);
        return left_rating != right_rating ? left_rating > right_rating : left->book_id < right->book_id;
    });

    SegmentBuilder builder(documents.size());
    for (const auto* document : ordered)
        append_document(builder, *document);
    return builder.finish(collation);
}

} // namespace estante::search
