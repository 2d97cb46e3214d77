#include "ports/rules/sort_bounds.hpp"

#include <algorithm>

namespace estante {

namespace {

constexpr char beyond_utf8[] = "\xFF"; // no UTF-8 text sorts at or after this byte

// The next text after `text` in byte order. Keys contain no zero byte, so no key is between the two.
std::string next_text(std::string text)
{
    text += '\0';
    return text;
}

} // namespace

Bounds bounds_of(const Query& query)
{
    Bounds bounds{.to = {.sort = beyond_utf8}};
    if (const auto* prefix = std::get_if<SortPrefix>(&query.sort_keys); prefix && !prefix->prefix.empty()) {
        bounds.from.sort = prefix->prefix;
        bounds.to.sort = prefix->prefix;
        ++bounds.to.sort.back(); // within UTF-8 no byte is 0xFF
    }
    if (const auto* range = std::get_if<SortRange>(&query.sort_keys)) {
        if (range->first)
            bounds.from.sort = *range->first;
        if (range->last)
            bounds.to.sort = next_text(*range->last);
    }
    if (!query.after)
        return bounds;
    Place after{.sort = query.after->key.sk};
    if (query.after->index_key)
        after = {.sort = query.after->index_key->sk, .tie = query.after->key};
    if (!query.forward) {
        bounds.to = std::min(bounds.to, after);
        return bounds;
    }
    std::string& last = query.after->index_key ? after.tie.sk : after.sort;
    last = next_text(std::move(last));
    bounds.from = std::max(bounds.from, after);
    return bounds;
}

} // namespace estante
