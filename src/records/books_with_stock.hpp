// Books read together with their stock. Reads are strongly consistent.
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

// The items of up to 100 different books, in the order of the ids: two reads, however many books. Items, not values, so
// that a reader of many can set a damaged one aside.
struct StockedItems {
    Item entry;
    Item stock;
};
Task<StoreResult<std::vector<std::optional<StockedItems>>>> read_book_items(TenantItems& items,
                                                                            std::vector<BookId> books);
StockedBook stocked_book_from(const StockedItems& items);

} // namespace estante
