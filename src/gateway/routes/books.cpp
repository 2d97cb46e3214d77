#include "gateway/routes/tables.hpp"
#include "operations/books/adjust_stock.hpp"
#include "operations/books/create_book.hpp"
#include "operations/books/delete_book.hpp"
#include "operations/books/get_book.hpp"
#include "operations/books/get_book_by_isbn.hpp"
#include "operations/books/get_stock.hpp"
#include "operations/books/list_books.hpp"
#include "operations/books/list_categories.hpp"
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
        route<&create_book>("create_book", post, "/v1/books", manager, "Add a book to the catalogue",
                            {.idempotency_table = Table::books, .creates = true}),
        route<&list_books>("list_books", get, "/v1/books", anyone, "Books by category, author or id",
                           {.is_public = true}),
        route<&search_books>("search_books", get, "/v1/books/search", anyone, "Search titles, authors and descriptions",
                             {.is_public = true}),
        route<&suggest_books>("suggest_books", get, "/v1/books/suggest", anyone, "Title completions for a prefix",
                              {.is_public = true}),
        route<&list_categories>("list_categories", get, "/v1/categories", anyone,
                                "Categories with the number of their books", {.is_public = true}),
        route<&get_book>("get_book", get, "/v1/books/{book_id}", anyone, "One book", {.is_public = true}),
        route<&update_book>("update_book", patch, "/v1/books/{book_id}", manager, "Change a book's entry or price"),
        route<&delete_book>("delete_book", delete_, "/v1/books/{book_id}", manager, "Remove a book from the catalogue"),
        route<&get_book_by_isbn>("get_book_by_isbn", get, "/v1/books/isbn/{isbn}", anyone,
                                 "One book by ISBN, in any format", {.is_public = true}),
        route<&put_book_by_isbn>("put_book_by_isbn", put, "/v1/books/isbn/{isbn}", manager,
                                 "Add or replace the book with this ISBN"),
        route<&get_stock>("get_stock", get, "/v1/books/{book_id}/stock", manager, "Copies on hand"),
        route<&set_stock>("set_stock", put, "/v1/books/{book_id}/stock", manager,
                          "Set the copies on hand, after a count"),
        route<&adjust_stock>("adjust_stock", post, "/v1/books/{book_id}/stock/adjustments", manager,
                             "Add or remove copies", {.idempotency_table = Table::books, .creates = true}),
    };
    return table;
}

} // namespace estante::routes
