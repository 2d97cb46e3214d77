// SQL queries on one shop's part of the data lake, for operators.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace estante {

struct SqlResult {
    std::vector<std::string> columns{};
    std::vector<std::vector<std::optional<std::string>>> rows{}; // as text; absent: NULL
    bool more = false;                                           // there are more rows
};

class LakeSql {
public:
    virtual ~LakeSql() = default;

    // One SELECT on the views purchases, purchase_items, books and daily_summary of the shop. It has no access to
    // files, other shops or settings. Errors: invalid (not a single SELECT, forbidden, or incorrect), unavailable (the
    // lake fails, or the query times out). Blocks; one thread at a time.
    virtual Result<SqlResult> select(const TenantId& tenant, const std::string& sql, std::size_t max_rows) = 0;
    // The same with all rows, as a Parquet file that must not exist yet. Returns the number of rows. After an error the
    // file may be incomplete.
    virtual Result<std::uint64_t> select_into(const TenantId& tenant, const std::string& sql,
                                              const std::filesystem::path& file) = 0;
};

} // namespace estante
