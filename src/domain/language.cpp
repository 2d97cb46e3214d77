#include "domain/language.hpp"

#include <unicode/locid.h>
#include <unicode/uloc.h>

#include <algorithm>
#include <array>
#include <string>

namespace estante {

namespace {

bool is_iso_language(std::string_view code)
{
    for (const char* const* language = uloc_getISOLanguages(); *language; ++language) {
        if (code == *language)
            return true;
    }
    return false;
}

} // namespace

std::optional<LanguageCode> language_of(std::string_view code)
{
    constexpr std::size_t longest = 35; // RFC 5646 §4.4.1
    const auto is_tag_character = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    if (code.size() < 2 || code.size() > longest || !std::ranges::all_of(code, is_tag_character))
        return std::nullopt;
    const std::string tag(code);
    UErrorCode error = U_ZERO_ERROR;
    std::array<char, ULOC_LANG_CAPACITY> buffer{};
    const auto size = uloc_getLanguage(tag.c_str(), buffer.data(), static_cast<std::int32_t>(buffer.size()), &error);
    if (U_FAILURE(error)) // a "language" too long for any
        return std::nullopt;
    std::string language(buffer.data(), static_cast<std::size_t>(size)); // one that fills the buffer has no zero byte
    // Bibliographic codes ("fre") and withdrawn ones ("iw") have an alias; "tl" has one of three letters and stays.
    if (language.size() != 2 || !is_iso_language(language)) {
        const std::string canonical = icu::Locale::createCanonical(tag.c_str()).getLanguage();
        language = canonical.size() == 2 ? canonical : language;
    }
    if (language.size() != 2 || *uloc_getISO3Language(language.c_str()) == '\0')
        return std::nullopt;
    return LanguageCode::parse(language);
}

} // namespace estante
