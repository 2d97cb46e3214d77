#include "adapters/dynamodb/request_bodies.hpp"

#include "adapters/dynamodb/attribute_values.hpp"
#include "adapters/dynamodb/table_description.hpp"
#include "codec/json.hpp"
#include "ports/rules/item_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace estante::dynamodb {

namespace {

constexpr std::string_view with_capacity = R"(,"ReturnConsumedCapacity":"TOTAL"})";

void write_key(std::string& out, const Key& key)
{
    out += R"({"pk":{"S":)";
    json::write_string(out, key.pk);
    out += R"(},"sk":{"S":)";
    json::write_string(out, key.sk);
    out += "}}";
}

void write_start_key(std::string& out, Index index, const std::optional<Cursor>& after)
{
    if (!after)
        return;
    Map start{{"pk", after->key.pk}, {"sk", after->key.sk}};
    if (after->index_key) {
        const auto keys = index_keys(index);
        start.insert_or_assign(std::string(keys.partition), after->index_key->pk);
        start.insert_or_assign(std::string(keys.sort), after->index_key->sk);
    }
    out += R"(,"ExclusiveStartKey":)";
    write_item(out, start);
}

const char* action_name(const Action& action, bool recreate)
{
    if (std::holds_alternative<Put>(action) || recreate)
        return "Put";
    if (std::holds_alternative<Update>(action))
        return "Update";
    return std::holds_alternative<Delete>(action) ? "Delete" : "ConditionCheck";
}

} // namespace

RequestBodies::RequestBodies(std::string_view stage)
{
    for (const Table table : all_tables)
        names_[static_cast<std::size_t>(table)] = dynamodb::table_name(table, stage);
}

Table RequestBodies::table_of(std::string_view name) const
{
    const auto found = std::ranges::find(names_, name);
    if (found == std::end(names_))
        throw std::out_of_range(fmt::format("table {} does not belong to this stage", name));
    return all_tables[found - std::begin(names_)];
}

void RequestBodies::write_fields(std::string& out, const Action& action, bool recreate, std::int64_t now_s,
                                 bool in_transaction) const
{
    Placeholders placeholders;
    fmt::format_to(std::back_inserter(out), R"("TableName":"{}")", table_name(estante::table_of(action)));
    const Update* update = std::get_if<Update>(&action);
    if (const Put* put = std::get_if<Put>(&action)) {
        out += R"(,"Item":)";
        write_item(out, put->item);
    } else if (recreate) {
        out += R"(,"Item":)";
        write_item(out, updated(*update, std::nullopt).value());
    } else {
        out += R"(,"Key":)";
        write_key(out, estante::key_of(action));
    }
    if (update && !recreate) {
        auto expression = update_expression(*update, placeholders);
        if (expression.empty() && in_transaction) // a transaction accepts no update without an expression
            expression = fmt::format("REMOVE {}", placeholders.name("no_such_attribute"));
        if (!expression.empty())
            fmt::format_to(std::back_inserter(out), R"(,"UpdateExpression":"{}")", expression);
    }
    const auto expected = recreate ? ExpectedItem::expired : update ? ExpectedItem::not_expired : ExpectedItem::any;
    if (const auto condition = condition_expression(conditions_of(action), expected, now_s, placeholders);
        !condition.empty())
        fmt::format_to(std::back_inserter(out),
                       R"(,"ConditionExpression":"{}","ReturnValuesOnConditionCheckFailure":"ALL_OLD")", condition);
    placeholders.write(out);
}

std::string RequestBodies::write(const Action& action, bool recreate, std::int64_t now_s) const
{
    std::string body = "{";
    write_fields(body, action, recreate, now_s, false);
    if (std::holds_alternative<Update>(action) && !recreate)
        body += R"(,"ReturnValues":"ALL_NEW")";
    return body += with_capacity;
}

std::string RequestBodies::transact(std::span<const Action> actions, const std::vector<std::size_t>& recreated,
                                    std::int64_t now_s, std::string_view token, std::vector<std::size_t>& sent) const
{
    std::string body = R"({"TransactItems":[)";
    sent.clear();
    for (std::size_t i = 0; i < actions.size(); ++i) {
        if (std::holds_alternative<Check>(actions[i]) && conditions_of(actions[i]).empty())
            continue;
        const bool recreate = std::ranges::find(recreated, i) != recreated.end();
        fmt::format_to(std::back_inserter(body), R"({}{{"{}":{{)", sent.empty() ? "" : ",",
                       action_name(actions[i], recreate));
        write_fields(body, actions[i], recreate, now_s, true);
        body += "}}";
        sent.push_back(i);
    }
    body += R"(],"ClientRequestToken":)";
    json::write_string(body, token);
    return body += with_capacity;
}

std::string RequestBodies::batch_write(std::span<const Action> actions) const
{
    std::string body = R"({"RequestItems":{)";
    for (const Table table : all_tables) {
        bool first = true;
        for (const Action& action : actions) {
            if (estante::table_of(action) != table)
                continue;
            if (std::exchange(first, false))
                fmt::format_to(std::back_inserter(body), R"({}"{}":[)", body.back() == '{' ? "" : ",",
                               table_name(table));
            else
                body += ',';
            if (const Put* put = std::get_if<Put>(&action)) {
                body += R"({"PutRequest":{"Item":)";
                write_item(body, put->item);
            } else {
                body += R"({"DeleteRequest":{"Key":)";
                write_key(body, estante::key_of(action));
            }
            body += "}}";
        }
        if (!first)
            body += ']';
    }
    body += '}';
    return body += with_capacity;
}

std::string RequestBodies::repeat_batch(const Map& unprocessed)
{
    return (R"({"RequestItems":)" + json::to_text(unprocessed)).append(with_capacity);
}

std::string RequestBodies::get(Table table, const Key& key) const
{
    auto body = fmt::format(R"({{"TableName":"{}","ConsistentRead":true,"Key":)", table_name(table));
    write_key(body, key);
    return body += with_capacity;
}

std::string RequestBodies::batch_get(Table table, std::span<const Key> keys) const
{
    auto body = fmt::format(R"({{"RequestItems":{{"{}":{{"ConsistentRead":true,"Keys":[)", table_name(table));
    for (const Key& key : keys) {
        if (&key != keys.data())
            body += ',';
        write_key(body, key);
    }
    body += "]}}";
    return body += with_capacity;
}

std::optional<std::string> RequestBodies::query(const Query& query, std::size_t limit) const
{
    Placeholders placeholders;
    const auto keys = key_expression(query, placeholders);
    if (!keys)
        return std::nullopt;
    auto body = fmt::format(R"({{"TableName":"{}","KeyConditionExpression":"{}","ScanIndexForward":{},"Limit":{})",
                            table_name(query.table), *keys, query.forward, limit);
    if (query.index == Index::primary)
        body += R"(,"ConsistentRead":true)";
    else
        fmt::format_to(std::back_inserter(body), R"(,"IndexName":"{}")", index_keys(query.index).name);
    placeholders.write(body);
    write_start_key(body, query.index, query.after);
    return body += with_capacity;
}

std::string RequestBodies::scan(Table table, std::size_t limit, const std::optional<Cursor>& after) const
{
    auto body = fmt::format(R"({{"TableName":"{}","ConsistentRead":true,"Limit":{})", table_name(table), limit);
    write_start_key(body, Index::primary, after);
    return body += with_capacity;
}

} // namespace estante::dynamodb
