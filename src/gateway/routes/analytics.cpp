#include "gateway/live_stream.hpp"
#include "gateway/routes/tables.hpp"
#include "operations/analytics/best_customers.hpp"
#include "operations/analytics/daily_sales.hpp"
#include "operations/analytics/live_sales.hpp"
#include "operations/analytics/sales_summary.hpp"
#include "operations/analytics/top_authors.hpp"
#include "operations/analytics/top_books.hpp"

namespace estante::routes {

using namespace estante::analytics;
using enum Access;
using enum Method;

std::span<const Route> analytics()
{
    static constexpr Route table[] = {
        route<&sales_summary>("sales_summary", get, "/v1/analytics/summary", manager,
                              "Sales and customers of a period, compared with the period before"),
        route<&daily_sales>("daily_sales", get, "/v1/analytics/daily", manager, "Sales by hour, day or month"),
        route<&top_books>("top_books", get, "/v1/analytics/top-books", manager,
                          "Best-selling books, overall or by category"),
        route<&top_authors>("top_authors", get, "/v1/analytics/authors", manager, "Revenue by author"),
        route<&best_customers>("best_customers", get, "/v1/analytics/customers", manager, "Customers by revenue"),
        streaming(route<&live_sales>("live_sales", get, "/v1/analytics/live", manager,
                                     "Live sales as server-sent events; with `since`, new sales as JSON")),
    };
    return table;
}

} // namespace estante::routes
