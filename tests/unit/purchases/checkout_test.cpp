#include "support/checkout_test.hpp"

#include <set>

namespace estante {
namespace {

class Checkout : public CheckoutTest {
protected:
    static std::vector<std::string> titles_of(const std::vector<RefusedLine>& lines)
    {
        std::vector<std::string> titles;
        for (const auto& line : lines)
            titles.push_back(line.title);
        return titles;
    }
};

TEST_F(Checkout, TakesTheCopiesCreatesThePurchaseAndEmptiesTheCart)
{
    const auto nada = given_book("Nada", Money{19'95}, 10).book_id;
    const auto todo = given_book("Todo", Money{10'40}, 5).book_id;
    add(customer, nada, 2);
    add(customer, todo);

    const auto bought = buy(customer, {.expected_total = Money{50'30}}).value();

    EXPECT_EQ(bought.user_id, customer.user);
    EXPECT_EQ(bought.number, "2026-000001");
    EXPECT_EQ(bought.status, PurchaseStatus::placed);
    ASSERT_EQ(bought.items.size(), 2U);
    EXPECT_EQ(bought.items[0], (purchases::PurchaseLineView{nada, "Nada", 2, {19'95}, {39'90}, {400}}));
    EXPECT_EQ(bought.items[1], (purchases::PurchaseLineView{todo, "Todo", 1, {10'40}, {10'40}, {400}}));
    EXPECT_EQ(bought.total_amount, Money{50'30});
    EXPECT_EQ(bought.vat, (std::vector<purchases::VatView>{{{400}, {48'37}, {1'93}}}));
    EXPECT_EQ(bought.currency.value, "EUR");
    EXPECT_EQ(bought.delivery, Delivery{});
    EXPECT_EQ(bought.payment, Payment{});
    EXPECT_EQ(bought.created_at.ms, clock.now_ms());
    EXPECT_EQ(bought.location(), "/v1/purchases/" + bought.purchase_id.value);
    EXPECT_EQ(stock(nada).on_hand, 8);
    EXPECT_EQ(stock(todo).on_hand, 4);
    EXPECT_TRUE(cart_of(customer).items.empty());
}

TEST_F(Checkout, ChangesTheBooksETagOnlyWithTheLastCopy)
{
    const auto id = given_book("Nada", Money{20'00}, 3).book_id;
    given_purchase(customer, id, 2);
    EXPECT_EQ(book(id).value().etag(), "1.1");
    given_purchase(customer, id, 1);
    EXPECT_EQ(book(id).value().etag(), "1.2");
    EXPECT_FALSE(book(id).value().in_stock);
}

TEST_F(Checkout, RefusesAnEmptyCart)
{
    const auto id = given_book("Nada").book_id;
    auto before = everything();
    EXPECT_EQ(code_of(buy(customer)), Errc::cart_empty); // a customer without a cart
    EXPECT_EQ(everything(), before);

    given_purchase(customer, id);
    before = everything();
    EXPECT_EQ(code_of(buy(customer)), Errc::cart_empty); // a cart that the last checkout emptied
    EXPECT_EQ(everything(), before);
}

TEST_F(Checkout, NamesEveryShortUnpricedOrDeletedLineAndChangesNothing)
{
    const auto enough = given_book("Bastantes", Money{10'00}, 5).book_id;
    const auto few = given_book("Pocos", Money{10'00}, 1).book_id;
    const auto unpriced = given_book("Sin precio", std::nullopt, 5).book_id;
    const auto gone = given_book("Descatalogado", Money{10'00}, 5).book_id;
    const auto dearer = given_book("Más caro", Money{10'00}, 5).book_id;
    for (const auto& id : {enough, few, unpriced, gone, dearer})
        add(customer, id, 2);
    delete_book(gone);
    set_price(dearer, Money{11'00});
    const auto before = everything();

    const auto refused = buy(customer);

    EXPECT_EQ(code_of(refused), Errc::out_of_stock);
    EXPECT_EQ(titles_of(refused.error().lines), (std::vector<std::string>{"Pocos", "Sin precio", "Descatalogado"}));
    EXPECT_EQ(refused.error().lines[0], (RefusedLine{few.value, "Pocos", 2, 10'00, 10'00}));
    EXPECT_EQ(refused.error().lines[1].current_price_cents, std::nullopt);
    EXPECT_EQ(refused.error().lines[2].current_price_cents, std::nullopt);
    EXPECT_EQ(everything(), before);
}

TEST_F(Checkout, NamesEveryLineWhosePriceChangedAndChangesNothing)
{
    const auto same = given_book("Igual", Money{10'00}).book_id;
    const auto dearer = given_book("Más caro", Money{10'00}).book_id;
    const auto cheaper = given_book("Más barato", Money{10'00}).book_id;
    const auto priced = given_book("Ya a la venta", std::nullopt).book_id;
    for (const auto& id : {same, dearer, cheaper, priced})
        add(customer, id);
    set_price(dearer, Money{11'00});
    set_price(cheaper, Money{9'00});
    set_price(priced, Money{5'00});
    const auto before = everything();

    const auto refused = buy(customer);

    EXPECT_EQ(code_of(refused), Errc::price_changed);
    EXPECT_EQ(titles_of(refused.error().lines), (std::vector<std::string>{"Más caro", "Más barato", "Ya a la venta"}));
    EXPECT_EQ(refused.error().lines[0].unit_price_cents, 10'00);
    EXPECT_EQ(refused.error().lines[0].current_price_cents, 11'00);
    EXPECT_EQ(everything(), before);

    for (const auto& id : {dearer, cheaper, priced})
        set_quantity(customer, id, 1);
    EXPECT_EQ(buy(customer).value().total_amount, Money{35'00});
}

TEST_F(Checkout, RefusesAnotherTotalThanExpected)
{
    const auto id = given_book("Nada", Money{10'00}).book_id;
    add(customer, id, 2);
    const auto before = everything();

    const auto refused = buy(customer, {.expected_total = Money{19'99}});
    EXPECT_EQ(code_of(refused), Errc::price_changed);
    EXPECT_EQ(titles_of(refused.error().lines), (std::vector<std::string>{"Nada"}));
    EXPECT_NE(refused.error().detail.es.find("20.00"), std::string::npos);
    EXPECT_EQ(everything(), before);
    EXPECT_TRUE(buy(customer, {.expected_total = Money{20'00}}));
}

TEST_F(Checkout, ShipsOnlyToAnAddressAndFromAShopThatShips)
{
    const auto id = given_book("Nada").book_id;
    add(customer, id);
    const Delivery ship{.method = {DeliveryMethod::ship}, .address = Text<1, 500>{"Calle Mayor 1"}};
    const Delivery nowhere{.method = {DeliveryMethod::ship}, .address = {}};
    const auto before = everything();

    EXPECT_EQ(fault_of(buy(customer, {.delivery = nowhere})), "/delivery/address");
    EXPECT_EQ(everything(), before);
    given_shop("acme", {.name = {"Librería"}, .delivery = {.collect = {true}, .ship = {false}}});
    EXPECT_EQ(fault_of(buy(customer, {.delivery = ship})), "/delivery/method");
    given_shop("acme", {.name = {"Librería"}, .delivery = {.collect = {false}, .ship = {true}}});
    EXPECT_EQ(fault_of(buy(customer)), "/delivery/method");

    const auto bought = buy(customer, {.delivery = ship, .payment = Payment{{PaymentMethod::on_delivery}}}).value();
    EXPECT_EQ(bought.delivery, ship);
    EXPECT_EQ(bought.payment.method.value, PaymentMethod::on_delivery);
}

TEST_F(Checkout, ChargesTheShopsVat)
{
    given_shop("acme", {.name = {"Librería"}, .currency = {"MXN"}, .vat_rate = {16'00}, .delivery = {}});
    const auto id = given_book("Nada", Money{116'00}).book_id;
    const auto bought = given_purchase(customer, id);
    EXPECT_EQ(bought.vat, (std::vector<purchases::VatView>{{{16'00}, {100'00}, {16'00}}}));
    EXPECT_EQ(bought.currency.value, "MXN");
}

TEST_F(Checkout, BuysOnceUnderOneIdempotencyKey)
{
    const auto id = given_book("Nada").book_id;
    add(customer, id, 2);
    buy(customer, {}, idempotency<purchases::PurchaseView>("k")).value();
    add(customer, id, 2);
    const auto before = everything();

    EXPECT_EQ(code_of(buy(customer, {}, idempotency<purchases::PurchaseView>("k"))), Errc::conflict);
    EXPECT_EQ(stock(id).on_hand, 8);
    EXPECT_EQ(everything(), before);
}

TEST_F(Checkout, IsAConflictIfTheCartChangesAtTheSameTime)
{
    const auto id = given_book("Nada").book_id;
    add(customer, id);
    store.before_next_write([&] { add(customer, id); });

    EXPECT_EQ(code_of(buy(customer)), Errc::conflict);
    EXPECT_EQ(stock(id).on_hand, 10);
    EXPECT_EQ(cart_of(customer).items.at(0).quantity, 2);
}

TEST_F(Checkout, BuysTheRemainingCopiesAfterAConcurrentSale)
{
    const auto id = given_book("Nada", Money{20'00}, 3).book_id;
    const auto other = caller_in("acme", Caller::Kind::customer);
    add(customer, id, 2);
    add(other, id, 1);
    store.before_next_write([&] { buy(other).value(); });

    EXPECT_TRUE(buy(customer)); // it read 3 copies, another buyer took 1: the last two
    EXPECT_EQ(stock(id).on_hand, 0);
    EXPECT_EQ(book(id).value().etag(), "1.2");
}

TEST_F(Checkout, IsOutOfStockIfAConcurrentSaleTakesTheCopies)
{
    const auto id = given_book("Nada", Money{20'00}, 2).book_id;
    const auto other = caller_in("acme", Caller::Kind::customer);
    add(customer, id, 2);
    add(other, id, 1);
    store.before_next_write([&] { buy(other).value(); });

    const auto refused = buy(customer);
    EXPECT_EQ(code_of(refused), Errc::out_of_stock);
    EXPECT_EQ(refused.error().lines.size(), 1U);
    EXPECT_EQ(stock(id).on_hand, 1);
    EXPECT_EQ(cart_of(customer).items.size(), 1U);
}

TEST_F(Checkout, ReportsAConcurrentPriceChange)
{
    const auto id = given_book("Nada", Money{20'00}).book_id;
    add(customer, id);
    store.before_next_write([&] { set_price(id, Money{30'00}); });
    EXPECT_EQ(code_of(buy(customer)), Errc::price_changed);
    EXPECT_EQ(stock(id).on_hand, 10);
}

TEST_F(Checkout, IsOutOfStockIfTheBookIsDeletedAtTheSameTime)
{
    const auto id = given_book("Nada", Money{20'00}).book_id;
    add(customer, id);
    store.before_next_write([&] { delete_book(id); });
    EXPECT_EQ(code_of(buy(customer)), Errc::out_of_stock);
}

TEST_F(Checkout, DoesNotReportContentionAsSoldOut)
{
    const auto id = given_book("Nada").book_id;
    given_purchase(customer, id); // reserves a block of numbers
    add(customer, id);
    const auto before = everything();
    const auto reads = store.reads();
    store.fail_after(0, StoreError::Code::condition_failed);

    const auto refused = buy(customer);

    EXPECT_EQ(code_of(refused), Errc::unavailable);
    EXPECT_GT(refused.error().retry_after_s, 0);
    EXPECT_EQ(store.reads() - reads, 14U); // the shop, the cart, and the stock at each of 12 attempts
    store.fail_after(0, StoreError::Code::conflict);
    EXPECT_EQ(code_of(buy(customer)), Errc::unavailable);
    EXPECT_EQ(everything(), before);
}

TEST_F(Checkout, NeedsFewReadsAndOneTransaction)
{
    const auto nada = given_book("Nada").book_id;
    const auto todo = given_book("Todo").book_id;
    given_purchase(customer, nada); // reserves a block of numbers
    add(customer, nada);
    add(customer, todo);
    const auto reads = store.reads();
    store.fail_after(1);

    EXPECT_TRUE(buy(customer));
    EXPECT_EQ(store.reads() - reads, 3U); // the shop, the cart, the stock of all lines
}

TEST_F(Checkout, BuysNinetyLinesUnderAnIdempotencyKeyInOneTransaction)
{
    for (std::size_t i = 0; i < Cart::max_lines; ++i)
        add(customer, given_book("Libro").book_id);
    const auto bought = buy(customer, {}, idempotency<purchases::PurchaseView>("k")).value();
    EXPECT_EQ(bought.items.size(), 90U);
    EXPECT_EQ(bought.total_amount, Money{20'00 * 90});
}

class PurchaseNumbers : public CheckoutTest {};

TEST_F(PurchaseNumbers, AreUniqueAndReservedInBlocks)
{
    purchases::PurchaseNumbers other_process;
    const auto from = [&](purchases::PurchaseNumbers& source, std::int64_t at_ms) {
        return run(source.next(items, {"acme"}, at_ms)).value();
    };
    const auto now = clock.now_ms();

    EXPECT_EQ(from(numbers, now), "2026-000001");
    EXPECT_EQ(from(numbers, now), "2026-000002");
    EXPECT_EQ(from(other_process, now), "2026-000101");
    for (int i = 3; i <= 100; ++i)
        from(numbers, now);
    EXPECT_EQ(from(numbers, now), "2026-000201");
    EXPECT_EQ(from(numbers, now + 365 * day_ms), "2027-000001");
}

TEST_F(PurchaseNumbers, AreIndependentInEachShop)
{
    auto theirs = items_of("northwind");
    EXPECT_EQ(run(numbers.next(items, {"acme"}, clock.now_ms())).value(), "2026-000001");
    EXPECT_EQ(run(numbers.next(theirs, {"northwind"}, clock.now_ms())).value(), "2026-000001");
}

TEST_F(PurchaseNumbers, UseBothBlocksThatAreReservedAtTheSameTime)
{
    store.before_next_write([&] {
        auto direct = TenantItems(TenantId{"acme"}, memory->items());
        EXPECT_EQ(run(numbers.next(direct, {"acme"}, clock.now_ms())).value(), "2026-000001");
    });
    std::set<std::string> seen{"2026-000001"};
    for (int i = 0; i < 199; ++i)
        EXPECT_TRUE(seen.insert(run(numbers.next(items, {"acme"}, clock.now_ms())).value()).second);
    EXPECT_EQ(*seen.rbegin(), "2026-000200");
}

TEST_F(PurchaseNumbers, AreUnavailableWithoutTheStore)
{
    store.fail_after(0);
    EXPECT_EQ(code_of(run(numbers.next(items, {"acme"}, clock.now_ms()))), Errc::unavailable);
}

} // namespace
} // namespace estante
