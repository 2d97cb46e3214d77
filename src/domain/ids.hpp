// Ids: `user_`, `book_`, `purchase_` … + ULID (https://github.com/ulid/spec): 48 bits of milliseconds and 80 random
// bits in Crockford's base 32. Ids that one generator makes within one millisecond are in order (the monotonic rule).
#pragma once

#include "domain/text_format.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

struct Ulid {
    std::uint64_t time_ms = 0;              // 48 bits
    std::array<std::uint8_t, 10> entropy{}; // 80 bits, big-endian

    auto operator<=>(const Ulid&) const = default;
    // The next value within the same millisecond. Overflow carries into the time; 2^80 ids never reach it.
    Ulid successor() const;
};

std::string to_string(const Ulid& ulid);               // 26 characters, upper case
std::optional<Ulid> parse_ulid(std::string_view text); // 26 upper-case characters of the alphabet, at most 7ZZZ…

template <std::size_t N> struct IdPrefix {
    char text[N]{};
    consteval IdPrefix(const char (&literal)[N]) { std::copy_n(literal, N, text); }
    constexpr std::string_view view() const { return {text, N - 1}; }
};

// A typed id. External values are checked by `parse`; a default-constructed id is empty.
template <IdPrefix Prefix> struct Id {
    static constexpr std::string_view prefix = Prefix.view();
    std::string value;

    auto operator<=>(const Id&) const = default;
    bool empty() const { return value.empty(); }

    static std::optional<Id> parse(std::string_view text)
    {
        if (!text.starts_with(prefix) || !parse_ulid(text.substr(prefix.size())))
            return std::nullopt;
        return Id{std::string(text)};
    }
    static Id from(const Ulid& ulid) { return Id{std::string(prefix) + to_string(ulid)}; }
    std::uint64_t time_ms() const { return parse_ulid(std::string_view(value).substr(prefix.size()))->time_ms; }
};

using UserId = Id<"user_">;
using GuestId = Id<"guest_">;
using BookId = Id<"book_">;
using PurchaseId = Id<"purchase_">;
using SessionId = Id<"session_">;
using ImportId = Id<"import_">;

// A shop's name in keys and hosts: [a-z0-9][a-z0-9-]{1,39}. `operator` is reserved for the platform's own staff.
struct TenantId {
    static constexpr TextFormat format{
        "el nombre de una tienda: de 2 a 40 caracteres de a-z, 0-9 y -, como mi-libreria",
        "the name of a shop: 2 to 40 of a-z, 0-9 and -, as my-books"};
    static constexpr std::string_view pattern = "^[a-z0-9][a-z0-9-]{1,39}$";
    std::string value;

    auto operator<=>(const TenantId&) const = default;
    static std::optional<TenantId> parse(std::string_view text);
};

inline constexpr std::string_view operator_tenant = "operator";

// Percent-encodes `#` and `%` of a value in a composed key. Otherwise a query for category "C" would also list "C#".
std::string encode_key_part(std::string_view value);

} // namespace estante
