// The questions as SQL. Values are bound; the text depends only on whether there are files.
#pragma once

#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/lake_purchases.hpp"
#include "domain/calendar.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante::duck {

// Of a purchase: it is neither cancelled nor refunded.
inline constexpr std::string_view counts_as_sale = "status NOT IN ('cancelled', 'refunded')";
// The lines of purchases, each with its book_id, title, copies, revenue, sold_at and purchase_id.
std::string sold_lines(const std::string& purchases);

// The purchases of a period that count, in the relation `sold`, or, asked by book, what they sold of each book on a day
// or in a purchase, in `lines`; the catalogue in `books`.
class Question {
public:
    Question(const TenantId& tenant, const Period& period, const LakeFiles& files, Reading reading);

    // Adds the value and answers its place: "$4".
    std::string bind(SqlParameter value);
    std::string sql(const std::string& query) const { return with_ + query; }
    const std::vector<SqlParameter>& values() const { return values_; }

private:
    std::string with_;
    std::vector<SqlParameter> values_;

    std::string sold(const TenantId& tenant, const Period& period, const LakeFiles& files);
};

std::string totals_query();
std::string series_query(Granularity granularity);
std::string top_books_query(bool by_category, const std::string& limit);
std::string authors_query(const std::string& limit);
std::string best_customers_query(const std::string& limit);
std::string customer_kinds_query(const std::string& first_ms);

} // namespace estante::duck
