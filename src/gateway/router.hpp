// Finds the route of a request.
#pragma once

#include "gateway/route.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace estante {

class Router {
public:
    explicit Router(std::span<const Route> routes);

    struct Found {
        const Route* route;
        Map path;
        Map query;
    };
    struct Missing {}; // no route has this path
    struct OtherMethods {
        std::string allow; // "GET, HEAD, POST"
    };
    struct Malformed {}; // the target is not a path and query (RFC 9112, 3.2.1)
    using Verdict = std::variant<Found, Missing, OtherMethods, Malformed>;

    Verdict find(Method method, std::string_view target) const;

private:
    struct Row {
        const Route* route;
        std::vector<std::string_view> segments;
    };
    std::vector<Row> rows_; // rows with more literal segments first, so /books/search is not a book's id
};

} // namespace estante
