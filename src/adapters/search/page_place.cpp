#include "adapters/search/page_place.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>

namespace estante::search {
namespace {

constexpr char separator = ' ';

std::string_view name_of(SearchSort sort)
{
    switch (sort) {
    case SearchSort::relevance:
        return "relevance";
    case SearchSort::rating:
        return "rating";
    case SearchSort::price:
        return "price";
    case SearchSort::price_descending:
        return "-price";
    case SearchSort::year:
        return "year";
    case SearchSort::title:
        return "title";
    case SearchSort::updated:
        return "updated";
    }
    return {};
}

// Takes the part before the next separator off the front of the text.
std::optional<std::string_view> take_part(std::string_view& text)
{
    const auto end = text.find(separator);
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto part = text.substr(0, end);
    text.remove_prefix(end + 1);
    return part;
}

template <class T> std::optional<T> take_number(std::string_view& text, int base)
{
    const auto part = take_part(text);
    if (!part)
        return std::nullopt;
    T number{};
    const auto [end, error] = std::from_chars(part->data(), part->data() + part->size(), number, base);
    if (error != std::errc{} || end != part->data() + part->size())
        return std::nullopt;
    return number;
}

} // namespace

std::string encode(const RelevancePlace& place)
{
    return fmt::format("{} {:x} {:x} {}", name_of(SearchSort::relevance), std::bit_cast<std::uint32_t>(place.score),
                       std::bit_cast<std::uint64_t>(place.rating), place.book_id);
}

std::string encode(SearchSort sort, const SortedPlace& place)
{
    if (sort == SearchSort::title)
        return fmt::format("{} {} {}{}", name_of(sort), place.book_id.size(), place.book_id, place.title);
    return fmt::format("{} {} {}", name_of(sort), place.key, place.book_id);
}

std::optional<RelevancePlace> decode_relevance(std::string_view text)
{
    if (take_part(text) != name_of(SearchSort::relevance))
        return std::nullopt;
    const auto score = take_number<std::uint32_t>(text, 16);
    const auto rating = score ? take_number<std::uint64_t>(text, 16) : std::nullopt;
    if (!rating || text.empty())
        return std::nullopt;
    RelevancePlace place{std::bit_cast<float>(*score), std::bit_cast<double>(*rating), std::string(text)};
    if (!std::isfinite(place.score) || !std::isfinite(place.rating))
        return std::nullopt;
    return place;
}

std::optional<SortedPlace> decode_sorted(SearchSort sort, std::string_view text)
{
    if (take_part(text) != name_of(sort))
        return std::nullopt;
    if (sort == SearchSort::title) {
        const auto length = take_number<std::size_t>(text, 10);
        if (!length || *length == 0 || *length > text.size())
            return std::nullopt;
        return SortedPlace{.title = std::string(text.substr(*length)), .book_id = std::string(text.substr(0, *length))};
    }
    const auto key = take_number<std::int64_t>(text, 10);
    if (!key || text.empty())
        return std::nullopt;
    return SortedPlace{.key = *key, .book_id = std::string(text)};
}

} // namespace estante::search
