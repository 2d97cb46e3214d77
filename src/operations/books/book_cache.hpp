// Books in the form that responses show, cached from one search to the next: most searches return books that earlier
// ones returned.
#pragma once

#include "cache/versioned_cache.hpp"
#include "codec/shapes.hpp"
#include "domain/result.hpp"
#include "operations/books/book_view.hpp"
#include "ports/tenant_items.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace estante::books {

// Thread rules: every member may be called from any thread. The partition versions outlive it.
class BookCache {
public:
    static constexpr std::size_t default_bytes = std::size_t{24} << 20;

    // Holds at most about twice `bytes`.
    explicit BookCache(const PartitionVersions& partition_versions, std::size_t bytes = default_bytes);

    // Up to 100 different books in the order of the ids, as the store has them now: a cached book is valid until its
    // own partition or its shop's is written. Deleted books are left out. Errors: those of find_views.
    Task<Result<std::vector<Shared<BookView>>>> find_views(TenantItems& items, std::vector<BookId> books);

private:
    // Books are spread over several caches, each with its own mutex, so that event loops rarely wait for each other.
    struct Shard {
        explicit Shard(std::size_t bytes) : books(bytes) {}

        std::mutex mutex;
        VersionedCache<Shared<BookView>> books; // by the store's key of the book's partition
    };
    static constexpr std::size_t shard_count = 8;

    const PartitionVersions& partition_versions_;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::mutex currencies_mutex_;
    VersionedCache<Currency> currencies_; // by the store's key of the shop's partition

    Shard& shard_of(const std::string& partition);
    std::optional<Shared<BookView>> find(const std::string& partition);
    void put(const std::string& partition, Shared<BookView> book, ReadSet reads);
    Task<Result<Currency>> find_currency(TenantItems& items, std::string shop);
};

} // namespace estante::books
