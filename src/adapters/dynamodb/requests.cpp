#include "adapters/dynamodb/requests.hpp"

#include "adapters/dynamodb/attribute_values.hpp"
#include "adapters/dynamodb/tables.hpp"
#include "codec/json.hpp"
#include "ports/rules/item_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace estante::dynamodb {

namespace {

constexpr std::string_view counted = R"(,"ReturnConsumedCapacity":"TOTAL"})";

void write_key(std::string& out, const Key& key)
{
    out += R"({"pk":{"S":)";
    json::write_string(out, key.pk);
    out += R"(},"sk":{"S":)";
    json::write_string(out, key.sk);
    out += "}}";
}

void write_start(std::string& out, Index index, const std::optional<Cursor>& after)
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

const char* kind_of(const Action& action, bool begun_anew)
{
    if (std::holds_alternative<Put>(action) || begun_anew)
        return "Put";
    if (std::holds_alternative<Update>(action))
        return "Update";
    return std::holds_alternative<Delete>(action) ? "Delete" : "ConditionCheck";
}

} // namespace

Requests::Requests(std::string_view stage)
{
    for (const Table table : all_tables)
        names_[static_cast<std::size_t>(table)] = dynamodb::table_name(table, stage);
}

Table Requests::table_of(std::string_view name) const
{
    const auto found = std::ranges::find(names_, name);
    if (found == std::end(names_))
        throw std::out_of_range(fmt::format("table {} is not one of this stage", name));
    return all_tables[found - std::begin(names_)];
}

void Requests::write_fields(std::string& out, const Action& action, bool begun_anew, std::int64_t now_s,
                            bool in_transaction) const
{
    Placeholders placeholders;
    fmt::format_to(std::back_inserter(out), R"("TableName":"{}")", table_name(estante::table_of(action)));
    const Update* update = std::get_if<Update>(&action);
    if (const Put* put = std::get_if<Put>(&action)) {
        out += R"(,"Item":)";
        write_item(out, put->item);
    } else if (begun_anew) {
        out += R"(,"Item":)";
        write_item(out, updated(*update, std::nullopt).value());
    } else {
        out += R"(,"Key":)";
        write_key(out, estante::key_of(action));
    }
    if (update && !begun_anew) {
        auto expression = update_expression(*update, placeholders);
        if (expression.empty() && in_transaction) // which takes no update without an expression
            expression = fmt::format("REMOVE {}", placeholders.name("no_such_attribute"));
        if (!expression.empty())
            fmt::format_to(std::back_inserter(out), R"(,"UpdateExpression":"{}")", expression);
    }
    const auto standing = begun_anew ? Standing::expired : update ? Standing::present : Standing::any;
    if (const auto demanded = condition_expression(conditions_of(action), standing, now_s, placeholders);
        !demanded.empty())
        fmt::format_to(std::back_inserter(out),
                       R"(,"ConditionExpression":"{}","ReturnValuesOnConditionCheckFailure":"ALL_OLD")", demanded);
    placeholders.write(out);
}

std::string Requests::write(const Action& action, bool begun_anew, std::int64_t now_s) const
{
    std::string body = "{";
    write_fields(body, action, begun_anew, now_s, false);
    if (std::holds_alternative<Update>(action) && !begun_anew)
        body += R"(,"ReturnValues":"ALL_NEW")";
    return body += counted;
}

std::string Requests::transact(std::span<const Action> actions, const std::vector<std::size_t>& begun_anew,
                               std::int64_t now_s, std::string_view token, std::vector<std::size_t>& sent) const
{
    std::string body = R"({"TransactItems":[)";
    sent.clear();
    for (std::size_t i = 0; i < actions.size(); ++i) {
        if (std::holds_alternative<Check>(actions[i]) && conditions_of(actions[i]).empty())
            continue;
        const bool anew = std::ranges::find(begun_anew, i) != begun_anew.end();
        fmt::format_to(std::back_inserter(body), R"({}{{"{}":{{)", sent.empty() ? "" : ",", kind_of(actions[i], anew));
        write_fields(body, actions[i], anew, now_s, true);
        body += "}}";
        sent.push_back(i);
    }
    body += R"(],"ClientRequestToken":)";
    json::write_string(body, token);
    return body += counted;
}

std::string Requests::batch_write(std::span<const Action> actions) const
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
    return body += counted;
}

std::string Requests::get(Table table, const Key& key) const
{
    auto body = fmt::format(R"({{"TableName":"{}","ConsistentRead":true,"Key":)", table_name(table));
    write_key(body, key);
    return body += counted;
}

std::string Requests::batch_get(Table table, std::span<const Key> keys) const
{
    auto body = fmt::format(R"({{"RequestItems":{{"{}":{{"ConsistentRead":true,"Keys":[)", table_name(table));
    for (const Key& key : keys) {
        if (&key != keys.data())
            body += ',';
        write_key(body, key);
    }
    body += "]}}";
    return body += counted;
}

std::optional<std::string> Requests::query(const Query& query, std::size_t limit) const
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
    write_start(body, query.index, query.after);
    return body += counted;
}

std::string Requests::scan(Table table, std::size_t limit, const std::optional<Cursor>& after) const
{
    auto body = fmt::format(R"({{"TableName":"{}","ConsistentRead":true,"Limit":{})", table_name(table), limit);
    write_start(body, Index::primary, after);
    return body += counted;
}

} // namespace estante::dynamodb
