// What the search index should have of a shop's books, as the store has them now. Reads are strongly consistent.
#pragma once

#include "ports/search_index.hpp"
#include "ports/tenant_items.hpp"
#include "records/books_with_stock.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace estante {

inline constexpr std::size_t books_at_once = 100; // of one read

// The document of a book that is there; else its removal for good: with a version after all that it has had, since ids
// never return. Throws if the book's items are damaged.
IndexChange expected_document(const BookId& book, const std::optional<StockedItems>& items);

struct ExpectedDocuments {
    std::vector<IndexChange> books{};             // in the order of the ids, without the damaged ones
    std::map<std::string, std::string> damaged{}; // why (English, for a log line), by book id
};
// Any number of different books.
Task<StoreResult<ExpectedDocuments>> read_expected_documents(TenantItems& items, std::vector<BookId> ids);

// Of an index: it will not take this document, however often it comes.
bool is_about_the_document(const Error& error);

// All books of a shop, page by page, each once. A book that moves to another category meanwhile may be passed over.
class BookCursor {
public:
    explicit BookCursor(TenantItems& items); // outlives the walk

    // The next ones; nothing at the end.
    Task<StoreResult<std::optional<ExpectedDocuments>>> next();
    bool has_met(const std::string& book_id) const { return met_.contains(BookId{book_id}); }

private:
    TenantItems& items_;
    Query query_;
    bool ended_ = false;
    std::set<BookId> met_;
};

} // namespace estante
