// Two shops with a few known purchases.
#pragma once

#include "adapters/memory/memory_analytics.hpp"
#include "codec/timestamp.hpp"
#include "support/bookshop_test.hpp"

namespace estante {

// Today is 2026-01-31.
class Figures : public BookshopTest {
protected:
    struct Sold {
        BookId book;
        std::string title;
        std::int64_t quantity;
        std::int64_t cents; // unit price
    };

    MemoryAnalytics analytics;
    std::uint8_t purchases = 0;
    UserId ana = ids.make<UserId>();
    UserId luis = ids.make<UserId>();
    UserId eva = ids.make<UserId>();
    BookId nada = ids.make<BookId>();
    BookId todo = ids.make<BookId>();
    BookId mapa = ids.make<BookId>();

    void SetUp() override
    {
        BookshopTest::SetUp();
        const TenantId acme{"acme"};
        analytics.put_entry(acme, nada, {"Novela", {"Laforet"}});
        analytics.put_entry(acme, todo, {"Novela", {"Matute", "Laforet"}});
        given("acme", "2025-12-31T23:59:59.999Z", ana, {{nada, "Nada", 1, 10'00}});
        given("acme", "2026-01-10T09:30:00Z", ana, {{nada, "Nada", 2, 10'00}});
        given("acme", "2026-01-10T09:59:59.999Z", luis, {{todo, "Todo", 1, 15'00}});
        given("acme", "2026-01-10T10:00:00Z", luis, {{nada, "Nada", 9, 10'00}}, PurchaseStatus::cancelled);
        given("acme", "2026-01-10T10:30:00Z", eva, {{nada, "Nada", 8, 10'00}}, PurchaseStatus::refunded);
        given("acme", "2026-01-11T00:00:00Z", ana, {{mapa, "Mapa", 3, 5'00}});
        given("acme", "2026-02-01T12:00:00Z", eva, {{nada, "Nada, corregida", 1, 12'00}, {todo, "Todo", 1, 15'00}});
        given("northwind", "2026-01-10T09:30:00Z", ana, {{nada, "Nada", 99, 99'00}});
    }

    void given(const std::string& tenant, std::string_view at, const UserId& user, const std::vector<Sold>& sold,
               PurchaseStatus status = PurchaseStatus::placed)
    {
        const auto ms = parse_timestamp(at)->ms;
        Purchase purchase{.id = PurchaseId::from({.time_ms = static_cast<std::uint64_t>(ms), .entropy = {++purchases}}),
                          .user_id = user,
                          .status = status,
                          .currency = "EUR",
                          .created_ms = ms};
        for (const Sold& line : sold) {
            purchase.lines.push_back({.book_id = line.book,
                                      .title = line.title,
                                      .quantity = line.quantity,
                                      .unit_price = {line.cents},
                                      .subtotal = {line.cents * line.quantity}});
            purchase.total += purchase.lines.back().subtotal;
        }
        analytics.put({tenant}, std::move(purchase));
    }

    static std::optional<CalendarDate> date(std::string_view text) { return CalendarDate::parse(text); }
};

} // namespace estante
