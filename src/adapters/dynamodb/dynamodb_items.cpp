#include "adapters/dynamodb/dynamodb_items.hpp"

#include "adapters/aws/backoff.hpp"
#include "adapters/dynamodb/attribute_values.hpp"
#include "adapters/dynamodb/item_backoff.hpp"
#include "adapters/dynamodb/store_errors.hpp"
#include "codec/json.hpp"
#include "ports/rules/item_rules.hpp"
#include "ports/rules/partitions.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace estante::dynamodb {

namespace {

StoreError to_store_error(const UnsupportedValue& error)
{
    return {.code = StoreError::Code::invalid,
            .detail = fmt::format("an item has a value that this store does not support: {}", error.what())};
}

Cursor cursor_at(const Item& item, Index index)
{
    return {.key = key_of(item), .index_key = index == Index::primary ? std::nullopt : index_key_of(item, index)};
}

std::optional<Cursor> cursor_from(const Map& response, Index index)
{
    const Map& key = map_in(response, "LastEvaluatedKey");
    if (key.empty())
        return std::nullopt;
    return cursor_at(item_from(key), index);
}

} // namespace

std::shared_ptr<ItemStore> Items::for_tenant(std::string_view tenant)
{
    if (!context_.options.tenant_credentials)
        return nullptr;
    return std::make_shared<Items>(context_, context_.options.tenant_credentials(tenant));
}

Task<Result<Map, aws::Failure>> Items::call(std::string operation, std::string body, std::string_view partition,
                                            bool idempotent)
{
    const std::string tenant(tenant_of(partition));
    auto response = co_await context_.tables.call(operation, std::move(body), *credentials_, idempotent);
    if (response)
        context_.consumed_capacity.add(operation, tenant, *response);
    co_return response;
}

Task<StoreResult<std::optional<Item>>> Items::get(Table table, Key key)
{
    if (auto checked = check_key(key); !checked)
        co_return std::unexpected(checked.error());
    auto response = co_await call("GetItem", context_.request_bodies.get(table, key), key.pk);
    if (!response)
        co_return std::unexpected(store_error_from(response.error(), {}));
    const Map& found = map_in(*response, "Item");
    if (found.empty())
        co_return std::nullopt;
    try {
        Item item = item_from(found);
        if (is_expired(item, context_.clock.now_ms()))
            co_return std::nullopt;
        co_return std::optional(std::move(item));
    } catch (const UnsupportedValue& error) {
        co_return std::unexpected(to_store_error(error));
    }
}

Task<StoreResult<std::vector<std::optional<Item>>>> Items::batch_get(Table table, std::vector<Key> keys)
{
    if (auto checked = check_keys(keys); !checked)
        co_return std::unexpected(checked.error());
    std::map<Key, Item> found;
    auto body = keys.empty() ? std::string() : context_.request_bodies.batch_get(table, keys);
    for (int empty_responses = 0; !body.empty();) {
        const auto response = co_await call("BatchGetItem", std::move(body), keys.front().pk);
        if (!response)
            co_return std::unexpected(store_error_from(response.error(), {}));
        body.clear();
        const auto& items = list_in(map_in(*response, "Responses"), context_.request_bodies.table_name(table));
        try {
            for (const Value& item : items) {
                Item parsed = item_from(item.if_map() ? *item.if_map() : Map());
                Key key = key_of(parsed);
                found.insert_or_assign(std::move(key), std::move(parsed));
            }
        } catch (const UnsupportedValue& error) {
            co_return std::unexpected(to_store_error(error));
        }
        const Map& unprocessed = map_in(*response, "UnprocessedKeys");
        if (unprocessed.empty())
            break;
        empty_responses = items.empty() ? empty_responses + 1 : 0;
        if (empty_responses == max_unprocessed_attempts)
            co_return store_error(StoreError::Code::unavailable, "BatchGetItem left keys unprocessed in every attempt");
        body = RequestBodies::repeat_batch(unprocessed);
        co_await aws::back_off(item_backoff, empty_responses + 1, context_.random);
    }
    std::vector<std::optional<Item>> items(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (const auto at = found.find(keys[i]); at != found.end() && !is_expired(at->second, context_.clock.now_ms()))
            items[i] = std::move(at->second);
    }
    co_return items;
}

// Reads one item more than the limit, to know whether there is a next page. Expired items do not count.
template <class MakeBody>
Task<StoreResult<Page>> Items::read_pages(std::string operation, std::string_view partition, Index index,
                                          std::size_t limit, std::optional<Cursor> after, MakeBody make_body)
{
    const std::string tenant(partition);
    Page page;
    do {
        std::optional<std::string> body = make_body(limit + 1 - page.items.size(), after);
        if (!body)
            break;
        const auto response = co_await call(operation, std::move(*body), tenant);
        if (!response)
            co_return std::unexpected(store_error_from(response.error(), {}));
        try {
            for (const Value& found : list_in(*response, "Items")) {
                Item item = item_from(found.if_map() ? *found.if_map() : Map());
                if (!is_expired(item, context_.clock.now_ms()))
                    page.items.push_back(std::move(item));
            }
            after = cursor_from(*response, index);
        } catch (const UnsupportedValue& error) {
            co_return std::unexpected(to_store_error(error));
        }
    } while (after && page.items.size() <= limit);
    if (page.items.size() > limit) {
        page.items.resize(limit);
        page.next = cursor_at(page.items.back(), index);
    }
    co_return page;
}

Task<StoreResult<Page>> Items::query(Query query)
{
    if (auto checked = check_query(query); !checked)
        co_return std::unexpected(checked.error());
    co_return co_await read_pages("Query", query.partition, query.index, query.limit, query.after,
                                  [&](std::size_t limit, const std::optional<Cursor>& after) {
                                      query.after = after;
                                      return context_.request_bodies.query(query, limit);
                                  });
}

Task<StoreResult<Page>> Items::scan(Table table, std::size_t limit, std::optional<Cursor> after)
{
    if (auto checked = check_scan(limit, after); !checked)
        co_return std::unexpected(checked.error());
    co_return co_await read_pages("Scan", "", Index::primary, limit, after,
                                  [&](std::size_t page_limit, const std::optional<Cursor>& from) {
                                      return std::optional(context_.request_bodies.scan(table, page_limit, from));
                                  });
}

} // namespace estante::dynamodb
