// One read connection of the store and its prepared statements.
#pragma once

#include "adapters/sqlite/sqlite_connection.hpp"
#include "ports/change_stream.hpp"
#include "ports/item_store.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante::sqlite {

// Every member throws SqliteError, and std::runtime_error for a damaged item.
class Reader {
public:
    Reader(const std::string& path, int busy_timeout_ms);

    std::optional<Item> get(Table table, const Key& key, std::int64_t now_ms);
    std::vector<std::optional<Item>> batch_get(Table table, const std::vector<Key>& keys, std::int64_t now_ms);
    Page query(const Query& query, std::int64_t now_ms);
    Page scan(Table table, std::size_t limit, const std::optional<Cursor>& after, std::int64_t now_ms);

    std::optional<std::int64_t> checkpoint(const std::string& processor);
    std::vector<Change> changes_after(std::int64_t sequence, std::size_t limit);
    std::int64_t newest_change();
    std::int64_t oldest_change(); // 0: the stream is empty
    // The commit time of the first change after this one.
    std::optional<std::int64_t> first_change_ms(std::int64_t sequence);
    // The last change before the first one committed at `at_ms` or later. nullopt: some of those were already trimmed.
    std::optional<std::int64_t> last_change_before(std::int64_t at_ms);
    std::int64_t count_items();

private:
    // Prepared on first use: most threads never scan, and few read backwards.
    class LazyStatement {
    public:
        template <class MakeSql> Statement& get(Connection& connection, MakeSql make_sql)
        {
            if (!statement_)
                statement_.emplace(connection, make_sql());
            return *statement_;
        }

    private:
        std::optional<Statement> statement_;
    };
    struct TableStatements {
        LazyStatement get, scan;
        std::array<std::array<LazyStatement, 2>, 3> query; // [index][forward]
    };

    // A read transaction: several statements see one state of the file, and the lock is taken once.
    class Snapshot {
    public:
        explicit Snapshot(Reader& reader);
        ~Snapshot();
        Snapshot(const Snapshot&) = delete;
        Snapshot& operator=(const Snapshot&) = delete;

    private:
        Reader& reader_;
    };

    Connection connection_;
    std::array<TableStatements, std::size(all_tables)> tables_;
    LazyStatement begin_, end_, checkpoint_, changes_, newest_, oldest_, first_ms_, first_from_;

    TableStatements& of(Table table) { return tables_[static_cast<std::size_t>(table)]; }
};

} // namespace estante::sqlite
