// A book as the API shows it.
#pragma once

#include "codec/shapes.hpp"
#include "domain/book.hpp"
#include "domain/result.hpp"
#include "domain/tenant.hpp"
#include "records/books_with_stock.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace estante::books {

struct BookView : BookEntry {
    BookId book_id;
    std::optional<std::string> isbn_hyphenated; // 978-0-439-02348-1
    std::optional<Money> price;                 // absent: not for sale yet
    Currency currency;
    bool in_stock = false;
    std::int64_t version = 1;
    std::int64_t availability_version = 1;
    Timestamp created_at;
    Timestamp updated_at;

    std::string etag() const;
    std::string location() const { return "/v1/books/" + book_id.value; }
    bool operator==(const BookView&) const = default;
};
BOOST_DESCRIBE_STRUCT(BookView, (BookEntry),
                      (book_id, isbn_hyphenated, price, currency, in_stock, version, availability_version, created_at,
                       updated_at))

BookView to_view(const StockedBook& book, const Currency& currency);
std::string etag_of(const StockedBook& book); // "{version}.{availability_version}"

} // namespace estante::books
