// Time from the commit of a book to its first search hit, and the effect of an import on search latency. The whole
// embedded bookstore runs in one process (durable SQLite, change stream, search index), without HTTP. While 1,000 books
// per second are imported, books are added one by one, and each is searched for until it is found. Then searches (the
// operation, with books, total and facets) run while nothing is written, the reference, and while a catalogue is
// imported at full speed; the two alternate.
//   bench_search_visible [folder]
#include "adapters/catalogues/catalogue_reader.hpp"
#include "adapters/catalogues/demonstration.hpp"
#include "corpus.hpp"
#include "hosts/bookstore.hpp"
#include "measure.hpp"
#include "operations/books/create_book.hpp"
#include "operations/books/search_books.hpp"
#include "operations/imports/run_import.hpp"
#include "records/tenants.hpp"
#include "runtime/thread_priority.hpp"

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace estante::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t rounds = 3;
constexpr auto search_duration = 2s; // per turn
constexpr double limit_visible_ms = 20;
constexpr double limit_times = 3;
constexpr double paced_per_s = 1'000;
constexpr std::size_t probes = 200;
const TenantId shop{"bench"};

// The rows of a catalogue at a given rate (0: unlimited), until it is stopped.
class PacedRows final : public CatalogueRows {
public:
    PacedRows(CatalogueRows& rows, double per_s, const std::atomic<bool>& stop)
        : rows_(rows), per_s_(per_s), stop_(stop)
    {
    }
    CatalogueRecord next() override
    {
        if (stop_)
            return EndOfRows{};
        if (per_s_ > 0)
            std::this_thread::sleep_until(begin_ +
                                          std::chrono::duration_cast<Clock::duration>(
                                              std::chrono::duration<double>(static_cast<double>(read_) / per_s_)));
        ++read_;
        auto record = rows_.next();
        if (auto* row = std::get_if<CatalogueRow>(&record)) {
            row->price = Money{9'95};
            row->on_hand = 5;
        }
        return record;
    }
    double rate() const { return static_cast<double>(read_) / ms_since(begin_) * 1e3; }

private:
    CatalogueRows& rows_;
    double per_s_;
    const std::atomic<bool>& stop_;
    Clock::time_point begin_ = Clock::now();
    std::size_t read_ = 0;
};

class Shop {
public:
    explicit Shop(const std::filesystem::path& folder)
        : store_(Settings({{"data", folder.native()}}, "")), items_(shop, store_.ports().get<ItemStore>())
    {
        const Tenant tenant{
            .id = shop,
            .settings = {.name = {"Bench"}, .language = {"es"}, .currency = {"EUR"}, .vat_rate = {}, .delivery = {}}};
        must(store_.run(store_.ports().get<ItemStore>().put({.table = Table::users, .item = to_item(tenant)})));
        store_.start_processors();
        manager_.tenant = shop;
        manager_.kind = Caller::Kind::manager;
        manager_.user = ids().make<UserId>();
    }

    // Returns the rows read per second.
    double import(CatalogueRows& catalogue, double per_s, const std::atomic<bool>& stop)
    {
        PacedRows rows(catalogue, per_s, stop);
        ImportJob job{.id = ids().make<ImportId>(), .media_type = "text/csv", .defaults = {}};
        must(store_.run(imports::run_import(items_, job, rows, clock(), ids())));
        return rows.rate();
    }
    void wait_for_search()
    {
        if (!store_.wait_for_search(60s))
            throw std::runtime_error("the search index does not catch up");
    }

    // Adds a book with a unique word and returns the time from its commit until a search finds it.
    double visible_ms(std::size_t number)
    {
        const auto word = fmt::format("visible{}", number);
        books::CreateBook request;
        request.title = {"Un libro " + word};
        request.category = {"Novela"};
        request.contributors = {{.name = {"Nadie"}, .role = {}}};
        request.price = Money{9'95};
        IdempotencyGuard<books::BookView> no_key;
        must(store_.run(books::create_book(manager_, request, items_, clock(), ids(), no_key)));
        const auto committed = Clock::now();
        while (count_hits(word) == 0) {
            if (ms_since(committed) > 10'000)
                throw std::runtime_error("a committed book is not found");
            std::this_thread::sleep_for(100us);
        }
        return ms_since(committed);
    }
    // Sequential searches; returns their latencies.
    std::vector<double> measure_searches(Clock::duration time, const std::vector<std::string>& texts, std::size_t& next)
    {
        std::vector<double> times;
        for (const auto end = Clock::now() + time; Clock::now() < end;) {
            books::SearchBooks request;
            request.q = Text<1, 200>{texts[next++ % texts.size()]};
            const auto begin = Clock::now();
            must(store_.run(books::search_books(manager_, request, items_, store_.ports().get<books::BookCache>(),
                                                store_.ports().get<SearchIndex>(),
                                                store_.ports().get<BusinessCounters>())));
            times.push_back(ms_since(begin));
        }
        return times;
    }

private:
    Bookstore store_;
    TenantItems items_;
    Caller manager_{};

    estante::Clock& clock() { return store_.ports().get<estante::Clock>(); }
    IdGenerator& ids() { return store_.ports().get<IdGenerator>(); }
    std::uint64_t count_hits(const std::string& word)
    {
        return store_.run(store_.ports().get<SearchIndex>().search(shop, {.text = word, .limit = 1, .facets = false}))
            .value()
            .total;
    }
    template <class T, class E> static void must(const std::expected<T, E>& done)
    {
        if (!done)
            throw std::runtime_error("an operation failed");
    }
};

// An import in a background thread, until end().
class BackgroundImport {
public:
    BackgroundImport(Shop& shop, CatalogueRows& rows, double per_s)
        : thread_([this, &shop, &rows, per_s] {
              lower_thread_priority(); // as the import thread of a server
              rate_ = shop.import(rows, per_s, stop_);
          })
    {
    }
    double end()
    {
        stop_ = true;
        thread_.join();
        return rate_;
    }

private:
    std::atomic<bool> stop_ = false;
    double rate_ = 0;
    std::thread thread_;
};

int measure(const std::filesystem::path& folder)
{
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    auto texts = make_query_texts(load_works(), 3'000);
    std::erase_if(texts, [](const std::string& text) { return text.size() > 200; });
    Shop bookshop(folder);
    progress("importing 10,000 books …");
    const std::atomic<bool> never = false;
    bookshop.import(*catalogues::demonstration_reader(catalogues::DemonstrationShop::goodbooks), 0, never);
    bookshop.wait_for_search();
    auto works = catalogues::create_catalogue_reader(ESTANTE_BENCH_DATA "/gutenberg_all.csv.gz");
    if (!works)
        throw std::runtime_error("the catalogue cannot be read");

    std::vector<double> visible_ms;
    BackgroundImport paced(bookshop, **works, paced_per_s);
    for (std::size_t number = 0; number < probes; ++number) {
        visible_ms.push_back(bookshop.visible_ms(number));
        std::this_thread::sleep_for(10ms);
    }
    const auto paced_rate = paced.end();
    const auto visible_p99 = percentile(visible_ms, 0.99);
    progress("visible after p50 {:.2f} ms, p99 {:.2f} ms, at {:.0f} books/s", percentile(visible_ms, 0.5), visible_p99,
             paced_rate);

    std::size_t next = 0;
    std::vector<double> times;
    std::vector<double> idle_p99;
    std::vector<double> busy_p99;
    std::vector<double> rates;
    bookshop.measure_searches(search_duration, texts, next); // warm
    alternate(
        rounds,
        [&](std::size_t) {
            bookshop.wait_for_search();
            idle_p99.push_back(percentile(bookshop.measure_searches(search_duration, texts, next), 0.99));
        },
        [&](std::size_t round) {
            BackgroundImport bulk(bookshop, **works, 0);
            busy_p99.push_back(percentile(bookshop.measure_searches(search_duration, texts, next), 0.99));
            rates.push_back(bulk.end());
            times.push_back(busy_p99.back() / idle_p99.back());
            progress("round {}: idle p99 {:.3f} ms, importing {:.0f} books/s {:.3f} ms: {:.2f}x", round + 1,
                     idle_p99.back(), rates.back(), busy_p99.back(), times.back());
        });
    const auto times_idle = percentile(times, 0.5);
    const auto ratio = std::min(limit_visible_ms / visible_p99, limit_times / times_idle);
    JsonLine()
        .put("name", "search-visible")
        .put("ratio", ratio)
        .put("target", 1.0)
        .put("holds", visible_p99 < limit_visible_ms && times_idle <= limit_times)
        .put("visible_p50_ms", percentile(visible_ms, 0.5))
        .put("visible_p99_ms", visible_p99)
        .put("limit_visible_ms", limit_visible_ms)
        .put("import_per_s", paced_rate)
        .put("p99_times_idle", times_idle)
        .put("limit_times_idle", limit_times)
        .put("idle_p99_ms", percentile(idle_p99, 0.5))
        .put("importing_p99_ms", percentile(busy_p99, 0.5))
        .put("bulk_import_per_s", percentile(rates, 0.5))
        .print();
    return 0;
}

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    const std::filesystem::path folder = argc > 1 ? argv[1] : "build/bench-visible";
    try {
        const int code = estante::bench::measure(folder);
        std::filesystem::remove_all(folder);
        return code;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
