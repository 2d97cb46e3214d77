#include "adapters/sqlite/sqlite_reader.hpp"

#include "adapters/sqlite/item_row.hpp"
#include "adapters/sqlite/schema.hpp"
#include "ports/rules/item_rules.hpp"
#include "ports/rules/sort_bounds.hpp"

#include <fmt/format.h>

#include <utility>

namespace estante::sqlite {

namespace {

constexpr std::size_t max_changes_bytes = 8UL * 1024 * 1024;

std::string query_sql(const Query& query)
{
    const char* direction = query.forward ? "ASC" : "DESC";
    if (query.index == Index::primary)
        return fmt::format("SELECT body FROM {} WHERE pk = ?1 AND sk >= ?2 AND sk < ?3 "
                           "AND (expires_at IS NULL OR expires_at > ?4) ORDER BY sk {} LIMIT ?5",
                           name_of(query.table), direction);
    return fmt::format(
        "SELECT body FROM {0} WHERE {1}pk = ?1 AND ({1}sk, pk, sk) >= (?2, ?3, ?4) AND ({1}sk, pk, sk) < (?5, ?6, ?7) "
        "AND (expires_at IS NULL OR expires_at > ?8) ORDER BY {1}sk {2}, pk {2}, sk {2} LIMIT ?9",
        name_of(query.table), query.index == Index::gsi1 ? "gsi1" : "gsi2", direction);
}

// The statement selects one row more than the limit. That row shows whether there is a next page.
Page read_page(Rows& rows, std::size_t limit, Index index)
{
    Page page;
    while (rows.next()) {
        if (page.items.size() == limit) {
            const Item& last = page.items.back();
            page.next = Cursor{.key = key_of(last),
                               .index_key = index == Index::primary ? std::nullopt : index_key_of(last, index)};
            break;
        }
        page.items.push_back(parse_item(rows.text(0)));
    }
    return page;
}

} // namespace

Reader::Reader(const std::string& path, int busy_timeout_ms)
    : connection_(path, Connection::Access::read, busy_timeout_ms)
{
    connection_.run("PRAGMA cache_size = -8000");
}

std::optional<Item> Reader::get(Table table, const Key& key, std::int64_t now_ms)
{
    Statement& statement = of(table).get.get(connection_, [table] {
        return fmt::format("SELECT body FROM {} WHERE pk = ?1 AND sk = ?2 AND (expires_at IS NULL OR expires_at > ?3)",
                           name_of(table));
    });
    auto rows = statement.rows(key.pk, key.sk, now_ms / 1000);
    return rows.next() ? std::optional(parse_item(rows.text(0))) : std::nullopt;
}

std::vector<std::optional<Item>> Reader::batch_get(Table table, const std::vector<Key>& keys, std::int64_t now_ms)
{
    std::vector<std::optional<Item>> items;
    items.reserve(keys.size());
    const Snapshot snapshot(*this);
    for (const Key& key : keys)
        items.push_back(get(table, key, now_ms));
    return items;
}

Page Reader::query(const Query& query, std::int64_t now_ms)
{
    const auto bounds = bounds_of(query);
    if (bounds.empty())
        return {};
    LazyStatement& lazy = of(query.table).query[static_cast<std::size_t>(query.index)][query.forward ? 1 : 0];
    Statement& statement = lazy.get(connection_, [&query] { return query_sql(query); });
    const auto now_s = now_ms / 1000;
    const auto limit = static_cast<std::int64_t>(query.limit) + 1;
    const auto& [from, to] = bounds;
    auto rows = query.index == Index::primary ? statement.rows(query.partition, from.sort, to.sort, now_s, limit)
                                              : statement.rows(query.partition, from.sort, from.tie.pk, from.tie.sk,
                                                               to.sort, to.tie.pk, to.tie.sk, now_s, limit);
    return read_page(rows, query.limit, query.index);
}

Page Reader::scan(Table table, std::size_t limit, const std::optional<Cursor>& after, std::int64_t now_ms)
{
    Statement& statement = of(table).scan.get(connection_, [table] {
        return fmt::format("SELECT body FROM {} WHERE (pk, sk) > (?1, ?2) AND (expires_at IS NULL OR expires_at > ?3) "
                           "ORDER BY pk, sk LIMIT ?4",
                           name_of(table));
    });
    const Key from = after ? after->key : Key();
    auto rows = statement.rows(from.pk, from.sk, now_ms / 1000, static_cast<std::int64_t>(limit) + 1);
    return read_page(rows, limit, Index::primary);
}

std::optional<std::int64_t> Reader::checkpoint(const std::string& processor)
{
    Statement& statement =
        checkpoint_.get(connection_, [] { return "SELECT sequence FROM checkpoints WHERE processor = ?1"; });
    auto rows = statement.rows(processor);
    return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

std::vector<Change> Reader::changes_after(std::int64_t sequence, std::size_t limit)
{
    Statement& statement = changes_.get(connection_, [] {
        return "SELECT sequence, item_table, pk, sk, old_body, new_body, at_ms FROM changes "
               "WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
    });
    std::vector<Change> changes;
    std::size_t bytes = 0;
    auto rows = statement.rows(sequence, static_cast<std::int64_t>(limit));
    while (bytes < max_changes_bytes && rows.next()) {
        const auto image = [&](int column) -> std::optional<Item> {
            const auto body = rows.optional_text(column);
            bytes += body ? body->size() : 0;
            return body ? std::optional(parse_item(*body)) : std::nullopt;
        };
        changes.push_back({.table = static_cast<Table>(rows.integer(1)),
                           .key = {std::string(rows.text(2)), std::string(rows.text(3))},
                           .before = image(4),
                           .after = image(5),
                           .at_ms = rows.integer(6),
                           .position = std::to_string(rows.integer(0))});
    }
    return changes;
}

std::int64_t Reader::newest_change()
{
    Statement& statement = newest_.get(connection_, [] { return "SELECT max(sequence) FROM changes"; });
    auto rows = statement.rows();
    return rows.next() ? rows.integer(0) : 0;
}

std::int64_t Reader::oldest_change()
{
    Statement& statement = oldest_.get(connection_, [] { return "SELECT min(sequence) FROM changes"; });
    auto rows = statement.rows();
    return rows.next() ? rows.integer(0) : 0;
}

std::optional<std::int64_t> Reader::first_change_ms(std::int64_t sequence)
{
    Statement& statement = first_ms_.get(
        connection_, [] { return "SELECT at_ms FROM changes WHERE sequence > ?1 ORDER BY sequence LIMIT 1"; });
    auto rows = statement.rows(sequence);
    return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

std::optional<std::int64_t> Reader::last_change_before(std::int64_t at_ms)
{
    const auto oldest = oldest_change();
    if (oldest > 1 && first_change_ms(0).value_or(at_ms) >= at_ms)
        return std::nullopt;
    Statement& statement =
        first_from_.get(connection_, [] { return "SELECT min(sequence) FROM changes WHERE at_ms >= ?1"; });
    auto rows = statement.rows(at_ms);
    const auto first = rows.next() ? rows.optional_integer(0) : std::nullopt;
    return first ? *first - 1 : newest_change();
}

std::int64_t Reader::count_items()
{
    return sqlite::count_items(connection_);
}

Reader::Snapshot::Snapshot(Reader& reader) : reader_(reader)
{
    reader_.begin_.get(reader_.connection_, [] { return "BEGIN"; }).run();
}

Reader::Snapshot::~Snapshot()
{
    try {
        reader_.end_.get(reader_.connection_, [] { return "COMMIT"; }).run();
    } catch (const SqliteError&) {
        return; // nothing was written; the next read starts its own transaction
    }
}

} // namespace estante::sqlite
