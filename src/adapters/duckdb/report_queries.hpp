// The SQL of the reports. Values are bound; the text only depends on which files exist.
#pragma once

#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/shop_lake.hpp"
#include "domain/calendar.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante::duck {

// The condition for purchases that count as a sale.
inline constexpr std::string_view counts_as_sale = "status NOT IN ('cancelled', 'refunded')";
// Selects the lines of `purchases` with the columns book_id, title, copies, revenue, sold_at and purchase_id.
std::string sold_lines(const std::string& purchases);

// A report query over common table expressions: `sold` has the purchases of a period that count as a sale. For
// Reading::by_book, `lines` has the copies and revenue of each book by day or purchase instead. `books` has the
// catalogue.
class ReportQuery {
public:
    ReportQuery(const TenantId& tenant, const Period& period, const LakeFiles& files, Reading reading);

    // Adds a parameter and returns its placeholder: "$4".
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
