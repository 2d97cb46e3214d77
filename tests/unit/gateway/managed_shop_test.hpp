// A gateway with a shop whose manager is logged in, and with sales.
#pragma once

#include "records/purchases.hpp"
#include "records/users.hpp"
#include "unit/gateway/gateway_test.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace estante {

class ManagedShopTest : public GatewayTest {
protected:
    std::string token;
    UserId user;

    void SetUp() override
    {
        GatewayTest::SetUp();
        given_shop("northwind");
        token = registered();
        user = UserId::parse(claim("user_id")).value();
        becomes(Role::manager);
    }
    std::string claim(std::string_view name)
    {
        const auto verified = verify_token(std::string_view(token).substr(7), keys, clock.now_ms()).value();
        return name == "user_id" ? verified.claims.user.value : verified.claims.session.value;
    }
    using GatewayTest::becomes;
    void becomes(Role role)
    {
        auto items = all.of(TenantId{"acme"});
        auto stored =
            run(items.query({.table = Table::users, .partition = user.value, .sort_keys = SortPrefix{"USER#"}}))
                .value()
                .items.at(0);
        User changed = user_from(stored);
        changed.role = role;
        run(items.put({.table = Table::users, .item = to_item(changed)})).value();
    }
    Purchase purchase(std::int64_t cents)
    {
        const auto id = ids.make<PurchaseId>();
        return {.id = id,
                .user_id = user,
                .number = "2026-000001",
                .lines = {{.book_id = ids.make<BookId>(),
                           .title = "=Nada, \"hoy\"",
                           .quantity = 1,
                           .unit_price = {cents},
                           .subtotal = {cents}}},
                .total = {cents},
                .currency = "EUR",
                .created_ms = clock.now_ms()};
    }
    // Stores a sale and publishes it.
    void sell(const std::string& tenant, std::int64_t cents)
    {
        const auto sold = purchase(cents);
        auto items = all.of(TenantId{tenant});
        run(items.put({.table = Table::purchases, .item = to_item(sold)})).value();
        live->publish({tenant}, {.kind = LiveEvent::Kind::sale, .purchase = std::make_shared<const Purchase>(sold)});
    }
};

} // namespace estante
