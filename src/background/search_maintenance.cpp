#include "background/search_maintenance.hpp"

#include "background/stream_driver.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>

namespace estante {

namespace {

constexpr const char* books_processor = "books_stream";
constexpr int looks_per_save = 4;                      // a look also finds shops whose files are damaged
constexpr auto save_anyway = std::chrono::minutes(30); // so that the checkpoint's time says how old it may be
constexpr auto safety = std::chrono::hours(1);         // of the time that changes are kept

template <class T> T expect(StoreResult<T> answer, std::string_view doing)
{
    if (!answer)
        throw std::runtime_error(fmt::format("cannot {}: {}", doing, answer.error().detail));
    if constexpr (!std::is_void_v<T>)
        return std::move(*answer);
}

} // namespace

SearchMaintenance::SearchMaintenance(search::EmbeddedSearch& index, Stream stream, Clock& clock, Rebuild rebuild)
    : index_(index), stream_(stream), clock_(clock), rebuild_(std::move(rebuild))
{
}

SearchMaintenance::~SearchMaintenance() = default;

// Where others follow the store too, each index has a place of its own in the stream.
std::string SearchMaintenance::processor() const
{
    return stream_.shared ? fmt::format("{}-{}", books_processor, id_) : books_processor;
}

// A name in the store by which it knows the index again: a database that another took the place of does not have it. It
// holds nothing back.
std::string SearchMaintenance::mark() const
{
    return fmt::format("{}{}-{}", transient_processor_prefix, books_processor, id_);
}

Task<void> SearchMaintenance::open(std::vector<TenantId> tenants, std::string new_id)
{
    const auto checkpoint = index_.checkpoint();
    const bool fits_store = checkpoint && co_await fits(*checkpoint);
    if (fits_store)
        position_ = checkpoint->position;
    else
        co_await recreate(std::move(new_id));

    std::size_t rebuilt = 0;
    for (const TenantId& tenant : tenants) {
        const auto kept = co_await index_.has_saved_index(tenant);
        if (kept && *kept)
            continue;
        const auto books = co_await rebuild_(tenant);
        ++rebuilt;
        if (fits_store && books > 0)
            spdlog::info("search index of {} rebuilt: {} books", tenant.value, books);
    }
    if (!fits_store) {
        expect(co_await stream_.changes.acknowledge(mark(), position_), "write to the store");
        expect(co_await stream_.changes.acknowledge(processor(), position_), "write to the store");
    }
    if (checkpoint && !fits_store)
        spdlog::warn("the search index belonged to another state of the store; {} shops rebuilt", rebuilt);
    spdlog::debug("search index: {} shops kept, {} rebuilt", tenants.size() - rebuilt, rebuilt);
}

Task<bool> SearchMaintenance::fits(search::IndexCheckpoint checkpoint)
{
    id_ = checkpoint.id;
    if (!expect(co_await stream_.changes.acknowledged(mark()), "read the change stream"))
        co_return false;
    const auto place = expect(co_await stream_.changes.acknowledged(processor()), "read the change stream");
    if (place != checkpoint.position && place != checkpoint.previous)
        co_return false;
    const auto retention = stream_.changes.retention();
    co_return !retention || clock_.now_ms() - checkpoint.at_ms < std::chrono::milliseconds(*retention - safety).count();
}

// An index that begins is made from the store as it is now, and the changes after this position follow.
Task<void> SearchMaintenance::recreate(std::string id)
{
    position_ = expect(co_await stream_.changes.newest(), "read the change stream");
    id_ = std::move(id);
    try {
        index_.recreate(id_, position_);
    } catch (const std::system_error& error) {
        throw std::runtime_error(
            fmt::format("cannot empty the folder of the search index: {}", error.code().message()));
    }
}

void SearchMaintenance::follow(StreamDriver& driver)
{
    driver_ = &driver;
    const auto look_interval = std::max(stream_.save_interval / looks_per_save, std::chrono::milliseconds(1));
    every_ = std::make_unique<PeriodicTask>(look_interval, [this] { look(); });
}

void SearchMaintenance::stop()
{
    every_.reset();
    if (driver_ == nullptr)
        return;
    driver_->stop();
    if (driver_->has_acknowledged() && save()) {
        if (const auto done = run_task(stream_.changes.acknowledge(processor(), position_)))
            save(); // so that the checkpoint has one position alone
        else
            spdlog::warn("processor {}: the stream cannot be acknowledged: {}", processor(), done.error().detail);
    }
    driver_ = nullptr;
}

void SearchMaintenance::look()
{
    mend();
    // The checkpoint knows two positions, so one save is acknowledged before the next.
    if (std::chrono::steady_clock::now() - saved_ >= stream_.save_interval && driver_->has_acknowledged() && save())
        driver_->acknowledge(position_);
}

void SearchMaintenance::mend()
{
    for (const TenantId& tenant : index_.awaiting_rebuild()) {
        try {
            const auto books = run_task(rebuild_(tenant));
            spdlog::info("search index of {} rebuilt: {} books", tenant.value, books);
        } catch (const std::exception& error) {
            spdlog::warn("{}; searches in {} wait for it, everything else goes on", error.what(), tenant.value);
        }
    }
}

// Whether the position moved, so that it is to be acknowledged.
bool SearchMaintenance::save()
{
    auto position = driver_->taken_in();
    if (position.empty())
        position = position_;
    const auto now = std::chrono::steady_clock::now();
    const bool moves = position != position_;
    if (!moves && !acknowledging_ && index_.is_saved() && now - saved_ < save_anyway)
        return false;
    saved_ = now;
    try {
        index_.save(position, clock_.now_ms());
    } catch (const std::system_error& error) {
        disk_fails_ = true;
        spdlog::warn("the search index cannot be saved: {}; searches go on from memory, and it is tried again",
                     error.what());
        return false;
    }
    if (std::exchange(disk_fails_, false))
        spdlog::info("the search index is saved again");
    acknowledging_ = moves;
    position_ = std::move(position);
    return moves;
}

} // namespace estante
