// The data lake's layout and the list of days that are closed in it, for whoever reads it. Each shop has a folder.
#pragma once

#include "domain/ids.hpp"
#include "domain/period.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace estante::lake_layout {

// {tenant}/purchases/year=2026/month=01/day=31/: one object a purchase, {purchase_id}.json.gz.
std::string purchases_prefix(const TenantId& tenant);
std::string purchases_prefix(const TenantId& tenant, Day day);
std::string parquet_prefix(const TenantId& tenant);
// {tenant}/purchases_parquet/year=2026/month=01/day=31/purchases.parquet: a closed day.
std::string parquet_key(const TenantId& tenant, Day day);
// {tenant}/purchases_by_book/year=2026/month=01/day=31/books.parquet: what was sold of each book on a closed day.
std::string by_book_key(const TenantId& tenant, Day day);
// {tenant}/purchases_by_month/year=2026/month=01/{name}.parquet: the same of a month's closed days together.
std::string by_month_prefix(const TenantId& tenant, Month month);
std::string by_month_key(const TenantId& tenant, Month month, std::string_view name);
std::string closed_days_key(const TenantId& tenant); // {tenant}/closed_days.json
std::string books_key(const TenantId& tenant);       // {tenant}/books/books.parquet

// The day and purchase of a key under purchases_prefix(tenant); nothing for any other key.
struct PurchaseObject {
    Day day{};
    std::string purchase_id{};
};
std::optional<PurchaseObject> purchase_object(const TenantId& tenant, std::string_view key);

// closed_days.json: {"days": ["2026-01-30"], "months": [{"month": "2026-01", "file": "…"}], "closing": [{"day":
// "2026-01-31", "by": "…", "until_ms": 1, "broken": false}], "summing": [{"month": "2026-02", …}]}.
// A day in `days` is read from its Parquet and no other from there. Of a month in `months`, that file holds the sums by
// book of exactly its days in `days`. `closing` and `summing` say who is making the files of a day or month.
struct ClosedDays {
    struct Lease {
        std::string by{};
        std::int64_t until_ms = 0; // afterwards another may begin
        bool broken = false;       // what is being made of changed meanwhile, so it must not be used

        bool operator==(const Lease&) const = default;
    };
    std::set<Day> days{};
    std::map<Month, std::string> months{};
    std::map<Day, Lease> closing{};
    std::map<Month, Lease> summing{};

    bool operator==(const ClosedDays&) const = default;
    std::string text() const;
    static std::optional<ClosedDays> parse(std::string_view json); // nothing: it is damaged
};

} // namespace estante::lake_layout
