#include "operations/analytics/live_cursor.hpp"

#include "codec/timestamp.hpp"

#include <algorithm>
#include <charconv>

namespace estante::analytics {

namespace {

constexpr std::int64_t max_ulid_ms = (std::int64_t{1} << 48) - 1;

std::int64_t time_of(const PurchaseId& purchase)
{
    return static_cast<std::int64_t>(purchase.time_ms());
}

std::string_view take_part(std::string_view& text)
{
    const auto part = text.substr(0, text.find('.'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

std::optional<std::int64_t> parse_ms(std::string_view text)
{
    std::int64_t ms = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
    const bool is_valid =
        !text.empty() && error == std::errc{} && rest == text.data() + text.size() && ms >= 0 && ms <= max_ulid_ms;
    return is_valid ? std::optional(ms) : std::nullopt;
}

} // namespace

std::optional<LiveCursor> LiveCursor::parse(std::string_view text)
{
    if (const auto time = parse_timestamp(text); time && time->ms >= 0 && time->ms <= max_ulid_ms)
        return LiveCursor{std::to_string(time->ms)};
    LiveCursor cursor{std::string(text)};
    if (text.ends_with('.') || !parse_ms(take_part(text)))
        return std::nullopt;
    for (std::size_t count = 0; !text.empty(); ++count) {
        if (count == max_seen || !parse_ulid(take_part(text)))
            return std::nullopt;
    }
    return cursor;
}

SeenSales::SeenSales(const LiveCursor& cursor) : from_ms_(0)
{
    std::string_view text = cursor.value;
    from_ms_ = parse_ms(take_part(text)).value_or(0);
    while (!text.empty())
        seen_.push_back({std::string(PurchaseId::prefix) + std::string(take_part(text))});
}

bool SeenSales::is_named(const PurchaseId& purchase) const
{
    return std::ranges::find(seen_, purchase) != seen_.end();
}

bool SeenSales::is_new(const PurchaseId& purchase) const
{
    return time_of(purchase) >= from_ms_ && !is_named(purchase);
}

void SeenSales::add(const PurchaseId& purchase)
{
    if (!is_new(purchase))
        return;
    seen_.push_back(purchase);
    drop_before(time_of(purchase) - LiveCursor::overlap_ms);
    while (seen_.size() > LiveCursor::max_seen)
        drop_before(time_of(*std::ranges::min_element(seen_)) + 1);
}

void SeenSales::drop_before(std::int64_t ms)
{
    from_ms_ = std::max(from_ms_, ms);
    std::erase_if(seen_, [this](const PurchaseId& purchase) { return time_of(purchase) < from_ms_; });
}

LiveCursor SeenSales::cursor() const
{
    std::string text = std::to_string(from_ms_);
    for (const PurchaseId& purchase : seen_)
        text.append(".").append(std::string_view(purchase.value).substr(PurchaseId::prefix.size()));
    return {std::move(text)};
}

} // namespace estante::analytics
