#include "operations/books/book_cache.hpp"

#include "operations/books/detail/find_book.hpp"
#include "operations/tenants/find_currency.hpp"
#include "records/tenants.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace estante::books {

namespace {

constexpr std::size_t most_shops = 10'000; // whose currency is known, in each generation

// With the JSON text that is kept beside it.
std::size_t bytes_of(const BookView& book)
{
    constexpr std::size_t of_any = 2'000;
    return of_any + 2 * (book.title.value.size() + (book.description ? book.description->value.size() : 0));
}

} // namespace

BookCache::BookCache(const PartitionVersions& partition_versions, std::size_t bytes)
    : partition_versions_(partition_versions), currencies_(most_shops)
{
    for (std::size_t shelf = 0; shelf < shelf_count; ++shelf)
        shelves_.push_back(std::make_unique<Shelf>(bytes / shelf_count));
}

BookCache::Shelf& BookCache::shelf_of(const std::string& partition)
{
    return *shelves_[std::hash<std::string>{}(partition) % shelf_count];
}

std::optional<Shared<BookView>> BookCache::find(const std::string& partition)
{
    Shelf& shelf = shelf_of(partition);
    const std::lock_guard lock(shelf.mutex);
    const Known* known = shelf.known.find(partition);
    if (!known || !known->reads.is_valid())
        return std::nullopt;
    return known->book;
}

void BookCache::keep(const std::string& partition, Known known)
{
    const auto cost = bytes_of(*known.book);
    Shelf& shelf = shelf_of(partition);
    const std::lock_guard lock(shelf.mutex);
    shelf.known.put(partition, std::move(known), cost);
}

Task<Result<Currency>> BookCache::currency_of(TenantItems& items, std::string shop)
{
    {
        const std::lock_guard lock(currencies_mutex_);
        const KnownCurrency* known = currencies_.find(shop);
        if (known && known->reads.is_valid())
            co_return known->currency;
    }
    ReadSet reads(partition_versions_);
    reads.add(Table::users, shop);
    auto currency = co_await tenants::find_currency(items);
    if (currency) {
        const std::lock_guard lock(currencies_mutex_);
        currencies_.put(shop, {*currency, std::move(reads)});
    }
    co_return currency;
}

Task<Result<std::vector<Shared<BookView>>>> BookCache::shown(TenantItems& items, std::vector<BookId> books)
{
    const auto shop = items.stored_partition(tenant_key().pk);
    std::vector<std::optional<Shared<BookView>>> shown(books.size());
    std::vector<BookId> unknown;
    std::vector<std::pair<std::string, ReadSet>> read; // beside `unknown`
    for (std::size_t place = 0; place < books.size(); ++place) {
        auto partition = items.stored_partition(books[place].value);
        shown[place] = find(partition);
        if (shown[place])
            continue;
        ReadSet reads(partition_versions_);
        reads.add(Table::users, shop); // for the currency
        reads.add(Table::books, partition);
        unknown.push_back(books[place]);
        read.emplace_back(std::move(partition), std::move(reads));
    }
    if (!unknown.empty()) {
        auto currency = co_await currency_of(items, shop);
        if (!currency)
            co_return std::unexpected(currency.error());
        auto views = co_await find_views(items, unknown, std::move(*currency));
        if (!views)
            co_return std::unexpected(views.error());
        for (BookView& view : *views) {
            const auto number = static_cast<std::size_t>(std::ranges::find(unknown, view.book_id) - unknown.begin());
            const auto place = static_cast<std::size_t>(std::ranges::find(books, view.book_id) - books.begin());
            auto& [partition, reads] = read[number];
            shown[place] = Shared<BookView>(std::move(view));
            keep(partition, {*shown[place], std::move(reads)});
        }
    }
    std::vector<Shared<BookView>> there;
    there.reserve(shown.size());
    for (auto& book : shown) {
        if (book)
            there.push_back(std::move(*book));
    }
    co_return there;
}

} // namespace estante::books
