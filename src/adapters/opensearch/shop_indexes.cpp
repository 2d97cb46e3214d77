#include "adapters/opensearch/shop_indexes.hpp"

#include "adapters/opensearch/json_text.hpp"
#include "adapters/opensearch/mapping.hpp"
#include "codec/json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

namespace estante::opensearch {

std::string ShopPlace::index(std::int64_t number) const
{
    return fmt::format("{}_{}", alias, number);
}

std::string ShopPlace::next_alias(std::int64_t number) const
{
    return fmt::format("{}_next_{}", alias, number);
}

Task<aws::Called<ShopIndexes>> find_indexes(const Api& api, ShopPlace place)
{
    const auto answer = co_await api.call(place.endpoint, {.path = fmt::format("/{}_%2A/_alias", place.alias)});
    if (!answer)
        co_return std::unexpected(answer.error());
    const auto next = place.alias + "_next_";
    ShopIndexes found;
    for (const auto& [name, index] : *answer) {
        found.all.push_back(name);
        const Map* const map = index.if_map();
        for (const auto& [alias, detail] : map ? map_in(*map, "aliases") : Map()) {
            if (alias == place.alias)
                found.serving.push_back(name);
            else if (alias.starts_with(next))
                found.next_aliases.push_back(alias);
        }
    }
    co_return found;
}

Task<aws::Called<std::int64_t>> make_index(const Api& api, ShopPlace place, std::int64_t number, bool next,
                                           int replicas)
{
    for (;; ++number) {
        const auto alias = next ? place.next_alias(number) : place.alias;
        auto made = co_await api.call(
            place.endpoint, {.method = "PUT", .path = "/" + place.index(number), .body = index_body(alias, replicas)});
        if (made)
            co_return number;
        if (made.error().type != "resource_already_exists_exception")
            co_return std::unexpected(std::move(made.error()));
    }
}

Task<Called> let_serve(const Api& api, ShopPlace place, std::int64_t number, std::vector<std::string> before)
{
    const auto index = place.index(number);
    List actions{Map{{"add", Map{{"index", index}, {"alias", place.alias}, {"is_write_index", true}}}},
                 Map{{"remove", Map{{"index", index}, {"alias", place.next_alias(number)}}}}};
    for (auto& name : before)
        actions.emplace_back(Map{{"remove_index", Map{{"index", std::move(name)}}}});
    co_return co_await api.call(
        place.endpoint,
        {.method = "POST", .path = "/_aliases", .body = json::to_text(Map{{"actions", std::move(actions)}})});
}

Task<Called> remove_indexes(const Api& api, ShopPlace place, std::vector<std::string> names)
{
    if (names.empty())
        co_return Map();
    auto removed = co_await api.call(place.endpoint, {.method = "DELETE",
                                                      .path = fmt::format("/{}", fmt::join(names, ",")),
                                                      .query = {{"ignore_unavailable", "true"}}});
    if (!removed && is_absent(removed.error()))
        co_return Map();
    co_return removed;
}

std::vector<std::string> made_before(const ShopPlace& place, const std::vector<std::string>& names, std::int64_t number)
{
    std::vector<std::string> older;
    for (const auto& name : names) {
        std::int64_t made = 0;
        const auto end = name.data() + name.size();
        const auto [rest, error] = std::from_chars(name.data() + place.alias.size() + 1, end, made);
        if (error == std::errc() && rest == end && made < number)
            older.push_back(name);
    }
    return older;
}

} // namespace estante::opensearch
