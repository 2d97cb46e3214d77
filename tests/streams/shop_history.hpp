// Generates purchases by number. So a crashed process can write the same purchases again, and the expected results can
// be computed without a processor.
#pragma once

#include "domain/purchase.hpp"
#include "ports/tenant_items.hpp"
#include "records/books.hpp"
#include "records/purchases.hpp"
#include "records/stock.hpp"
#include "records/tenants.hpp"
#include "records/users.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estante {

namespace history {

inline constexpr std::int64_t begin_ms = 1'772'323'200'000; // 2026-03-01
inline constexpr std::int64_t days = 5;
inline constexpr std::int64_t day_ms = 86'400'000;
inline constexpr std::uint64_t books = 40;
inline constexpr std::uint64_t customers = 500;

template <class Id> Id id_of(std::uint64_t number, std::int64_t ms)
{
    Ulid ulid{.time_ms = static_cast<std::uint64_t>(ms)};
    for (std::size_t byte = 0; byte < 8; ++byte)
        ulid.entropy.at(9 - byte) = static_cast<std::uint8_t>(number >> (8 * byte));
    return Id::from(ulid);
}

inline BookId book_id(std::uint64_t number)
{
    return id_of<BookId>(number, begin_ms);
}
inline UserId user_id(std::uint64_t number)
{
    return id_of<UserId>(number, begin_ms + (static_cast<std::int64_t>(number) % days) * day_ms);
}
inline std::string category_of(std::uint64_t book)
{
    return "Categoría " + std::to_string(book % 9);
}
// One in seven is placed and then cancelled.
inline bool is_cancelled(std::uint64_t number)
{
    return number % 7 == 3;
}

inline Purchase purchase(std::uint64_t number)
{
    const auto at_ms =
        begin_ms + static_cast<std::int64_t>(number * 7'919'003 % static_cast<std::uint64_t>(days * day_ms));
    Purchase purchase{.id = id_of<PurchaseId>(number, at_ms),
                      .user_id = user_id(number % customers),
                      .number = "2026-" + std::to_string(100'000 + number)};
    for (std::uint64_t line = 0; line <= number % 3; ++line) {
        const auto book = (number * 31 + line * 7) % books;
        const Money price{static_cast<std::int64_t>(199 + (number * 37 + line * 101) % 4'000)};
        const auto quantity = static_cast<std::int64_t>(1 + (number + line) % 4);
        purchase.lines.push_back({.book_id = book_id(book),
                                  .title = "Libro " + std::to_string(book),
                                  .quantity = quantity,
                                  .unit_price = price,
                                  .subtotal = price * quantity,
                                  .vat_rate_basis_points = 400});
    }
    purchase.total = total_of(purchase.lines);
    purchase.vat = vat_by_rate(purchase.lines);
    purchase.currency = "EUR";
    purchase.created_ms = purchase.updated_ms = at_ms;
    return purchase;
}

inline Put tenant(const TenantId& shop)
{
    return {.table = Table::users,
            .item = to_item(Tenant{.id = shop, .settings = {.name = {"Librería"}, .delivery = {}}})};
}

inline std::vector<Action> catalogue()
{
    std::vector<Action> puts;
    for (std::uint64_t number = 0; number < books; ++number) {
        Book book{.id = book_id(number), .entry = {}};
        book.entry.title = {"Libro " + std::to_string(number)};
        book.entry.category = {category_of(number)};
        book.entry.contributors = {{.name = {"Nadie"}, .role = {}}};
        puts.emplace_back(Put{.table = Table::books, .item = to_item(book)});
        puts.emplace_back(Put{.table = Table::books, .item = to_item(StockRecord{.book_id = book.id, .stock = {}})});
    }
    return puts;
}

inline User user(std::uint64_t number)
{
    User user{.id = user_id(number), .email = {std::to_string(number) + "@example.com"}, .password_hash = "x"};
    user.created_ms = user.updated_ms = static_cast<std::int64_t>(user.id.time_ms());
    return user;
}

} // namespace history
} // namespace estante
