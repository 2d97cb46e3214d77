#include "records/times.hpp"

#include "codec/timestamp.hpp"
#include "records/attributes.hpp"

namespace estante {

Value time_value(std::int64_t ms)
{
    return to_string(Timestamp{ms});
}

std::int64_t time_at(const Map& item, std::string_view name)
{
    const auto time = parse_timestamp(text_at(item, name));
    if (!time)
        throw_damaged(item, name, "an RFC 3339 time");
    return time->ms;
}

} // namespace estante
