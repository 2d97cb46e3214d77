#include "adapters/athena/athena_analytics.hpp"

#include "adapters/athena/glue_tables.hpp"
#include "adapters/athena/query_run.hpp"
#include "adapters/athena/questions.hpp"
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

std::unexpected<Error> away()
{
    auto error = failure(Errc::unavailable, "Los informes no están disponibles en este momento. Inténtelo más tarde.",
                         "Reports are not available at the moment. Try again later.");
    error.error().retry_after_s = retry_after_s;
    return error;
}

// A row that is not as the question was asked is a mistake of the program or of a table's description.
struct StrangeRow : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The cells of a row, one after the other.
class Cells {
public:
    Cells(const Row& row, std::size_t cells) : row_(row)
    {
        if (row.size() != cells)
            throw StrangeRow(fmt::format("a row has {} cells instead of {}", row.size(), cells));
    }

    const std::string& text()
    {
        const auto& cell = row_[next_++];
        if (!cell)
            throw StrangeRow(fmt::format("cell {} has no value", next_));
        return *cell;
    }
    template <class T = std::int64_t> T number()
    {
        const auto& cell = text();
        T value{};
        const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (error != std::errc() || end != cell.data() + cell.size())
            throw StrangeRow(fmt::format("'{}' is no number", cell.substr(0, 40)));
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

template <class T, class Read> std::vector<T> each(const Rows& rows, std::size_t cells, Read read)
{
    std::vector<T> values;
    for (const Row& row : rows) {
        Cells cell(row, cells);
        values.push_back(read(cell));
    }
    return values;
}

const Row& only(const Rows& rows)
{
    if (rows.size() != 1)
        throw StrangeRow(fmt::format("{} rows instead of one", rows.size()));
    return rows.front();
}

class OnAthena final : public Analytics {
public:
    OnAthena(aws::Client& client, std::shared_ptr<aws::Credentials> credentials, ObjectStore& lake, Random& random,
             AthenaOptions options)
        : options_(std::move(options)), lake_(lake), query_(client, std::move(credentials), random, options_)
    {
    }

    Task<Result<Sales>> totals(TenantId tenant, Period period) override
    {
        co_return co_await answer<Sales>(
            tenant, period, Granularity::day, [](const Sold& sold) { return athena::totals(sold); },
            [](const Rows& rows) { return Cells(only(rows), 3).sales(); });
    }

    Task<Result<std::vector<SalesAt>>> series(TenantId tenant, Period period, Granularity granularity) override
    {
        using Answer = std::vector<SalesAt>;
        co_return co_await answer<Answer>(
            tenant, period, granularity, [granularity](const Sold& sold) { return athena::series(sold, granularity); },
            [=](const Rows& rows) {
                std::map<std::int64_t, Sales> by_begin;
                for (const Row& row : rows) {
                    Cells cell(row, 4);
                    const auto begin = cell.number();
                    by_begin[begin] = cell.sales();
                }
                Answer all;
                for (const auto begin_ms : interval_begins(period, granularity))
                    all.push_back({.begin_ms = begin_ms, .sales = by_begin[begin_ms]});
                return all;
            });
    }

    Task<Result<std::vector<BookSales>>> top_books(TenantId tenant, Period period, bool by_category,
                                                   std::size_t limit) override
    {
        using Answer = std::vector<BookSales>;
        co_return co_await answer<Answer>(
            tenant, period, Granularity::day,
            [=](const Sold& sold) { return athena::top_books(sold, by_category, limit); },
            [](const Rows& rows) {
                return each<BookSales>(rows, 6, [](Cells& cell) {
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
        using Answer = std::vector<AuthorSales>;
        co_return co_await answer<Answer>(
            tenant, period, Granularity::day, [=](const Sold& sold) { return athena::authors(sold, limit); },
            [](const Rows& rows) {
                return each<AuthorSales>(rows, 3, [](Cells& cell) {
                    AuthorSales author{.author = cell.text()};
                    author.items = cell.number<std::uint64_t>();
                    author.revenue_cents = cell.number();
                    return author;
                });
            });
    }

    Task<Result<std::vector<CustomerSales>>> best_customers(TenantId tenant, Period period, std::size_t limit) override
    {
        using Answer = std::vector<CustomerSales>;
        co_return co_await answer<Answer>(
            tenant, period, Granularity::day, [=](const Sold& sold) { return athena::best_customers(sold, limit); },
            [](const Rows& rows) {
                return each<CustomerSales>(rows, 4, [](Cells& cell) {
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
        period.first = chrono::year(first_lake_year) / 1 / 1; // their whole life
        co_return co_await ask<CustomerKinds>(
            tenant, period, [first](const Sold& sold) { return athena::customer_kinds(sold, first); },
            [](const Rows& rows) {
                Cells cell(only(rows), 4);
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
    const QueryRun query_;

    template <class T, class Question, class Reading>
    Task<Result<T>> answer(TenantId tenant, Period period, Granularity granularity, Question question, Reading reading)
    {
        if (auto valid = check(period, granularity); !valid)
            co_return std::unexpected(std::move(valid.error()));
        co_return co_await ask<T>(std::move(tenant), period, std::move(question), std::move(reading));
    }

    template <class T, class Question, class Reading>
    Task<Result<T>> ask(TenantId tenant, Period period, Question question, Reading reading)
    {
        auto closed = co_await closed_days(tenant);
        if (!closed) {
            options_.report(closed.error());
            co_return away();
        }
        const auto rows = co_await query_.rows(
            question(Sold{.tenant = std::move(tenant), .period = period, .closed = std::move(*closed)}));
        if (!rows) {
            options_.report(rows.error());
            co_return away();
        }
        try {
            co_return reading(*rows);
        } catch (const StrangeRow& strange) {
            options_.report(fmt::format("an answer of Athena: {}", strange.what()));
        }
        co_return away();
    }

    Task<std::expected<std::vector<Day>, Why>> closed_days(const TenantId& tenant)
    {
        const auto key = lake_layout::closed_days_key(tenant);
        const auto object = co_await lake_.get(key);
        if (!object)
            co_return std::unexpected(fmt::format("{}: {}", key, object.error().detail));
        if (!*object)
            co_return std::vector<Day>();
        const auto closed = lake_layout::ClosedDays::parse((*object)->bytes);
        if (!closed)
            co_return std::unexpected(key + " is damaged");
        co_return std::vector<Day>(closed->days.begin(), closed->days.end());
    }
};

} // namespace

} // namespace athena

std::unique_ptr<Analytics> create_athena_analytics(aws::Client& client, std::shared_ptr<aws::Credentials> credentials,
                                                   ObjectStore& lake, Random& random, AthenaOptions options)
{
    return std::make_unique<athena::OnAthena>(client, std::move(credentials), lake, random, std::move(options));
}

} // namespace estante
