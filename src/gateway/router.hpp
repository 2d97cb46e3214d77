// Matches a request's method and target to a route.
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
    struct NotFound {}; // no route has this path
    struct OtherMethods {
        std::string allow; // "GET, HEAD, POST"
    };
    struct Malformed {}; // the target is not a path and query (RFC 9112, 3.2.1)
    using Match = std::variant<Found, NotFound, OtherMethods, Malformed>;

    Match find(Method method, std::string_view target) const;

private:
    struct Row {
        const Route* route;
        std::vector<std::string_view> segments;
    };
    std::vector<Row> rows_; // rows with more literal segments first, so /books/search does not match /books/{book_id}
};

} // namespace estante
