#include "adapters/dynamodb/attribute_values.hpp"
#include "adapters/dynamodb/dynamodb_items.hpp"
#include "adapters/dynamodb/item_backoff.hpp"
#include "adapters/dynamodb/store_errors.hpp"
#include "codec/digest.hpp"
#include "codec/json.hpp"
#include "ports/rules/item_rules.hpp"
#include "runtime/run_concurrently.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace estante::dynamodb {

namespace {

constexpr std::size_t max_batch_writes = 25; // of one BatchWriteItem

const char* operation_name(const Action& action, bool recreate)
{
    if (std::holds_alternative<Put>(action) || recreate)
        return "PutItem";
    return std::holds_alternative<Update>(action) ? "UpdateItem" : "DeleteItem";
}

bool is_idempotent(const Action& action)
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

// Removes from the error the updates that failed only because they met an expired item, and returns their indexes: they
// are repeated as puts that replace the item. Expired items are removed from the other failures.
std::vector<std::size_t> extract_recreated(StoreError& error, std::span<const Action> actions, std::int64_t now_ms)
{
    std::vector<std::size_t> recreated;
    std::erase_if(error.failed, [&](FailedAction& failed) {
        if (!failed.current || !is_expired(*failed.current, now_ms))
            return false;
        failed.current.reset();
        const Action& action = actions[failed.index];
        if (!std::holds_alternative<Update>(action) ||
            !all_hold(conditions_of(action), static_cast<const Item*>(nullptr)))
            return false;
        recreated.push_back(failed.index);
        return true;
    });
    return recreated;
}

// Validates the items that the updates create, before they replace expired items.
StoreResult<void> check_recreated(std::span<const Action> actions, const std::vector<std::size_t>& recreated)
{
    for (const auto index : recreated) {
        if (auto item = updated(std::get<Update>(actions[index]), std::nullopt); !item)
            return std::unexpected(item.error());
    }
    return {};
}

} // namespace

void Items::advance_versions(const Action& action)
{
    const auto advance = [&](std::string_view partition) {
        context_.partition_versions.advance(PartitionVersions::slot_of(table_of(action), partition));
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

Task<StoreResult<Item>> Items::write(Action action)
{
    const std::vector<Action> actions{std::move(action)};
    const Action& only = actions.front();
    if (auto checked = check_transaction(actions, {}); !checked)
        co_return std::unexpected(checked.error());
    std::vector<std::size_t> recreated;
    for (int attempt = 1;; ++attempt) {
        const auto now_s = context_.now_s();
        const auto response = co_await call(operation_name(only, !recreated.empty()),
                                            context_.request_bodies.write(only, !recreated.empty(), now_s),
                                            key_of(only).pk, recreated.empty() && is_idempotent(only));
        if (response) {
            advance_versions(only);
            context_.on_commit();
            if (!recreated.empty())
                co_return updated(std::get<Update>(only), std::nullopt);
            co_return item_from(map_in(*response, "Attributes"));
        }
        auto error = store_error_from(response.error(), {0});
        const bool conflict = error.code == StoreError::Code::conflict;
        if (attempt >= context_.options.max_conflict_attempts)
            co_return std::unexpected(std::move(error));
        recreated = extract_recreated(error, actions, now_s * 1000);
        if (!conflict && recreated.empty())
            co_return std::unexpected(std::move(error));
        if (auto checked = check_recreated(actions, recreated); !checked)
            co_return std::unexpected(checked.error());
        if (conflict)
            co_await aws::back_off(item_backoff, attempt, context_.random);
    }
}

Task<StoreResult<void>> Items::put(Put put)
{
    const auto written = co_await write(std::move(put));
    co_return written ? StoreResult<void>() : std::unexpected(written.error());
}

Task<StoreResult<Item>> Items::update(Update update)
{
    co_return co_await write(std::move(update));
}

Task<StoreResult<void>> Items::remove(Delete remove)
{
    const auto written = co_await write(std::move(remove));
    co_return written ? StoreResult<void>() : std::unexpected(written.error());
}

Task<StoreResult<void>> Items::transact(std::vector<Action> actions, std::string token)
{
    if (auto checked = check_transaction(actions, token); !checked)
        co_return checked;
    const bool own_token = token.empty();
    TransactionState state{.now_s = context_.now_s()};
    if (own_token)
        token = random_token(context_.random);
    else
        state = context_.tokens.find_or_insert(token, state);

    std::vector<std::size_t> sent;
    for (int attempt = 1;; ++attempt) {
        auto body = context_.request_bodies.transact(actions, state.recreated, state.now_s, token, sent);
        if (sent.empty())
            co_return StoreResult<void>();
        const auto response = co_await call("TransactWriteItems", std::move(body), key_of(actions.front()).pk);
        if (response) {
            std::ranges::for_each(actions, [this](const Action& action) { advance_versions(action); });
            context_.on_commit();
            co_return StoreResult<void>();
        }
        auto error = store_error_from(response.error(), sent);
        const bool busy = is_conflict(response.error()) || is_throttled_transaction(response.error());
        if (attempt >= context_.options.max_conflict_attempts)
            co_return std::unexpected(std::move(error));
        const auto failed_count = error.failed.size();
        const auto recreated = extract_recreated(error, actions, state.now_s * 1000);
        if (!busy && (recreated.empty() || recreated.size() < failed_count))
            co_return std::unexpected(std::move(error));
        if (auto checked = check_recreated(actions, recreated); !checked)
            co_return checked;
        // A cancelled transaction did not use up its token. The items that it found expired may have changed since.
        state.recreated = recreated;
        if (!own_token)
            context_.tokens.update(token, state);
        if (busy)
            co_await aws::back_off(item_backoff, attempt, context_.random);
    }
}

Task<StoreResult<void>> Items::write_batch(std::vector<Action> actions)
{
    auto body = context_.request_bodies.batch_write(actions);
    for (int attempt = 1;; ++attempt) {
        const auto response = co_await call("BatchWriteItem", std::move(body), key_of(actions.front()).pk);
        if (!response)
            co_return std::unexpected(store_error_from(response.error(), {}));
        const Map& unprocessed = map_in(*response, "UnprocessedItems");
        if (unprocessed.empty())
            break;
        if (attempt == max_unprocessed_attempts)
            co_return store_error(StoreError::Code::unavailable,
                                  "BatchWriteItem left items unprocessed in every attempt");
        body = RequestBodies::repeat_batch(unprocessed);
        co_await aws::back_off(item_backoff, attempt + 1, context_.random);
    }
    std::ranges::for_each(actions, [this](const Action& action) { advance_versions(action); });
    co_return StoreResult<void>();
}

Task<StoreResult<void>> Items::batch_write(std::vector<Action> actions)
{
    if (auto checked = check_batch(actions); !checked)
        co_return checked;
    StoreResult<void> result;
    std::size_t next = 0;
    // Each worker takes the next 25 actions, until all are taken or one batch has failed.
    const auto work = [&]() -> Task<void> {
        while (next < actions.size() && result) {
            const auto from = actions.begin() + static_cast<std::ptrdiff_t>(next);
            const auto count = std::min(max_batch_writes, actions.size() - next);
            next += count;
            std::vector<Action> batch(std::move_iterator(from),
                                      std::move_iterator(from + static_cast<std::ptrdiff_t>(count)));
            if (auto written = co_await write_batch(std::move(batch)); !written)
                result = std::move(written);
        }
    };
    const auto batch_count = (actions.size() + max_batch_writes - 1) / max_batch_writes;
    co_await run_concurrently(std::min(context_.options.max_concurrent_batches, batch_count), work);
    if (!actions.empty())
        context_.on_commit();
    co_return result;
}

} // namespace estante::dynamodb
