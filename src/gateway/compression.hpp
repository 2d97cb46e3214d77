#pragma once

#include <string_view>

namespace estante {

// Whether Accept-Encoding allows gzip (RFC 9110, 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

} // namespace estante
