// Header fields of a request or a response, in order. A name may occur more than once.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante::aws {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The value of the first field with this name, case-insensitive; empty when there is none.
std::string_view find_header(const Headers& headers, std::string_view name);

} // namespace estante::aws
