// The errors of operations. Expected failures are values of a closed set; unexpected ones are exceptions.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace estante {

// The stable codes of the API. Only the gateway knows their HTTP status. docs/errors.md explains each.
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
    internal, // made only by the gateway, from an unexpected exception
};

// A text for people in both languages of the API.
struct Phrase {
    std::string es;
    std::string en;

    bool operator==(const Phrase&) const = default;
};

// One fault of a request. `pointer` is a JSON pointer into the body, or `?name` for a query parameter.
struct Fault {
    std::string pointer;
    std::string code; // required, unknown_field, wrong_type, too_short, too_long, out_of_range, bad_format …
    Phrase reason;

    bool operator==(const Fault&) const = default;
};

// A cart line that a checkout refused. Amounts in cents.
struct RefusedLine {
    std::string book_id{};
    std::string title{};
    int quantity = 0;
    std::int64_t unit_price_cents = 0;
    std::optional<std::int64_t> current_price_cents{}; // absent: the book was deleted or has no price

    bool operator==(const RefusedLine&) const = default;
};

struct Error {
    Errc code = Errc::internal;
    Phrase detail{};
    std::vector<Fault> faults{};      // with `invalid`: all faults of the request
    std::vector<RefusedLine> lines{}; // with `price_changed` and `out_of_stock`
    int retry_after_s = 0;            // with `unavailable` and `rate_limited`
    std::string title{};              // replaces the default title of the code, if not empty
};

// `E` is another error type for ports: StoreError, ObjectError.
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
