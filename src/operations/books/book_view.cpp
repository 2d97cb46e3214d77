#include "operations/books/book_view.hpp"

#include <fmt/format.h>

namespace estante::books {

namespace {

std::string etag_text(std::int64_t version, std::int64_t availability_version)
{
    return fmt::format("{}.{}", version, availability_version);
}

} // namespace

std::string BookView::etag() const
{
    return etag_text(version, availability_version);
}

BookView to_view(const StockedBook& book, const Currency& currency)
{
    BookView view;
    static_cast<BookEntry&>(view) = book.book.entry;
    view.book_id = book.book.id;
    if (book.book.entry.isbn)
        view.isbn_hyphenated = book.book.entry.isbn->hyphenated();
    view.price = book.stock.price;
    view.currency = currency;
    view.in_stock = book.stock.in_stock();
    view.version = book.book.version;
    view.availability_version = book.stock.availability_version;
    view.created_at = {book.book.created_ms};
    view.updated_at = {book.book.updated_ms};
    return view;
}

std::string etag_of(const StockedBook& book)
{
    return etag_text(book.book.version, book.stock.availability_version);
}

} // namespace estante::books
