// A store in memory that a test can disturb, and what the fixtures of operations share.
#pragma once

#include "adapters/memory/memory_item_store.hpp"
#include "support/error_codes.hpp"
#include "support/interrupted_store.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace estante {

class StoreTest : public testing::Test {
protected:
    static constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

    ManualClock clock;
    CountingIds ids{clock};
    PartitionVersions partition_versions;
    std::unique_ptr<Store> memory = create_memory_store(clock, &partition_versions);
    InterruptedStore store{memory->items()};
    AllItems all{store};

    TenantItems items_of(const std::string& tenant) { return {TenantId{tenant}, store}; }

    // All stored items, in the order of their keys.
    std::vector<Item> everything()
    {
        std::vector<Item> found;
        for (const Table table : all_tables) {
            std::optional<Cursor> after;
            do {
                auto page = run(memory->items().scan(table, 1000, after)).value();
                found.insert(found.end(), page.items.begin(), page.items.end());
                after = page.next;
            } while (after);
        }
        std::ranges::sort(found, {}, key_of);
        return found;
    }
};

} // namespace estante
