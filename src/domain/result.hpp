// What an operation can answer besides success. Expected failures are values of a closed set; a broken machine throws.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace estante {

// The stable codes of the API; the gateway alone knows their HTTP status. docs/errors.md explains each.
enum class Errc {
    invalid,
    unauthenticated,
    forbidden,
    not_found,
    method_not_allowed,
    not_acceptable,
    conflict,
    already_exists,
    price_changed,
    out_of_stock,
    cart_empty,
    version_mismatch,
    too_large,
    unsupported_media_type,
    idempotency_mismatch,
    precondition_required,
    rate_limited,
    unavailable,
    internal, // only the gateway, for what nobody expected
};

// A sentence for people, in both languages of the API. Written side by side where the facts are known.
struct Phrase {
    std::string es;
    std::string en;

    bool operator==(const Phrase&) const = default;
};

// One wrong place of an input. `pointer` is a JSON pointer into the body, or `?name` for a query parameter.
struct Fault {
    std::string pointer;
    std::string code; // required, unknown_field, wrong_type, too_short, too_long, out_of_range, bad_format …
    Phrase reason;

    bool operator==(const Fault&) const = default;
};

// A line of a cart that a checkout refused, and why. Amounts in cents.
struct RefusedLine {
    std::string book_id{};
    std::string title{};
    int quantity = 0;
    std::int64_t unit_price_cents = 0;
    std::optional<std::int64_t> current_price_cents{}; // absent: the book is gone or has no price

    bool operator==(const RefusedLine&) const = default;
};

struct Error {
    Errc code = Errc::internal;
    Phrase detail{};
    std::vector<Fault> faults{};      // with `invalid`: all wrong fields at once
    std::vector<RefusedLine> lines{}; // with `price_changed` and `out_of_stock`
    int retry_after_s = 0;            // with `unavailable` and `rate_limited`
    std::string title{};              // replaces the code's own title where a rule asks for certain words
};

// `E` is the error of a port where it is not the one of operations: StoreError, ObjectError.
template <class T, class E = Error> using Result = std::expected<T, E>;

inline std::unexpected<Error> failure(Errc code, std::string es, std::string en)
{
    return std::unexpected(Error{.code = code,
                                 .detail = {std::move(es), std::move(en)},
                                 .faults = {},
                                 .lines = {},
                                 .retry_after_s = 0,
                                 .title = {}});
}

inline std::unexpected<Error> invalid(std::vector<Fault> faults)
{
    return std::unexpected(Error{.code = Errc::invalid,
                                 .detail = {"La petición contiene datos no válidos.", "The request has invalid data."},
                                 .faults = std::move(faults),
                                 .lines = {},
                                 .retry_after_s = 0,
                                 .title = {}});
}

inline std::unexpected<Error> invalid(std::string pointer, std::string code, std::string es, std::string en)
{
    return invalid({Fault{std::move(pointer), std::move(code), {std::move(es), std::move(en)}}});
}

} // namespace estante
