#include "hosts/embedded/bookstore.hpp"

#include "adapters/memory/memory_live_sales.hpp"
#include "adapters/system/system.hpp"
#include "gateway/tokens.hpp"
#include "hosts/analytics.hpp"
#include "hosts/embedded/live_driver.hpp"
#include "hosts/embedded/stream_driver.hpp"
#include "hosts/object_stores.hpp"
#include "hosts/search_indexes.hpp"
#include "hosts/stores.hpp"
#include "operations/users/delete_user.hpp"
#include "ports/partitions.hpp"
#include "processors/books_stream.hpp"
#include "processors/purchases_stream.hpp"
#include "processors/rebuild_search_index.hpp"
#include "records/tenants.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

namespace estante {

namespace {

// Each home of the index has a place of its own in the change stream: it goes on from what it has itself taken in.
constexpr const char* books_processor = "books_stream";
constexpr const char* outliving_books_processor = "books_opensearch";
constexpr auto longest_stale = std::chrono::seconds(5); // of what another server has changed

std::runtime_error broken(std::string_view doing, const std::string& cause)
{
    return std::runtime_error(fmt::format("cannot {}: {}", doing, cause));
}

LiveLimits live_limits(const Settings& settings)
{
    return {.watches = static_cast<std::size_t>(settings.whole("live-connections", 1, 100'000)),
            .watches_of_shop = static_cast<std::size_t>(settings.whole("live-connections-of-shop", 1, 10'000))};
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
    : folder_(settings.text("data")),
      keys_(folder_.keys(settings.text("signing-keys"))),
      clock_(create_system_clock()),
      random_(create_system_random()),
      ids_(create_ids(*clock_, *random_)),
      hasher_(create_argon2_hasher(*random_, {}, static_cast<unsigned>(settings.whole("password-threads", 1, 64)))),
      signer_(create_token_signer(keys_, *clock_, *random_)),
      store_(open_store(StoreAddress::from(settings), settings, *clock_, *random_, stamps_)),
      search_(open_search_index(settings, *clock_, *random_)),
      lake_(open_object_store(settings, *clock_, *random_)),
      imports_(create_embedded_import_jobs(folder_.spool(), store_->items(), *clock_, *ids_)),
      analytics_(open_analytics()),
      exports_(open_table_export()),
      live_(create_memory_live_sales(live_limits(settings), [this] { live_driver_->watched(); })),
      live_driver_(std::make_unique<LiveDriver>(store_->changes(), *live_)),
      ports_(store_->items(), *clock_, *ids_, *random_, *hasher_, *signer_, *search_.index, *imports_, numbers_,
             *analytics_, *exports_, *live_)
{
    lake_address_ = LakeAddress::from(settings).text();
    if (StoreAddress::from(settings).engine != StoreAddress::Engine::sqlite)
        forgetting_ = std::make_unique<Every>(longest_stale, [this] { stamps_.advance_all(); });
}

Bookstore::~Bookstore() = default;

std::unique_ptr<Gateway> Bookstore::make_gateway(const std::string& domain)
{
    return std::make_unique<Gateway>(ports_, keys_, stamps_,
                                     Gateway::Settings{.domain = domain, .ready = [this] { return ready_.load(); }});
}

void Bookstore::start_processors()
{
    if (ready_.exchange(true))
        return;
    if (search_.outlives)
        fill_missing_indexes_soon();
    else
        run(fill_search_index());
    const AllItems all(store_->items());
    books_stream_ =
        std::make_unique<StreamDriver>(*store_, *clock_, search_.outlives ? outliving_books_processor : books_processor,
                                       [all, &index = *search_.index](std::vector<Change> changes) {
                                           return books_stream(all, index, std::move(changes));
                                       });
    purchases_stream_ = std::make_unique<StreamDriver>(
        *store_, *clock_, purchases_processor,
        [all, &lake = *lake_](std::vector<Change> changes) { return purchases_stream(all, lake, std::move(changes)); },
        StreamOptions{.batch = purchases_batch});
    fill_lake_soon();
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

// An index in memory is made from the store as it is now, and the changes after this position follow.
Task<void> Bookstore::fill_search_index()
{
    const auto newest = co_await store_->changes().newest();
    if (!newest)
        throw broken("read the change stream", newest.error().detail);
    for (const TenantId& tenant : co_await tenants())
        co_await rebuild(tenant);
    if (const auto done = co_await store_->changes().acknowledge(books_processor, *newest); !done)
        throw broken("write to the store", done.error().detail);
}

// An index that outlives the process goes on where it was; only what is not there is made.
Task<void> Bookstore::fill_missing_indexes()
{
    for (const TenantId& tenant : co_await tenants()) {
        const auto kept = co_await search_.index->is_kept(tenant);
        if (!kept)
            throw broken("ask for the search index", kept.error().detail.en);
        if (!*kept)
            co_await rebuild(tenant);
    }
}

// A shop sells while its search is away: what cannot be filled now is tried again.
void Bookstore::fill_missing_indexes_soon()
{
    constexpr auto pause = std::chrono::seconds(10);
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
        filling_ = std::make_unique<Every>(pause, fill);
}

Task<void> Bookstore::rebuild(const TenantId& tenant)
{
    const auto rebuilt = co_await rebuild_search_index(AllItems(store_->items()), tenant, *search_.index);
    if (!rebuilt)
        throw broken("fill the search index", rebuilt.error().detail.en);
    for (const std::string& damaged : rebuilt->damaged)
        spdlog::error("not in the search index of {}: {}", tenant.value, damaged);
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
