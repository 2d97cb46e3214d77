#include "processors/search/search_document.hpp"

namespace estante {

SearchDocument to_search_document(const StockedBook& book)
{
    const BookEntry& entry = book.book.entry;
    SearchDocument document{.book_id = book.book.id.value,
                            .version = static_cast<std::uint64_t>(book.book.version + book.stock.availability_version),
                            .title = entry.title.value,
                            .author = author_line(entry),
                            .description = entry.description ? entry.description->value : "",
                            .category = entry.category.value,
                            .language = entry.language ? entry.language->value : "",
                            .isbn = entry.isbn ? entry.isbn->value : "",
                            .rating = entry.rating ? static_cast<double>(entry.rating->hundredths) / 100 : 0,
                            .in_stock = book.stock.in_stock(),
                            .updated_ms = book.book.updated_ms};
    for (const Contributor& contributor : entry.contributors)
        document.contributors.push_back(contributor.name.value);
    for (const auto& subject : entry.subjects)
        document.subjects.push_back(subject.value);
    if (book.stock.price)
        document.price_cents = book.stock.price->cents;
    if (entry.publication_year)
        document.publication_year = static_cast<int>(entry.publication_year->value);
    return document;
}

} // namespace estante
