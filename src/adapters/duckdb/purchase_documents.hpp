// The lake's purchases as JSON, read and checked one by one, and how DuckDB takes many of them in.
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

// The expression that makes a list of structs, one a purchase, of the JSON array that `json` stands for.
std::string purchases_from_json(std::string_view json);

struct PurchaseDocument {
    std::string key{};
    std::string etag{};
    std::expected<std::string, std::string> json{}; // or why it is damaged
};

// Many at once, on this thread. What is no longer there is left out. Throws DuckDBError when the lake cannot be read.
std::vector<PurchaseDocument> read_documents(ObjectStore& lake, const TenantId& tenant,
                                             const std::vector<ObjectInfo>& objects);

// A coroutine to its end, on this thread.
template <class T> T finish(Task<T> task)
{
    boost::asio::io_context loop(1);
    std::optional<T> answer;
    std::exception_ptr thrown;
    boost::asio::co_spawn(
        loop, [&]() -> Task<void> { answer.emplace(co_await std::move(task)); },
        [&](std::exception_ptr error) { thrown = std::move(error); });
    loop.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return std::move(*answer);
}

template <class T> T need(Result<T, ObjectError> held, const std::string& key)
{
    if (!held)
        throw DuckDBError(fmt::format("{}: {}", key, held.error().detail));
    return std::move(*held);
}

} // namespace estante::duck
