// The schema of the file: one table for each table of the store with its indexes, the change stream, the checkpoints
// of its processors, and the client tokens of transactions.
#pragma once

#include "adapters/sqlite/sqlite_connection.hpp"

#include <cstdint>

namespace estante::sqlite {

inline constexpr int schema_version = 1;

// Creates the schema in an empty file; does nothing to a current one. Throws std::runtime_error with the cause when the
// file belongs to another program or to a newer version of this one, and SqliteError when it cannot be read or written.
void prepare_schema(Connection& connection);

// The same checks for a file that already has a schema. Writes nothing.
void check_schema(Connection& connection);

std::int64_t count_items(Connection& connection); // in all tables

} // namespace estante::sqlite
