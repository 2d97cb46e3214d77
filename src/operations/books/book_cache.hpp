// Books as they are shown, kept from one search to the next: most searches answer books that others have answered.
#pragma once

#include "cache/generational_cache.hpp"
#include "cache/partition_versions.hpp"
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

// Thread rules: every member may be called from any thread. The stamps outlive it.
class BookCache {
public:
    static constexpr std::size_t usual_bytes = std::size_t{24} << 20;

    // Holds at most about twice `bytes`.
    explicit BookCache(const PartitionVersions& partition_versions, std::size_t bytes = usual_bytes);

    // Up to 100 different books in the order of the ids, as the store has them now: a book is kept as long as the
    // stamps of its partition and its shop's stand. What is gone is left out. Errors: those of find_views.
    Task<Result<std::vector<Shared<BookView>>>> shown(TenantItems& items, std::vector<BookId> books);

private:
    struct Known {
        Shared<BookView> book;
        ReadSet reads;
    };
    // A part of the books, so that event loops seldom wait for each other.
    struct Shelf {
        explicit Shelf(std::size_t bytes) : known(bytes) {}

        std::mutex mutex;
        GenerationalCache<Known> known; // by the store's name of the book's partition
    };
    static constexpr std::size_t shelf_count = 8;

    struct KnownCurrency {
        Currency currency;
        ReadSet reads;
    };

    const PartitionVersions& partition_versions_;
    std::vector<std::unique_ptr<Shelf>> shelves_;
    std::mutex currencies_mutex_;
    GenerationalCache<KnownCurrency> currencies_; // by the store's name of the shop's partition

    Shelf& shelf_of(const std::string& partition);
    std::optional<Shared<BookView>> find(const std::string& partition);
    void keep(const std::string& partition, Known known);
    Task<Result<Currency>> currency_of(TenantItems& items, std::string shop);
};

} // namespace estante::books
