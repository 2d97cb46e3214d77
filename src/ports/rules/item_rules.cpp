#include "ports/rules/item_rules.hpp"

#include "domain/code_points.hpp"
#include "domain/overloaded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace estante {

namespace {

constexpr int max_depth = 32;

std::unexpected<StoreError> invalid_call(std::string detail)
{
    return store_error(StoreError::Code::invalid, std::move(detail));
}

bool is_text(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        if (next_code_point(text, at) <= 0)
            return false;
    }
    return true;
}

bool is_name(std::string_view name)
{
    return !name.empty() && name.size() <= max_name_bytes && is_text(name);
}

bool is_value(const Value& value, int depth)
{
    return std::visit(Overloaded{[](const std::string& text) { return is_text(text); },
                                 [depth](const List& list) {
                                     return depth <= max_depth && std::ranges::all_of(list, [&](const Value& v) {
                                                return is_value(v, depth + 1);
                                            });
                                 },
                                 [depth](const Map& map) {
                                     return depth <= max_depth && std::ranges::all_of(map, [&](const auto& member) {
                                                return is_name(member.first) && is_value(member.second, depth + 1);
                                            });
                                 },
                                 [](const auto&) { return true; }},
                      value.data);
}

StoreResult<void> check_attribute(std::string_view name, const Value& value)
{
    if (!is_name(name))
        return invalid_call("an attribute name is empty, too long or not UTF-8");
    if (!is_value(value, 2))
        return invalid_call(
            fmt::format("attribute {} is not UTF-8, contains U+0000 or an empty name, or is nested deeper than {}",
                        name, max_depth));
    if (const Number* end = name == "expires_at" ? value.if_number() : nullptr; end && !end->to_int())
        return invalid_call("expires_at is not a whole number of seconds");
    return {};
}

StoreResult<void> check_index_keys(Table table, const Item& item)
{
    struct KeyAttribute {
        Index index;
        std::string_view name;
        std::size_t max_bytes;
    };
    static constexpr KeyAttribute attributes[] = {{Index::gsi1, "gsi1pk", max_pk_bytes},
                                                  {Index::gsi1, "gsi1sk", max_sk_bytes},
                                                  {Index::gsi2, "gsi2pk", max_pk_bytes},
                                                  {Index::gsi2, "gsi2sk", max_sk_bytes}};
    for (const auto& [index, name, max_bytes] : attributes) {
        const Value* value = has_index(table, index) ? find(item, name) : nullptr;
        const std::string* text = value ? value->if_string() : nullptr;
        if (value && (!text || text->empty() || text->size() > max_bytes))
            return invalid_call(fmt::format("index key {} is not a string of 1 to {} bytes", name, max_bytes));
    }
    return {};
}

StoreResult<void> check_size(const Item& item)
{
    if (const auto size = size_of(item); size > max_item_bytes)
        return store_error(StoreError::Code::too_large,
                           fmt::format("an item of {} bytes; the limit is {}", size, max_item_bytes));
    return {};
}

StoreResult<void> check_put(const Put& put)
{
    if (auto checked = check_key(key_of(put.item)); !checked)
        return checked;
    for (const auto& [name, value] : put.item) {
        if (auto checked = check_attribute(name, value); !checked)
            return checked;
    }
    if (auto checked = check_index_keys(put.table, put.item); !checked)
        return checked;
    return check_size(put.item);
}

StoreResult<void> check_update(const Update& update)
{
    if (auto checked = check_key(update.key); !checked)
        return checked;
    std::set<std::string_view> names{"pk", "sk"};
    const auto claim = [&names](std::string_view name) -> StoreResult<void> {
        if (!names.insert(name).second)
            return invalid_call(fmt::format("an update changes a key, or an attribute twice: {}", name));
        return {};
    };
    for (const auto& [name, value] : update.set) {
        if (auto checked = check_attribute(name, value); !checked)
            return checked;
        if (auto checked = claim(name); !checked)
            return checked;
    }
    for (const auto& [name, number] : update.add) {
        if (auto checked = check_attribute(name, Value(number)); !checked)
            return checked;
        if (auto checked = claim(name); !checked)
            return checked;
    }
    for (const auto& name : update.remove) {
        if (auto checked = claim(name); !checked)
            return checked;
    }
    return {};
}

// No call may have two actions on one item.
StoreResult<void> check_different_items(std::span<const Action> actions)
{
    std::vector<std::pair<Table, Key>> items;
    items.reserve(actions.size());
    for (const Action& action : actions)
        items.emplace_back(table_of(action), key_of(action));
    std::ranges::sort(items);
    if (const auto twice = std::ranges::adjacent_find(items); twice != items.end())
        return invalid_call(
            fmt::format("two actions on {} {} {}", name_of(twice->first), twice->second.pk, twice->second.sk));
    return {};
}

StoreResult<void> check_transaction_bytes(std::size_t bytes)
{
    if (bytes > max_transaction_bytes)
        return store_error(StoreError::Code::too_large,
                           fmt::format("a transaction of {} bytes; the limit is {}", bytes, max_transaction_bytes));
    return {};
}

} // namespace

std::unexpected<StoreError> store_error(StoreError::Code code, std::string detail)
{
    return std::unexpected(StoreError{.code = code, .detail = std::move(detail)});
}

Table table_of(const Action& action)
{
    return std::visit([](const auto& a) { return a.table; }, action);
}

Key key_of(const Action& action)
{
    return std::visit(
        Overloaded{[](const Put& put) { return key_of(put.item); }, [](const auto& other) { return other.key; }},
        action);
}

const Conditions& conditions_of(const Action& action)
{
    return std::visit([](const auto& a) -> const Conditions& { return a.conditions; }, action);
}

bool has_index(Table table, Index index)
{
    return index != Index::gsi2 || table == Table::books;
}

StoreResult<void> check_key(const Key& key)
{
    if (key.pk.empty() || key.pk.size() > max_pk_bytes || !is_text(key.pk))
        return invalid_call(fmt::format("pk is not a string of 1 to {} bytes", max_pk_bytes));
    if (key.sk.empty() || key.sk.size() > max_sk_bytes || !is_text(key.sk))
        return invalid_call(fmt::format("sk is not a string of 1 to {} bytes", max_sk_bytes));
    return {};
}

StoreResult<void> check_keys(std::span<const Key> keys)
{
    if (keys.size() > max_batch_get_keys)
        return invalid_call(fmt::format("{} keys; the limit is {}", keys.size(), max_batch_get_keys));
    for (const Key& key : keys) {
        if (auto checked = check_key(key); !checked)
            return checked;
    }
    std::vector<Key> sorted(keys.begin(), keys.end());
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) != sorted.end())
        return invalid_call("a key is repeated");
    return {};
}

StoreResult<void> check_query(const Query& query)
{
    if (!has_index(query.table, query.index))
        return invalid_call(fmt::format("table {} has no gsi2", name_of(query.table)));
    if (query.partition.empty() || query.partition.size() > max_pk_bytes || !is_text(query.partition))
        return invalid_call(fmt::format("the partition is not a string of 1 to {} bytes", max_pk_bytes));
    if (query.limit < 1 || query.limit > max_page_items)
        return invalid_call(fmt::format("limit {} is not in 1 to {}", query.limit, max_page_items));
    if (!query.after)
        return {};
    const bool in_index = query.index != Index::primary;
    if (query.after->index_key.has_value() != in_index)
        return invalid_call("the cursor is not of this index");
    if ((in_index ? query.after->index_key->pk : query.after->key.pk) != query.partition)
        return invalid_call("the cursor is not of this partition");
    return check_key(query.after->key);
}

StoreResult<void> check_scan(std::size_t limit, const std::optional<Cursor>& after)
{
    if (limit < 1 || limit > max_page_items)
        return invalid_call(fmt::format("limit {} is not in 1 to {}", limit, max_page_items));
    if (after && after->index_key)
        return invalid_call("the cursor is not of a table");
    return after ? check_key(after->key) : StoreResult<void>{};
}

StoreResult<void> check_action(const Action& action)
{
    return std::visit(Overloaded{[](const Put& put) { return check_put(put); },
                                 [](const Update& update) { return check_update(update); },
                                 [](const auto& other) { return check_key(other.key); }},
                      action);
}

StoreResult<void> check_transaction(std::span<const Action> actions, std::string_view token)
{
    if (actions.empty() || actions.size() > max_transaction_actions)
        return invalid_call(
            fmt::format("{} actions; a transaction has 1 to {}", actions.size(), max_transaction_actions));
    if (token.size() > max_token_bytes || !is_text(token))
        return invalid_call(fmt::format("a token has at most {} bytes", max_token_bytes));
    std::size_t bytes = 0;
    for (const Action& action : actions) {
        if (auto checked = check_action(action); !checked)
            return checked;
        if (const Put* put = std::get_if<Put>(&action))
            bytes += size_of(put->item);
    }
    if (auto checked = check_transaction_bytes(bytes); !checked)
        return checked;
    return check_different_items(actions);
}

StoreResult<void> check_batch(std::span<const Action> actions)
{
    for (const Action& action : actions) {
        if (std::holds_alternative<Update>(action) || std::holds_alternative<Check>(action))
            return invalid_call("a batch may only have puts and deletes");
        if (!conditions_of(action).empty())
            return invalid_call("a batch may not have conditions");
        if (auto checked = check_action(action); !checked)
            return checked;
    }
    return check_different_items(actions);
}

std::optional<std::int64_t> expiry_of(const Item& item)
{
    const Value* value = find(item, "expires_at");
    const Number* number = value ? value->if_number() : nullptr;
    return number ? number->to_int() : std::nullopt;
}

bool is_expired(const Item& item, std::int64_t now_ms)
{
    const auto expiry = expiry_of(item);
    return expiry && *expiry <= now_ms / 1000;
}

bool holds(const Condition& condition, const Attributes* current)
{
    const auto number = [current](std::string_view name) {
        const Value* value = current ? current->find(name) : nullptr;
        return value ? value->if_number() : nullptr;
    };
    return std::visit(Overloaded{[&](const Absent&) { return !current; },
                                 [&](const Present&) { return current != nullptr; },
                                 [&](const VersionIs& is) {
                                     const Number* version = number("version");
                                     return version && *version == Number(is.version);
                                 },
                                 [&](const AtLeast& least) {
                                     const Number* value = number(least.attribute);
                                     return value && *value >= least.least;
                                 },
                                 [&](const Equals& equals) {
                                     const Value* value = current ? current->find(equals.attribute) : nullptr;
                                     return value && *value == equals.value;
                                 },
                                 [&](const Lacks& lacks) { return current && !current->find(lacks.attribute); }},
                      condition);
}

bool all_hold(const Conditions& conditions, const Attributes* current)
{
    return std::ranges::all_of(conditions, [current](const Condition& c) { return holds(c, current); });
}

bool all_hold(const Conditions& conditions, const Item* current)
{
    struct InItem final : Attributes {
        const Item* item;
        const Value* find(std::string_view name) const override { return estante::find(*item, name); }
    };
    InItem in_item;
    in_item.item = current;
    return all_hold(conditions, current ? &in_item : nullptr);
}

void TransactionOutcome::add_failed_action(std::size_t index, const Item* current)
{
    failed_.push_back({index, current ? std::optional(*current) : std::nullopt});
}

StoreResult<void> TransactionOutcome::verdict() const
{
    if (!failed_.empty())
        return std::unexpected(StoreError{
            .code = StoreError::Code::condition_failed, .detail = "a condition did not hold", .failed = failed_});
    if (!errors_.empty())
        return std::unexpected(errors_.front());
    return check_transaction_bytes(bytes_);
}

StoreResult<Item> updated(const Update& update, std::optional<Item> current)
{
    Item item = current ? std::move(*current) : Item{{"pk", update.key.pk}, {"sk", update.key.sk}};
    for (const auto& [name, value] : update.set)
        item.insert_or_assign(name, value);
    for (const auto& [name, number] : update.add) {
        Value& value = item.try_emplace(name, Number()).first->second;
        if (!value.if_number())
            return invalid_call(fmt::format("add to {}, which is not a number", name));
        const auto sum = value.if_number()->plus(number);
        if (!sum)
            return invalid_call(fmt::format("the sum in {} is out of range", name));
        value = *sum;
    }
    for (const auto& name : update.remove)
        item.erase(name);
    if (auto checked = check_index_keys(update.table, item); !checked)
        return std::unexpected(checked.error());
    if (auto checked = check_size(item); !checked)
        return std::unexpected(checked.error());
    return item;
}

} // namespace estante
