#include "adapters/athena/athena_analytics.hpp"

#include "adapters/athena/athena_queries.hpp"
#include "adapters/athena/glue_tables.hpp"
#include "adapters/athena/query_execution.hpp"
#include "codec/lake_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

namespace estante {

namespace athena {

namespace {

namespace chrono = std::chrono;

constexpr int retry_after_s = 30;

std::unexpected<Error> unavailable()
{
    auto error = failure(Errc::unavailable, "Los informes no están disponibles en este momento. Inténtelo más tarde.",
                         "Reports are not available at the moment. Try again later.");
    error.error().retry_after_s = retry_after_s;
    return error;
}

// A result row of another shape than the query selects: an error in this program or in a table's description.
struct UnexpectedRow : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Reads the cells of a row in order.
class RowReader {
public:
    RowReader(const Row& row, std::size_t cell_count) : row_(row)
    {
        if (row.size() != cell_count)
            throw UnexpectedRow(fmt::format("a row has {} cells instead of {}", row.size(), cell_count));
    }

    const std::string& text()
    {
        const auto& cell = row_[next_++];
        if (!cell)
            throw UnexpectedRow(fmt::format("cell {} has no value", next_));
        return *cell;
    }
    template <class T = std::int64_t> T number()
    {
        const auto& cell = text();
        T value{};
        const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (error != std::errc() || end != cell.data() + cell.size())
            throw UnexpectedRow(fmt::format("'{}' is not a number", cell.substr(0, 40)));
        return value;
    }
    Sales sales()
    {
        Sales sales{.purchases = number<std::uint64_t>()};
        sales.items = number<std::uint64_t>();
        sales.revenue_cents = number();
        return sales;
    }

private:
    const Row& row_;
    std::size_t next_ = 0;
};

template <class T, class Read> std::vector<T> map_rows(const Rows& rows, std::size_t cell_count, Read read)
{
    std::vector<T> values;
    for (const Row& row : rows) {
        RowReader cell(row, cell_count);
        values.push_back(read(cell));
    }
    return values;
}

const Row& single_row(const Rows& rows)
{
    if (rows.size() != 1)
        throw UnexpectedRow(fmt::format("{} rows instead of one", rows.size()));
    return rows.front();
}

class AthenaAnalytics final : public Analytics {
public:
    AthenaAnalytics(aws::Client& client, std::shared_ptr<aws::CredentialsProvider> credentials, ObjectStore& lake,
                    Random& random, AthenaOptions options)
        : options_(std::move(options)), lake_(lake), query_(client, std::move(credentials), random, options_)
    {
    }

    Task<Result<Sales>> totals(TenantId tenant, Period period) override
    {
        co_return co_await run_report<Sales>(
            tenant, period, Granularity::day, [](const SalesSelection& selection) { return athena::totals(selection); },
            [](const Rows& rows) { return RowReader(single_row(rows), 3).sales(); });
    }

    Task<Result<std::vector<SalesAt>>> series(TenantId tenant, Period period, Granularity granularity) override
    {
        co_return co_await run_report<std::vector<SalesAt>>(
            tenant, period, granularity,
            [granularity](const SalesSelection& selection) { return athena::series(selection, granularity); },
            [=](const Rows& rows) {
                std::map<std::int64_t, Sales> by_begin;
                for (const Row& row : rows) {
                    RowReader cell(row, 4);
                    const auto begin = cell.number();
                    by_begin[begin] = cell.sales();
                }
                std::vector<SalesAt> all;
                for (const auto begin_ms : interval_begins(period, granularity))
                    all.push_back({.begin_ms = begin_ms, .sales = by_begin[begin_ms]});
                return all;
            });
    }

    Task<Result<std::vector<BookSales>>> top_books(TenantId tenant, Period period, bool by_category,
                                                   std::size_t limit) override
    {
        co_return co_await run_report<std::vector<BookSales>>(
            tenant, period, Granularity::day,
            [=](const SalesSelection& selection) { return athena::top_books(selection, by_category, limit); },
            [](const Rows& rows) {
                return map_rows<BookSales>(rows, 6, [](RowReader& cell) {
                    BookSales book{.category = cell.text()};
                    book.book_id = cell.text();
                    book.title = cell.text();
                    book.items = cell.number<std::uint64_t>();
                    book.revenue_cents = cell.number();
                    book.rank = cell.number<std::uint32_t>();
                    return book;
                });
            });
    }

    Task<Result<std::vector<AuthorSales>>> authors(TenantId tenant, Period period, std::size_t limit) override
    {
        co_return co_await run_report<std::vector<AuthorSales>>(
            tenant, period, Granularity::day,
            [=](const SalesSelection& selection) { return athena::authors(selection, limit); },
            [](const Rows& rows) {
                return map_rows<AuthorSales>(rows, 3, [](RowReader& cell) {
                    AuthorSales author{.author = cell.text()};
                    author.items = cell.number<std::uint64_t>();
                    author.revenue_cents = cell.number();
                    return author;
                });
            });
    }

    Task<Result<std::vector<CustomerSales>>> best_customers(TenantId tenant, Period period, std::size_t limit) override
    {
        co_return co_await run_report<std::vector<CustomerSales>>(
            tenant, period, Granularity::day,
            [=](const SalesSelection& selection) { return athena::best_customers(selection, limit); },
            [](const Rows& rows) {
                return map_rows<CustomerSales>(rows, 4, [](RowReader& cell) {
                    CustomerSales customer{.user_id = cell.text()};
                    customer.sales = cell.sales();
                    return customer;
                });
            });
    }

    Task<Result<CustomerKinds>> customer_kinds(TenantId tenant, Period period) override
    {
        if (auto valid = check(period); !valid)
            co_return std::unexpected(std::move(valid.error()));
        const Day first = period.first;
        period.first = chrono::year(first_lake_year) / 1 / 1; // all purchases of each customer
        co_return co_await run_query<CustomerKinds>(
            tenant, period,
            [first](const SalesSelection& selection) { return athena::customer_kinds(selection, first); },
            [](const Rows& rows) {
                RowReader cell(single_row(rows), 4);
                CustomerKinds kinds{.new_customers = cell.number<std::uint64_t>()};
                kinds.returning_customers = cell.number<std::uint64_t>();
                kinds.new_revenue_cents = cell.number();
                kinds.returning_revenue_cents = cell.number();
                return kinds;
            });
    }

private:
    const AthenaOptions options_;
    ObjectStore& lake_;
    const QueryExecution query_;

    // Checks the period, runs the statement of `make_statement(selection)`, and returns `read_rows(rows)`.
    template <class T, class MakeStatement, class ReadRows>
    Task<Result<T>> run_report(TenantId tenant, Period period, Granularity granularity, MakeStatement make_statement,
                               ReadRows read_rows)
    {
        if (auto valid = check(period, granularity); !valid)
            co_return std::unexpected(std::move(valid.error()));
        co_return co_await run_query<T>(std::move(tenant), period, std::move(make_statement), std::move(read_rows));
    }

    template <class T, class MakeStatement, class ReadRows>
    Task<Result<T>> run_query(TenantId tenant, Period period, MakeStatement make_statement, ReadRows read_rows)
    {
        auto closed = co_await closed_days(tenant);
        if (!closed) {
            options_.report(closed.error().reason);
            co_return unavailable();
        }
        const auto rows = co_await query_.run(make_statement(
            SalesSelection{.tenant = std::move(tenant), .period = period, .closed_days = std::move(*closed)}));
        if (!rows) {
            options_.report(rows.error().reason);
            co_return unavailable();
        }
        try {
            co_return read_rows(*rows);
        } catch (const UnexpectedRow& error) {
            options_.report(fmt::format("unexpected result from Athena: {}", error.what()));
        }
        co_return unavailable();
    }

    Task<Result<std::vector<Day>, QueryError>> closed_days(const TenantId& tenant)
    {
        const auto key = lake_layout::closed_days_key(tenant);
        const auto object = co_await lake_.get(key);
        if (!object)
            co_return std::unexpected(QueryError{fmt::format("{}: {}", key, object.error().detail)});
        if (!*object)
            co_return std::vector<Day>();
        const auto closed = lake_layout::ClosedDays::parse((*object)->bytes);
        if (!closed)
            co_return std::unexpected(QueryError{key + " is damaged"});
        co_return std::vector<Day>(closed->days.begin(), closed->days.end());
    }
};

} // namespace

} // namespace athena

std::unique_ptr<Analytics> create_athena_analytics(aws::Client& client,
                                                   std::shared_ptr<aws::CredentialsProvider> credentials,
                                                   ObjectStore& lake, Random& random, AthenaOptions options)
{
    return std::make_unique<athena::AthenaAnalytics>(client, std::move(credentials), lake, random, std::move(options));
}

} // namespace estante
