// SQL with its parameters, written down together so that they cannot get out of order. Values never become text of the
// statement: they travel as ExecutionParameters.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace estante::athena {

struct Statement {
    std::string sql{};
    std::vector<std::string> parameters{}; // each a literal of SQL, as Athena wants them: 'text' or 12

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
