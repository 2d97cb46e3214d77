// Connections for reading. A read takes one for its duration and gives it back, so there are as many as threads ever
// read at once; the one given back last goes out first, warm.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "ports/change_stream.hpp"
#include "ports/item_store.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace estante::sqlite {

// Every member throws Failure, and std::runtime_error for a damaged body.
class Reader {
public:
    Reader(const std::string& path, const char* vfs, int busy_timeout_ms);

    std::optional<Item> get(Table table, const Key& key, std::int64_t now_ms);
    std::vector<std::optional<Item>> batch_get(Table table, const std::vector<Key>& keys, std::int64_t now_ms);
    Page query(const Query& query, std::int64_t now_ms);
    Page scan(Table table, std::size_t limit, const std::optional<Cursor>& after, std::int64_t now_ms);

    std::optional<std::int64_t> checkpoint(const std::string& processor);
    std::vector<Change> changes_after(std::int64_t sequence, std::size_t limit);
    std::int64_t newest_change();
    std::int64_t oldest_change(); // that is kept; 0: none
    // When the first change after this one was committed.
    std::optional<std::int64_t> first_change_ms(std::int64_t sequence);
    // The change before the first that was committed at this time or later; nothing when some of those are trimmed.
    std::optional<std::int64_t> last_change_before(std::int64_t at_ms);
    std::int64_t count_items();

private:
    // Prepared when first used: most threads never scan, and few read backwards.
    class Prepared {
    public:
        template <class MakeSql> Statement& in(Connection& connection, MakeSql make_sql)
        {
            if (!statement_)
                statement_.emplace(connection, make_sql());
            return *statement_;
        }

    private:
        std::optional<Statement> statement_;
    };
    struct TableStatements {
        Prepared get, scan;
        std::array<std::array<Prepared, 2>, 3> query; // [index][forward]
    };

    // Several statements on one state of the file, and its lock taken once.
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
    Prepared begin_, end_, checkpoint_, changes_, newest_, oldest_, first_ms_, first_from_;

    TableStatements& of(Table table) { return tables_[static_cast<std::size_t>(table)]; }
};

class Readers {
public:
    Readers(std::string path, const char* vfs, int busy_timeout_ms);

    // `read(Reader&)`, as an answer of the port: a Failure is unavailable.
    template <class Read> auto read(Read read) -> StoreResult<std::invoke_result_t<Read, Reader&>>
    {
        try {
            const auto lease = take();
            return read(*lease);
        } catch (const Failure& failure) {
            return std::unexpected(StoreError{.code = StoreError::Code::unavailable, .detail = failure.what()});
        }
    }

private:
    class Lease {
    public:
        Lease(Readers& readers, std::unique_ptr<Reader> reader) : readers_(readers), reader_(std::move(reader)) {}
        ~Lease() { readers_.give_back(std::move(reader_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Reader& operator*() const { return *reader_; }

    private:
        Readers& readers_;
        std::unique_ptr<Reader> reader_;
    };
    std::string path_;
    const char* vfs_;
    int busy_timeout_ms_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Reader>> idle_;

    Lease take();
    void give_back(std::unique_ptr<Reader> reader);
};

} // namespace estante::sqlite
