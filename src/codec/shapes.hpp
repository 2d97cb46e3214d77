// The small types that request and response structs are made of beside domain values; the described codec reads,
// writes and documents each of them.
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

// A value that many answers share, and that never changes. As a member of an answer it is written in place: the answer
// has the members of T as its own. What is written of it is kept beside it, so that is done once. Any thread.
template <class T> class Shared {
public:
    explicit Shared(T value) : kept_(std::make_shared<const Kept>(std::move(value))) {}

    const T& operator*() const { return kept_->value; }
    const T* operator->() const { return &kept_->value; }
    bool operator==(const Shared& other) const { return **this == *other; }

    // What `write(std::string&, const T&)` appends, which is called for the first who asks.
    template <class Write> const std::string& written(Write&& write) const
    {
        std::call_once(kept_->once, [&] { write(kept_->text, kept_->value); });
        return kept_->text;
    }

private:
    struct Kept {
        explicit Kept(T given) : value(std::move(given)) {}

        T value;
        mutable std::once_flag once;
        mutable std::string text;
    };
    std::shared_ptr<const Kept> kept_;
};

// 204: an answer without a body.
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

} // namespace estante
