// The file: a table for each table of the store with its indexes, the changes, the processors' checkpoints and the
// tokens of transactions.
#pragma once

#include "adapters/sqlite/connection.hpp"

#include <cstdint>

namespace estante::sqlite {

inline constexpr int schema_version = 1;

// Makes the schema in an empty file and leaves a current one as it is. Throws std::runtime_error with the cause when
// the file belongs to another program or to a newer version of this one, and Failure when it cannot be read or written.
void prepare_schema(Connection& connection);

// The same refusals, of a file that has a schema; writes nothing.
void check_schema(Connection& connection);

std::int64_t count_items(Connection& connection); // in all tables

} // namespace estante::sqlite
