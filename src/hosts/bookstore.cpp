#include "hosts/bookstore.hpp"

#include "adapters/memory/memory_live_sales_hub.hpp"
#include "adapters/system/system.hpp"
#include "background/fill_lake.hpp"
#include "background/fill_search_index.hpp"
#include "background/resume_deletions.hpp"
#include "gateway/tokens.hpp"
#include "hosts/open_analytics.hpp"
#include "hosts/open_business_metrics.hpp"
#include "hosts/open_catalogue.hpp"
#include "hosts/open_lake.hpp"
#include "processors/figures/daily_search_counts.hpp"
#include "processors/figures/purchases_stream.hpp"
#include "processors/search/books_stream.hpp"
#include "processors/tenant_ids.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

namespace estante {

namespace {

using enum Worker::Priority;

// An index in OpenSearch has a processor of its own: its checkpoint is not that of an embedded index.
constexpr const char* opensearch_processor = "books_opensearch";
// A purchase changes many items: itself, the cart, the stock of each line, the marker. So the batch is larger.
constexpr std::size_t purchases_batch = 2'000;

LiveLimits live_limits(const Settings& settings)
{
    return {.max_watches = static_cast<std::size_t>(settings.whole("live-connections")),
            .max_watches_per_shop = static_cast<std::size_t>(settings.whole("live-connections-of-shop"))};
}

std::vector<CounterFlush::Destination> counter_destinations(const Settings& settings, SharedAws& aws, ItemStore& items,
                                                            ObjectStore& lake, Clock& clock, IdGenerator& ids)
{
    std::vector<CounterFlush::Destination> destinations;
    destinations.push_back({"daily summaries", create_daily_search_counts(AllItems(items), lake, ids)});
    if (auto metrics = open_business_metrics(settings, aws, clock))
        destinations.push_back({"cloudwatch", std::move(metrics)});
    return destinations;
}

Task<Result<std::unique_ptr<CatalogueRows>>> open_rows(TenantItems& items, ImportDefaults defaults, std::string path)
{
    co_return co_await open_catalogue(items, std::move(defaults), std::move(path));
}

} // namespace

Bookstore::Bookstore(const Settings& settings)
    : intervals_(Intervals::from(settings)),
      store_address_(StoreAddress::from(settings)),
      lake_address_(LakeAddress::from(settings).text()),
      folder_(settings.text("data")),
      keys_(folder_.keys(settings.text("signing-keys"))),
      clock_(create_system_clock()),
      random_(create_system_random()),
      ids_(create_ids(*clock_, *random_)),
      hasher_(create_argon2_hasher(*random_, {}, static_cast<unsigned>(settings.whole("password-threads")))),
      signer_(create_token_signer(keys_, *clock_, *random_)),
      aws_(settings, *clock_, *random_),
      store_(open_store(store_address_, settings, aws_, *clock_, *random_, partition_versions_)),
      search_(open_search_index(settings, aws_, *clock_)),
      lake_(open_lake(settings, aws_, *random_)),
      analytics_(open_analytics(settings, *lake_, aws_, *random_, folder_.analytics())),
      lake_tables_(open_lake_tables(*lake_, folder_.analytics())),
      lake_sql_(open_lake_sql(settings, *lake_, folder_.analytics())),
      exports_(open_table_export(folder_.analytics())),
      book_cache_(partition_versions_),
      imports_(folder_.spool(), open_rows, store_->items(), *clock_, *ids_, scheduler_.add_worker("imports", low)),
      counters_(
          std::make_unique<CounterFlush>(*clock_, scheduler_.add_worker("counters", low), intervals_.counter_flush,
                                         counter_destinations(settings, aws_, store_->items(), *lake_, *clock_, *ids_),
                                         [](const std::string& line) { spdlog::warn("{}", line); })),
      live_worker_(scheduler_.add_worker("live sales", normal)),
      live_(create_memory_live_sales_hub(live_limits(settings), live_worker_.waker())),
      ports_(wire())
{
    if (store_address_.is_shared()) // so that changes of other servers are seen
        scheduler_.add_worker("cache expiry", low)
            .add(periodic_task("cache expiry", intervals_.cache_expiry, [this]() -> Task<void> {
                partition_versions_.advance_all();
                co_return;
            }));
}

Ports Bookstore::wire()
{
    ItemStore& items = store_->items();
    Clock& clock = *clock_;
    IdGenerator& ids = *ids_;
    Random& random = *random_;
    PasswordHasher& hasher = *hasher_;
    TokenSigner& signer = *signer_;
    SearchIndex& search = *search_.index;
    ImportJobs& imports = imports_;
    purchases::PurchaseNumbers& numbers = numbers_;
    Analytics& analytics = *analytics_;
    TableExport& exports = *exports_;
    LiveSalesHub& live = *live_;
    BusinessCounters& counters = *counters_;
    books::BookCache& book_cache = book_cache_;
    return Ports(items, clock, ids, random, hasher, signer, search, imports, numbers, analytics, exports, live,
                 counters, book_cache);
}

Bookstore::~Bookstore()
{
    scheduler_.stop();
    if (search_maintenance_)
        search_maintenance_->finish();
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
    start_lake_maintenance();
    start_books_stream();
    start_purchases_stream();
    live_driver_ = std::make_unique<LiveSalesDriver>(store_->changes(), *live_, live_worker_, intervals_.stream_retry);
    run(resume_deletions(AllItems(store_->items())));
    imports_.resume();
}

void Bookstore::start_lake_maintenance()
{
    lake_maintenance_ = std::make_unique<LakeMaintenance>(LakeMaintenance::Needs{.items = store_->items(),
                                                                                 .lake = *lake_,
                                                                                 .tables = *lake_tables_,
                                                                                 .clock = *clock_,
                                                                                 .ids = *ids_,
                                                                                 .scratch = folder_.analytics()});
    scheduler_.add_worker("lake", low).add(periodic_task("lake maintenance", intervals_.lake_maintenance, [this] {
        return lake_maintenance_->run_round();
    }));
}

void Bookstore::start_books_stream()
{
    const AllItems items(store_->items());
    Worker& maintenance_worker = scheduler_.add_worker("search", low);
    Worker& stream_worker = scheduler_.add_worker("books stream", normal);
    const BatchHandler index_books = [items, &index = *search_.index,
                                      &lake = *lake_maintenance_](std::vector<Change> changes) {
        lake.record_changes(changes);
        return books_stream(items, index, std::move(changes));
    };
    if (search_.durable) {
        search_maintenance_ =
            std::make_unique<SearchMaintenance>(SearchMaintenance::Needs{.index = *search_.durable,
                                                                         .items = store_->items(),
                                                                         .changes = store_->changes(),
                                                                         .clock = *clock_,
                                                                         .shared = store_address_.is_shared(),
                                                                         .save_interval = intervals_.search_save});
        run(search_maintenance_->open(to_string(ids_->next())));
        books_stream_ = std::make_unique<StreamDriver>(
            *store_, *clock_, stream_worker, search_maintenance_->processor(), index_books,
            StreamOptions{.acknowledge = Acknowledge::later, .retry_interval = intervals_.stream_retry});
        search_maintenance_->start(*books_stream_, maintenance_worker);
        return;
    }
    // A shop sells while OpenSearch is unavailable, so the start does not wait for it.
    if (!run(fill_missing_indexes(items, *search_.index)))
        maintenance_worker.add({.name = "search fill",
                                .step = [this, items]() -> Task<StepResult> {
                                    const bool filled = co_await fill_missing_indexes(items, *search_.index);
                                    co_return filled ? StepResult::done : StepResult::failed;
                                },
                                .retry_interval = intervals_.search_fill,
                                .first_delay = intervals_.search_fill});
    books_stream_ = std::make_unique<StreamDriver>(*store_, *clock_, stream_worker, opensearch_processor, index_books,
                                                   StreamOptions{.retry_interval = intervals_.stream_retry});
}

void Bookstore::start_purchases_stream()
{
    purchases_stream_ = std::make_unique<StreamDriver>(
        *store_, *clock_, scheduler_.add_worker("purchases stream", normal), purchases_processor,
        [items = AllItems(store_->items()), &lake = *lake_, &counters = *counters_](std::vector<Change> changes) {
            return purchases_stream(items, lake, counters, std::move(changes));
        },
        StreamOptions{.batch = purchases_batch, .retry_interval = intervals_.stream_retry});
    run(start_lake_fill(*purchases_stream_, store_->items(), *clock_, lake_address_));
}

std::vector<StreamDriver*> Bookstore::processors()
{
    return {books_stream_.get(), purchases_stream_.get()};
}

bool Bookstore::wait_for_search(std::chrono::milliseconds within)
{
    return books_stream_->wait_until_caught_up(within);
}

Task<std::vector<TenantId>> Bookstore::tenants()
{
    auto ids = co_await read_tenant_ids(AllItems(store_->items()));
    if (!ids)
        throw std::runtime_error(fmt::format("cannot read the shops: {}", ids.error().detail));
    co_return std::move(*ids);
}

} // namespace estante
