#include "domain/email.hpp"

#include "domain/code_points.hpp"
#include "domain/icu_status.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <cstdint>

namespace estante {

namespace {

bool is_ascii(char c)
{
    return static_cast<unsigned char>(c) < 0x80;
}

bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Well-formed, and beyond ASCII only what a person can see: no white space, controls, or invisible and unassigned
// code points.
bool is_visible_utf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto c = next_code_point(text, at);
        if (c < 0 || (c >= 0x80 && (!u_isgraph(c) || (U_GET_GC_MASK(c) & (U_GC_CF_MASK | U_GC_CO_MASK)) != 0)))
            return false;
    }
    return true;
}

std::string composed(std::string_view text)
{
    UErrorCode status = U_ZERO_ERROR;
    const auto* const nfc = icu::Normalizer2::getNFCInstance(status);
    check_icu(nfc, status, "normalize to NFC");
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    nfc->normalizeUTF8(0, {text.data(), static_cast<std::int32_t>(text.size())}, sink, nullptr, status);
    check_icu(status, "normalize to NFC");
    return out;
}

// f(part) for all parts between dots, none of them empty.
template <class F> bool dotted(std::string_view text, F&& f)
{
    for (std::size_t from = 0;;) {
        const auto dot = std::min(text.find('.', from), text.size());
        if (dot == from || !f(text.substr(from, dot - from)))
            return false;
        if (dot == text.size())
            return true;
        from = dot + 1;
    }
}

bool is_local_part(std::string_view text)
{
    constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~";
    return text.size() <= Email::max_local_bytes && dotted(text, [&](std::string_view atom) {
               return std::ranges::all_of(
                   atom, [&](char c) { return !is_ascii(c) || is_letter_or_digit(c) || marks.find(c) != marks.npos; });
           });
}

bool is_domain(std::string_view text)
{
    std::string_view last;
    const bool labels = dotted(text, [&](std::string_view label) {
        last = label;
        return label.size() <= Email::max_label_bytes && !label.starts_with('-') && !label.ends_with('-') &&
               std::ranges::all_of(label, [](char c) { return !is_ascii(c) || is_letter_or_digit(c) || c == '-'; });
    });
    return labels && last.size() < text.size() &&
           !std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::optional<Email> Email::parse(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == text.npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
    if (text.size() > max_bytes || !is_visible_utf8(text))
        return std::nullopt;
    std::string address = composed(text);
    for (char& c : address)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const auto at = address.find('@');
    if (at == address.npos || address.size() > max_bytes)
        return std::nullopt;
    const auto local = std::string_view(address).substr(0, at);
    const auto domain = std::string_view(address).substr(at + 1);
    if (!is_local_part(local) || !is_domain(domain))
        return std::nullopt;
    return Email{std::move(address)};
}

} // namespace estante
