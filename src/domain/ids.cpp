#include "domain/ids.hpp"

namespace estante {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

constexpr auto digits = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return table;
}();

} // namespace

Ulid Ulid::successor() const
{
    Ulid next = *this;
    for (auto byte = next.entropy.rbegin(); byte != next.entropy.rend(); ++byte) {
        if (++*byte != 0)
            return next;
    }
    ++next.time_ms;
    return next;
}

std::string to_string(const Ulid& ulid)
{
    std::string text(26, '0');
    auto time = ulid.time_ms;
    for (int i = 9; i >= 0; --i, time >>= 5)
        text[i] = alphabet[time & 31];
    // 80 bits are two halves of 40 bits, eight digits each.
    for (int half = 0; half < 2; ++half) {
        std::uint64_t bits = 0;
        for (int i = 0; i < 5; ++i)
            bits = bits << 8 | ulid.entropy[half * 5 + i];
        for (int i = 7; i >= 0; --i, bits >>= 5)
            text[10 + half * 8 + i] = alphabet[bits & 31];
    }
    return text;
}

std::optional<Ulid> parse_ulid(std::string_view text)
{
    if (text.size() != 26 || text[0] > '7')
        return std::nullopt;
    const auto read = [text](int from, int to) -> std::optional<std::uint64_t> {
        std::uint64_t bits = 0;
        for (int i = from; i < to; ++i) {
            const auto digit = digits[static_cast<unsigned char>(text[i])];
            if (digit < 0)
                return std::nullopt;
            bits = bits << 5 | static_cast<std::uint64_t>(digit);
        }
        return bits;
    };
    const auto time = read(0, 10);
    const auto high = read(10, 18);
    const auto low = read(18, 26);
    if (!time || !high || !low)
        return std::nullopt;
    Ulid ulid{.time_ms = *time, .entropy = {}};
    for (int i = 0; i < 5; ++i) {
        ulid.entropy[4 - i] = static_cast<std::uint8_t>(*high >> (8 * i));
        ulid.entropy[9 - i] = static_cast<std::uint8_t>(*low >> (8 * i));
    }
    return ulid;
}

std::optional<TenantId> TenantId::parse(std::string_view text)
{
    const auto letter_or_digit = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    if (text.size() < 2 || text.size() > 40 || !letter_or_digit(text[0]))
        return std::nullopt;
    if (!std::ranges::all_of(text, [&](char c) { return letter_or_digit(c) || c == '-'; }))
        return std::nullopt;
    return TenantId{std::string(text)};
}

std::string encode_key_part(std::string_view value)
{
    std::string part;
    part.reserve(value.size());
    for (const char c : value) {
        if (c == '#')
            part += "%23";
        else if (c == '%')
            part += "%25";
        else
            part += c;
    }
    return part;
}

} // namespace estante
