#include "adapters/search/search_cursor.hpp"

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

// Removes the token before the next separator from the front of the text.
std::optional<std::string_view> read_token(std::string_view& text)
{
    const auto end = text.find(separator);
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto token = text.substr(0, end);
    text.remove_prefix(end + 1);
    return token;
}

template <class T> std::optional<T> read_number(std::string_view& text, int base)
{
    const auto token = read_token(text);
    if (!token)
        return std::nullopt;
    T number{};
    const auto [end, error] = std::from_chars(token->data(), token->data() + token->size(), number, base);
    if (error != std::errc{} || end != token->data() + token->size())
        return std::nullopt;
    return number;
}

} // namespace

std::string encode(const RelevanceCursor& cursor)
{
    return fmt::format("{} {:x} {:x} {}", name_of(SearchSort::relevance), std::bit_cast<std::uint32_t>(cursor.score),
                       std::bit_cast<std::uint64_t>(cursor.rating), cursor.book_id);
}

std::string encode(SearchSort sort, const SortCursor& cursor)
{
    if (sort == SearchSort::title)
        return fmt::format("{} {} {}{}", name_of(sort), cursor.book_id.size(), cursor.book_id, cursor.title);
    return fmt::format("{} {} {}", name_of(sort), cursor.key, cursor.book_id);
}

std::optional<RelevanceCursor> decode_relevance_cursor(std::string_view text)
{
    if (read_token(text) != name_of(SearchSort::relevance))
        return std::nullopt;
    const auto score = read_number<std::uint32_t>(text, 16);
    const auto rating = score ? read_number<std::uint64_t>(text, 16) : std::nullopt;
    if (!rating || text.empty())
        return std::nullopt;
    RelevanceCursor cursor{std::bit_cast<float>(*score), std::bit_cast<double>(*rating), std::string(text)};
    if (!std::isfinite(cursor.score) || !std::isfinite(cursor.rating))
        return std::nullopt;
    return cursor;
}

std::optional<SortCursor> decode_sort_cursor(SearchSort sort, std::string_view text)
{
    if (read_token(text) != name_of(sort))
        return std::nullopt;
    if (sort == SearchSort::title) {
        const auto length = read_number<std::size_t>(text, 10);
        if (!length || *length == 0 || *length > text.size())
            return std::nullopt;
        return SortCursor{.title = std::string(text.substr(*length)), .book_id = std::string(text.substr(0, *length))};
    }
    const auto key = read_number<std::int64_t>(text, 10);
    if (!key || text.empty())
        return std::nullopt;
    return SortCursor{.key = *key, .book_id = std::string(text)};
}

} // namespace estante::search
