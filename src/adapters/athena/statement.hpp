// SQL and its parameters, built together so that their order is the same. Values are never part of the SQL text: they
// are sent as ExecutionParameters.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace estante::athena {

struct Statement {
    std::string sql{};
    std::vector<std::string> parameters{}; // SQL literals, as Athena requires: 'text' or 12

    Statement& operator<<(std::string_view text)
    {
        sql += text;
        return *this;
    }
    Statement& bind(std::string_view text);
    Statement& bind(std::integral auto number)
    {
        sql += '?';
        parameters.push_back(std::to_string(number));
        return *this;
    }
};

} // namespace estante::athena
