#include "adapters/athena/questions.hpp"

#include <fmt/format.h>

#include <utility>

namespace estante::athena {

namespace {

namespace chrono = std::chrono;

// Doubles of two decimals become the decimals that they stand for; sums are exact.
constexpr std::string_view money = "decimal(18,2)";
constexpr std::string_view day_of_partition = "concat(year, '-', month, '-', day)";
// A copy's worth of a line: cents of a sum.
constexpr std::string_view cents_of = "CAST(coalesce(sum({}), 0) * 100 AS bigint)";

std::string text_of(Day day)
{
    const chrono::year_month_day date(day);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::string year_of(Day day)
{
    return text_of(day).substr(0, 4);
}

std::string cents(std::string_view column)
{
    return fmt::format(fmt::runtime(cents_of), column);
}

using Ranges = std::vector<Period>;

// Days that follow each other as one range: a year is one or two.
Ranges ranges_of(const std::vector<Day>& days, const Period& period)
{
    Ranges ranges;
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

// The partitions of the period; `in`: only those of the ranges; else only the others.
void restrict_days(Statement& statement, const Sold& sold, const Ranges& ranges, bool in)
{
    (statement << " WHERE tenant_id = ").bind(sold.tenant.value) << " AND year BETWEEN ";
    statement.bind(year_of(sold.period.first)) << " AND ";
    statement.bind(year_of(sold.period.last)) << " AND " << day_of_partition << " BETWEEN ";
    statement.bind(text_of(sold.period.first)) << " AND ";
    statement.bind(text_of(sold.period.last));
    if (ranges.empty())
        return;
    statement << (in ? " AND (" : " AND NOT (");
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        statement << (i == 0 ? "" : " OR ") << day_of_partition << " BETWEEN ";
        statement.bind(text_of(ranges[i].first)) << " AND ";
        statement.bind(text_of(ranges[i].last));
    }
    statement << ")";
}

void select_from(Statement& statement, std::string_view table)
{
    statement
        << "SELECT purchase_id, user_id, created_at, CAST(total_amount AS " << money
        << ") AS total_amount, CAST(items AS array(row(book_id varchar, title varchar, quantity integer, unit_price "
        << money << ", subtotal " << money << ", vat_rate " << money << "))) AS items FROM " << table;
}

constexpr std::string_view not_cancelled = " AND status NOT IN ('cancelled', 'refunded')";

// "WITH sold AS (…)": each purchase of the period once.
Statement with_sold(const Sold& sold)
{
    const auto ranges = ranges_of(sold.closed, sold.period);
    Statement statement;
    statement << "WITH sold AS (";
    select_from(statement, "purchases");
    restrict_days(statement, sold, ranges, false);
    statement << not_cancelled;
    if (!ranges.empty()) {
        statement << " UNION ALL ";
        select_from(statement, "purchases_parquet");
        restrict_days(statement, sold, ranges, true);
        statement << not_cancelled;
    }
    statement << ")";
    return statement;
}

constexpr std::string_view copies = "coalesce(sum(reduce(items, 0, (n, line) -> n + line.quantity, n -> n)), 0)";

// "…, by_book AS (…)": the sold lines added up by book, with the title that was sold last.
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

Statement totals(const Sold& sold)
{
    Statement statement = with_sold(sold);
    statement << " SELECT count(*), " << copies << ", " << cents("total_amount") << " FROM sold";
    return statement;
}

Statement series(const Sold& sold, Granularity granularity)
{
    constexpr std::string_view units[] = {"hour", "day", "month"};
    Statement statement = with_sold(sold);
    // The same whatever the session's time zone.
    statement << " SELECT date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', date_trunc('"
              << units[static_cast<std::size_t>(granularity)] << "', created_at)) AS begin, count(*), " << copies
              << ", " << cents("total_amount") << " FROM sold GROUP BY 1 ORDER BY 1";
    return statement;
}

Statement top_books(const Sold& sold, bool by_category, std::size_t limit)
{
    Statement statement = with_sold(sold);
    add_by_book(statement);
    // A rank can be looked at only outside of the query that makes it.
    statement << ", ranked AS (SELECT coalesce(books.category, '') AS category, by_book.book_id, by_book.title, "
                 "copies, revenue,"
                 " row_number() OVER ("
              << (by_category ? "PARTITION BY coalesce(books.category, '') " : "")
              << "ORDER BY copies DESC, revenue DESC, by_book.book_id) AS place FROM by_book LEFT JOIN"
                 " (SELECT book_id, category FROM books WHERE tenant_id = ";
    statement.bind(sold.tenant.value)
        << ") AS books ON books.book_id = by_book.book_id)"
           " SELECT category, book_id, title, copies, CAST(revenue * 100 AS bigint), place"
           " FROM ranked WHERE place <= ";
    statement.bind(limit) << (by_category ? " ORDER BY category, place" : " ORDER BY place");
    return statement;
}

Statement authors(const Sold& sold, std::size_t limit)
{
    Statement statement = with_sold(sold);
    add_by_book(statement);
    statement << ", by_author AS (SELECT coalesce(author, '') AS author, sum(copies) AS copies, sum(revenue) AS revenue"
                 " FROM by_book LEFT JOIN (SELECT book_id, authors FROM books WHERE tenant_id = ";
    statement.bind(sold.tenant.value)
        << ") AS books ON books.book_id = by_book.book_id LEFT JOIN UNNEST(authors) AS one(author) ON TRUE GROUP BY 1),"
           " ranked AS (SELECT author, copies, revenue, row_number() OVER (ORDER BY revenue DESC, author) AS place FROM"
           " by_author) SELECT author, copies, CAST(revenue * 100 AS bigint) FROM ranked WHERE place <= ";
    statement.bind(limit) << " ORDER BY place";
    return statement;
}

Statement best_customers(const Sold& sold, std::size_t limit)
{
    Statement statement = with_sold(sold);
    statement << ", by_customer AS (SELECT user_id, count(*) AS purchases, " << copies
              << " AS copies, sum(total_amount) AS revenue FROM sold GROUP BY user_id),"
                 " ranked AS (SELECT *, row_number() OVER (ORDER BY revenue DESC, user_id) AS place FROM by_customer)"
                 " SELECT user_id, purchases, copies, CAST(revenue * 100 AS bigint) FROM ranked WHERE place <= ";
    statement.bind(limit) << " ORDER BY place";
    return statement;
}

Statement customer_kinds(const Sold& sold, Day first)
{
    Statement statement = with_sold(sold);
    statement << ", by_customer AS (SELECT user_id, min(created_at) AS first_at, max(created_at) AS last_at,"
                 " sum(CASE WHEN created_at >= CAST(";
    statement.bind(text_of(first))
        << " AS timestamp) THEN total_amount ELSE 0 END) AS revenue FROM sold GROUP BY user_id),"
           " kinds AS (SELECT first_at >= CAST(";
    statement.bind(text_of(first)) << " AS timestamp) AS is_new, revenue FROM by_customer WHERE last_at >= CAST(";
    statement.bind(text_of(first))
        << " AS timestamp)) SELECT count_if(is_new), count_if(NOT is_new),"
           " CAST(coalesce(sum(CASE WHEN is_new THEN revenue END), 0) * 100 AS bigint),"
           " CAST(coalesce(sum(CASE WHEN NOT is_new THEN revenue END), 0) * 100 AS bigint) FROM kinds";
    return statement;
}

} // namespace estante::athena
