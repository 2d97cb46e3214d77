#include "adapters/athena/athena_queries.hpp"

#include <fmt/format.h>

#include <utility>

namespace estante::athena {

namespace {

namespace chrono = std::chrono;

// The JSON has amounts as doubles with two decimals. As decimals their sums are exact.
constexpr std::string_view amount_type = "decimal(18,2)";
constexpr std::string_view partition_day = "concat(year, '-', month, '-', day)";

std::string to_text(Day day)
{
    const chrono::year_month_day date(day);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::string year_text(Day day)
{
    return to_text(day).substr(0, 4);
}

std::string sum_in_cents(std::string_view column)
{
    return fmt::format("CAST(coalesce(sum({}), 0) * 100 AS bigint)", column);
}

// Merges consecutive days into ranges, so that the statement stays short.
std::vector<Period> to_ranges(const std::vector<Day>& days, const Period& period)
{
    std::vector<Period> ranges;
    for (const Day day : days) {
        if (day < period.first || day > period.last)
            continue;
        if (!ranges.empty() && ranges.back().last + chrono::days(1) >= day)
            ranges.back().last = day;
        else
            ranges.push_back({.first = day, .last = day});
    }
    return ranges;
}

// Restricts a table to the tenant and to days of the period: those in the ranges, or those outside of them.
void restrict_days(Statement& statement, const SalesSelection& selection, const std::vector<Period>& ranges,
                   bool inside)
{
    (statement << " WHERE tenant_id = ").bind(selection.tenant.value) << " AND year BETWEEN ";
    statement.bind(year_text(selection.period.first)) << " AND ";
    statement.bind(year_text(selection.period.last)) << " AND " << partition_day << " BETWEEN ";
    statement.bind(to_text(selection.period.first)) << " AND ";
    statement.bind(to_text(selection.period.last));
    if (ranges.empty())
        return;
    statement << (inside ? " AND (" : " AND NOT (");
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        statement << (i == 0 ? "" : " OR ") << partition_day << " BETWEEN ";
        statement.bind(to_text(ranges[i].first)) << " AND ";
        statement.bind(to_text(ranges[i].last));
    }
    statement << ")";
}

void select_from(Statement& statement, std::string_view table)
{
    statement
        << "SELECT purchase_id, user_id, created_at, CAST(total_amount AS " << amount_type
        << ") AS total_amount, CAST(items AS array(row(book_id varchar, title varchar, quantity integer, unit_price "
        << amount_type << ", subtotal " << amount_type << ", vat_rate " << amount_type << "))) AS items FROM " << table;
}

constexpr std::string_view not_cancelled = " AND status NOT IN ('cancelled', 'refunded')";

// "WITH sold AS (…)": each purchase of the period once.
Statement with_sold(const SalesSelection& selection)
{
    const auto ranges = to_ranges(selection.closed_days, selection.period);
    Statement statement;
    statement << "WITH sold AS (";
    select_from(statement, "purchases");
    restrict_days(statement, selection, ranges, false);
    statement << not_cancelled;
    if (!ranges.empty()) {
        statement << " UNION ALL ";
        select_from(statement, "purchases_parquet");
        restrict_days(statement, selection, ranges, true);
        statement << not_cancelled;
    }
    statement << ")";
    return statement;
}

constexpr std::string_view sum_of_copies = "coalesce(sum(reduce(items, 0, (n, line) -> n + line.quantity, n -> n)), 0)";

// "…, by_book AS (…)": copies and revenue by book, with the title of its latest sale.
void add_by_book(Statement& statement)
{
    statement << ", by_book AS (SELECT book_id, max_by(title, ROW(created_at, purchase_id)) AS title,"
                 " sum(quantity) AS copies, sum(subtotal) AS revenue FROM sold"
                 " CROSS JOIN UNNEST(items) AS line(book_id, title, quantity, unit_price, subtotal, vat_rate)"
                 " GROUP BY book_id)";
}

} // namespace

Statement& Statement::bind(std::string_view text)
{
    std::string literal = "'";
    for (const char c : text)
        literal += c == '\'' ? "''" : std::string(1, c);
    parameters.push_back(literal + "'");
    sql += '?';
    return *this;
}

Statement totals(const SalesSelection& selection)
{
    Statement statement = with_sold(selection);
    statement << " SELECT count(*), " << sum_of_copies << ", " << sum_in_cents("total_amount") << " FROM sold";
    return statement;
}

Statement series(const SalesSelection& selection, Granularity granularity)
{
    constexpr std::string_view units[] = {"hour", "day", "month"};
    Statement statement = with_sold(selection);
    // Independent of the session's time zone.
    statement << " SELECT date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', date_trunc('"
              << units[static_cast<std::size_t>(granularity)] << "', created_at)) AS begin, count(*), " << sum_of_copies
              << ", " << sum_in_cents("total_amount") << " FROM sold GROUP BY 1 ORDER BY 1";
    return statement;
}

Statement top_books(const SalesSelection& selection, bool by_category, std::size_t limit)
{
    Statement statement = with_sold(selection);
    add_by_book(statement);
    // SQL can filter by a window function only in an outer query.
    statement << ", ranked AS (SELECT coalesce(books.category, '') AS category, by_book.book_id, by_book.title, "
                 "copies, revenue,"
                 " row_number() OVER ("
              << (by_category ? "PARTITION BY coalesce(books.category, '') " : "")
              << "ORDER BY copies DESC, revenue DESC, by_book.book_id) AS place FROM by_book LEFT JOIN"
                 " (SELECT book_id, category FROM books WHERE tenant_id = ";
    statement.bind(selection.tenant.value)
        << ") AS books ON books.book_id = by_book.book_id)"
           " SELECT category, book_id, title, copies, CAST(revenue * 100 AS bigint), place"
           " FROM ranked WHERE place <= ";
    statement.bind(limit) << (by_category ? " ORDER BY category, place" : " ORDER BY place");
    return statement;
}

Statement authors(const SalesSelection& selection, std::size_t limit)
{
    Statement statement = with_sold(selection);
    add_by_book(statement);
    statement << ", by_author AS (SELECT coalesce(author, '') AS author, sum(copies) AS copies, sum(revenue) AS revenue"
                 " FROM by_book LEFT JOIN (SELECT book_id, authors FROM books WHERE tenant_id = ";
    statement.bind(selection.tenant.value)
        << ") AS books ON books.book_id = by_book.book_id LEFT JOIN UNNEST(authors) AS one(author) ON TRUE GROUP BY 1),"
           " ranked AS (SELECT author, copies, revenue, row_number() OVER (ORDER BY revenue DESC, author) AS place FROM"
           " by_author) SELECT author, copies, CAST(revenue * 100 AS bigint) FROM ranked WHERE place <= ";
    statement.bind(limit) << " ORDER BY place";
    return statement;
}

Statement best_customers(const SalesSelection& selection, std::size_t limit)
{
    Statement statement = with_sold(selection);
    statement << ", by_customer AS (SELECT user_id, count(*) AS purchases, " << sum_of_copies
              << " AS copies, sum(total_amount) AS revenue FROM sold GROUP BY user_id),"
                 " ranked AS (SELECT *, row_number() OVER (ORDER BY revenue DESC, user_id) AS place FROM by_customer)"
                 " SELECT user_id, purchases, copies, CAST(revenue * 100 AS bigint) FROM ranked WHERE place <= ";
    statement.bind(limit) << " ORDER BY place";
    return statement;
}

Statement customer_kinds(const SalesSelection& selection, Day first)
{
    Statement statement = with_sold(selection);
    statement << ", by_customer AS (SELECT user_id, min(created_at) AS first_at, max(created_at) AS last_at,"
                 " sum(CASE WHEN created_at >= CAST(";
    statement.bind(to_text(first))
        << " AS timestamp) THEN total_amount ELSE 0 END) AS revenue FROM sold GROUP BY user_id),"
           " kinds AS (SELECT first_at >= CAST(";
    statement.bind(to_text(first)) << " AS timestamp) AS is_new, revenue FROM by_customer WHERE last_at >= CAST(";
    statement.bind(to_text(first))
        << " AS timestamp)) SELECT count_if(is_new), count_if(NOT is_new),"
           " CAST(coalesce(sum(CASE WHEN is_new THEN revenue END), 0) * 100 AS bigint),"
           " CAST(coalesce(sum(CASE WHEN NOT is_new THEN revenue END), 0) * 100 AS bigint) FROM kinds";
    return statement;
}

} // namespace estante::athena
