#include "adapters/sqlite/schema.hpp"

#include <fmt/format.h>

namespace estante::sqlite {

namespace {

constexpr std::int64_t application_id = 0x45737461; // "Esta", shown by file(1) and PRAGMA application_id

// Keys are compared as bytes (SQLite's default collation). An item is in an index when both index columns are set.
// `version` and `expires_at` copy attributes of the body, so that conditions and expiry need not parse it. The tables
// keep their rowid: WITHOUT ROWID would put the bodies into a B-tree of long keys, which doubled the work of a commit
// and made the file half as large again.
constexpr char items_sql[] = R"(
CREATE TABLE users(
  pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER, expires_at INTEGER, gsi1pk TEXT, gsi1sk TEXT,
  body TEXT NOT NULL, PRIMARY KEY(pk, sk)) STRICT;
CREATE INDEX users_gsi1 ON users(gsi1pk, gsi1sk, pk, sk) WHERE gsi1pk IS NOT NULL;
CREATE INDEX users_expiry ON users(expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE books(
  pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER, expires_at INTEGER, gsi1pk TEXT, gsi1sk TEXT,
  gsi2pk TEXT, gsi2sk TEXT, body TEXT NOT NULL, PRIMARY KEY(pk, sk)) STRICT;
CREATE INDEX books_gsi1 ON books(gsi1pk, gsi1sk, pk, sk) WHERE gsi1pk IS NOT NULL;
CREATE INDEX books_gsi2 ON books(gsi2pk, gsi2sk, pk, sk) WHERE gsi2pk IS NOT NULL;
CREATE INDEX books_expiry ON books(expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE purchases(
  pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER, expires_at INTEGER, gsi1pk TEXT, gsi1sk TEXT,
  body TEXT NOT NULL, PRIMARY KEY(pk, sk)) STRICT;
CREATE INDEX purchases_gsi1 ON purchases(gsi1pk, gsi1sk, pk, sk) WHERE gsi1pk IS NOT NULL;
CREATE INDEX purchases_expiry ON purchases(expires_at) WHERE expires_at IS NOT NULL;
)";

// `item_table` is the number of the Table. The writer assigns `sequence` without gaps.
constexpr char streams_sql[] = R"(
CREATE TABLE changes(
  sequence INTEGER PRIMARY KEY, item_table INTEGER NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL,
  old_body TEXT, new_body TEXT, at_ms INTEGER NOT NULL) STRICT;
CREATE TABLE checkpoints(processor TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE tokens(token TEXT PRIMARY KEY, actions TEXT NOT NULL, until_ms INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE INDEX tokens_expiry ON tokens(until_ms);
)";

std::int64_t read_number(Connection& connection, const char* sql)
{
    Statement statement(connection, sql);
    auto rows = statement.rows();
    return rows.next() ? rows.integer(0) : 0;
}

void create(Connection& connection)
{
    connection.run(items_sql);
    connection.run(streams_sql);
    connection.run(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, schema_version).c_str());
}

} // namespace

void prepare_schema(Connection& connection)
{
    if (read_number(connection, "SELECT count(*) FROM sqlite_schema") == 0) {
        connection.run("BEGIN IMMEDIATE");
        // Check again inside the transaction: another process may have created the schema.
        if (read_number(connection, "SELECT count(*) FROM sqlite_schema") == 0)
            create(connection);
        connection.run("COMMIT");
    }
    check_schema(connection);
    connection.run("BEGIN IMMEDIATE; COMMIT"); // fails when the file is not writable
}

std::int64_t count_items(Connection& connection)
{
    return read_number(connection, "SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM books) + "
                                   "(SELECT count(*) FROM purchases)");
}

void check_schema(Connection& connection)
{
    if (read_number(connection, "PRAGMA application_id") != application_id)
        throw std::runtime_error("the file is a database of another program");
    if (const auto found = read_number(connection, "PRAGMA user_version"); found > schema_version)
        throw std::runtime_error(fmt::format(
            "it was written by a newer version of this program (schema {}; this one knows {})", found, schema_version));
}

} // namespace estante::sqlite
