// Header fields of a request or an answer, in order; a name may come more than once.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante::aws {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The value of the first field of that name, compared without regard to case; empty if there is none.
std::string_view header_of(const Headers& headers, std::string_view name);

} // namespace estante::aws
