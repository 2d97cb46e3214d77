#include "operations/books/book_cache.hpp"

#include "operations/books/detail/find_book.hpp"
#include "operations/tenants/find_currency.hpp"
#include "records/tenants.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace estante::books {

namespace {

constexpr std::size_t max_currencies = 10'000; // in each generation

// An estimate: the texts count twice because the book's JSON is cached with it.
std::size_t estimate_bytes(const BookView& book)
{
    constexpr std::size_t fixed = 2'000;
    return fixed + 2 * (book.title.value.size() + (book.description ? book.description->value.size() : 0));
}

} // namespace

BookCache::BookCache(const PartitionVersions& partition_versions, std::size_t bytes)
    : partition_versions_(partition_versions), currencies_(max_currencies)
{
    for (std::size_t shard = 0; shard < shard_count; ++shard)
        shards_.push_back(std::make_unique<Shard>(bytes / shard_count));
}

BookCache::Shard& BookCache::shard_of(const std::string& partition)
{
    return *shards_[std::hash<std::string>{}(partition) % shard_count];
}

std::optional<Shared<BookView>> BookCache::find(const std::string& partition)
{
    Shard& shard = shard_of(partition);
    const std::lock_guard lock(shard.mutex);
    const auto* cached = shard.books.find(partition);
    return cached ? std::optional(cached->value) : std::nullopt;
}

void BookCache::put(const std::string& partition, Shared<BookView> book, ReadSet reads)
{
    const auto cost = estimate_bytes(*book);
    Shard& shard = shard_of(partition);
    const std::lock_guard lock(shard.mutex);
    shard.books.put(partition, std::move(book), std::move(reads), cost);
}

Task<Result<Currency>> BookCache::find_currency(TenantItems& items, std::string shop)
{
    {
        const std::lock_guard lock(currencies_mutex_);
        if (const auto* cached = currencies_.find(shop))
            co_return cached->value;
    }
    ReadSet reads(partition_versions_);
    reads.add(Table::users, shop);
    auto currency = co_await tenants::find_currency(items);
    if (currency) {
        const std::lock_guard lock(currencies_mutex_);
        currencies_.put(shop, *currency, std::move(reads));
    }
    co_return currency;
}

Task<Result<std::vector<Shared<BookView>>>> BookCache::find_views(TenantItems& items, std::vector<BookId> books)
{
    struct Miss {
        std::size_t index; // in `books`
        std::string partition;
        ReadSet reads;
    };
    const auto shop = items.stored_partition(tenant_key().pk);
    std::vector<std::optional<Shared<BookView>>> found(books.size());
    std::vector<BookId> missing;
    std::vector<Miss> misses; // beside `missing`
    for (std::size_t index = 0; index < books.size(); ++index) {
        auto partition = items.stored_partition(books[index].value);
        found[index] = find(partition);
        if (found[index])
            continue;
        ReadSet reads(partition_versions_);
        reads.add(Table::users, shop); // for the currency
        reads.add(Table::books, partition);
        missing.push_back(books[index]);
        misses.push_back({index, std::move(partition), std::move(reads)});
    }
    if (!missing.empty()) {
        auto currency = co_await find_currency(items, shop);
        if (!currency)
            co_return std::unexpected(currency.error());
        auto views = co_await books::find_views(items, missing, std::move(*currency));
        if (!views)
            co_return std::unexpected(views.error());
        for (BookView& view : *views) {
            const auto number = std::ranges::find(missing, view.book_id) - missing.begin();
            Miss& miss = misses[static_cast<std::size_t>(number)];
            found[miss.index] = Shared<BookView>(std::move(view));
            put(miss.partition, *found[miss.index], std::move(miss.reads));
        }
    }
    std::vector<Shared<BookView>> views;
    views.reserve(found.size());
    for (auto& book : found) {
        if (book)
            views.push_back(std::move(*book));
    }
    co_return views;
}

} // namespace estante::books
