#include "operations/cart/cart_book.hpp"

#include "operations/books/find_book.hpp"

namespace estante::cart {

Task<Result<CartBook>> cart_book(TenantItems& items, BookId book)
{
    auto found = co_await books::find_book(items, std::move(book));
    if (!found)
        co_return std::unexpected(found.error());
    co_return CartBook{
        .id = found->book.id, .title = std::move(found->book.entry.title.value), .price = found->stock.price};
}

} // namespace estante::cart
