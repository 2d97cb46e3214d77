#include "records/page_token.hpp"

#include "codec/json.hpp"

#include <stdexcept>

namespace estante {

Nullable<PageToken> to_page_token(const std::optional<Cursor>& next)
{
    if (!next)
        return {};
    List parts{Value(next->key.pk), Value(next->key.sk)};
    if (next->index_key) {
        parts.emplace_back(next->index_key->pk);
        parts.emplace_back(next->index_key->sk);
    }
    return {PageToken{json::to_text(Value(std::move(parts)))}};
}

std::optional<Cursor> to_cursor(const std::optional<PageToken>& token)
{
    if (!token)
        return std::nullopt;
    const auto value = json::parse(token->text);
    const List* parts = value ? value->if_list() : nullptr;
    if (!parts || (parts->size() != 2 && parts->size() != 4))
        throw std::runtime_error("A page token does not belong to this list.");
    const auto part = [&](std::size_t at) {
        const std::string* text = (*parts)[at].if_string();
        if (!text)
            throw std::runtime_error("A page token has a part that is not a string.");
        return *text;
    };
    Cursor cursor{.key = {part(0), part(1)}};
    if (parts->size() == 4)
        cursor.index_key = Key{part(2), part(3)};
    return cursor;
}

} // namespace estante
