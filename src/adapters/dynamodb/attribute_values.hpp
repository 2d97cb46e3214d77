// Items in DynamoDB's JSON: {"S": "text"}, {"N": "29.99"}, {"BOOL": true}, {"NULL": true}, {"L": […]}, {"M": {…}}.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
#pragma once

#include "domain/value.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace estante::dynamodb {

// A value that DynamoDB has and our items cannot have: binary. (Sets are read as lists.)
class UnsupportedValue : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

void write_attribute(std::string& out, const Value& value);
void write_item(std::string& out, const Map& item);

// Throw UnsupportedValue, also for JSON that is not an attribute value.
Value attribute_from(const Value& json);
Map item_from(const Map& json);

} // namespace estante::dynamodb
