#include "hosts/bookstore.hpp"

#include "adapters/memory/memory_live_sales.hpp"
#include "adapters/system/system.hpp"
#include "background/counter_flush.hpp"
#include "background/lake_maintenance.hpp"
#include "background/live_driver.hpp"
#include "background/search_maintenance.hpp"
#include "background/stream_driver.hpp"
#include "gateway/tokens.hpp"
#include "hosts/analytics.hpp"
#include "hosts/business_metrics.hpp"
#include "hosts/object_stores.hpp"
#include "hosts/search_indexes.hpp"
#include "hosts/stores.hpp"
#include "operations/users/delete_user.hpp"
#include "ports/rules/partitions.hpp"
#include "processors/figures/purchases_stream.hpp"
#include "processors/figures/search_counts.hpp"
#include "processors/search/books_stream.hpp"
#include "processors/search/rebuild_search_index.hpp"
#include "records/tenants.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

namespace estante {

namespace {

// Each home of the index has a place of its own in the change stream: it goes on from what it has itself taken in.
constexpr const char* outliving_books_processor = "books_opensearch";

std::runtime_error broken(std::string_view doing, const std::string& cause)
{
    return std::runtime_error(fmt::format("cannot {}: {}", doing, cause));
}

LiveLimits live_limits(const Settings& settings)
{
    return {.max_watches = static_cast<std::size_t>(settings.whole("live-connections")),
            .max_watches_per_shop = static_cast<std::size_t>(settings.whole("live-connections-of-shop"))};
}

std::unique_ptr<CounterFlush> count_business(const Settings& settings, ItemStore& store, ObjectStore& lake,
                                             Clock& clock, Random& random, IdGenerator& ids)
{
    std::vector<CounterFlush::Place> places{{"daily summaries", create_summary_searches(AllItems(store), lake, ids)}};
    if (auto metrics = open_business_metrics(settings, clock, random))
        places.push_back({"cloudwatch", std::move(metrics)});
    return std::make_unique<CounterFlush>(clock, std::move(places), Intervals::from(settings).counter_flush,
                                          [](const std::string& line) { spdlog::warn("{}", line); });
}

BatchHandler index_books(ItemStore& store, SearchIndex& search, LakeMaintenance& lake)
{
    return [all = AllItems(store), &search, &lake](std::vector<Change> changes) {
        lake.saw(changes);
        return books_stream(all, search, std::move(changes));
    };
}

constexpr const char* purchases_processor = "purchases_stream";
constexpr std::size_t purchases_batch =
    2'000; // changes: a purchase comes with those of its cart, its stock, its marker

// That a lake has all that was there before its processor first ran for it.
Key filled_key(const std::string& lake)
{
    return {std::string(checkpoints_partition), fmt::format("filled#{}#{}", purchases_processor, lake)};
}

} // namespace

Bookstore::Bookstore(const Settings& settings)
    : intervals_(Intervals::from(settings)),
      folder_(settings.text("data")),
      keys_(folder_.keys(settings.text("signing-keys"))),
      clock_(create_system_clock()),
      random_(create_system_random()),
      ids_(create_ids(*clock_, *random_)),
      hasher_(create_argon2_hasher(*random_, {}, static_cast<unsigned>(settings.whole("password-threads")))),
      signer_(create_token_signer(keys_, *clock_, *random_)),
      store_(open_store(StoreAddress::from(settings), settings, *clock_, *random_, partition_versions_)),
      shared_store_(StoreAddress::from(settings).engine != StoreAddress::Engine::sqlite),
      search_(open_search_index(settings, *clock_, *random_)),
      lake_(open_object_store(settings, *clock_, *random_)),
      lake_address_(LakeAddress::from(settings).text()),
      book_cache_(partition_versions_),
      imports_(create_embedded_import_jobs(folder_.spool(), store_->items(), *clock_, *ids_)),
      analytics_(open_analytics(settings, *lake_, *clock_, *random_, folder_.analytics())),
      lake_tables_(open_lake_tables(*lake_, folder_.analytics())),
      lake_sql_(open_lake_sql(settings, *lake_, folder_.analytics())),
      exports_(open_table_export(folder_.analytics())),
      counters_(count_business(settings, store_->items(), *lake_, *clock_, *random_, *ids_)),
      live_(create_memory_live_sales(live_limits(settings), [this] { live_driver_->watched(); })),
      ports_(store_->items(), *clock_, *ids_, *random_, *hasher_, *signer_, *search_.index, *imports_, numbers_,
             *analytics_, *exports_, *live_, *counters_, book_cache_)
{
    if (shared_store_)
        forgetting_ =
            std::make_unique<PeriodicTask>(intervals_.cache_expiry, [this] { partition_versions_.advance_all(); });
}

Bookstore::~Bookstore()
{
    if (search_maintenance_)
        search_maintenance_->stop();
}

std::unique_ptr<Gateway> Bookstore::make_gateway(const std::string& domain)
{
    return std::make_unique<Gateway>(ports_, keys_, partition_versions_,
                                     Gateway::Settings{.domain = domain, .ready = [this] { return ready_.load(); }});
}

void Bookstore::start_processors()
{
    if (ready_.exchange(true))
        return;
    lake_maintenance_ =
        std::make_unique<LakeMaintenance>(LakeMaintenance::Needs{.items = store_->items(),
                                                                 .lake = *lake_,
                                                                 .tables = *lake_tables_,
                                                                 .clock = *clock_,
                                                                 .ids = *ids_,
                                                                 .shops = [this] { return run(tenants()); },
                                                                 .scratch = folder_.analytics(),
                                                                 .interval = intervals_.lake_maintenance});
    if (search_.embedded != nullptr) {
        follow_with_embedded_index();
    } else {
        fill_missing_indexes_soon();
        books_stream_ = std::make_unique<StreamDriver>(*store_, *clock_, outliving_books_processor,
                                                       index_books(store_->items(), *search_.index, *lake_maintenance_),
                                                       StreamOptions{.retry_interval = intervals_.stream_retry});
    }
    purchases_stream_ = std::make_unique<StreamDriver>(
        *store_, *clock_, purchases_processor,
        [all = AllItems(store_->items()), &lake = *lake_, &counters = *counters_](std::vector<Change> changes) {
            return purchases_stream(all, lake, counters, std::move(changes));
        },
        StreamOptions{.batch = purchases_batch, .retry_interval = intervals_.stream_retry});
    fill_lake_soon();
    live_driver_ = std::make_unique<LiveDriver>(store_->changes(), *live_, intervals_.stream_retry);
    run(finish_deletions());
    imports_->resume();
}

std::vector<StreamDriver*> Bookstore::processors()
{
    return {books_stream_.get(), purchases_stream_.get()};
}

// What is older than the stream comes from the tables, once for each lake.
void Bookstore::fill_lake_soon()
{
    const Key key = filled_key(lake_address_);
    const auto filled = run(store_->items().get(Table::users, key));
    if (!filled)
        throw broken("read the store", filled.error().detail);
    if (*filled)
        return;
    ItemWalk walk(AllItems(store_->items()), *clock_, queries_for_purchases_stream());
    purchases_stream_->rebuild_soon(std::move(walk), [&items = store_->items(), key]() -> Task<void> {
        Put note{.table = Table::users, .item = {{"pk", Value(key.pk)}, {"sk", Value(key.sk)}}};
        const auto noted = co_await items.put(std::move(note));
        if (!noted)
            throw broken("write to the store", noted.error().detail);
    });
}

bool Bookstore::wait_for_search(std::chrono::milliseconds within)
{
    return books_stream_->catch_up(within);
}

Task<std::vector<TenantId>> Bookstore::tenants()
{
    std::vector<TenantId> ids;
    std::optional<Cursor> after;
    do {
        const auto page = co_await store_->items().query(tenants_query(100, after));
        if (!page)
            throw broken("read the shops", page.error().detail);
        for (const Item& item : page->items)
            ids.push_back(tenant_from(item).id);
        after = page->next;
    } while (after);
    co_return ids;
}

void Bookstore::follow_with_embedded_index()
{
    search_maintenance_ = std::make_unique<SearchMaintenance>(
        *search_.embedded,
        SearchMaintenance::Stream{
            .changes = store_->changes(), .shared = shared_store_, .save_interval = intervals_.search_save},
        *clock_, [this](TenantId tenant) { return rebuild(std::move(tenant)); });
    run(search_maintenance_->open(run(tenants()), to_string(ids_->next())));
    books_stream_ = std::make_unique<StreamDriver>(
        *store_, *clock_, search_maintenance_->processor(),
        index_books(store_->items(), *search_.index, *lake_maintenance_),
        StreamOptions{.acknowledge = Acknowledge::later, .retry_interval = intervals_.stream_retry});
    search_maintenance_->follow(*books_stream_);
}

// An index that outlives the process goes on where it was; only what is not there is made.
Task<void> Bookstore::fill_missing_indexes()
{
    for (const TenantId& tenant : co_await tenants()) {
        const auto kept = co_await search_.index->has_saved_index(tenant);
        if (!kept)
            throw broken("ask for the search index", kept.error().detail.en);
        if (!*kept)
            co_await rebuild(tenant);
    }
}

// A shop sells while its search is away: what cannot be filled now is tried again.
void Bookstore::fill_missing_indexes_soon()
{
    const auto filled = std::make_shared<bool>(false);
    const auto fill = [this, filled] {
        try {
            if (!*filled)
                run(fill_missing_indexes());
            *filled = true;
        } catch (const std::exception& error) {
            spdlog::warn("{}; searches wait for it, everything else goes on", error.what());
        }
    };
    fill();
    if (!*filled)
        filling_ = std::make_unique<PeriodicTask>(intervals_.search_fill, fill);
}

Task<std::uint64_t> Bookstore::rebuild(TenantId tenant)
{
    const auto rebuilt = co_await rebuild_search_index(AllItems(store_->items()), tenant, *search_.index);
    if (!rebuilt)
        throw broken("fill the search index", rebuilt.error().detail.en);
    for (const std::string& damaged : rebuilt->damaged)
        spdlog::error("not in the search index of {}: {}", tenant.value, damaged);
    co_return rebuilt->books;
}

Task<void> Bookstore::finish_deletions()
{
    for (const TenantId& tenant : co_await tenants()) {
        TenantItems items(tenant, store_->items());
        if (const auto finished = co_await users::resume_deletions(items); !finished)
            spdlog::warn("deletions of users in {} wait: {}", tenant.value, finished.error().detail.en);
    }
}

} // namespace estante
