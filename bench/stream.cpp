// Throughput and latency of the processors of the change stream: changes per second when they catch up, and the time
// from the commit of a purchase to the lake and the daily summary at 2,000 purchases per second. A purchase comes with
// the changes of its cart, stock and idempotency record; both processors run. The reference processes the same changes
// in batches of one purchase, so that each has its own fsyncs and its own transaction.
//
// The 20,000 files of each part are kept until the end, and each run uses a folder elsewhere on the disk: ext4 does not
// reuse the inode of a removed file for one to five minutes, and scans all such inodes for every file created near
// them. A part measured right after files were removed would measure that scan.
#include "adapters/filesystem/filesystem_objects.hpp"
#include "adapters/memory/buffered_counters.hpp"
#include "adapters/search/embedded_search.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system/system.hpp"
#include "background/scheduler.hpp"
#include "background/stream_driver.hpp"
#include "measure.hpp"
#include "processors/figures/purchases_stream.hpp"
#include "processors/search/books_stream.hpp"
#include "records/purchases.hpp"
#include "records/summaries.hpp"
#include "runtime/run_task.hpp"
#include "streams/shop_history.hpp"

#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <linux/fs.h>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <sys/ioctl.h>
#include <thread>
#include <unistd.h>

namespace estante::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t changes_per_purchase = 5;
constexpr std::uint64_t catch_up_purchases = 20'000;
constexpr std::uint64_t reference_purchases = 200;
constexpr std::uint64_t live_per_second = 2'000;
constexpr auto live_duration = 10s;
constexpr auto live_step = 5ms;
const TenantId shop{"acme"};

template <class T> T value_of(std::expected<T, StoreError> result)
{
    if (!result)
        throw std::runtime_error(result.error().detail);
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

// A shop with its own store and lake.
class StreamedShop {
public:
    explicit StreamedShop(const std::filesystem::path& folder) // empty
        : store_(create_sqlite_store(folder / "estante.db", *clock_, partition_versions_)),
          lake_(create_filesystem_objects(folder / "lake")),
          search_(search::create_search_index())
    {
        value_of(run_task(store_->items().put(history::tenant(shop))));
        value_of(run_task(items_.batch_write(history::catalogue())));
    }
    ~StreamedShop()
    {
        purchases_driver_.reset();
        books_driver_.reset();
        store_.reset();
    }

    // One commit per purchase, as in a checkout. `live`: with the current time instead of the history's.
    void sell(std::uint64_t first, std::uint64_t last, bool live)
    {
        std::vector<Action> puts;
        for (std::uint64_t number = first; number < last; ++number) {
            Purchase purchase = history::purchase(number);
            if (live) {
                purchase.created_ms = purchase.updated_ms = clock_->now_ms();
                purchase.id = history::id_of<PurchaseId>(number, purchase.created_ms);
            }
            const auto user = purchase.user_id.value + "-" + std::to_string(number);
            puts.emplace_back(Put{.table = Table::purchases, .item = to_item(purchase)});
            puts.emplace_back(Put{.table = Table::purchases, .item = {{"pk", user}, {"sk", "CART"}, {"version", 2}}});
            puts.emplace_back(
                Put{.table = Table::purchases,
                    .item = {{"pk", "IDEMPOTENCY#" + user}, {"sk", "IDEMPOTENCY"}, {"body", std::string(600, 'x')}}});
            for (std::uint64_t line = 0; line < 2; ++line)
                puts.emplace_back(
                    Put{.table = Table::purchases,
                        .item = {{"pk", "STOCKED#" + user}, {"sk", std::to_string(line)}, {"on_hand", 3}}});
        }
        value_of(run_task(items_.batch_write(std::move(puts))));
    }

    void start_processors(std::size_t batch)
    {
        using enum Worker::Priority;
        const AllItems all(store_->items());
        books_driver_ = std::make_unique<StreamDriver>(
            *store_, *clock_, scheduler_.add_worker("books stream", normal), "books_stream",
            [all, this](std::vector<Change> changes) { return books_stream(all, *search_, std::move(changes)); });
        purchases_driver_ = std::make_unique<StreamDriver>(
            *store_, *clock_, scheduler_.add_worker("purchases stream", normal), "purchases_stream",
            [all, this](std::vector<Change> changes) { return timed(all, std::move(changes)); },
            StreamOptions{.batch = batch});
    }
    void wait_until_caught_up()
    {
        if (!purchases_driver_->wait_until_caught_up(10min) || !books_driver_->wait_until_caught_up(10min))
            throw std::runtime_error("the processors do not catch up");
    }
    std::int64_t count_purchases()
    {
        std::int64_t count = 0;
        const auto first = day_of(history::begin_ms);
        for (const DaySummary& day : value_of(run_task(read_day_summaries(items_, {first, day_of(clock_->now_ms())}))))
            count += day.book_purchases;
        return count;
    }
    std::vector<double> latencies_ms()
    {
        const std::lock_guard lock(mutex_);
        return latencies_ms_;
    }

private:
    std::unique_ptr<estante::Clock> clock_ = create_system_clock();
    BufferedCounters counters_{*clock_};
    PartitionVersions partition_versions_;
    std::unique_ptr<SqliteStore> store_;
    std::unique_ptr<ObjectStore> lake_;
    std::unique_ptr<SearchIndex> search_;
    TenantItems items_{shop, store_->items()};
    std::mutex mutex_;
    std::vector<double> latencies_ms_;
    Scheduler scheduler_;
    std::unique_ptr<StreamDriver> books_driver_;
    std::unique_ptr<StreamDriver> purchases_driver_;

    Task<Result<std::vector<PoisonRecord>>> timed(AllItems all, std::vector<Change> changes)
    {
        std::vector<std::int64_t> committed_ms;
        for (const Change& change : changes) {
            if (is_purchase(change.table, change.key))
                committed_ms.push_back(change.at_ms);
        }
        auto processed = co_await purchases_stream(all, *lake_, counters_, std::move(changes));
        const auto now_ms = clock_->now_ms();
        const std::lock_guard lock(mutex_);
        for (const auto at_ms : committed_ms)
            latencies_ms_.push_back(static_cast<double>(now_ms - at_ms));
        co_return processed;
    }
};

// Changes per second while catching up.
double measure_catch_up(const std::filesystem::path& folder, std::uint64_t purchases, std::size_t batch)
{
    StreamedShop streamed(folder);
    for (std::uint64_t first = 0; first < purchases; first += 100)
        streamed.sell(first, std::min(first + 100, purchases), false);
    const auto begin = Clock::now();
    streamed.start_processors(batch);
    streamed.wait_until_caught_up();
    const double seconds = ms_since(begin) / 1000;
    if (streamed.count_purchases() != static_cast<std::int64_t>(purchases))
        throw std::runtime_error("not every purchase was counted exactly once");
    return static_cast<double>(purchases * changes_per_purchase) / seconds;
}

struct LiveFigures {
    double per_second = 0; // actually made
    double p50_ms = 0;
    double p99_ms = 0;
};

// An open loop: purchases are made on schedule, whether or not the processors keep up.
LiveFigures measure_live(const std::filesystem::path& folder)
{
    StreamedShop streamed(folder);
    streamed.start_processors(2'000);
    const auto begin = Clock::now();
    const auto step = live_per_second * static_cast<std::uint64_t>(live_step.count()) / 1000;
    std::uint64_t made = 0;
    while (Clock::now() - begin < live_duration) {
        streamed.sell(made, made + step, true);
        made += step;
        std::this_thread::sleep_until(begin + made / step * live_step);
    }
    const double seconds = ms_since(begin) / 1000;
    streamed.wait_until_caught_up();
    const auto latencies = streamed.latencies_ms();
    if (latencies.size() < made || streamed.count_purchases() != static_cast<std::int64_t>(made))
        throw std::runtime_error("not every purchase was counted exactly once");
    return {.per_second = static_cast<double>(made) / seconds,
            .p50_ms = percentile(latencies, 0.5),
            .p99_ms = percentile(latencies, 0.99)};
}

// Where supported, makes the file system place the subfolders far from each other, as it does for top-level folders
// (chattr +T).
void spread_over_disk(const std::filesystem::path& folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int flags = 0;
    if (descriptor >= 0 && ::ioctl(descriptor, FS_IOC_GETFLAGS, &flags) == 0) {
        flags |= FS_TOPDIR_FL;
        ::ioctl(descriptor, FS_IOC_SETFLAGS, &flags);
    }
    ::close(descriptor);
}

std::filesystem::path create_folder(std::filesystem::path folder)
{
    std::filesystem::create_directories(folder);
    return folder;
}

int measure_all(const std::filesystem::path& runs)
{
    spread_over_disk(create_folder(runs));
    const auto folder = runs / std::to_string(::getpid());
    std::filesystem::remove_all(folder);
    const double one_by_one =
        measure_catch_up(create_folder(folder / "reference"), reference_purchases, changes_per_purchase);
    progress("reference, one purchase per batch: {:.0f} changes/s", one_by_one);
    const double in_batches = measure_catch_up(create_folder(folder / "catch-up"), catch_up_purchases, 2'000);
    progress("in batches: {:.0f} changes/s, {:.0f} purchases/s", in_batches, in_batches / changes_per_purchase);
    const LiveFigures live = measure_live(create_folder(folder / "live"));
    progress("{:.0f} purchases/s: commit to lake and figures p50 {:.0f} ms, p99 {:.0f} ms", live.per_second,
             live.p50_ms, live.p99_ms);
    std::filesystem::remove_all(folder);
    JsonLine result;
    result.put("name", "stream")
        .put("ratio", in_batches / one_by_one)
        .put("target", 1.0)
        .put("holds", in_batches >= 10'000 && live.p99_ms < 500 && live.per_second > 0.99 * live_per_second);
    result.put("changes_per_s", in_batches)
        .put("reference_changes_per_s", one_by_one)
        .put("purchases_per_s", live.per_second)
        .put("p50_ms", live.p50_ms)
        .put("p99_ms", live.p99_ms);
    result.print();
    return 0;
}

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    return estante::bench::measure_all(argc > 1 ? argv[1] : "build/bench-stream");
}
