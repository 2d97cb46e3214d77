// The documents that the search index should have for the current state of a tenant's books. Reads are strongly
// consistent.
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

inline constexpr std::size_t max_books_per_read = 100;

// The book's document. For a book that does not exist it is a removal with a version above all of the book's versions:
// ids are never reused, so the removal is final. Throws if the book's items are damaged.
IndexChange expected_document(const BookId& book, const std::optional<StockedItems>& items);

struct ExpectedDocuments {
    std::vector<IndexChange> books{};             // in the order of the ids, without damaged ones
    std::map<std::string, std::string> damaged{}; // reason (English, for the log) by book id
};
// Of any number of distinct books.
Task<StoreResult<ExpectedDocuments>> read_expected_documents(TenantItems& items, std::vector<BookId> ids);

// Whether the index rejects the document itself, so that a retry cannot succeed.
bool is_document_error(const Error& error);

// Reads all books of a tenant page by page, each once. It may miss a book that moves to another category meanwhile.
class BookCursor {
public:
    explicit BookCursor(TenantItems& items); // outlives the cursor

    // The next page; nothing at the end.
    Task<StoreResult<std::optional<ExpectedDocuments>>> next();
    bool has_seen(const std::string& book_id) const { return seen_.contains(BookId{book_id}); }

private:
    TenantItems& items_;
    Query query_;
    bool ended_ = false;
    std::set<BookId> seen_;
};

} // namespace estante
