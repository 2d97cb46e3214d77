#include "domain/purchase.hpp"
#include "records/purchases.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <boost/mp11/algorithm.hpp>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace estante {
namespace {

using enum PurchaseStatus;

constexpr PurchaseStatus all_statuses[] = {placed, paid, ready, shipped, collected, cancelled, refunded};

PurchaseLine line(Money unit_price, std::int64_t quantity, std::int64_t rate)
{
    return {.book_id = BookId::from(Ulid{}),
            .title = "Libro",
            .quantity = quantity,
            .unit_price = unit_price,
            .subtotal = unit_price * quantity,
            .vat_rate_basis_points = rate};
}

TEST(PurchaseStatus, AllowsOnlyTheseTransitions)
{
    const std::map<PurchaseStatus, std::set<PurchaseStatus>> steps{
        {placed, {paid, ready, shipped}},
        {paid, {ready, shipped}},
        {ready, {paid, collected, shipped}},
        {cancelled, {refunded}},
        {shipped, {}},
        {collected, {}},
        {refunded, {}},
    };
    for (const auto from : all_statuses) {
        for (const auto to : all_statuses)
            EXPECT_EQ(can_become(from, to), steps.at(from).contains(to))
                << boost::describe::enum_to_string(from, "") << " → " << boost::describe::enum_to_string(to, "");
    }
}

TEST(PurchaseStatus, CanBeCancelledBeforeItLeavesTheShop)
{
    const std::set<PurchaseStatus> cancellable{placed, paid, ready};
    for (const auto status : all_statuses)
        EXPECT_EQ(can_cancel(status), cancellable.contains(status));
}

TEST(Vat, IsRoundedHalfUpOncePerRate)
{
    struct Case {
        std::vector<PurchaseLine> lines;
        std::vector<VatAmount> vat;
    };
    const Case cases[] = {
        {{line({10'40}, 1, 400)}, {{400, {10'00}, {40}}}},
        {{line({12'10}, 1, 2100)}, {{2100, {10'00}, {2'10}}}},
        {{line({1}, 1, 400)}, {{400, {1}, {0}}}},
        {{line({13}, 1, 400)}, {{400, {12}, {1}}}}, // 0.50 of a cent rounds up
        {{line({12}, 1, 400)}, {{400, {12}, {0}}}}, // 0.46 of a cent does not
        {{line({13}, 2, 400)}, {{400, {25}, {1}}}}, // not twice a rounded cent
        {{line({13}, 1, 400), line({13}, 1, 400)}, {{400, {25}, {1}}}},
        {{line({20'00}, 1, 0)}, {{0, {20'00}, {0}}}},
        {{line({12'10}, 1, 2100), line({10'40}, 2, 400)}, {{400, {20'00}, {80}}, {2100, {10'00}, {2'10}}}},
    };
    for (const auto& [lines, vat] : cases) {
        EXPECT_EQ(vat_by_rate(lines), vat);
        Money sum;
        for (const VatAmount& amount : vat_by_rate(lines))
            sum += amount.net + amount.tax;
        EXPECT_EQ(sum, total_of(lines));
    }
}

TEST(Delivery, NeedsAnAddressToShip)
{
    EXPECT_TRUE(check({.method = {DeliveryMethod::collect}, .address = {}}));
    EXPECT_TRUE(check({.method = {DeliveryMethod::ship}, .address = Text<1, 500>{"Calle Mayor 1"}}));
    const auto refused = check({.method = {DeliveryMethod::ship}, .address = {}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().faults.at(0).pointer, "/delivery/address");
}

Purchase purchase()
{
    const auto id = PurchaseId::from(Ulid{.time_ms = 1'769'851'800'000});
    Purchase purchase{.id = id,
                      .user_id = UserId::from(Ulid{}),
                      .number = "2026-000123",
                      .lines = {line({19'95}, 2, 400)},
                      .total = {39'90},
                      .currency = "EUR",
                      .delivery = {.method = {DeliveryMethod::ship}, .address = Text<1, 500>{"Calle Mayor 1"}},
                      .payment = {.method = {PaymentMethod::on_delivery}},
                      .created_ms = 1'769'851'800'000,
                      .updated_ms = 1'769'851'900'000,
                      .version = 3};
    purchase.vat = vat_by_rate(purchase.lines);
    return purchase;
}

TEST(PurchaseRecord, BecomesAnItemAndBack)
{
    EXPECT_EQ(purchase_from(to_item(purchase())), purchase());
    auto collected = purchase();
    collected.delivery = {};
    EXPECT_EQ(purchase_from(to_item(collected)), collected);
}

TEST(PurchaseRecord, HasTheKeysAndNamesOfTheTable)
{
    const auto item = to_item(purchase());
    const auto& id = purchase().id.value;

    EXPECT_EQ(key_of(item), (Key{purchase().user_id.value, "PURCHASE#" + id}));
    EXPECT_EQ(index_key_of(item, Index::gsi1), (Key{"PURCHASES", "2026-01-31T09:30:00.000Z#" + id}));
    EXPECT_EQ(*find(item, "total_amount"), Value(*Number::parse("39.9")));
    const Map& first = *(*find(item, "items")->if_list()).at(0).if_map();
    EXPECT_EQ(*find(first, "unit_price"), Value(*Number::parse("19.95")));
    EXPECT_EQ(*find(first, "subtotal"), Value(*Number::parse("39.9")));
    EXPECT_EQ(*find(first, "vat_rate"), Value(4));
    EXPECT_EQ(int_of(first, "quantity"), 2);
    const Map& vat = *(*find(item, "vat")->if_list()).at(0).if_map();
    EXPECT_EQ(*find(vat, "tax"), Value(*Number::parse("1.53")));
}

TEST(PurchaseRecord, FitsIntoAnItemAtItsMaximumSize)
{
    auto largest = purchase();
    largest.lines.clear();
    for (std::size_t i = 0; i < Cart::max_lines; ++i) {
        auto one = line({999'999'99}, 99, 2100);
        one.title.clear();
        for (int n = 0; n < 500; ++n)
            one.title += "𝄞";
        largest.lines.push_back(one);
    }
    EXPECT_LT(size_of(to_item(largest)), 400U * 1024);
}

} // namespace
} // namespace estante
