// Tables for other programs: Parquet, the columns of which keep their types.
#pragma once

#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace estante {

// How a list is answered. A request that names none has it as its header Accept says.
enum class ListFormat { json, csv, parquet };
BOOST_DESCRIBE_ENUM(ListFormat, json, csv, parquet)

struct ExportedTable {
    enum class Kind {
        text,
        whole,  // 64 bits with sign
        amount, // in cents; two decimals outside
        moment, // milliseconds since 1970, UTC
    };
    struct Column {
        std::string_view name{}; // [a-z_]+
        Kind kind = Kind::text;
    };
    using Cell = std::variant<std::string, std::int64_t>; // a string where the column is text

    std::vector<Column> columns{};
    std::vector<std::vector<Cell>> rows{}; // each as long as `columns`
};

class TableExport {
public:
    virtual ~TableExport() = default;

    // The bytes of a Parquet file: text as VARCHAR, whole as BIGINT, amount as DECIMAL(18,2), moment as TIMESTAMP.
    // Errors: unavailable. Any thread; the work runs off the event loops.
    virtual Task<Result<std::string>> parquet(ExportedTable table) = 0;
};

} // namespace estante
