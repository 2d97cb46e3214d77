// Reads books together with their stock. Reads are strongly consistent.
#pragma once

#include "ports/tenant_items.hpp"
#include "records/books.hpp"
#include "records/stock.hpp"

#include <optional>
#include <vector>

namespace estante {

struct StockedBook {
    Book book;
    Stock stock;
};

// One read. Nothing if there is no such book.
Task<StoreResult<std::optional<StockedBook>>> read_book(TenantItems& items, BookId book);

// The items of up to 100 different books in the order of the ids, in two reads. Items instead of values, so that a
// caller can handle a damaged item without losing the others.
struct StockedItems {
    Item entry;
    Item stock;
};
Task<StoreResult<std::vector<std::optional<StockedItems>>>> read_book_items(TenantItems& items,
                                                                            std::vector<BookId> books);
StockedBook stocked_book_from(const StockedItems& items);

// The stocks of up to 100 different books in the order of the ids, in one read; nothing for a deleted book.
Task<StoreResult<std::vector<std::optional<Stock>>>> read_stocks(TenantItems& items, std::vector<BookId> books);

// The books of the lines of a cart or a purchase.
template <class Line> std::vector<BookId> book_ids(const std::vector<Line>& lines)
{
    std::vector<BookId> books;
    books.reserve(lines.size());
    for (const Line& line : lines)
        books.push_back(line.book_id);
    return books;
}

} // namespace estante
