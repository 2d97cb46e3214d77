#include "adapters/dynamodb/expressions.hpp"

#include "adapters/dynamodb/attribute_values.hpp"
#include "codec/json.hpp"
#include "domain/overloaded.hpp"
#include "ports/rules/item_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::dynamodb {

namespace {

void join(std::string& out, std::string_view separator, std::string_view part)
{
    if (!out.empty())
        out += separator;
    out += part;
}

std::string expression_for(const Condition& condition, const std::string& expired, Placeholders& placeholders)
{
    return std::visit(
        Overloaded{
            [&](const Absent&) {
                const auto absent = fmt::format("attribute_not_exists({})", placeholders.name("pk"));
                return expired.empty() ? absent : fmt::format("({} OR {})", absent, expired);
            },
            [&](const Present&) { return fmt::format("attribute_exists({})", placeholders.name("pk")); },
            [&](const VersionIs& is) {
                return fmt::format("{} = {}", placeholders.name("version"), placeholders.value(is.version));
            },
            [&](const AtLeast& least) {
                return fmt::format("{} >= {}", placeholders.name(least.attribute), placeholders.value(least.least));
            },
            [&](const Equals& equals) {
                return fmt::format("{} = {}", placeholders.name(equals.attribute), placeholders.value(equals.value));
            },
            [&](const Lacks& lacks) {
                return fmt::format("attribute_exists({}) AND attribute_not_exists({})", placeholders.name("pk"),
                                   placeholders.name(lacks.attribute));
            }},
        condition);
}

bool requires_an_item(const Conditions& conditions)
{
    return std::ranges::any_of(conditions, [](const Condition& c) { return !std::holds_alternative<Absent>(c); });
}

struct SortBounds {
    std::string_view first; // empty: open
    std::string_view last;
};

std::string sort_expression(const SortBounds& bounds, const std::string& name, Placeholders& placeholders)
{
    if (bounds.first.empty())
        return fmt::format("{} <= {}", name, placeholders.value(bounds.last));
    if (bounds.last.empty())
        return fmt::format("{} >= {}", name, placeholders.value(bounds.first));
    const auto first = placeholders.value(bounds.first);
    return fmt::format("{} BETWEEN {} AND {}", name, first, placeholders.value(bounds.last));
}

} // namespace

std::string Placeholders::name(std::string_view attribute)
{
    const auto found = std::ranges::find(names_, attribute);
    const auto index = found - names_.begin();
    if (found == names_.end())
        names_.emplace_back(attribute);
    return fmt::format("#{}", index);
}

std::string Placeholders::value(const Value& value)
{
    fmt::format_to(std::back_inserter(values_), "{}\":{}\":", value_count_ == 0 ? "" : ",", value_count_);
    write_attribute(values_, value);
    return fmt::format(":{}", value_count_++);
}

void Placeholders::write(std::string& out) const
{
    if (!names_.empty()) {
        out += R"(,"ExpressionAttributeNames":{)";
        for (std::size_t i = 0; i < names_.size(); ++i) {
            fmt::format_to(std::back_inserter(out), "{}\"#{}\":", i == 0 ? "" : ",", i);
            json::write_string(out, names_[i]);
        }
        out += '}';
    }
    if (value_count_ > 0)
        ((out += R"(,"ExpressionAttributeValues":{)") += values_) += '}';
}

std::string condition_expression(const Conditions& conditions, ExpectedItem expected, std::int64_t now_s,
                                 Placeholders& placeholders)
{
    const auto expired = [&] {
        return fmt::format("{} <= {}", placeholders.name("expires_at"), placeholders.value(now_s));
    };
    if (expected == ExpectedItem::expired)
        return expired(); // the conditions were already checked against an absent item
    std::string expression;
    const bool absent =
        std::ranges::any_of(conditions, [](const Condition& c) { return std::holds_alternative<Absent>(c); });
    const auto or_expired = absent && expected == ExpectedItem::any ? expired() : std::string();
    for (const Condition& condition : conditions)
        join(expression, " AND ", expression_for(condition, or_expired, placeholders));
    // An item whose expires_at is absent or not a number never expires.
    if (expected == ExpectedItem::not_expired ? !absent : requires_an_item(conditions))
        join(expression, " AND ",
             fmt::format("(attribute_not_exists({}) OR NOT {})", placeholders.name("expires_at"), expired()));
    return expression;
}

std::string update_expression(const Update& update, Placeholders& placeholders)
{
    std::string set;
    for (const auto& [name, value] : update.set)
        join(set, ", ", fmt::format("{} = {}", placeholders.name(name), placeholders.value(value)));
    std::string add;
    for (const auto& [name, number] : update.add)
        join(add, ", ", fmt::format("{} {}", placeholders.name(name), placeholders.value(number)));
    std::string remove;
    for (const auto& name : update.remove)
        join(remove, ", ", placeholders.name(name));

    std::string expression;
    if (!set.empty())
        join(expression, " ", "SET " + set);
    if (!add.empty())
        join(expression, " ", "ADD " + add);
    if (!remove.empty())
        join(expression, " ", "REMOVE " + remove);
    return expression;
}

std::optional<std::string> key_expression(const Query& query, Placeholders& placeholders)
{
    const auto [pk, sk] = query.index == Index::primary ? std::pair("pk", "sk")
                          : query.index == Index::gsi1  ? std::pair("gsi1pk", "gsi1sk")
                                                        : std::pair("gsi2pk", "gsi2sk");
    auto expression = fmt::format("{} = {}", placeholders.name(pk), placeholders.value(query.partition));
    if (const auto* prefix = std::get_if<SortPrefix>(&query.sort_keys); prefix && !prefix->prefix.empty())
        expression +=
            fmt::format(" AND begins_with({}, {})", placeholders.name(sk), placeholders.value(prefix->prefix));
    if (const auto* range = std::get_if<SortRange>(&query.sort_keys)) {
        // DynamoDB rejects an empty key value, and a range whose end is before its begin.
        if (range->last && (range->last->empty() || range->first > range->last))
            return std::nullopt;
        const SortBounds bounds{.first = range->first ? std::string_view(*range->first) : std::string_view(),
                                .last = range->last ? std::string_view(*range->last) : std::string_view()};
        if (!bounds.first.empty() || !bounds.last.empty())
            expression += " AND " + sort_expression(bounds, placeholders.name(sk), placeholders);
    }
    return expression;
}

} // namespace estante::dynamodb
