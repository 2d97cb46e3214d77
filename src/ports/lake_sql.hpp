// A statement of SQL about one shop's part of the lake, for the people who run the platform.
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

struct SqlAnswer {
    std::vector<std::string> columns{};
    std::vector<std::vector<std::optional<std::string>>> rows{}; // as text; nothing: NULL
    bool more = false;                                           // there are rows beyond the limit
};

class LakeSql {
public:
    virtual ~LakeSql() = default;

    // One SELECT over the views purchases, purchase_items, books and daily_summary of the shop. It reaches nothing
    // else: no file, no other shop, no setting. Errors: invalid (no single SELECT, refused, or a mistake in it),
    // unavailable (the lake, or it took too long). Blocks; one thread at a time.
    virtual Result<SqlAnswer> select(const TenantId& tenant, const std::string& sql, std::size_t most_rows) = 0;
    // The same with all rows, as a Parquet file that is not there yet; answers how many. After an error a part of it
    // may be there.
    virtual Result<std::uint64_t> select_into(const TenantId& tenant, const std::string& sql,
                                              const std::filesystem::path& file) = 0;
};

} // namespace estante
