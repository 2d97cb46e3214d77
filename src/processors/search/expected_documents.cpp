#include "processors/search/expected_documents.hpp"

#include "processors/search/search_document.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace estante {

namespace {

constexpr std::uint64_t removal_version = std::uint64_t{1} << 62;

} // namespace

IndexChange expected_document(const BookId& book, const std::optional<StockedItems>& items)
{
    if (!items)
        return {.book_id = book.value, .version = removal_version, .document = std::nullopt};
    auto document = to_search_document(stocked_book_from(*items));
    const auto version = document.version;
    return {.book_id = book.value, .version = version, .document = std::move(document)};
}

Task<StoreResult<ExpectedDocuments>> read_expected_documents(TenantItems& items, std::vector<BookId> ids)
{
    ExpectedDocuments expected;
    for (auto first = ids.begin(); first != ids.end();) {
        const auto last = first + std::min<std::ptrdiff_t>(max_books_per_read, std::distance(first, ids.end()));
        const std::vector<BookId> part(first, last);
        first = last;
        const auto found = co_await read_book_items(items, part);
        if (!found)
            co_return std::unexpected(found.error());
        for (std::size_t number = 0; number < part.size(); ++number) {
            try {
                expected.books.push_back(expected_document(part[number], (*found)[number]));
            } catch (const std::exception& damaged) {
                expected.damaged.emplace(part[number].value, damaged.what());
            }
        }
    }
    co_return expected;
}

bool is_document_error(const Error& error)
{
    return error.code == Errc::invalid || error.code == Errc::too_large;
}

BookCursor::BookCursor(TenantItems& items) : items_(items), query_(all_entries()) {}

Task<StoreResult<std::optional<ExpectedDocuments>>> BookCursor::next()
{
    if (ended_)
        co_return std::nullopt;
    const auto page = co_await items_.query(query_);
    if (!page)
        co_return std::unexpected(page.error());
    query_.after = page->next;
    ended_ = !page->next;
    std::vector<BookId> books;
    for (const Item& entry : page->items) {
        if (BookId book{key_of(entry).pk}; seen_.insert(book).second)
            books.push_back(std::move(book));
    }
    co_return co_await read_expected_documents(items_, std::move(books));
}

} // namespace estante
