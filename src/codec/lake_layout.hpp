// The layout of the data lake and its list of closed days. Each shop has a folder.
#pragma once

#include "domain/calendar.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace estante::lake_layout {

// {tenant}/purchases/year=2026/month=01/day=31/: one object {purchase_id}.json.gz for each purchase.
std::string purchases_prefix(const TenantId& tenant);
std::string purchases_prefix(const TenantId& tenant, Day day);
std::string parquet_prefix(const TenantId& tenant);
// {tenant}/purchases_parquet/year=2026/month=01/day=31/purchases.parquet: a closed day.
std::string parquet_key(const TenantId& tenant, Day day);
// {tenant}/purchases_by_book/year=2026/month=01/day=31/books.parquet: sales by book of a closed day.
std::string by_book_key(const TenantId& tenant, Day day);
// {tenant}/purchases_by_month/year=2026/month=01/{name}.parquet: sales by book of all closed days of a month.
std::string by_month_prefix(const TenantId& tenant, Month month);
std::string by_month_key(const TenantId& tenant, Month month, std::string_view name);
std::string closed_days_key(const TenantId& tenant); // {tenant}/closed_days.json
std::string books_key(const TenantId& tenant);       // {tenant}/books/books.parquet

// Parses a key under purchases_prefix(tenant); nothing for any other key.
struct PurchaseObject {
    Day day{};
    std::string purchase_id{};
};
std::optional<PurchaseObject> purchase_object(const TenantId& tenant, std::string_view key);

// closed_days.json: {"days": ["2026-01-30"], "months": [{"month": "2026-01", "file": "…"}], "closing": [{"day":
// "2026-01-31", "by": "…", "until_ms": 1, "broken": false}], "summing": [{"month": "2026-02", …}]}.
// A day in `days` is read from its Parquet file, any other day from its objects. The file of a month in `months` has
// the sales by book of exactly its days in `days`. `closing` and `summing` are leases on writing the files of a day or
// month.
struct ClosedDays {
    struct Lease {
        std::string by{};
        std::int64_t until_ms = 0; // then the lease expires
        bool broken = false;       // the input changed meanwhile, so the result must not be used

        bool operator==(const Lease&) const = default;
    };
    std::set<Day> days{};
    std::map<Month, std::string> months{};
    std::map<Day, Lease> closing{};
    std::map<Month, Lease> summing{};

    bool operator==(const ClosedDays&) const = default;
    std::string text() const;
    static std::optional<ClosedDays> parse(std::string_view json); // nothing if it is damaged
};

} // namespace estante::lake_layout
