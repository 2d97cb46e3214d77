// The small types that request and response structs are made of beside domain values; the described codec reads,
// writes and documents each of them.
#pragma once

#include "domain/limited.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante {

// Milliseconds since 1970; RFC 3339 UTC with milliseconds in JSON ("2026-01-31T09:30:00.000Z").
struct Timestamp {
    std::int64_t ms = 0;

    auto operator<=>(const Timestamp&) const = default;
};

// Written even when there is nothing: as null.
template <class T> struct Nullable {
    std::optional<T> value;

    bool operator==(const Nullable&) const = default;
};

// Where the next page begins. Operations read and write the plain text; the gateway seals it for the outside and binds
// it to tenant, user and query, so what an operation is given is always a text that it wrote itself.
struct PageToken {
    std::string text;

    bool operator==(const PageToken&) const = default;
};

using PageLimit = Or<Int<1, 100>, 20>;

// The If-Match header of a request that has this member; without the quotes. A member `IfMatch` is required (428 when
// missing); a `std::optional<IfMatch>` is not.
struct IfMatch {
    std::string etag;
};

// The answer of every list.
template <class T> struct ListOf {
    std::vector<T> items;
    Nullable<PageToken> next_cursor;

    BOOST_DESCRIBE_CLASS(ListOf, (), (items, next_cursor), (), ())
};

// 204: an answer without a body.
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

} // namespace estante
