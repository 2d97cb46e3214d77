// The purchases processor runs while its process is killed again and again. In the end lake objects and summaries equal
// the sums of the purchases in the store, to the cent. ESTANTE_SOAK_PURCHASES and ESTANTE_SOAK_KILLS enlarge the test
// (scripts/soak).
#include "adapters/filesystem/filesystem_objects.hpp"
#include "adapters/memory/buffered_counters.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system/system.hpp"
#include "background/scheduler.hpp"
#include "background/stream_driver.hpp"
#include "codec/gzip.hpp"
#include "codec/json.hpp"
#include "codec/lake_layout.hpp"
#include "processors/figures/purchases_stream.hpp"
#include "records/lake_objects.hpp"
#include "records/summaries.hpp"
#include "streams/shop_history.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"
#include "unit/processors/markerless_store.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <poll.h>
#include <random>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace estante {
namespace {

using namespace std::chrono_literals;

const TenantId shop{"acme"};
constexpr std::uint64_t purchases_per_write = 25;
const Key progress_key{"PROGRESS", "PROGRESS"};

// The store and the lake of one process.
struct OpenShop {
    std::unique_ptr<Clock> clock = create_system_clock();
    BufferedCounters counters{*clock};
    PartitionVersions partition_versions;
    std::unique_ptr<SqliteStore> store;
    std::unique_ptr<ObjectStore> lake;
    std::unique_ptr<MarkerlessStore> without_markers;
    bool markers;
    Scheduler scheduler;

    OpenShop(const std::filesystem::path& folder, bool with_markers)
        : store(create_sqlite_store(folder / "estante.db", *clock, partition_versions)),
          lake(create_filesystem_objects(folder / "lake")),
          without_markers(std::make_unique<MarkerlessStore>(store->items())),
          markers(with_markers)
    {
    }
    TenantItems items() { return {shop, store->items()}; }
    std::unique_ptr<StreamDriver> start_driver(std::size_t batch)
    {
        const AllItems all(markers ? store->items() : *without_markers);
        return std::make_unique<StreamDriver>(
            *store, *clock, scheduler.add_worker("purchases stream", Worker::Priority::normal), "purchases_stream",
            [all, this](std::vector<Change> changes) {
                return purchases_stream(all, *lake, counters, std::move(changes));
            },
            StreamOptions{.batch = batch});
    }
};

// Writes the purchases from the last one that is surely written up to `until`, and cancels some.
void sell(OpenShop& open, std::uint64_t until)
{
    TenantItems items = open.items();
    const auto progress = run(items.get(Table::books, progress_key)).value();
    auto number = progress ? static_cast<std::uint64_t>(int_of(*progress, "purchases")) : 0;
    if (number == 0) {
        run(open.store->items().put(history::tenant(shop))).value();
        run(items.batch_write(history::catalogue())).value();
    }
    while (number < until) {
        const auto last = std::min(number + purchases_per_write, until);
        std::vector<Action> placed, cancelled;
        for (; number < last; ++number) {
            Purchase purchase = history::purchase(number);
            placed.emplace_back(Put{.table = Table::purchases, .item = to_item(purchase)});
            if (number < history::customers)
                placed.emplace_back(Put{.table = Table::users, .item = to_item(history::user(number))});
            if (!history::is_cancelled(number))
                continue;
            purchase.status = PurchaseStatus::cancelled;
            purchase.version = 2;
            cancelled.emplace_back(Put{.table = Table::purchases, .item = to_item(purchase)});
        }
        run(items.batch_write(std::move(placed))).value();
        if (!cancelled.empty())
            run(items.batch_write(std::move(cancelled))).value();
        run(items.put({.table = Table::books,
                       .item = {{"pk", progress_key.pk}, {"sk", progress_key.sk}, {"purchases", number}}}))
            .value();
    }
}

// One process: it sells while its processor runs. Only the last one ends by itself.
[[noreturn]] void run_process(const std::filesystem::path& folder, bool markers, std::uint64_t until, bool last)
{
    try {
        OpenShop open(folder, markers);
        const auto driver = open.start_driver(64 + until % 400);
        sell(open, until);
        while (!driver->wait_until_caught_up(60s) || !last)
            ;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        std::_Exit(1);
    }
    std::_Exit(0);
}

// The exit code of the process, or nothing if it does not end within this time.
std::optional<int> wait_for_exit(pid_t process, std::chrono::milliseconds within)
{
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    pollfd end{.fd = handle, .events = POLLIN, .revents = 0};
    const bool over = ::poll(&end, 1, static_cast<int>(within.count())) == 1;
    ::close(handle);
    if (!over)
        return std::nullopt;
    int status = 0;
    ::waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::uint64_t environment_number(const char* name, std::uint64_t fallback)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): before any thread
    return value ? std::strtoull(value, nullptr, 10) : fallback;
}

class KillProof : public testing::Test {
protected:
    TemporaryFolder folder;

    void sell_with_kills(std::uint64_t purchases, std::uint64_t kills, bool markers)
    {
        std::mt19937_64 random(20'261'128);
        std::uniform_int_distribution<int> lifetime_ms(5, 250);
        for (std::uint64_t number = 0; number <= kills; ++number) {
            const pid_t process = ::fork();
            ASSERT_GE(process, 0);
            if (process == 0)
                run_process(folder.path(), markers, purchases * (number + 1) / (kills + 1), number == kills);
            if (number == kills) {
                ASSERT_EQ(wait_for_exit(process, 10min), 0);
                return;
            }
            ASSERT_EQ(wait_for_exit(process, std::chrono::milliseconds(lifetime_ms(random))), std::nullopt)
                << "process " << number;
            ::kill(process, SIGKILL);
            ASSERT_EQ(wait_for_exit(process, 10s), 128 + SIGKILL);
        }
    }

    // The sums of the purchases in the store, computed in the simplest way.
    static std::map<Day, DaySummary> sums(OpenShop& open, std::uint64_t& purchases)
    {
        std::map<Day, DaySummary> days;
        std::optional<Cursor> after;
        do {
            const auto page = run(open.store->items().scan(Table::purchases, 1000, after)).value();
            for (const Item& item : page.items) {
                if (!is_purchase(Table::purchases, key_of(item)))
                    continue;
                const Purchase purchase = purchase_from(item);
                ++purchases;
                DaySummary& day = days[day_of(purchase.created_ms)];
                ++day.book_purchases;
                if (purchase.status == PurchaseStatus::cancelled)
                    continue;
                std::int64_t copies = 0;
                for (const PurchaseLine& line : purchase.lines) {
                    copies += line.quantity;
                    for (std::uint64_t book = 0; book < history::books; ++book) {
                        if (line.book_id == history::book_id(book))
                            day.by_category[history::category_of(book)] += {line.quantity, line.subtotal.cents};
                    }
                }
                const DaySales sales{.purchases = 1, .sold = {copies, purchase.total.cents}};
                day.total += sales;
                day.by_hour.at(static_cast<std::size_t>(purchase.created_ms / 3'600'000 % 24)) += sales;
            }
            after = page.next;
        } while (after);
        return days;
    }

    static std::string difference_in_summaries(OpenShop& open, std::map<Day, DaySummary> expected)
    {
        TenantItems items = open.items();
        for (std::uint64_t user = 0; user < history::customers; ++user) {
            if (run(find_user(items, history::user_id(user))).value())
                ++expected[day_of(history::user(user).created_ms)].new_user_registrations;
        }
        for (auto& [day, sums] : expected) {
            const auto counted = run(read_day_summary(items, day)).value();
            sums.day = day;
            sums.currency = counted.currency;
            sums.version = counted.version;
            if (sums != counted)
                return "the summary of " + CalendarDate::of(day).value + " has " + lake::summary_json(shop, counted) +
                       "and should have " + lake::summary_json(shop, sums);
            const auto object = run(open.lake->get(lake::summary_key(shop, day))).value();
            if (!object || object->bytes != lake::summary_json(shop, sums))
                return "summary.json of " + CalendarDate::of(day).value + " is another";
        }
        return "";
    }

    static std::string difference_in_objects(OpenShop& open, std::uint64_t purchases)
    {
        std::uint64_t objects = 0;
        for (std::int64_t day = 0; day < history::days; ++day) {
            const auto prefix = lake_layout::purchases_prefix(shop, day_of(history::begin_ms + day * history::day_ms));
            std::optional<std::string> after;
            do {
                const auto page = run(open.lake->list(prefix, after, 1000)).value();
                objects += page.objects.size();
                after = page.next;
            } while (after);
        }
        if (objects != purchases)
            return "the lake has " + std::to_string(objects) + " purchases of " + std::to_string(purchases);
        for (std::uint64_t number = 0; number < purchases; ++number) {
            const Purchase purchase = history::purchase(number);
            const auto object = run(open.lake->get(lake::purchase_key(shop, purchase.id))).value();
            const auto text = object ? gunzip(object->bytes, 100'000) : std::nullopt;
            const auto json = text ? json::parse(*text) : std::unexpected(json::ParseError{});
            const auto total = json ? find(*json->if_map(), "total_amount") : nullptr;
            if (!total || total->if_number()->to_hundredths() != purchase.total.cents ||
                text_of(*json->if_map(), "status") != (history::is_cancelled(number) ? "cancelled" : "placed"))
                return "the object of " + purchase.id.value + " is another";
        }
        return "";
    }

    // Empty, or the first difference between the store and what is derived from it.
    static std::string difference(OpenShop& open, std::uint64_t expected_purchases)
    {
        std::uint64_t purchases = 0;
        auto expected = sums(open, purchases);
        if (purchases != expected_purchases)
            return "the store has " + std::to_string(purchases) + " purchases";
        auto found = difference_in_summaries(open, std::move(expected));
        return found.empty() ? difference_in_objects(open, purchases) : found;
    }
};

TEST_F(KillProof, LakeAndSummariesEqualTheStoreToTheCentAfterManyKills)
{
    const auto purchases = environment_number("ESTANTE_SOAK_PURCHASES", 2'500);
    const auto kills = environment_number("ESTANTE_SOAK_KILLS", 30);
    ASSERT_NO_FATAL_FAILURE(sell_with_kills(purchases, kills, true));
    OpenShop open(folder.path(), true);
    ASSERT_EQ(difference(open, purchases), "");

    { // all changes again, late and in large batches; then a rebuild from the tables
        const auto driver = open.start_driver(20'000);
        ASSERT_TRUE(driver->rewind(0));
        ASSERT_TRUE(driver->wait_until_caught_up(10min));
        const ItemWalk walk(AllItems(open.store->items()), *open.clock, queries_for_purchases_stream());
        EXPECT_EQ(driver->rebuild(walk, [](std::uint64_t) { return true; }),
                  purchases + std::min(purchases, history::customers));
    }
    EXPECT_EQ(difference(open, purchases), "");
    std::printf("%llu purchases, %llu kills: equal to the cent\n", static_cast<unsigned long long>(purchases),
                static_cast<unsigned long long>(kills));
}

TEST_F(KillProof, FindsDoubleCountsOfAProcessorWithoutMarkers)
{
    ASSERT_NO_FATAL_FAILURE(sell_with_kills(600, 12, false));
    OpenShop open(folder.path(), true);
    EXPECT_TRUE(difference(open, 600).contains("the summary of")) << "no kill came between a count and its checkpoint";
}

} // namespace
} // namespace estante
