// A bounded cache of values that were made from items. It returns a value only while the partitions that the value was
// made from are unchanged, so a cached value is never staler than a read of the store.
#pragma once

#include "cache/generational_cache.hpp"
#include "cache/read_set.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace estante {

// Not thread-safe: each event loop has its own, or a mutex guards it. A returned pointer is valid until the next call.
template <class Value> class VersionedCache {
public:
    struct Entry {
        Value value;
        ReadSet reads; // for a value that is made from this one
    };

    // Holds at most twice `capacity`, counted in the costs given to put.
    explicit VersionedCache(std::size_t capacity) : entries_(capacity) {}

    // The valid entry, or nullptr. An entry that is no longer valid is evicted.
    const Entry* find(std::string_view key)
    {
        const Entry* entry = entries_.find(key);
        if (entry && !entry->reads.is_valid()) {
            entries_.erase(key);
            return nullptr;
        }
        return entry;
    }

    // `reads` was recorded before the value was read, so an entry whose partition changed meanwhile is never found.
    const Entry* put(std::string_view key, Value value, ReadSet reads, std::size_t cost = 1)
    {
        return &entries_.put(key, {std::move(value), std::move(reads)}, cost);
    }

private:
    GenerationalCache<Entry> entries_;
};

} // namespace estante
