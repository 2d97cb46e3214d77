#include "adapters/sqlite/commit_group.hpp"

#include "ports/change_stream.hpp"
#include "ports/rules/item_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::sqlite {

namespace {

constexpr std::int64_t change_retention_ms = 24L * 60 * 60 * 1000;

std::string with_gsi2(Table table, const char* text)
{
    return has_index(table, Index::gsi2) ? text : "";
}

std::optional<std::string_view> pk_of(const std::optional<Key>& key)
{
    return key ? std::optional<std::string_view>(key->pk) : std::nullopt;
}

std::optional<std::string_view> sk_of(const std::optional<Key>& key)
{
    return key ? std::optional<std::string_view>(key->sk) : std::nullopt;
}

std::optional<Key> index_key(const Rows& rows, int column)
{
    const auto pk = rows.optional_text(column);
    if (!pk)
        return std::nullopt;
    std::string owned(*pk);
    return Key{std::move(owned), std::string(rows.text(column + 1))};
}

} // namespace

CommitGroup::TableStatements::TableStatements(Connection& connection, Table table)
    : find(connection,
           fmt::format("SELECT rowid, body, version, expires_at, gsi1pk, gsi1sk{} FROM {} WHERE pk = ?1 AND sk = ?2",
                       with_gsi2(table, ", gsi2pk, gsi2sk"), name_of(table))),
      insert(connection,
             fmt::format("INSERT INTO {}(pk, sk, body, version, expires_at, gsi1pk, gsi1sk{}) VALUES(?1, ?2, ?3, ?4, "
                         "?5, ?6, ?7{})",
                         name_of(table), with_gsi2(table, ", gsi2pk, gsi2sk"), with_gsi2(table, ", ?8, ?9"))),
      rewrite(connection, fmt::format("UPDATE {} SET body = ?2, version = ?3 WHERE rowid = ?1", name_of(table))),
      replace(connection,
              fmt::format(
                  "UPDATE {} SET body = ?2, version = ?3, expires_at = ?4, gsi1pk = ?5, gsi1sk = ?6{} WHERE rowid = ?1",
                  name_of(table), with_gsi2(table, ", gsi2pk = ?7, gsi2sk = ?8"))),
      erase(connection, fmt::format("DELETE FROM {} WHERE rowid = ?1", name_of(table))),
      expired(connection,
              fmt::format("SELECT pk, sk FROM {} WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2", name_of(table))),
      has_gsi2(has_index(table, Index::gsi2))
{
}

void CommitGroup::TableStatements::store(const Key& key, const ItemRow* before, const ItemRow& after)
{
    if (before && before->expires_at == after.expires_at && before->gsi1 == after.gsi1 && before->gsi2 == after.gsi2) {
        rewrite.run(before->rowid, after.body, after.version);
        return;
    }
    const auto run = [&](Statement& statement, const auto&... row) {
        if (has_gsi2)
            statement.run(row..., after.body, after.version, after.expires_at, pk_of(after.gsi1), sk_of(after.gsi1),
                          pk_of(after.gsi2), sk_of(after.gsi2));
        else
            statement.run(row..., after.body, after.version, after.expires_at, pk_of(after.gsi1), sk_of(after.gsi1));
    };
    if (before)
        run(replace, before->rowid);
    else
        run(insert, key.pk, key.sk);
}

CommitGroup::Statements::Statements(Connection& connection)
    : begin(connection, "BEGIN IMMEDIATE"),
      commit(connection, "COMMIT"),
      change(connection, "INSERT INTO changes(sequence, item_table, pk, sk, old_body, new_body, at_ms) VALUES(?1, ?2, "
                         "?3, ?4, ?5, ?6, ?7)"),
      find_token(connection, "SELECT actions FROM tokens WHERE token = ?1 AND until_ms > ?2"),
      store_token(connection, "INSERT OR REPLACE INTO tokens(token, actions, until_ms) VALUES(?1, ?2, ?3)"),
      remove_expired_tokens(
          connection,
          "DELETE FROM tokens WHERE token IN (SELECT token FROM tokens WHERE until_ms <= ?1 LIMIT ?2) RETURNING 1"),
      acknowledge(connection, "INSERT INTO checkpoints(processor, sequence) VALUES(?1, ?2) "
                              "ON CONFLICT(processor) DO UPDATE SET sequence = max(sequence, excluded.sequence)"),
      rewind(connection, "INSERT OR REPLACE INTO checkpoints(processor, sequence) VALUES(?1, ?2)"),
      oldest_change(connection, "SELECT min(sequence) FROM changes"),
      lowest_checkpoint(connection, fmt::format("SELECT min(sequence) FROM checkpoints WHERE processor NOT GLOB '{}*'",
                                                transient_processor_prefix)),
      trim(connection, "DELETE FROM changes WHERE sequence <= ?1 AND at_ms <= ?2 RETURNING 1")
{
}

CommitGroup::CommitGroup(Connection& connection, PartitionVersions& partition_versions)
    : connection_(connection),
      partition_versions_(partition_versions),
      statements_(connection),
      tables_{TableStatements{connection, Table::users}, TableStatements{connection, Table::books},
              TableStatements{connection, Table::purchases}}
{
    Statement newest(connection, "SELECT max(sequence) FROM changes");
    auto rows = newest.rows();
    sequence_ = committed_sequence_ = rows.next() ? rows.integer(0) : 0;
}

void CommitGroup::begin(std::int64_t now_ms)
{
    now_ms_ = now_ms;
    rows_written_ = 0;
    slots_.clear();
    sequence_ = committed_sequence_;
    if (connection_.in_transaction())
        connection_.run("ROLLBACK");
    statements_.begin.run();
}

void CommitGroup::commit()
{
    statements_.commit.run();
    committed_sequence_ = sequence_;
    for (const auto slot : slots_)
        partition_versions_.advance(slot);
}

void CommitGroup::rollback() noexcept
{
    try {
        if (connection_.in_transaction())
            connection_.run("ROLLBACK");
    } catch (const SqliteError&) {
        return; // begin() rolls back again
    }
}

std::optional<ItemRow> CommitGroup::find(Table table, const Key& key)
{
    auto rows = of(table).find.rows(key.pk, key.sk);
    if (!rows.next())
        return std::nullopt;
    ItemRow row{.body = std::string(rows.text(1)),
                .version = rows.optional_integer(2),
                .expires_at = rows.optional_integer(3),
                .gsi1 = index_key(rows, 4),
                .rowid = rows.integer(0)};
    if (of(table).has_gsi2)
        row.gsi2 = index_key(rows, 6);
    return row;
}

void CommitGroup::record_partitions(Table table, const Key& key, const ItemRow& row)
{
    slots_.push_back(PartitionVersions::slot_of(table, key.pk));
    for (const auto* index_key : {&row.gsi1, &row.gsi2}) {
        if (*index_key)
            slots_.push_back(PartitionVersions::slot_of(table, (*index_key)->pk));
    }
}

void CommitGroup::write(Table table, const Key& key, const ItemRow* before, const ItemRow* after)
{
    ++rows_written_;
    if (after)
        of(table).store(key, before, *after);
    else
        of(table).erase.run(before->rowid);
    const auto body = [](const ItemRow* row) {
        return row ? std::optional<std::string_view>(row->body) : std::nullopt;
    };
    statements_.change.run(++sequence_, static_cast<std::int64_t>(table), key.pk, key.sk, body(before), body(after),
                           now_ms_);
    for (const ItemRow* row : {before, after}) {
        if (row)
            record_partitions(table, key, *row);
    }
}

std::optional<std::string> CommitGroup::find_request_digest(const std::string& token)
{
    auto rows = statements_.find_token.rows(token, now_ms_);
    return rows.next() ? std::optional(std::string(rows.text(0))) : std::nullopt;
}

void CommitGroup::store_request_token(const std::string& token, const std::string& actions_digest)
{
    ++rows_written_;
    statements_.store_token.run(token, actions_digest, now_ms_ + token_lifetime_ms);
}

void CommitGroup::acknowledge(const std::string& processor, std::int64_t sequence)
{
    ++rows_written_;
    statements_.acknowledge.run(processor, sequence);
}

void CommitGroup::rewind(const std::string& processor, std::int64_t sequence)
{
    ++rows_written_;
    statements_.rewind.run(processor, sequence);
}

std::size_t CommitGroup::remove_expired(std::size_t limit)
{
    std::size_t removed = 0;
    for (const Table table : all_tables) {
        std::vector<Key> keys;
        {
            auto rows = of(table).expired.rows(now_ms_ / 1000, static_cast<std::int64_t>(limit - removed));
            while (rows.next())
                keys.push_back({std::string(rows.text(0)), std::string(rows.text(1))});
        }
        for (const Key& key : keys) {
            const auto row = find(table, key);
            write(table, key, &*row, nullptr);
        }
        removed += keys.size();
    }
    return removed;
}

std::size_t CommitGroup::trim_changes(std::size_t limit)
{
    const auto lowest = [](Statement& statement) -> std::optional<std::int64_t> {
        auto rows = statement.rows();
        return rows.next() ? rows.optional_integer(0) : std::nullopt;
    };
    const auto oldest = lowest(statements_.oldest_change);
    if (!oldest)
        return 0;
    const auto checkpoint = lowest(statements_.lowest_checkpoint).value_or(sequence_);
    // The newest row stays, because the numbering continues from it after a restart.
    const auto last = std::min({*oldest + static_cast<std::int64_t>(limit) - 1, checkpoint, sequence_ - 1});
    if (last < *oldest)
        return 0;
    std::size_t trimmed = 0;
    auto rows = statements_.trim.rows(last, now_ms_ - change_retention_ms);
    while (rows.next())
        ++trimmed;
    rows_written_ += trimmed;
    return trimmed;
}

std::size_t CommitGroup::remove_expired_tokens(std::size_t limit)
{
    std::size_t removed = 0;
    auto rows = statements_.remove_expired_tokens.rows(now_ms_, static_cast<std::int64_t>(limit));
    while (rows.next())
        ++removed;
    rows_written_ += removed;
    return removed;
}

} // namespace estante::sqlite
