#include "records/carts.hpp"

#include "records/item_attributes.hpp"

namespace estante {

namespace {

const std::string& text_of(const CartOwner& owner)
{
    return std::visit([](const auto& id) -> const std::string& { return id.value; }, owner);
}

Value line_value(const CartLine& line)
{
    Map map{{"book_id", line.book_id.value}, {"title", line.title}, {"quantity", line.quantity}};
    if (line.unit_price)
        map.emplace("unit_price", Number::hundredths(line.unit_price->cents));
    return map;
}

CartLine line_from(const Map& map)
{
    CartLine line{.book_id = parsed_at<BookId>(map, "book_id"),
                  .title = text_at(map, "title"),
                  .quantity = int_at(map, "quantity")};
    if (const auto cents = optional_hundredths_at(map, "unit_price"))
        line.unit_price = Money{*cents};
    return line;
}

} // namespace

Key cart_key(const CartOwner& owner)
{
    return {text_of(owner), "CART"};
}

Item to_item(const Cart& cart, const CartOwner& owner)
{
    Key key = cart_key(owner);
    List lines;
    for (const CartLine& line : cart.lines)
        lines.push_back(line_value(line));
    Item item{{"pk", std::move(key.pk)},
              {"sk", std::move(key.sk)},
              {"lines", std::move(lines)},
              {"version", cart.version},
              {"updated_at", time_value(cart.updated_ms)}};
    if (std::holds_alternative<GuestId>(owner))
        item.emplace("expires_at", cart.updated_ms / 1000 + guest_cart_lifetime_s);
    return item;
}

Cart cart_from(const Item& item)
{
    Cart cart{.lines = {}, .version = int_at(item, "version"), .updated_ms = time_at(item, "updated_at")};
    for (const Value& value : list_at(item, "lines")) {
        const Map* map = value.if_map();
        if (!map)
            throw_damaged(item, "lines", "a list of maps");
        cart.lines.push_back(line_from(*map));
    }
    return cart;
}

Put cart_put(const Cart& cart, const CartOwner& owner)
{
    Put put{.table = Table::purchases, .item = to_item(cart, owner)};
    if (cart.version == 1)
        put.conditions.emplace_back(Absent{});
    else
        put.conditions.emplace_back(VersionIs{cart.version - 1});
    return put;
}

} // namespace estante
