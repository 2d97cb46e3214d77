// Request bodies for the port's actions and reads. Nothing here sends them.
#pragma once

#include "adapters/dynamodb/expressions.hpp"
#include "ports/item_store.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace estante::dynamodb {

class RequestBodies {
public:
    explicit RequestBodies(std::string_view stage);

    const std::string& table_name(Table table) const { return names_[static_cast<std::size_t>(table)]; }
    Table table_of(std::string_view name) const; // throws std::out_of_range for an unknown name

    // `recreate`: the update met an expired item. A put replaces that with the item that the update creates.
    std::string write(const Action& action, bool recreate, std::int64_t now_s) const;
    // `recreated` lists the indexes of such updates. Checks without conditions are omitted. `sent` is set to the index
    // of each action in the request.
    std::string transact(std::span<const Action> actions, const std::vector<std::size_t>& recreated, std::int64_t now_s,
                         std::string_view token, std::vector<std::size_t>& sent) const;
    std::string batch_write(std::span<const Action> actions) const; // at most 25
    // Of UnprocessedItems or UnprocessedKeys in the response to a batch.
    static std::string repeat_batch(const Map& unprocessed);

    std::string get(Table table, const Key& key) const;
    std::string batch_get(Table table, std::span<const Key> keys) const;
    // Nothing when no item can match.
    std::optional<std::string> query(const Query& query, std::size_t limit) const;
    std::string scan(Table table, std::size_t limit, const std::optional<Cursor>& after) const;

private:
    std::string names_[std::size(all_tables)];

    void write_fields(std::string& out, const Action& action, bool recreate, std::int64_t now_s,
                      bool in_transaction) const;
};

} // namespace estante::dynamodb
