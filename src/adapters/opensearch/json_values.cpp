#include "adapters/opensearch/json_values.hpp"

#include "analysis/utf8.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante::opensearch {

namespace {

template <class T> Number shortest_number(T value)
{
    auto number = Number::parse(fmt::format("{}", value));
    if (!number)
        throw std::invalid_argument("not a finite number");
    return std::move(*number);
}

} // namespace

std::string to_valid_utf8(std::string_view text)
{
    constexpr UChar32 replacement = 0xFFFD;
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto c = analysis::next_code_point(text, at);
        analysis::append_code_point(valid, c == 0 ? replacement : c);
    }
    return valid;
}

Number to_number(double value)
{
    return shortest_number(value);
}

Number to_number(float value)
{
    return shortest_number(value);
}

std::string number_text(const Map& map, std::string_view name)
{
    const Value* value = find(map, name);
    const Number* number = value ? value->if_number() : nullptr;
    return number ? number->text() : std::string();
}

} // namespace estante::opensearch
