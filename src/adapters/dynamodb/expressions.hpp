// Conditions and updates of the port as DynamoDB's expressions. Names and values are always placeholders: no text of an
// item is ever glued into an expression.
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

    // Appends ,"ExpressionAttributeNames":{…} and ,"ExpressionAttributeValues":{…}, whichever is not empty.
    void write(std::string& out) const;

private:
    std::vector<std::string> names_;
    std::string values_;
    int value_count_ = 0;
};

// What the item has to be for the conditions to be judged.
enum class Standing {
    any,     // expired counts as absent, as the port says
    present, // for an update: an expired item fails, since the update would build on what is left of it
    expired, // for what replaces an expired item
};

// The condition expression; empty when there is nothing to demand.
std::string condition_expression(const Conditions& conditions, Standing standing, std::int64_t now_s,
                                 Placeholders& placeholders);

// "SET … ADD … REMOVE …"; empty when the update changes nothing.
std::string update_expression(const Update& update, Placeholders& placeholders);

// "#0 = :0 AND begins_with(#1, :1)"; nothing when no sort key can match.
std::optional<std::string> key_expression(const Query& query, Placeholders& placeholders);

} // namespace estante::dynamodb
