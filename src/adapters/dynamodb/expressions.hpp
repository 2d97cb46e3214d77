// The port's conditions and updates as DynamoDB expressions. Names and values are always placeholders, so no text of an
// item becomes part of an expression.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
#pragma once

#include "ports/item_store.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace estante::dynamodb {

// Collects the names and values of one action's expressions.
class Placeholders {
public:
    std::string name(std::string_view attribute);
    std::string value(const Value& value);

    // Appends ,"ExpressionAttributeNames":{…} and ,"ExpressionAttributeValues":{…} unless they are empty.
    void write(std::string& out) const;

private:
    std::vector<std::string> names_;
    std::string values_;
    int value_count_ = 0;
};

// The state of the item that the expression requires beside the conditions.
enum class ExpectedItem {
    any,         // an expired item counts as absent, as the port says
    not_expired, // for an update, which would otherwise build on the attributes of the expired item
    expired,     // for a put that replaces an expired item
};

// Empty when there is nothing to check.
std::string condition_expression(const Conditions& conditions, ExpectedItem expected, std::int64_t now_s,
                                 Placeholders& placeholders);

// "SET … ADD … REMOVE …"; empty when the update changes nothing.
std::string update_expression(const Update& update, Placeholders& placeholders);

// "#0 = :0 AND begins_with(#1, :1)"; nothing when no sort key can match.
std::optional<std::string> key_expression(const Query& query, Placeholders& placeholders);

} // namespace estante::dynamodb
