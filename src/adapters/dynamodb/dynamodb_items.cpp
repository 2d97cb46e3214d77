#include "adapters/dynamodb/dynamodb_items.hpp"

#include "adapters/dynamodb/attribute_values.hpp"
#include "adapters/dynamodb/failures.hpp"
#include "adapters/dynamodb/tables.hpp"
#include "codec/digest.hpp"
#include "codec/json.hpp"
#include "ports/rules/item_rules.hpp"
#include "ports/rules/partitions.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace estante::dynamodb {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_batch = 25;    // of BatchWriteItem
constexpr int unprocessed_attempts = 10; // answers that process nothing, in a row
constexpr std::string_view counted = R"(,"ReturnConsumedCapacity":"TOTAL"})";

StoreError not_ours(const NotOurs& error)
{
    return {.code = StoreError::Code::invalid, .detail = fmt::format("an item that is none of ours: {}", error.what())};
}

const char* operation_of(const Action& action, bool begun_anew)
{
    if (std::holds_alternative<Put>(action) || begun_anew)
        return "PutItem";
    return std::holds_alternative<Update>(action) ? "UpdateItem" : "DeleteItem";
}

bool repeats_itself(const Action& action)
{
    const Update* update = std::get_if<Update>(&action);
    return conditions_of(action).empty() && (!update || update->add.empty());
}

std::string random_token(Random& random)
{
    std::array<std::uint8_t, 16> bytes{};
    random.fill(bytes);
    return hex(bytes);
}

std::optional<Cursor> cursor_from(const Map& answer, Index index)
{
    const Map& key = map_in(answer, "LastEvaluatedKey");
    if (key.empty())
        return std::nullopt;
    const Item item = item_from(key);
    return Cursor{.key = key_of(item), .index_key = index == Index::primary ? std::nullopt : index_key_of(item, index)};
}

Cursor cursor_of(const Item& item, Index index)
{
    return {.key = key_of(item), .index_key = index == Index::primary ? std::nullopt : index_key_of(item, index)};
}

// Updates that failed only because they met an expired item, of which nothing may be left: those begin anew. Drops
// them from the error; items that have expired are none.
std::vector<std::size_t> take_begun_anew(StoreError& error, std::span<const Action> actions, std::int64_t now_ms)
{
    std::vector<std::size_t> anew;
    std::erase_if(error.failed, [&](FailedAction& failed) {
        if (!failed.current || !is_expired(*failed.current, now_ms))
            return false;
        failed.current.reset();
        const Action& action = actions[failed.index];
        if (!std::holds_alternative<Update>(action) ||
            !all_hold(conditions_of(action), static_cast<const Item*>(nullptr)))
            return false;
        anew.push_back(failed.index);
        return true;
    });
    return anew;
}

// What `updated` makes of nothing, checked before it is written in the place of an expired item.
StoreResult<void> check_begun_anew(std::span<const Action> actions, const std::vector<std::size_t>& anew)
{
    for (const auto index : anew) {
        if (auto item = updated(std::get<Update>(actions[index]), std::nullopt); !item)
            return std::unexpected(item.error());
    }
    return {};
}

} // namespace

std::shared_ptr<ItemStore> Items::for_tenant(std::string_view tenant)
{
    if (!database_.options.for_tenant)
        return nullptr;
    return std::make_shared<Items>(database_, database_.options.for_tenant(tenant));
}

Task<aws::Called<Map>> Items::call(std::string operation, std::string body, std::string_view partition, bool repeatable)
{
    const std::string tenant(tenant_of(partition));
    auto answer = co_await database_.tables.call(operation, std::move(body), *credentials_, repeatable);
    if (answer)
        database_.capacity.count(operation, tenant, *answer);
    co_return answer;
}

// A pause before another attempt at what others are at work on: random up to 10 ms, 20 ms, 40 ms … 320 ms.
Task<void> Items::wait(int attempt)
{
    std::array<std::uint8_t, 4> bytes{};
    database_.random.fill(bytes);
    const auto chance = std::accumulate(bytes.begin(), bytes.end(), 0U,
                                        [](unsigned sum, std::uint8_t byte) { return sum << 8 | byte; });
    const unsigned most_us = 10'000U << std::min(attempt, 5);
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::microseconds(chance % most_us));
    co_await timer.async_wait(asio::use_awaitable);
}

void Items::written(const Action& action)
{
    const auto advance = [&](std::string_view partition) {
        database_.partition_versions.advance(PartitionVersions::slot_of(table_of(action), partition));
    };
    advance(key_of(action).pk);
    if (const Put* put = std::get_if<Put>(&action)) {
        for (const auto name : {"gsi1pk", "gsi2pk"}) {
            if (const auto partition = text_of(put->item, name); !partition.empty())
                advance(partition);
        }
    }
    if (const Update* update = std::get_if<Update>(&action)) {
        for (const auto& [name, value] : update->set) {
            if ((name == "gsi1pk" || name == "gsi2pk") && value.if_string())
                advance(*value.if_string());
        }
    }
}

Task<StoreResult<std::optional<Item>>> Items::get(Table table, Key key)
{
    if (auto checked = check_key(key); !checked)
        co_return std::unexpected(checked.error());
    auto answer = co_await call("GetItem", database_.requests.get(table, key), key.pk);
    if (!answer)
        co_return std::unexpected(store_error_from(answer.error(), {}));
    const Map& found = map_in(*answer, "Item");
    if (found.empty())
        co_return std::nullopt;
    try {
        Item item = item_from(found);
        if (is_expired(item, database_.clock.now_ms()))
            co_return std::nullopt;
        co_return std::optional(std::move(item));
    } catch (const NotOurs& error) {
        co_return std::unexpected(not_ours(error));
    }
}

Task<StoreResult<std::vector<std::optional<Item>>>> Items::batch_get(Table table, std::vector<Key> keys)
{
    if (auto checked = check_keys(keys); !checked)
        co_return std::unexpected(checked.error());
    std::map<Key, Item> found;
    auto body = keys.empty() ? std::string() : database_.requests.batch_get(table, keys);
    for (int idle = 0; !body.empty();) {
        const auto answer = co_await call("BatchGetItem", std::move(body), keys.front().pk);
        if (!answer)
            co_return std::unexpected(store_error_from(answer.error(), {}));
        body.clear();
        const auto& items = list_in(map_in(*answer, "Responses"), database_.requests.table_name(table));
        try {
            for (const Value& item : items) {
                Item whole = item_from(item.if_map() ? *item.if_map() : Map());
                Key key = key_of(whole);
                found.insert_or_assign(std::move(key), std::move(whole));
            }
        } catch (const NotOurs& error) {
            co_return std::unexpected(not_ours(error));
        }
        const Map& rest = map_in(*answer, "UnprocessedKeys");
        if (rest.empty())
            break;
        idle = items.empty() ? idle + 1 : 0;
        if (idle == unprocessed_attempts)
            co_return store_error(StoreError::Code::unavailable, "BatchGetItem leaves its keys unprocessed");
        ((body = R"({"RequestItems":)") += json::to_text(rest)) += counted;
        co_await wait(idle);
    }
    std::vector<std::optional<Item>> items(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (const auto at = found.find(keys[i]); at != found.end() && !is_expired(at->second, database_.clock.now_ms()))
            items[i] = std::move(at->second);
    }
    co_return items;
}

// Reads one item more than asked for, which tells whether there is a next page; expired items are not counted.
template <class BodyOf>
Task<StoreResult<Page>> Items::read_pages(std::string operation, std::string_view partition, Index index,
                                          std::size_t limit, std::optional<Cursor> after, BodyOf body_of)
{
    const std::string tenant(partition);
    Page page;
    do {
        std::optional<std::string> body = body_of(limit + 1 - page.items.size(), after);
        if (!body)
            break;
        const auto answer = co_await call(operation, std::move(*body), tenant);
        if (!answer)
            co_return std::unexpected(store_error_from(answer.error(), {}));
        try {
            for (const Value& found : list_in(*answer, "Items")) {
                Item item = item_from(found.if_map() ? *found.if_map() : Map());
                if (!is_expired(item, database_.clock.now_ms()))
                    page.items.push_back(std::move(item));
            }
            after = cursor_from(*answer, index);
        } catch (const NotOurs& error) {
            co_return std::unexpected(not_ours(error));
        }
    } while (after && page.items.size() <= limit);
    if (page.items.size() > limit) {
        page.items.resize(limit);
        page.next = cursor_of(page.items.back(), index);
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
                                      return database_.requests.query(query, limit);
                                  });
}

Task<StoreResult<Page>> Items::scan(Table table, std::size_t limit, std::optional<Cursor> after)
{
    if (auto checked = check_scan(limit, after); !checked)
        co_return std::unexpected(checked.error());
    co_return co_await read_pages("Scan", "", Index::primary, limit, after,
                                  [&](std::size_t left, const std::optional<Cursor>& from) {
                                      return std::optional(database_.requests.scan(table, left, from));
                                  });
}

Task<StoreResult<Item>> Items::write(Action action)
{
    const std::vector<Action> actions{std::move(action)};
    const Action& one = actions.front();
    if (auto checked = check_transaction(actions, {}); !checked)
        co_return std::unexpected(checked.error());
    std::vector<std::size_t> anew;
    for (int attempt = 0;; ++attempt) {
        const auto now_s = database_.now_s();
        const auto answer =
            co_await call(operation_of(one, !anew.empty()), database_.requests.write(one, !anew.empty(), now_s),
                          key_of(one).pk, anew.empty() && repeats_itself(one));
        if (answer) {
            written(one);
            database_.on_commit();
            if (!anew.empty())
                co_return updated(std::get<Update>(one), std::nullopt);
            co_return item_from(map_in(*answer, "Attributes"));
        }
        auto error = store_error_from(answer.error(), {0});
        const bool conflict = error.code == StoreError::Code::conflict;
        if (attempt + 1 >= database_.options.conflict_attempts)
            co_return std::unexpected(std::move(error));
        anew = take_begun_anew(error, actions, now_s * 1000);
        if (!conflict && anew.empty())
            co_return std::unexpected(std::move(error));
        if (auto checked = check_begun_anew(actions, anew); !checked)
            co_return std::unexpected(checked.error());
        if (conflict)
            co_await wait(attempt);
    }
}

Task<StoreResult<void>> Items::put(Put put)
{
    const auto done = co_await write(std::move(put));
    co_return done ? StoreResult<void>() : std::unexpected(done.error());
}

Task<StoreResult<Item>> Items::update(Update update)
{
    co_return co_await write(std::move(update));
}

Task<StoreResult<void>> Items::remove(Delete remove)
{
    const auto done = co_await write(std::move(remove));
    co_return done ? StoreResult<void>() : std::unexpected(done.error());
}

Task<StoreResult<void>> Items::transact(std::vector<Action> actions, std::string token)
{
    if (auto checked = check_transaction(actions, token); !checked)
        co_return checked;
    const bool own_token = token.empty();
    TokenMemory memory{.now_s = database_.now_s()};
    if (own_token)
        token = random_token(database_.random);
    else
        memory = database_.tokens.recall(token, memory);

    std::vector<std::size_t> sent;
    for (int attempt = 0;; ++attempt) {
        auto body = database_.requests.transact(actions, memory.begun_anew, memory.now_s, token, sent);
        if (sent.empty())
            co_return StoreResult<void>();
        const auto answer = co_await call("TransactWriteItems", std::move(body), key_of(actions.front()).pk);
        if (answer) {
            std::ranges::for_each(actions, [this](const Action& action) { written(action); });
            database_.on_commit();
            co_return StoreResult<void>();
        }
        auto error = store_error_from(answer.error(), sent);
        const bool busy = is_conflict(answer.error()) || is_throttled_transaction(answer.error());
        if (attempt + 1 >= database_.options.conflict_attempts)
            co_return std::unexpected(std::move(error));
        const auto failures = error.failed.size();
        const auto anew = take_begun_anew(error, actions, memory.now_s * 1000);
        if (!busy && (anew.empty() || anew.size() < failures))
            co_return std::unexpected(std::move(error));
        if (auto checked = check_begun_anew(actions, anew); !checked)
            co_return checked;
        // A cancelled transaction has left its token free. What it found is no longer known to be so.
        memory.begun_anew = anew;
        if (!own_token)
            database_.tokens.remember(token, memory);
        if (busy)
            co_await wait(attempt);
    }
}

Task<StoreResult<void>> Items::write_batch(std::vector<Action> actions)
{
    auto body = database_.requests.batch_write(actions);
    for (int idle = 0;;) {
        const auto answer = co_await call("BatchWriteItem", std::move(body), key_of(actions.front()).pk);
        if (!answer)
            co_return std::unexpected(store_error_from(answer.error(), {}));
        const Map& rest = map_in(*answer, "UnprocessedItems");
        if (rest.empty())
            break;
        body = (R"({"RequestItems":)" + json::to_text(rest)).append(counted);
        if (++idle == unprocessed_attempts)
            co_return store_error(StoreError::Code::unavailable, "BatchWriteItem leaves items unprocessed");
        co_await wait(idle);
    }
    std::ranges::for_each(actions, [this](const Action& action) { written(action); });
    co_return StoreResult<void>();
}

Task<StoreResult<void>> Items::batch_write(std::vector<Action> actions)
{
    if (auto checked = check_batch(actions); !checked)
        co_return checked;
    StoreResult<void> verdict;
    std::size_t next = 0;
    // Each worker takes the next 25 until there are none, or one has failed. All run on this executor, one at a time.
    const auto work = [&]() -> Task<void> {
        while (next < actions.size() && verdict) {
            const auto from = actions.begin() + static_cast<std::ptrdiff_t>(next);
            const auto count = std::min(max_batch, actions.size() - next);
            next += count;
            std::vector<Action> batch(std::move_iterator(from),
                                      std::move_iterator(from + static_cast<std::ptrdiff_t>(count)));
            if (auto done = co_await write_batch(std::move(batch)); !done)
                verdict = std::move(done);
        }
    };
    const auto executor = co_await asio::this_coro::executor;
    const auto workers = std::min(database_.options.batches_at_once, (actions.size() + max_batch - 1) / max_batch);
    using Worker = decltype(asio::co_spawn(executor, work(), asio::deferred));
    std::vector<Worker> group;
    group.reserve(workers);
    for (std::size_t i = 0; i < workers; ++i)
        group.push_back(asio::co_spawn(executor, work(), asio::deferred));
    if (!group.empty()) {
        const auto [order, thrown] = co_await asio::experimental::make_parallel_group(std::move(group))
                                         .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
        for (const auto& error : thrown) {
            if (error)
                std::rethrow_exception(error);
        }
        database_.on_commit();
    }
    co_return verdict;
}

} // namespace estante::dynamodb
