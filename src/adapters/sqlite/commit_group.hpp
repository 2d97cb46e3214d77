// Group commit: the jobs that the writer executes in one database transaction. It reads and writes rows, appends their
// changes to the stream, and collects the partitions whose versions advance on commit. After a SqliteError the group
// must be rolled back.
#pragma once

#include "adapters/sqlite/item_row.hpp"
#include "adapters/sqlite/sqlite_connection.hpp"
#include "cache/partition_versions.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace estante::sqlite {

class CommitGroup {
public:
    CommitGroup(Connection& connection, PartitionVersions& partition_versions);

    void begin(std::int64_t now_ms);
    void commit();            // durable first; then the versions of the written partitions advance
    void rollback() noexcept; // also after a SqliteError that already ended the transaction

    std::int64_t now_ms() const { return now_ms_; }
    // Rows written since begin().
    std::size_t rows_written() const { return rows_written_; }
    bool has_changes() const { return sequence_ != committed_sequence_; }

    // Also returns an expired row.
    std::optional<ItemRow> find(Table table, const Key& key);
    // `before` is the result of find(), nullptr for none. `after` is nullptr to delete the row. At least one is set.
    void write(Table table, const Key& key, const ItemRow* before, const ItemRow* after);

    // The digest of the actions of an earlier transaction with this request token, until the token expires.
    std::optional<std::string> find_request_digest(const std::string& token);
    void store_request_token(const std::string& token, const std::string& actions_digest);

    // The sequence number of the newest change.
    std::int64_t newest_sequence() const { return sequence_; }
    // Registers the processor, or moves its checkpoint forward. Never moves it back.
    void acknowledge(const std::string& processor, std::int64_t sequence);
    void rewind(const std::string& processor, std::int64_t sequence);

    // Each removes at most `limit` rows and returns how many it removed.
    std::size_t remove_expired(std::size_t limit);
    std::size_t trim_changes(std::size_t limit);
    std::size_t remove_expired_tokens(std::size_t limit);

private:
    struct TableStatements {
        TableStatements(Connection& connection, Table table);
        void store(const Key& key, const ItemRow* before, const ItemRow& after);

        Statement find;
        Statement insert;
        Statement rewrite; // body and version only: touches no index
        Statement replace;
        Statement erase;
        Statement expired;
        bool has_gsi2;
    };
    struct Statements {
        explicit Statements(Connection& connection);
        Statement begin, commit;
        Statement change;
        Statement find_token, store_token, remove_expired_tokens;
        Statement acknowledge, rewind;
        Statement oldest_change, lowest_checkpoint, trim;
    };

    Connection& connection_;
    PartitionVersions& partition_versions_;
    Statements statements_;
    std::array<TableStatements, std::size(all_tables)> tables_;
    std::vector<PartitionVersions::Slot> slots_;
    std::int64_t now_ms_ = 0;
    std::size_t rows_written_ = 0;
    std::int64_t sequence_ = 0;
    std::int64_t committed_sequence_ = 0;

    TableStatements& of(Table table) { return tables_[static_cast<std::size_t>(table)]; }
    void record_partitions(Table table, const Key& key, const ItemRow& row);
};

} // namespace estante::sqlite
