#include "background/search_maintenance.hpp"

#include "background/fill_search_index.hpp"
#include "background/stream_driver.hpp"
#include "processors/tenant_ids.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace estante {

namespace {

constexpr const char* books_processor = "books_stream";
constexpr int polls_per_save = 4; // a poll also finds tenants whose files are damaged
// A save without changes renews the time in the checkpoint, which says how old the contents may be.
constexpr auto max_save_age = std::chrono::minutes(30);
constexpr auto retention_margin = std::chrono::hours(1); // before the stream drops changes

template <class T> T expect(StoreResult<T> result, std::string_view action)
{
    if (!result)
        throw std::runtime_error(fmt::format("cannot {}: {}", action, result.error().detail));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

} // namespace

SearchMaintenance::SearchMaintenance(Needs needs) : needs_(needs) {}

// Each index of a shared store has a checkpoint of its own in the stream.
std::string SearchMaintenance::processor() const
{
    return needs_.shared ? fmt::format("{}-{}", books_processor, id_) : books_processor;
}

// A checkpoint in the store that only this index has. A database that was restored or replaced does not have it. It
// does not hold back the removal of changes.
std::string SearchMaintenance::store_fingerprint() const
{
    return fmt::format("{}{}-{}", transient_processor_prefix, books_processor, id_);
}

Task<void> SearchMaintenance::open(std::string new_id)
{
    const auto checkpoint = needs_.index.checkpoint();
    const bool matches = checkpoint && co_await matches_store(*checkpoint);
    if (matches)
        position_ = checkpoint->position;
    else
        co_await recreate(std::move(new_id));

    const AllItems items(needs_.items);
    const auto tenants = expect(co_await read_tenant_ids(items), "read the tenants");
    std::size_t rebuilt = 0;
    for (const TenantId& tenant : tenants) {
        const auto kept = co_await needs_.index.has_saved_index(tenant);
        if (kept && *kept)
            continue;
        const auto books = co_await fill_search_index(items, needs_.index, tenant);
        ++rebuilt;
        if (matches && books > 0)
            spdlog::info("search index of {} rebuilt: {} books", tenant.value, books);
    }
    if (!matches) {
        expect(co_await needs_.changes.acknowledge(store_fingerprint(), position_), "write to the store");
        expect(co_await needs_.changes.acknowledge(processor(), position_), "write to the store");
    }
    if (checkpoint && !matches)
        spdlog::warn("the search index belonged to another state of the store; {} shops rebuilt", rebuilt);
    spdlog::debug("search index: {} shops kept, {} rebuilt", tenants.size() - rebuilt, rebuilt);
}

Task<bool> SearchMaintenance::matches_store(IndexCheckpoint checkpoint)
{
    id_ = checkpoint.id;
    if (!expect(co_await needs_.changes.acknowledged(store_fingerprint()), "read the change stream"))
        co_return false;
    const auto acknowledged = expect(co_await needs_.changes.acknowledged(processor()), "read the change stream");
    if (acknowledged != checkpoint.position && acknowledged != checkpoint.previous)
        co_return false;
    const auto retention = needs_.changes.retention();
    co_return !retention ||
        needs_.clock.now_ms() - checkpoint.at_ms < std::chrono::milliseconds(*retention - retention_margin).count();
}

// The index is then filled from the store, so the position is read before.
Task<void> SearchMaintenance::recreate(std::string id)
{
    position_ = expect(co_await needs_.changes.newest(), "read the change stream");
    id_ = std::move(id);
    try {
        needs_.index.recreate(id_, position_);
    } catch (const std::system_error& error) {
        throw std::runtime_error(
            fmt::format("cannot empty the folder of the search index: {}", error.code().message()));
    }
}

void SearchMaintenance::start(StreamDriver& driver, Worker& worker)
{
    driver_ = &driver;
    const auto poll_interval = std::max(needs_.save_interval / polls_per_save, std::chrono::milliseconds(1));
    worker.add({.name = "search maintenance",
                .step = [this] { return step(); },
                .interval = poll_interval,
                .retry_interval = poll_interval,
                .first_delay = poll_interval});
}

void SearchMaintenance::finish()
{
    if (!driver_)
        return;
    driver_->stop();
    if (driver_->has_acknowledged() && save()) {
        const auto acknowledged = run_task(needs_.changes.acknowledge(processor(), position_));
        if (acknowledged)
            save(); // the checkpoint then has one position only
        else
            spdlog::warn("processor {}: cannot write the checkpoint: {}", processor(), acknowledged.error().detail);
    }
    driver_ = nullptr;
}

Task<StepResult> SearchMaintenance::step()
{
    co_await rebuild_damaged();
    // The checkpoint has two positions, so a save is acknowledged before the next one.
    if (std::chrono::steady_clock::now() - saved_at_ >= needs_.save_interval && driver_->has_acknowledged() && save())
        driver_->acknowledge(position_);
    co_return StepResult::idle;
}

Task<void> SearchMaintenance::rebuild_damaged()
{
    for (const TenantId& tenant : needs_.index.awaiting_rebuild()) {
        try {
            const auto books = co_await fill_search_index(AllItems(needs_.items), needs_.index, tenant);
            spdlog::info("search index of {} rebuilt: {} books", tenant.value, books);
        } catch (const std::exception& error) {
            spdlog::warn("{}; searches of {} are unavailable until it is filled, the rest of the server works",
                         error.what(), tenant.value);
        }
    }
}

// Whether the position changed and has to be acknowledged.
bool SearchMaintenance::save()
{
    auto position = driver_->processed_position();
    if (position.empty())
        position = position_;
    const auto now = std::chrono::steady_clock::now();
    const bool moved = position != position_;
    if (!moved && !is_acknowledging_ && needs_.index.is_saved() && now - saved_at_ < max_save_age)
        return false;
    saved_at_ = now;
    try {
        needs_.index.save(position, needs_.clock.now_ms());
    } catch (const std::system_error& error) {
        save_failed_ = true;
        spdlog::warn(
            "the search index cannot be saved: {}; searches are answered from memory, and the save is repeated",
            error.what());
        return false;
    }
    if (std::exchange(save_failed_, false))
        spdlog::info("the search index is saved again");
    is_acknowledging_ = moved;
    position_ = std::move(position);
    return moved;
}

} // namespace estante
