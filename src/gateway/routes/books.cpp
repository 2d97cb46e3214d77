#include "gateway/routes/tables.hpp"
#include "operations/books/adjust_stock.hpp"
#include "operations/books/create_book.hpp"
#include "operations/books/delete_book.hpp"
#include "operations/books/get_book.hpp"
#include "operations/books/get_book_by_isbn.hpp"
#include "operations/books/get_stock.hpp"
#include "operations/books/list_books.hpp"
#include "operations/books/put_book_by_isbn.hpp"
#include "operations/books/search_books.hpp"
#include "operations/books/set_stock.hpp"
#include "operations/books/suggest_books.hpp"
#include "operations/books/update_book.hpp"

namespace estante::routes {

using namespace estante::books;
using enum Access;
using enum Method;

std::span<const Route> books()
{
    static constexpr Route table[] = {
        route<&create_book>(post, "/v1/books", manager, "Add a book to the catalogue",
                            {.idempotency_table = Table::books, .creates = true}),
        route<&list_books>(get, "/v1/books", anyone, "Books by category, author or id", {.shared = true}),
        route<&search_books>(get, "/v1/books/search", anyone, "Search titles, authors and descriptions",
                             {.shared = true}),
        route<&suggest_books>(get, "/v1/books/suggest", anyone, "Titles for what has been typed so far",
                              {.shared = true}),
        route<&get_book>(get, "/v1/books/{book_id}", anyone, "One book", {.shared = true}),
        route<&update_book>(patch, "/v1/books/{book_id}", manager, "Change a book's entry or price"),
        route<&delete_book>(delete_, "/v1/books/{book_id}", manager, "Take a book out of the catalogue"),
        route<&get_book_by_isbn>(get, "/v1/books/isbn/{isbn}", anyone, "One book by ISBN, in any spelling",
                                 {.shared = true}),
        route<&put_book_by_isbn>(put, "/v1/books/isbn/{isbn}", manager, "Add or replace the book with this ISBN"),
        route<&get_stock>(get, "/v1/books/{book_id}/stock", manager, "Copies on hand"),
        route<&set_stock>(put, "/v1/books/{book_id}/stock", manager, "Set the copies on hand, after a count"),
        route<&adjust_stock>(post, "/v1/books/{book_id}/stock/adjustments", manager, "Add or take copies",
                             {.idempotency_table = Table::books, .creates = true}),
    };
    return table;
}

} // namespace estante::routes
