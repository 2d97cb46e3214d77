// Types of request and response structs that are not domain values.
#pragma once

#include "domain/limited.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace estante {

// Milliseconds since 1970; RFC 3339 UTC with milliseconds in JSON ("2026-01-31T09:30:00.000Z").
struct Timestamp {
    std::int64_t ms = 0;

    auto operator<=>(const Timestamp&) const = default;
};

// Written as null when it has no value, where an optional member is left out.
template <class T> struct Nullable {
    std::optional<T> value;

    bool operator==(const Nullable&) const = default;
};

// Where the next page begins. Operations read and write the plain text. The gateway signs it and binds it to tenant,
// user and query, so an operation only ever receives a text that it wrote itself.
struct PageToken {
    std::string text;

    bool operator==(const PageToken&) const = default;
};

using PageLimit = Or<Int<1, 100>, 20>;

// The If-Match header of the request, without quotes. A member `IfMatch` is required (428 when it is missing), a
// `std::optional<IfMatch>` is not.
struct IfMatch {
    std::string etag;
};

// The format of a list's response. A request without one follows the Accept header.
enum class ListFormat { json, csv, parquet };
BOOST_DESCRIBE_ENUM(ListFormat, json, csv, parquet)

// The response of every list.
template <class T> struct ListOf {
    std::vector<T> items;
    Nullable<PageToken> next_cursor;

    BOOST_DESCRIBE_CLASS(ListOf, (), (items, next_cursor), (), ())
};

// An immutable value that many responses share. As a member of a response it is inlined: the response has the members
// of T as its own. The JSON is made once and stored beside the value. Any thread.
template <class T> class Shared {
public:
    explicit Shared(T value) : state_(std::make_shared<const State>(std::move(value))) {}

    const T& operator*() const { return state_->value; }
    const T* operator->() const { return &state_->value; }
    bool operator==(const Shared& other) const { return **this == *other; }

    // What `write(std::string&, const T&)` appends. It is called once, by the first caller.
    template <class Write> const std::string& json(Write&& write) const
    {
        std::call_once(state_->once, [&] { write(state_->json, state_->value); });
        return state_->json;
    }

private:
    struct State {
        explicit State(T initial) : value(std::move(initial)) {}

        T value;
        mutable std::once_flag once;
        mutable std::string json;
    };
    std::shared_ptr<const State> state_;
};

// 204: a response without a body.
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

} // namespace estante
