#include "adapters/duckdb/duckdb_analytics.hpp"

#include "adapters/duckdb/lake_purchases.hpp"
#include "adapters/duckdb/questions.hpp"
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

constexpr std::size_t most_open_objects = 1'000'000; // of all shops, about 1 KB each; then the idle ones' are forgotten
constexpr int most_attempts = 3;                     // of a day's sums and its purchases both may be damaged
constexpr auto fetched_stays = std::chrono::minutes(10); // after its last use: longer than any question

std::unexpected<Error> away(std::string es, std::string en, int retry_after_s)
{
    auto error = failure(Errc::unavailable, std::move(es), std::move(en));
    error.error().retry_after_s = retry_after_s;
    return error;
}

std::unexpected<Error> too_many()
{
    return away("Hay demasiados informes en curso; vuelva a intentarlo.", "Too many reports are running; try again.",
                2);
}

std::unexpected<Error> too_slow()
{
    return away("El informe ha tardado demasiado; pruebe con un periodo más corto.",
                "The report took too long; try a shorter period.", 30);
}

std::unexpected<Error> broken()
{
    return away("Los informes no están disponibles ahora.", "Reports are not available now.", 10);
}

Sales sales_from(const Row& row, std::size_t column)
{
    return {.purchases = static_cast<std::uint64_t>(integer_at(row, column)),
            .items = static_cast<std::uint64_t>(integer_at(row, column + 1)),
            .revenue_cents = integer_at(row, column + 2)};
}

// Reads all rows with what reads one.
template <class T, class ReadRow> auto each(ReadRow read_row)
{
    return [read_row](const std::vector<Row>& rows) {
        std::vector<T> values;
        values.reserve(rows.size());
        std::ranges::transform(rows, std::back_inserter(values), read_row);
        return values;
    };
}

// Those used last are kept up to so many bytes.
void trim(const fs::path& folder, std::uint64_t most_bytes)
{
    struct File {
        fs::file_time_type used;
        std::uint64_t bytes;
        fs::path path;
    };
    std::error_code error;
    std::vector<File> files;
    std::uint64_t bytes = 0;
    for (auto entry = fs::recursive_directory_iterator(folder, error); !error && entry != fs::end(entry);
         entry.increment(error)) {
        if (!entry->is_regular_file(error))
            continue;
        files.push_back({entry->last_write_time(error), entry->file_size(error), entry->path()});
        bytes += files.back().bytes;
    }
    std::ranges::sort(files, {}, &File::used);
    for (const File& file : files) {
        if (bytes <= most_bytes || file.used > fs::file_time_type::clock::now() - fetched_stays)
            return;
        fs::remove(file.path, error);
        bytes -= file.bytes;
    }
}

class OnDuckDB final : public Analytics {
public:
    OnDuckDB(ObjectStore& lake, DuckDBOptions options)
        : lake_(lake), options_(std::move(options)), pool_(options_.at_once)
    {
    }
    OnDuckDB(const OnDuckDB&) = delete;
    OnDuckDB& operator=(const OnDuckDB&) = delete;
    ~OnDuckDB() override { pool_.join(); }

    Task<Result<Sales>> totals(TenantId tenant, Period period) override
    {
        co_return co_await answer<Sales>(
            std::move(tenant), period, Reading::purchases, [](Question&) { return totals_query(); },
            [](const std::vector<Row>& rows) { return sales_from(rows.at(0), 0); });
    }

    Task<Result<std::vector<SalesAt>>> series(TenantId tenant, Period period, Granularity granularity) override
    {
        co_return co_await answer<std::vector<SalesAt>>(
            std::move(tenant), period, Reading::purchases,
            [granularity](Question&) { return series_query(granularity); },
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
        co_return co_await answer<std::vector<BookSales>>(
            std::move(tenant), period, Reading::by_book,
            [=](Question& question) { return top_books_query(by_category, question.bind(int64_of(limit))); },
            each<BookSales>([](const Row& row) {
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
        co_return co_await answer<std::vector<AuthorSales>>(
            std::move(tenant), period, Reading::by_book,
            [=](Question& question) { return authors_query(question.bind(int64_of(limit))); },
            each<AuthorSales>([](const Row& row) {
                return AuthorSales{.author = text(row, 0),
                                   .items = static_cast<std::uint64_t>(integer_at(row, 1)),
                                   .revenue_cents = integer_at(row, 2)};
            }));
    }

    Task<Result<std::vector<CustomerSales>>> best_customers(TenantId tenant, Period period, std::size_t limit) override
    {
        co_return co_await answer<std::vector<CustomerSales>>(
            std::move(tenant), period, Reading::purchases,
            [=](Question& question) { return best_customers_query(question.bind(int64_of(limit))); },
            each<CustomerSales>(
                [](const Row& row) { return CustomerSales{.user_id = text(row, 0), .sales = sales_from(row, 1)}; }));
    }

    // Who came before is asked of the shop's whole past.
    Task<Result<CustomerKinds>> customer_kinds(TenantId tenant, Period period) override
    {
        if (auto valid = check(period); !valid)
            co_return std::unexpected(std::move(valid.error()));
        const auto begin_ms = first_ms(period);
        co_return co_await ask<CustomerKinds>(
            std::move(tenant), Period{.first = Day{}, .last = period.last}, Reading::purchases,
            [begin_ms](Question& question) { return customer_kinds_query(question.bind(begin_ms)); },
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
    std::mutex mutex_; // of what follows, up to the pool
    std::optional<Database> database_;
    std::map<std::string, std::shared_ptr<ShopLake>> shops_;
    std::atomic<std::size_t> asked_ = 0;
    boost::asio::thread_pool pool_;

    static std::int64_t int64_of(std::size_t limit) { return static_cast<std::int64_t>(limit); }

    template <class T, class Ask, class Read>
    Task<Result<T>> answer(TenantId tenant, Period period, Reading reading, Ask query, Read read,
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
            explicit Counted(std::atomic<std::size_t>& count) : count_(count), among_(++count) {}
            Counted(const Counted&) = delete;
            Counted& operator=(const Counted&) = delete;
            ~Counted() { --count_; }
            std::atomic<std::size_t>& count_;
            const std::size_t among_;
        } counted(asked_);
        if (counted.among_ > options_.at_once + options_.waiting)
            co_return too_many();
        const auto deadline = std::chrono::steady_clock::now() + options_.within;
        auto work = [this, tenant = std::move(tenant), period, reading, deadline, query, read]() -> Result<T> {
            try {
                return read(rows(tenant, period, reading, deadline, query));
            } catch (const DuckDBTimeout& error) {
                options_.report(fmt::format("a report of {}: {}", tenant.value, error.what()));
                return too_slow();
            } catch (const std::exception& error) {
                options_.report(fmt::format("a report of {}: {}", tenant.value, error.what()));
                return broken();
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
            throw DuckDBTimeout("it waited too long for the shop's other reports");
        const struct Released {
            ShopLake& shop;
            ~Released() { shop.release_files(); }
        } released{*shop};
        Connection connection(database());
        for (int attempt = 1;; ++attempt) {
            const auto files = shop->refresh(connection, period, reading, deadline);
            forget_idle(connection, *shop);
            if (options_.folder.empty())
                trim(options_.scratch / "fetched", options_.fetched_bytes);
            Question question(tenant, period, files, reading);
            const auto sql = query(question);
            try {
                return connection.rows(question.sql(sql), question.values(), deadline);
            } catch (const DuckDBTimeout&) {
                throw;
            } catch (const DuckDBError&) {
                if (attempt == most_attempts || !shop->set_damaged_aside(connection, deadline))
                    throw;
            }
        }
    }

    // Its threads inherit the priority of the one that opens it.
    Database& database()
    {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): of this thread only
        setpriority(PRIO_PROCESS, 0, 19);
        const std::lock_guard lock(mutex_);
        if (!database_) {
            fs::create_directories(options_.scratch);
            database_.emplace(DatabaseOptions{
                .memory_mb = options_.memory_mb, .threads = options_.threads, .scratch = options_.scratch / "spill"});
            Connection connection(*database_);
            make_open_purchases(connection);
        }
        return *database_;
    }

    // The table is in memory: of too many purchases those of the largest shops that ask nothing now are forgotten.
    void forget_idle(Connection& connection, const ShopLake& asking)
    {
        const std::lock_guard lock(mutex_);
        std::vector<ShopLake*> others;
        std::size_t objects = asking.objects;
        for (const auto& [name, shop] : shops_) {
            if (shop.get() == &asking)
                continue;
            objects += shop->objects;
            others.push_back(shop.get());
        }
        std::ranges::sort(others, std::greater<>(), [](const ShopLake* shop) { return shop->objects.load(); });
        for (ShopLake* shop : others) {
            if (objects <= most_open_objects)
                return;
            const std::unique_lock idle(shop->in_use, std::try_to_lock);
            if (!idle)
                continue;
            objects -= shop->objects;
            shop->start_anew(connection);
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
