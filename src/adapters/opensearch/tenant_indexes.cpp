#include "adapters/opensearch/tenant_indexes.hpp"

#include "adapters/opensearch/json_values.hpp"
#include "adapters/opensearch/mapping.hpp"
#include "codec/json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

namespace estante::opensearch {

std::string IndexLocation::index(std::int64_t number) const
{
    return fmt::format("{}_{}", alias, number);
}

std::string IndexLocation::next_alias(std::int64_t number) const
{
    return fmt::format("{}_next_{}", alias, number);
}

Task<Result<TenantIndexes, aws::Failure>> find_indexes(const RestApi& api, IndexLocation location)
{
    const auto response = co_await api.call(location.endpoint, {.path = fmt::format("/{}_%2A/_alias", location.alias)});
    if (!response)
        co_return std::unexpected(response.error());
    const auto next_prefix = location.alias + "_next_";
    TenantIndexes found;
    for (const auto& [name, index] : *response) {
        found.all.push_back(name);
        const Map* const map = index.if_map();
        for (const auto& [alias, detail] : map ? map_in(*map, "aliases") : Map()) {
            if (alias == location.alias)
                found.serving.push_back(name);
            else if (alias.starts_with(next_prefix))
                found.next_aliases.push_back(alias);
        }
    }
    co_return found;
}

Task<Result<std::int64_t, aws::Failure>> create_index(const RestApi& api, IndexLocation location, std::int64_t number,
                                                      bool is_next, int replicas)
{
    for (;; ++number) {
        const auto alias = is_next ? location.next_alias(number) : location.alias;
        auto created = co_await api.call(
            location.endpoint,
            {.method = "PUT", .path = "/" + location.index(number), .body = index_body(alias, replicas)});
        if (created)
            co_return number;
        if (created.error().type != "resource_already_exists_exception")
            co_return std::unexpected(std::move(created.error()));
    }
}

Task<Result<Map, aws::Failure>> swap_serving_index(const RestApi& api, IndexLocation location, std::int64_t number,
                                                   std::vector<std::string> replaced)
{
    const auto index = location.index(number);
    List actions{Map{{"add", Map{{"index", index}, {"alias", location.alias}, {"is_write_index", true}}}},
                 Map{{"remove", Map{{"index", index}, {"alias", location.next_alias(number)}}}}};
    for (auto& name : replaced)
        actions.emplace_back(Map{{"remove_index", Map{{"index", std::move(name)}}}});
    co_return co_await api.call(
        location.endpoint,
        {.method = "POST", .path = "/_aliases", .body = json::to_text(Map{{"actions", std::move(actions)}})});
}

Task<Result<Map, aws::Failure>> remove_indexes(const RestApi& api, IndexLocation location,
                                               std::vector<std::string> names)
{
    if (names.empty())
        co_return Map();
    auto removed = co_await api.call(location.endpoint, {.method = "DELETE",
                                                         .path = fmt::format("/{}", fmt::join(names, ",")),
                                                         .query = {{"ignore_unavailable", "true"}}});
    if (!removed && is_index_missing(removed.error()))
        co_return Map();
    co_return removed;
}

std::vector<std::string> indexes_before(const IndexLocation& location, const std::vector<std::string>& names,
                                        std::int64_t number)
{
    std::vector<std::string> older;
    for (const auto& name : names) {
        std::int64_t index_number = 0;
        const auto end = name.data() + name.size();
        const auto [rest, error] = std::from_chars(name.data() + location.alias.size() + 1, end, index_number);
        if (error == std::errc() && rest == end && index_number < number)
            older.push_back(name);
    }
    return older;
}

} // namespace estante::opensearch
