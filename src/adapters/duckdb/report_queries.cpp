#include "adapters/duckdb/report_queries.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <fmt/format.h>

namespace estante::duck {

namespace {

constexpr std::string_view columns = "purchase_id, user_id, total_amount, created_at, items";
constexpr std::string_view copies = "CAST(coalesce(sum(list_sum([line.quantity FOR line IN items])), 0) AS BIGINT)";

std::string cents(std::string_view amount)
{
    return fmt::format("CAST(coalesce({}, 0) * 100 AS BIGINT)", amount);
}

constexpr std::string_view by_book =
    ", by_book AS (SELECT book_id, sum(copies) AS copies, sum(revenue) AS revenue FROM lines GROUP BY book_id)";

} // namespace

std::string sold_lines(const std::string& purchases)
{
    return fmt::format("SELECT line.book_id, line.title, CAST(line.quantity AS BIGINT) AS copies,"
                       " line.subtotal AS revenue, created_at AS sold_at, purchase_id"
                       " FROM (SELECT created_at, purchase_id, unnest(items) AS line FROM ({}))",
                       purchases);
}

// NOT MATERIALIZED, because the purchases of a large shop do not fit into memory.
ReportQuery::ReportQuery(const TenantId& tenant, const Period& period, const LakeFiles& files, Reading reading)
{
    if (reading == Reading::purchases)
        with_ = fmt::format("WITH sold AS NOT MATERIALIZED ({})", sold(tenant, period, files));
    else
        with_ = fmt::format("WITH lines AS NOT MATERIALIZED ({}", sold_lines(sold(tenant, period, files)));
    if (reading == Reading::by_book) {
        if (!files.by_book.empty())
            with_ += fmt::format(
                " UNION ALL SELECT book_id, title, copies, revenue, sold_at, purchase_id FROM read_parquet({})",
                bind(files.by_book));
        with_ += ")";
    }
    with_ += ", books AS NOT MATERIALIZED (";
    if (files.books.empty())
        with_ += "SELECT '' AS book_id, '' AS category, [''] AS authors WHERE false)";
    else
        with_ += fmt::format("SELECT book_id, category, authors FROM read_parquet({}))",
                             bind(std::vector<std::string>{files.books}));
}

std::string ReportQuery::sold(const TenantId& tenant, const Period& period, const LakeFiles& files)
{
    const auto shop = bind(tenant.value);
    const auto first = bind(CalendarDate::of(period.first).value);
    const auto last = bind(CalendarDate::of(period.last).value);
    auto sold =
        fmt::format("SELECT {} FROM open_purchases WHERE shop = {} AND day BETWEEN {}::DATE AND {}::DATE AND {}",
                    columns, shop, first, last, counts_as_sale);
    if (!files.parquet.empty())
        sold += fmt::format(" UNION ALL SELECT {} FROM read_parquet({}) WHERE {}", columns, bind(files.parquet),
                            counts_as_sale);
    return sold;
}

std::string ReportQuery::bind(SqlParameter value)
{
    values_.push_back(std::move(value));
    return fmt::format("${}", values_.size());
}

std::string totals_query()
{
    return fmt::format(" SELECT count(*), {}, {} FROM sold", copies, cents("sum(total_amount)"));
}

std::string series_query(Granularity granularity)
{
    return fmt::format(" SELECT CAST(epoch_ms(date_trunc('{}', created_at)) AS BIGINT) AS start, count(*), {}, {}"
                       " FROM sold GROUP BY start",
                       boost::describe::enum_to_string(granularity, "day"), copies, cents("sum(total_amount)"));
}

std::string top_books_query(bool by_category, const std::string& limit)
{
    return fmt::format(
        "{}, ranked AS (SELECT by_book.*, coalesce(books.category, '') AS category, row_number() OVER ({} ORDER BY"
        " copies DESC, revenue DESC, by_book.book_id) AS position FROM by_book LEFT JOIN books USING (book_id)),"
        " best AS (SELECT * FROM ranked WHERE position <= {}),"
        " titles AS (SELECT book_id, arg_max(title, row(sold_at, purchase_id)) AS title FROM lines"
        " WHERE book_id IN (SELECT book_id FROM best) GROUP BY book_id)"
        " SELECT category, book_id, title, CAST(copies AS BIGINT), {}, position FROM best JOIN titles USING (book_id)"
        " ORDER BY {}position",
        by_book, by_category ? "PARTITION BY coalesce(books.category, '')" : "", limit, cents("revenue"),
        by_category ? "category, " : "");
}

std::string authors_query(const std::string& limit)
{
    return fmt::format(
        "{} SELECT author, CAST(sum(copies) AS BIGINT), {} AS cents FROM (SELECT unnest(CASE WHEN len(authors) > 0 THEN"
        " list_distinct(authors) ELSE [''] END) AS author, copies, revenue FROM by_book LEFT JOIN books USING "
        "(book_id))"
        " GROUP BY author ORDER BY cents DESC, author LIMIT {}",
        by_book, cents("sum(revenue)"), limit);
}

std::string best_customers_query(const std::string& limit)
{
    return fmt::format(" SELECT user_id, count(*), {}, {} AS cents FROM sold GROUP BY user_id"
                       " ORDER BY cents DESC, user_id LIMIT {}",
                       copies, cents("sum(total_amount)"), limit);
}

std::string customer_kinds_query(const std::string& first_ms)
{
    const auto in_period = fmt::format("created_at >= make_timestamp({}::BIGINT * 1000)", first_ms);
    return fmt::format(
        ", customers AS (SELECT bool_or(NOT {0}) AS came_before, sum(total_amount) FILTER ({0}) AS revenue FROM sold"
        " GROUP BY user_id HAVING bool_or({0}))"
        " SELECT count(*) FILTER (NOT came_before), count(*) FILTER (came_before), {1}, {2} FROM customers",
        in_period, cents("sum(revenue) FILTER (NOT came_before)"), cents("sum(revenue) FILTER (came_before)"));
}

} // namespace estante::duck
