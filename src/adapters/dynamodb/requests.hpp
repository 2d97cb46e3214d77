// The port's actions and reads as bodies of DynamoDB's requests. Text only: nothing here sends.
#pragma once

#include "adapters/dynamodb/expressions.hpp"
#include "ports/item_store.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace estante::dynamodb {

class Requests {
public:
    explicit Requests(std::string_view stage);

    const std::string& table_name(Table table) const { return names_[static_cast<std::size_t>(table)]; }
    Table table_of(std::string_view name) const; // throws std::out_of_range for another table's name

    // `begun_anew`: the update found an expired item, and what it makes of nothing is put in its place.
    std::string write(const Action& action, bool begun_anew, std::int64_t now_s) const;
    // `begun_anew` has the indexes of such updates. Checks without conditions demand nothing and are left out: `sent`
    // becomes the index of each action that is in the request.
    std::string transact(std::span<const Action> actions, const std::vector<std::size_t>& begun_anew,
                         std::int64_t now_s, std::string_view token, std::vector<std::size_t>& sent) const;
    std::string batch_write(std::span<const Action> actions) const; // at most 25

    std::string get(Table table, const Key& key) const;
    std::string batch_get(Table table, std::span<const Key> keys) const;
    // Nothing when no item can match.
    std::optional<std::string> query(const Query& query, std::size_t limit) const;
    std::string scan(Table table, std::size_t limit, const std::optional<Cursor>& after) const;

private:
    std::string names_[std::size(all_tables)];

    void write_fields(std::string& out, const Action& action, bool begun_anew, std::int64_t now_s,
                      bool in_transaction) const;
};

} // namespace estante::dynamodb
