#include "operations/cart/detail/find_cart_book.hpp"

#include "operations/books/detail/find_book.hpp"

namespace estante::cart {

Task<Result<CartBook>> find_cart_book(TenantItems& items, BookId book)
{
    auto found = co_await books::find_book(items, std::move(book));
    if (!found)
        co_return std::unexpected(found.error());
    co_return CartBook{
        .id = found->book.id, .title = std::move(found->book.entry.title.value), .price = found->stock.price};
}

} // namespace estante::cart
