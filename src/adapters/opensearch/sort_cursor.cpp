#include "adapters/opensearch/sort_cursor.hpp"

#include "codec/digest.hpp"
#include "codec/json.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace estante::opensearch {

namespace {

constexpr std::size_t max_order_key_bytes = 16'000; // twice as many in hex; a keyword may have 32,766
constexpr SortField by_id{.name = "book_id", .is_text = true};

bool has_type_of(const SortField& field, const Value& value)
{
    return field.is_text ? value.if_string() != nullptr : value.if_number() != nullptr;
}

} // namespace

const SortOrder& sort_order_of(const SearchQuery& query)
{
    static const SortOrder relevance{
        "relevance", {{.name = "_score", .descending = true}, {.name = "rating", .descending = true}, by_id}};
    static const SortOrder rating{"rating", {{.name = "rating", .descending = true}, by_id}};
    static const SortOrder price{"price", {{.name = "price_cents"}, by_id}};
    static const SortOrder price_descending{"-price", {{.name = "price_cents", .descending = true}, by_id}};
    static const SortOrder year{"year", {{.name = "publication_year"}, by_id}};
    static const SortOrder title{"title", {{.name = "title_order", .is_text = true, .is_title_order = true}, by_id}};
    static const SortOrder updated{"updated", {{.name = "updated_ms"}, by_id}};
    switch (query.sort) {
    case SearchSort::relevance:
        return query.text.empty() ? rating : relevance;
    case SearchSort::rating:
        break;
    case SearchSort::price:
        return price;
    case SearchSort::price_descending:
        return price_descending;
    case SearchSort::year:
        return year;
    case SearchSort::title:
        return title;
    case SearchSort::updated:
        return updated;
    }
    return rating;
}

List to_sort_list(const SortOrder& order)
{
    List list;
    for (const auto& field : order.fields) {
        Map options{{"order", field.descending ? "desc" : "asc"}};
        if (field.name != "_score")
            options.emplace("missing", "_last");
        list.emplace_back(Map{{std::string(field.name), std::move(options)}});
    }
    return list;
}

std::string title_order(std::string_view title, const analysis::TitleCollation& collation)
{
    auto key = collation.key_of(title);
    key.resize(std::min(key.size(), max_order_key_bytes));
    return hex(std::span(reinterpret_cast<const std::uint8_t*>(key.data()), key.size()));
}

std::string encode_cursor(const SortOrder& order, List values, std::string_view title)
{
    if (order.fields.front().is_title_order && !values.empty())
        values.front() = std::string(title);
    return std::string(order.name) + ' ' + json::to_text(values);
}

std::optional<List> decode_cursor(const SortOrder& order, std::string_view text,
                                  const analysis::TitleCollation& collation)
{
    if (!text.starts_with(order.name) || !text.substr(order.name.size()).starts_with(" ["))
        return std::nullopt;
    auto values = json::parse(text.substr(order.name.size() + 1));
    List* const list = values ? std::get_if<List>(&values->data) : nullptr;
    if (list == nullptr || !std::ranges::equal(order.fields, *list, has_type_of))
        return std::nullopt;
    if (order.fields.front().is_title_order)
        list->front() = title_order(*list->front().if_string(), collation);
    return std::move(*list);
}

} // namespace estante::opensearch
