// Exports tables as Parquet files with typed columns.
#pragma once

#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace estante {

struct ExportedTable {
    enum class Kind {
        text,
        integer,   // 64 bits with sign
        amount,    // in cents
        timestamp, // milliseconds since 1970, UTC
    };
    struct Column {
        std::string_view name{}; // [a-z_]+
        Kind kind = Kind::text;
    };
    using Cell = std::variant<std::string, std::int64_t>; // a string if the column is text, else a number

    std::vector<Column> columns{};
    std::vector<std::vector<Cell>> rows{}; // each as long as `columns`
};

class TableExport {
public:
    virtual ~TableExport() = default;

    // The bytes of a Parquet file: text as VARCHAR, integer as BIGINT, amount as DECIMAL(18,2), timestamp as TIMESTAMP.
    // Errors: unavailable. Any thread; the work runs off the event loops.
    virtual Task<Result<std::string>> parquet(ExportedTable table) = 0;
};

} // namespace estante
