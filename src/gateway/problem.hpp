// Problem details (RFC 9457), the body of every error response. docs/errors.md lists each code with cause and fix.
#pragma once

#include "domain/result.hpp"
#include "gateway/http.hpp"

#include <string_view>

namespace estante {

enum class Language { es, en };

// The preferred of the two by Accept-Language (RFC 9110, 12.5.4); Spanish when the header names neither.
Language preferred_language(std::string_view accept_language);

std::string_view name_of(Errc code); // the stable `code`

HttpResponse problem(const Error& error, Language language, std::string_view trace_id);

} // namespace estante
