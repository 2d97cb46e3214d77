#include "adapters/duckdb/duckdb_analytics.hpp"

#include "adapters/duckdb/fetched_files.hpp"
#include "adapters/duckdb/report_queries.hpp"
#include "adapters/duckdb/shop_lake.hpp"
#include "runtime/offload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <sys/resource.h>
#include <system_error>
#include <utility>

namespace estante {

namespace duck {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_open_objects = 1'000'000; // of all shops, about 1 KB each; beyond it idle shops are evicted
constexpr int max_attempts = 3; // because both the sales by book and the purchases of a day may be damaged

std::unexpected<Error> unavailable(std::string es, std::string en, int retry_after_s)
{
    auto error = failure(Errc::unavailable, std::move(es), std::move(en));
    error.error().retry_after_s = retry_after_s;
    return error;
}

std::unexpected<Error> queue_full()
{
    return unavailable("Hay demasiados informes en curso; vuelva a intentarlo.",
                       "Too many reports are running; try again.", 2);
}

std::unexpected<Error> timed_out()
{
    return unavailable("El informe ha tardado demasiado; pruebe con un periodo más corto.",
                       "The report took too long; try a shorter period.", 30);
}

std::unexpected<Error> reports_unavailable()
{
    return unavailable("Los informes no están disponibles ahora.", "Reports are not available now.", 10);
}

Sales sales_from(const Row& row, std::size_t column)
{
    return {.purchases = static_cast<std::uint64_t>(integer_at(row, column)),
            .items = static_cast<std::uint64_t>(integer_at(row, column + 1)),
            .revenue_cents = integer_at(row, column + 2)};
}

// Converts each row.
template <class T, class ReadRow> auto to_vector(ReadRow read_row)
{
    return [read_row](const std::vector<Row>& rows) {
        std::vector<T> values;
        values.reserve(rows.size());
        std::ranges::transform(rows, std::back_inserter(values), read_row);
        return values;
    };
}

class OnDuckDB final : public Analytics {
public:
    OnDuckDB(ObjectStore& lake, DuckDBOptions options)
        : lake_(lake), options_(std::move(options)), pool_(options_.max_concurrent)
    {
    }
    OnDuckDB(const OnDuckDB&) = delete;
    OnDuckDB& operator=(const OnDuckDB&) = delete;
    ~OnDuckDB() override { pool_.join(); }

    Task<Result<Sales>> totals(TenantId tenant, Period period) override
    {
        co_return co_await run_report<Sales>(
            std::move(tenant), period, Reading::purchases, [](ReportQuery&) { return totals_query(); },
            [](const std::vector<Row>& rows) { return sales_from(rows.at(0), 0); });
    }

    Task<Result<std::vector<SalesAt>>> series(TenantId tenant, Period period, Granularity granularity) override
    {
        co_return co_await run_report<std::vector<SalesAt>>(
            std::move(tenant), period, Reading::purchases,
            [granularity](ReportQuery&) { return series_query(granularity); },
            [period, granularity](const std::vector<Row>& rows) {
                std::map<std::int64_t, Sales> sums;
                for (const Row& row : rows)
                    sums[integer_at(row, 0)] = sales_from(row, 1);
                std::vector<SalesAt> series;
                for (const auto begin_ms : interval_begins(period, granularity))
                    series.push_back({.begin_ms = begin_ms, .sales = sums[begin_ms]});
                return series;
            },
            granularity);
    }

    Task<Result<std::vector<BookSales>>> top_books(TenantId tenant, Period period, bool by_category,
                                                   std::size_t limit) override
    {
        co_return co_await run_report<std::vector<BookSales>>(
            std::move(tenant), period, Reading::by_book,
            [=](ReportQuery& question) { return top_books_query(by_category, question.bind(int64_of(limit))); },
            to_vector<BookSales>([](const Row& row) {
                return BookSales{.category = text(row, 0),
                                 .book_id = text(row, 1),
                                 .title = text(row, 2),
                                 .items = static_cast<std::uint64_t>(integer_at(row, 3)),
                                 .revenue_cents = integer_at(row, 4),
                                 .rank = static_cast<std::uint32_t>(integer_at(row, 5))};
            }));
    }

    Task<Result<std::vector<AuthorSales>>> authors(TenantId tenant, Period period, std::size_t limit) override
    {
        co_return co_await run_report<std::vector<AuthorSales>>(
            std::move(tenant), period, Reading::by_book,
            [=](ReportQuery& question) { return authors_query(question.bind(int64_of(limit))); },
            to_vector<AuthorSales>([](const Row& row) {
                return AuthorSales{.author = text(row, 0),
                                   .items = static_cast<std::uint64_t>(integer_at(row, 1)),
                                   .revenue_cents = integer_at(row, 2)};
            }));
    }

    Task<Result<std::vector<CustomerSales>>> best_customers(TenantId tenant, Period period, std::size_t limit) override
    {
        co_return co_await run_report<std::vector<CustomerSales>>(
            std::move(tenant), period, Reading::purchases,
            [=](ReportQuery& question) { return best_customers_query(question.bind(int64_of(limit))); },
            to_vector<CustomerSales>(
                [](const Row& row) { return CustomerSales{.user_id = text(row, 0), .sales = sales_from(row, 1)}; }));
    }

    // Reads all earlier purchases of the shop, because they decide who is a returning customer.
    Task<Result<CustomerKinds>> customer_kinds(TenantId tenant, Period period) override
    {
        if (auto valid = check(period); !valid)
            co_return std::unexpected(std::move(valid.error()));
        const auto begin_ms = first_ms(period);
        co_return co_await ask<CustomerKinds>(
            std::move(tenant), Period{.first = Day{}, .last = period.last}, Reading::purchases,
            [begin_ms](ReportQuery& question) { return customer_kinds_query(question.bind(begin_ms)); },
            [](const std::vector<Row>& rows) {
                const Row& row = rows.at(0);
                return CustomerKinds{.new_customers = static_cast<std::uint64_t>(integer_at(row, 0)),
                                     .returning_customers = static_cast<std::uint64_t>(integer_at(row, 1)),
                                     .new_revenue_cents = integer_at(row, 2),
                                     .returning_revenue_cents = integer_at(row, 3)};
            });
    }

private:
    ObjectStore& lake_;
    const DuckDBOptions options_;
    std::mutex mutex_; // guards database_ and shops_
    std::optional<Database> database_;
    std::map<std::string, std::shared_ptr<ShopLake>> shops_;
    std::atomic<std::size_t> in_flight_ = 0;
    boost::asio::thread_pool pool_;

    static std::int64_t int64_of(std::size_t limit) { return static_cast<std::int64_t>(limit); }

    template <class T, class Ask, class Read>
    Task<Result<T>> run_report(TenantId tenant, Period period, Reading reading, Ask query, Read read,
                               Granularity granularity = Granularity::day)
    {
        if (auto valid = check(period, granularity); !valid)
            co_return std::unexpected(std::move(valid.error()));
        co_return co_await ask<T>(std::move(tenant), period, reading, std::move(query), std::move(read));
    }

    template <class T, class Ask, class Read>
    Task<Result<T>> ask(TenantId tenant, Period period, Reading reading, Ask query, Read read)
    {
        const struct Counted {
            explicit Counted(std::atomic<std::size_t>& count) : count_(count), count_with_this_(++count) {}
            Counted(const Counted&) = delete;
            Counted& operator=(const Counted&) = delete;
            ~Counted() { --count_; }
            std::atomic<std::size_t>& count_;
            const std::size_t count_with_this_;
        } counted(in_flight_);
        if (counted.count_with_this_ > options_.max_concurrent + options_.max_queued)
            co_return queue_full();
        const auto deadline = std::chrono::steady_clock::now() + options_.timeout;
        auto work = [this, tenant = std::move(tenant), period, reading, deadline, query, read]() -> Result<T> {
            try {
                return read(rows(tenant, period, reading, deadline, query));
            } catch (const DuckDBTimeout& error) {
                options_.report(fmt::format("a report of {}: {}", tenant.value, error.what()));
                return timed_out();
            } catch (const std::exception& error) {
                options_.report(fmt::format("a report of {}: {}", tenant.value, error.what()));
                return reports_unavailable();
            }
        };
        co_return co_await offload<Result<T>>(pool_, std::move(work));
    }

    template <class Ask>
    std::vector<Row> rows(const TenantId& tenant, const Period& period, Reading reading, TimePoint deadline,
                          const Ask& query)
    {
        const auto shop = shop_of(tenant);
        const std::unique_lock in_use(shop->in_use, deadline);
        if (!in_use)
            throw DuckDBTimeout("timed out waiting for other reports of the shop");
        const struct Released {
            ShopLake& shop;
            ~Released() { shop.release_files(); }
        } released{*shop};
        Connection connection(database());
        for (int attempt = 1;; ++attempt) {
            const auto files = shop->refresh(connection, period, reading, deadline);
            evict_idle(connection, *shop);
            if (options_.folder.empty())
                trim_fetched_files(options_.scratch / "fetched", options_.max_fetched_bytes);
            ReportQuery report(tenant, period, files, reading);
            const auto sql = query(report);
            try {
                return connection.rows(report.sql(sql), report.values(), deadline);
            } catch (const DuckDBTimeout&) {
                throw;
            } catch (const DuckDBError&) {
                if (attempt == max_attempts || !shop->exclude_damaged(connection, deadline))
                    throw;
            }
        }
    }

    // DuckDB's threads inherit the priority of the thread that opens it.
    Database& database()
    {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): sets the priority of this thread only
        setpriority(PRIO_PROCESS, 0, 19);
        const std::lock_guard lock(mutex_);
        if (!database_) {
            fs::create_directories(options_.scratch);
            database_.emplace(DatabaseOptions{
                .memory_mb = options_.memory_mb, .threads = options_.threads, .scratch = options_.scratch / "spill"});
            Connection connection(*database_);
            create_open_purchases_table(connection);
        }
        return *database_;
    }

    // Limits the size of the table in memory: the purchases of the largest idle shops are evicted first.
    void evict_idle(Connection& connection, const ShopLake& current)
    {
        const std::lock_guard lock(mutex_);
        std::vector<ShopLake*> others;
        std::size_t objects = current.objects;
        for (const auto& [name, shop] : shops_) {
            if (shop.get() == &current)
                continue;
            objects += shop->objects;
            others.push_back(shop.get());
        }
        std::ranges::sort(others, std::greater<>(), [](const ShopLake* shop) { return shop->objects.load(); });
        for (ShopLake* shop : others) {
            if (objects <= max_open_objects)
                return;
            const std::unique_lock idle(shop->in_use, std::try_to_lock);
            if (!idle)
                continue;
            objects -= shop->objects;
            shop->evict(connection);
        }
    }

    std::shared_ptr<ShopLake> shop_of(const TenantId& tenant)
    {
        const std::lock_guard lock(mutex_);
        auto& shop = shops_[tenant.value];
        if (!shop)
            shop = std::make_shared<ShopLake>(lake_, tenant, options_);
        return shop;
    }
};

} // namespace

} // namespace duck

std::unique_ptr<Analytics> create_duckdb_analytics(ObjectStore& lake, DuckDBOptions options)
{
    return std::make_unique<duck::OnDuckDB>(lake, std::move(options));
}

} // namespace estante
