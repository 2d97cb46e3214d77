#include "hosts/embedded/bookstore.hpp"

#include "adapters/search/search_index.hpp"
#include "adapters/system/system.hpp"
#include "gateway/tokens.hpp"
#include "hosts/embedded/stream_driver.hpp"
#include "hosts/stores.hpp"
#include "operations/users/delete_user.hpp"
#include "processors/books_stream.hpp"
#include "processors/rebuild_search_index.hpp"
#include "records/tenants.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

namespace estante {

namespace {

constexpr const char* books_processor = "books_stream";
constexpr auto longest_stale = std::chrono::seconds(5); // of what another server has changed

std::runtime_error broken(std::string_view doing, const std::string& cause)
{
    return std::runtime_error(fmt::format("cannot {}: {}", doing, cause));
}

// Changes that the processor cannot take in are named in the log, and the rest goes on.
StreamDriver::Step index_books(ItemStore& store, SearchIndex& search)
{
    return [&store, &search](std::vector<Change> changes) -> Task<void> {
        const auto set_aside = co_await books_stream(AllItems(store), search, std::move(changes));
        if (!set_aside)
            throw broken("index books", set_aside.error().detail.en);
        for (const SetAside& poison : *set_aside)
            spdlog::error("{} set aside {} {}: {}", books_processor, poison.change.key.pk, poison.change.key.sk,
                          poison.reason);
    };
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
      search_(search::create_search_index()),
      imports_(create_embedded_import_jobs(folder_.spool(), store_->items(), *clock_, *ids_)),
      ports_(store_->items(), *clock_, *ids_, *random_, *hasher_, *signer_, *search_, *imports_, numbers_)
{
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
    run(fill_search_index());
    books_stream_ =
        std::make_unique<StreamDriver>(store_->changes(), books_processor, index_books(store_->items(), *search_));
    run(finish_deletions());
    imports_->resume();
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

// The index lives in memory: it is made from the store as it is now, and the changes after this position follow.
Task<void> Bookstore::fill_search_index()
{
    const auto newest = co_await store_->changes().newest();
    if (!newest)
        throw broken("read the change stream", newest.error().detail);
    for (const TenantId& tenant : co_await tenants()) {
        const auto rebuilt = co_await rebuild_search_index(AllItems(store_->items()), tenant, *search_);
        if (!rebuilt)
            throw broken("fill the search index", rebuilt.error().detail.en);
        for (const std::string& damaged : rebuilt->damaged)
            spdlog::error("not in the search index of {}: {}", tenant.value, damaged);
    }
    if (const auto done = co_await store_->changes().acknowledge(books_processor, *newest); !done)
        throw broken("write to the store", done.error().detail);
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
