#pragma once

#include "operations/books/book_view.hpp"
#include "ports/clock.hpp"

namespace estante::books {

// An absent member is not changed; null clears an optional one.
struct UpdateBook {
    BookId book_id;
    std::optional<IfMatch> if_match{};
    std::optional<Text<1, 500>> title{};
    std::optional<std::optional<Text<1, 500>>> original_title{};
    std::optional<std::vector<Contributor>> contributors{};
    std::optional<std::optional<Text<1, 200>>> publisher{};
    std::optional<std::optional<LanguageCode>> language{};
    std::optional<std::optional<Int<-3000, 2200>>> publication_year{};
    std::optional<std::optional<Text<1, 10000>>> description{};
    std::optional<Text<1, 100>> category{};
    std::optional<std::vector<Text<1, 200>>> subjects{};
    std::optional<std::optional<Isbn>> isbn{};
    std::optional<BookCondition> condition{};
    std::optional<std::optional<Rating>> rating{};
    std::optional<BookFormat> format{};
    std::optional<std::optional<Int<1, 100000>>> pages{};
    std::optional<std::optional<Money>> price{};
};
BOOST_DESCRIBE_STRUCT(UpdateBook, (),
                      (book_id, if_match, title, original_title, contributors, publisher, language, publication_year,
                       description, category, subjects, isbn, condition, rating, format, pages, price))

// Changes the members that the request has. A request that changes nothing keeps the version.
// Errors: not_found, invalid, version_mismatch, already_exists (another book has this ISBN in this condition), conflict
// (the book changed at the same time).
Task<Result<BookView>> update_book(const Caller& caller, const UpdateBook& request, TenantItems& items, Clock& clock);

} // namespace estante::books
