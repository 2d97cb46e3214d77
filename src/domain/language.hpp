// Language codes of other catalogues.
#pragma once

#include "domain/book.hpp"

#include <optional>
#include <string_view>

namespace estante {

// The ISO 639-1 code of a language given by ISO 639-1, ISO 639-2 (either form: "ger", "deu"), ISO 639-3 of a language
// that ISO 639-1 covers ("cmn"), or a tag with region or script ("en-US", "zh_Hant"), by ICU's locale data.
// Nothing for a language without a two-letter code ("grc", "fil"), for "mul" and "und", and for any other text.
std::optional<LanguageCode> to_language_code(std::string_view code);

} // namespace estante
