#include "domain/cart.hpp"
#include "records/carts.hpp"

#include <gtest/gtest.h>

namespace estante {
namespace {

BookId book_id(std::uint64_t n)
{
    return BookId::from(Ulid{.time_ms = n});
}
CartBook book(std::uint64_t n, std::optional<Money> price = Money{10'00})
{
    return {book_id(n), "Libro " + std::to_string(n), price};
}
Cart cart_of(std::initializer_list<std::pair<std::uint64_t, std::int64_t>> lines, Money price = {10'00})
{
    Cart cart;
    for (const auto& [n, quantity] : lines)
        cart.add(book(n, price), quantity).value();
    return cart;
}
std::string pointer_of(const Result<void>& refused)
{
    return refused.error().faults.at(0).pointer;
}

TEST(Cart, RaisesAnExistingLineAtTheCurrentPrice)
{
    auto cart = cart_of({{1, 2}, {2, 1}});
    ASSERT_TRUE(cart.add(book(1, Money{8'00}), 3));

    EXPECT_EQ(cart.lines.size(), 2U);
    EXPECT_EQ(cart.line_of(book_id(1))->quantity, 5);
    EXPECT_EQ(cart.line_of(book_id(1))->unit_price, Money{8'00});
    EXPECT_EQ(cart.total(), Money{50'00});
}

TEST(Cart, HoldsAtMostNinetyNineCopiesOfABook)
{
    auto cart = cart_of({{1, 98}});
    ASSERT_TRUE(cart.add(book(1), 1));
    const auto before = cart;

    const auto refused = cart.add(book(1), 1);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid);
    EXPECT_EQ(pointer_of(refused), "/quantity");
    EXPECT_EQ(cart, before);
}

TEST(Cart, HoldsAtMostNinetyBooks)
{
    Cart cart;
    for (std::uint64_t n = 1; n <= 90; ++n)
        ASSERT_TRUE(cart.add(book(n), 1));
    const auto before = cart;

    const auto refused = cart.add(book(91), 1);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid);
    EXPECT_EQ(pointer_of(refused), "/book_id");
    EXPECT_EQ(cart, before);
    EXPECT_TRUE(cart.add(book(90), 1)); // more copies of an existing line
}

TEST(Cart, SetsAQuantityAndAcceptsThePrice)
{
    auto cart = cart_of({{1, 2}});
    ASSERT_TRUE(cart.set_quantity(book(1, Money{7'50}), 9));
    EXPECT_EQ(cart.total(), Money{67'50});
    EXPECT_EQ(cart.set_quantity(book(2), 1).error().code, Errc::not_found);
}

TEST(Cart, RemovesALineAndKeepsTheOrderOfTheOthers)
{
    auto cart = cart_of({{1, 1}, {2, 1}, {3, 1}});
    ASSERT_TRUE(cart.remove(book_id(2)));
    ASSERT_EQ(cart.lines.size(), 2U);
    EXPECT_EQ(cart.lines[1].book_id, book_id(3));
    EXPECT_EQ(cart.remove(book_id(2)).error().code, Errc::not_found);
}

TEST(Cart, AcceptsABookWithoutAPrice)
{
    Cart cart;
    ASSERT_TRUE(cart.add(book(1, std::nullopt), 3));
    EXPECT_EQ(cart.total(), Money{});
}

TEST(Cart, MergesByAddingQuantitiesUpToTheLimit)
{
    auto cart = cart_of({{1, 60}, {2, 1}});
    cart.merge(cart_of({{1, 60}, {3, 4}}, Money{9'00}));

    ASSERT_EQ(cart.lines.size(), 3U);
    EXPECT_EQ(cart.line_of(book_id(1))->quantity, 99);
    EXPECT_EQ(cart.line_of(book_id(1))->unit_price, Money{9'00});
    EXPECT_EQ(cart.line_of(book_id(2))->unit_price, Money{10'00});
    EXPECT_EQ(cart.line_of(book_id(3))->quantity, 4);
}

TEST(Cart, MergesOnlyTheLinesThatFit)
{
    Cart cart;
    for (std::uint64_t n = 1; n <= 89; ++n)
        cart.add(book(n), 1).value();
    cart.merge(cart_of({{100, 1}, {101, 1}, {89, 2}}));

    EXPECT_EQ(cart.lines.size(), 90U);
    EXPECT_NE(cart.line_of(book_id(100)), nullptr);
    EXPECT_EQ(cart.line_of(book_id(101)), nullptr);
    EXPECT_EQ(cart.line_of(book_id(89))->quantity, 3);
}

TEST(CartRecord, BecomesAnItemAndBack)
{
    auto cart = cart_of({{1, 2}});
    cart.add(book(2, std::nullopt), 1).value();
    cart.version = 4;
    cart.updated_ms = 1'700'000'000'000;
    const auto user = UserId::from(Ulid{});

    const auto item = to_item(cart, user);
    EXPECT_EQ(cart_from(item), cart);
    EXPECT_EQ(key_of(item), (Key{user.value, "CART"}));
    EXPECT_EQ(find(item, "expires_at"), nullptr);
}

TEST(CartRecord, OfAGuestExpiresThirtyDaysAfterItsLastChange)
{
    const auto guest = GuestId::from(Ulid{});
    const auto item = to_item(Cart{.lines = {}, .version = 1, .updated_ms = 1'700'000'000'000}, guest);
    EXPECT_EQ(key_of(item).pk, guest.value);
    EXPECT_EQ(int_of(item, "expires_at"), 1'700'000'000 + 30 * 24 * 3600);
}

TEST(CartRecord, FitsIntoAnItemAtItsMaximumSize)
{
    Cart cart;
    for (std::uint64_t n = 1; n <= Cart::max_lines; ++n) {
        std::string title;
        for (int i = 0; i < 500; ++i)
            title += "𝄞"; // four bytes
        cart.lines.push_back({.book_id = book_id(n), .title = title, .quantity = 99, .unit_price = Money{999'999'99}});
    }
    EXPECT_LT(size_of(to_item(cart, UserId::from(Ulid{}))), 400U * 1024);
}

} // namespace
} // namespace estante
