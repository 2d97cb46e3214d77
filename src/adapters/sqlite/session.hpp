// What the writer does within one commit: reads and writes rows, and keeps the change rows and stamps that go with
// them. What throws Failure leaves a group that has to be undone.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/row.hpp"
#include "cache/partition_versions.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace estante::sqlite {

class Session {
public:
    Session(Connection& connection, PartitionVersions& partition_versions);

    void begin(std::int64_t now_ms);
    void commit();            // makes it durable, then advances the stamps of what was written
    void rollback() noexcept; // also after a Failure that already ended the transaction

    std::int64_t now_ms() const { return now_ms_; }
    // How many rows this group has written so far.
    std::size_t written() const { return written_; }
    bool has_changes() const { return sequence_ != committed_sequence_; }

    // The row whether expired or not.
    std::optional<Row> find(Table table, const Key& key);
    // `before` is what find() answered, nullptr for nothing; `after` is nullptr to remove it. One of them is there.
    void write(Table table, const Key& key, const Row* before, const Row* after);

    // The actions (their digest) that the token was used for and is still remembered with.
    std::optional<std::string> actions_of(const std::string& token);
    void remember(const std::string& token, const std::string& actions);

    // The sequence number of the newest change.
    std::int64_t newest() const { return sequence_; }
    // Makes the processor known, or moves its checkpoint forward; never back.
    void acknowledge(const std::string& processor, std::int64_t sequence);
    void rewind(const std::string& processor, std::int64_t sequence);

    // Each removes at most `limit` of what is over and answers how many.
    std::size_t remove_expired(std::size_t limit);
    std::size_t trim_changes(std::size_t limit);
    std::size_t forget_tokens(std::size_t limit);

private:
    struct TableStatements {
        TableStatements(Connection& connection, Table table);
        void store(const Key& key, const Row* before, const Row& after);

        Statement find;
        Statement insert;
        Statement rewrite; // body and version alone: no index is touched
        Statement replace;
        Statement erase;
        Statement expired;
        bool has_gsi2;
    };
    struct Statements {
        explicit Statements(Connection& connection);
        Statement begin, commit;
        Statement change;
        Statement find_token, remember, forget_tokens;
        Statement acknowledge, rewind;
        Statement oldest_change, lowest_checkpoint, trim;
    };

    Connection& connection_;
    PartitionVersions& partition_versions_;
    Statements statements_;
    std::array<TableStatements, std::size(all_tables)> tables_;
    std::vector<PartitionVersions::Slot> slots_;
    std::int64_t now_ms_ = 0;
    std::size_t written_ = 0;
    std::int64_t sequence_ = 0;
    std::int64_t committed_sequence_ = 0;

    TableStatements& of(Table table) { return tables_[static_cast<std::size_t>(table)]; }
    void note(Table table, const Key& key, const Row& row);
};

} // namespace estante::sqlite
