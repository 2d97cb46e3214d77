// Reads and validates the purchases of the lake (JSON objects), and converts them into rows of DuckDB.
#pragma once

#include "adapters/duckdb/database.hpp"
#include "codec/lake_layout.hpp"
#include "ports/object_store.hpp"
#include "runtime/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <exception>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante::duck {

inline constexpr std::string_view items_type =
    "STRUCT(book_id VARCHAR, title VARCHAR, quantity INTEGER, unit_price DECIMAL(18,2), subtotal DECIMAL(18,2), "
    "vat_rate DECIMAL(18,2))[]";

// The SQL expression that converts the JSON array `json` into a list of structs, one per purchase.
std::string purchases_from_json(std::string_view json);

struct PurchaseDocument {
    std::string key{};
    std::string etag{};
    std::expected<std::string, std::string> json{}; // or why the object is damaged
};

// Reads objects concurrently on this thread. Objects that no longer exist are skipped. Throws DuckDBError when the lake
// cannot be read.
std::vector<PurchaseDocument> read_documents(ObjectStore& lake, const TenantId& tenant,
                                             const std::vector<ObjectInfo>& objects);

// Runs a coroutine to completion on this thread.
template <class T> T run_blocking(Task<T> task)
{
    boost::asio::io_context loop(1);
    std::optional<T> result;
    std::exception_ptr thrown;
    boost::asio::co_spawn(
        loop, [&]() -> Task<void> { result.emplace(co_await std::move(task)); },
        [&](std::exception_ptr error) { thrown = std::move(error); });
    loop.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return std::move(*result);
}

template <class T> T value_or_throw(Result<T, ObjectError> result, const std::string& key)
{
    if (!result)
        throw DuckDBError(fmt::format("{}: {}", key, result.error().detail));
    return std::move(*result);
}

} // namespace estante::duck
