// How fast the processors follow a shop that sells: changes a second when they have fallen behind, and how long a
// purchase takes from its commit into the lake and the day's figures while 2,000 a second are made. A purchase comes
// with the changes of its cart, its stock and its idempotency record; both processors run. The reference takes the same
// changes one batch of a single purchase after the other, so each has its own syncs and its own transaction.
//
// Each part's 20,000 files stay until the end, and each run has a folder in a place of its own on the disk: ext4 gives
// an inode to no other file for one to five minutes after its file was removed, and looks at all of those again for
// every file that is made near them. A part that was measured just after the files of another were removed measured
// that.
#include "adapters/filesystem/filesystem_objects.hpp"
#include "adapters/memory/tallied_counters.hpp"
#include "adapters/search/search_index.hpp"
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

constexpr std::uint64_t changes_of_purchase = 5;
constexpr std::uint64_t behind_purchases = 20'000;
constexpr std::uint64_t reference_purchases = 200;
constexpr std::uint64_t live_per_second = 2'000;
constexpr auto live_time = 10s;
constexpr auto live_step = 5ms;
const TenantId shop{"acme"};

template <class T> T expect(std::expected<T, StoreError> answer)
{
    if (!answer)
        throw std::runtime_error(answer.error().detail);
    if constexpr (!std::is_void_v<T>)
        return std::move(*answer);
}

// A shop on a store and a lake of its own.
class StreamedShop {
public:
    explicit StreamedShop(const std::filesystem::path& folder) // that is empty
        : store_(create_sqlite_store(folder / "estante.db", *clock_, partition_versions_)),
          lake_(create_filesystem_objects(folder / "lake")),
          search_(search::create_search_index())
    {
        expect(run_task(store_->items().put(history::tenant(shop))));
        expect(run_task(items_.batch_write(history::catalogue())));
    }
    ~StreamedShop()
    {
        purchases_driver_.reset();
        books_driver_.reset();
        store_.reset();
    }

    // Each in one commit, as a checkout is; `live`: as of now, not of the history's days.
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
        expect(run_task(items_.batch_write(std::move(puts))));
    }

    void follow(std::size_t batch)
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
    void catch_up()
    {
        if (!purchases_driver_->catch_up(10min) || !books_driver_->catch_up(10min))
            throw std::runtime_error("the processors do not catch up");
    }
    std::int64_t counted()
    {
        std::int64_t counted = 0;
        const auto first = day_of(history::begin_ms);
        for (const DaySummary& day : expect(run_task(read_day_summaries(items_, {first, day_of(clock_->now_ms())}))))
            counted += day.book_purchases;
        return counted;
    }
    std::vector<double> latencies_ms()
    {
        const std::lock_guard lock(mutex_);
        return latencies_ms_;
    }

private:
    std::unique_ptr<estante::Clock> clock_ = create_system_clock();
    TalliedCounters counters_{*clock_};
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

    Task<ProcessorResult> timed(AllItems all, std::vector<Change> changes)
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

// Changes a second, from far behind to the end.
double drain(const std::filesystem::path& folder, std::uint64_t purchases, std::size_t batch)
{
    StreamedShop streamed(folder);
    for (std::uint64_t first = 0; first < purchases; first += 100)
        streamed.sell(first, std::min(first + 100, purchases), false);
    const auto begin = Clock::now();
    streamed.follow(batch);
    streamed.catch_up();
    const double seconds = ms_since(begin) / 1000;
    if (streamed.counted() != static_cast<std::int64_t>(purchases))
        throw std::runtime_error("not every purchase was counted once");
    return static_cast<double>(purchases * changes_of_purchase) / seconds;
}

struct Live {
    double per_second = 0; // that were really made
    double p50_ms = 0;
    double p99_ms = 0;
};

// An open loop: purchases are made at their time, whether the processors keep up or not.
Live live(const std::filesystem::path& folder)
{
    StreamedShop streamed(folder);
    streamed.follow(2'000);
    const auto begin = Clock::now();
    const auto step = live_per_second * static_cast<std::uint64_t>(live_step.count()) / 1000;
    std::uint64_t made = 0;
    while (Clock::now() - begin < live_time) {
        streamed.sell(made, made + step, true);
        made += step;
        std::this_thread::sleep_until(begin + made / step * live_step);
    }
    const double seconds = ms_since(begin) / 1000;
    streamed.catch_up();
    const auto latencies = streamed.latencies_ms();
    if (latencies.size() < made || streamed.counted() != static_cast<std::int64_t>(made))
        throw std::runtime_error("not every purchase was counted once");
    return {.per_second = static_cast<double>(made) / seconds,
            .p50_ms = percentile(latencies, 0.5),
            .p99_ms = percentile(latencies, 0.99)};
}

// Where it can be said, the file system puts what is made in the folder far from each other, as it does with the
// folders at its root (chattr +T).
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

std::filesystem::path made(std::filesystem::path folder)
{
    std::filesystem::create_directories(folder);
    return folder;
}

int measure_all(const std::filesystem::path& runs)
{
    spread_over_disk(made(runs));
    const auto folder = runs / std::to_string(::getpid());
    std::filesystem::remove_all(folder);
    const double one_by_one = drain(made(folder / "reference"), reference_purchases, changes_of_purchase);
    progress("reference, a purchase a batch: {:.0f} changes/s", one_by_one);
    const double in_batches = drain(made(folder / "drained"), behind_purchases, 2'000);
    progress("in batches: {:.0f} changes/s, {:.0f} purchases/s", in_batches, in_batches / changes_of_purchase);
    const Live at = live(made(folder / "live"));
    progress("{:.0f} purchases/s: commit to lake and figures p50 {:.0f} ms, p99 {:.0f} ms", at.per_second, at.p50_ms,
             at.p99_ms);
    std::filesystem::remove_all(folder);
    JsonLine result;
    result.put("name", "stream")
        .put("ratio", in_batches / one_by_one)
        .put("target", 1.0)
        .put("holds", in_batches >= 10'000 && at.p99_ms < 500 && at.per_second > 0.99 * live_per_second);
    result.put("changes_per_s", in_batches)
        .put("reference_changes_per_s", one_by_one)
        .put("purchases_per_s", at.per_second)
        .put("p50_ms", at.p50_ms)
        .put("p99_ms", at.p99_ms);
    result.print();
    return 0;
}

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    return estante::bench::measure_all(argc > 1 ? argv[1] : "build/bench-stream");
}
