#include "background/stream_driver.hpp"

#include "records/dead_letters.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace estante {

namespace {

std::runtime_error cannot(std::string_view action, std::string_view cause)
{
    return std::runtime_error(fmt::format("cannot {}: {}", action, cause));
}

} // namespace

struct StreamDriver::State {
    Store& store;
    ChangeStream& stream;
    Clock& clock;
    Worker& worker;
    const std::string processor;
    const BatchHandler handler;
    const StreamOptions options;
    std::atomic<std::uint64_t> processed = 0;
    int failed_attempts = 0; // of the current batch, when its handler threw at every change
    mutable std::mutex mutex;
    std::condition_variable reached_end;
    std::string processed_position;
    std::string durable_position;      // to be acknowledged; empty: none
    std::uint64_t last_read = 0;       // number of the last read of the stream that began
    std::uint64_t last_empty_read = 0; // number of the last read that found no change
    std::string last_error;
    std::optional<std::int64_t> batch_oldest_ms;

    State(Store& given_store, Clock& given_clock, Worker& given_worker, std::string name, BatchHandler given_handler,
          StreamOptions given_options)
        : store(given_store),
          stream(given_store.changes()),
          clock(given_clock),
          worker(given_worker),
          processor(std::move(name)),
          handler(std::move(given_handler)),
          options(given_options)
    {
    }

    std::uint64_t begin_read()
    {
        const std::lock_guard lock(mutex);
        return ++last_read;
    }
    void record_end(std::uint64_t read)
    {
        const std::lock_guard lock(mutex);
        last_empty_read = read;
        batch_oldest_ms.reset();
        last_error.clear();
        reached_end.notify_all();
    }
    void record_error(std::string error)
    {
        spdlog::warn("processor {}: {}", processor, error);
        const std::lock_guard lock(mutex);
        last_error = std::move(error);
    }

    Task<StepResult> step()
    {
        try {
            if (co_await acknowledge_durable())
                co_return co_await process_next_batch();
        } catch (const std::exception& error) {
            record_error(error.what());
        }
        co_return StepResult::failed;
    }

    // False when the checkpoint cannot be written; the next step tries again.
    Task<bool> acknowledge_durable()
    {
        std::unique_lock lock(mutex);
        const auto position = durable_position;
        lock.unlock();
        if (position.empty())
            co_return true;
        if (!co_await write_checkpoint(position))
            co_return false;
        lock.lock();
        if (durable_position == position)
            durable_position.clear();
        co_return true;
    }

    Task<bool> write_checkpoint(std::string position)
    {
        const auto written = co_await stream.acknowledge(processor, std::move(position));
        if (!written)
            record_error(fmt::format("cannot write the checkpoint: {}", written.error().detail));
        co_return written.has_value();
    }

    // False when the checkpoint cannot be written.
    Task<bool> record_processed(std::string position)
    {
        if (options.acknowledge == Acknowledge::each_batch)
            co_return co_await write_checkpoint(std::move(position));
        const std::lock_guard lock(mutex);
        processed_position = std::move(position);
        co_return true;
    }

    Task<StepResult> process_next_batch()
    {
        const auto read = begin_read();
        std::unique_lock lock(mutex);
        const auto after = processed_position;
        lock.unlock();
        auto changes = after.empty() ? co_await stream.next(processor, options.batch)
                                     : co_await stream.next_after(processor, after, options.batch);
        if (!changes) {
            record_error(fmt::format("cannot read the change stream: {}", changes.error().detail));
            co_return StepResult::failed;
        }
        if (changes->empty()) {
            record_end(read);
            co_return StepResult::idle;
        }
        const auto count = changes->size();
        const auto last = changes->back().position;
        lock.lock();
        batch_oldest_ms = changes->front().at_ms;
        lock.unlock();
        if (!co_await process(std::move(*changes), failed_attempts + 1 >= max_batch_attempts)) {
            ++failed_attempts;
            co_return StepResult::failed;
        }
        failed_attempts = 0;
        const bool recorded = co_await record_processed(last);
        processed += count;
        co_return recorded ? StepResult::more : StepResult::failed;
    }

    // Processes the changes and sends poison records to the dead letters. False: they have to be processed again.
    Task<bool> process(std::vector<Change> changes, bool is_last_attempt)
    {
        const auto count = changes.size();
        auto result = co_await process_batch(handler, std::move(changes));
        if (!result) {
            record_error(result.error().detail.en);
            failed_attempts = -1; // an outage says nothing about the changes
            co_return false;
        }
        if (!result->threw.empty() && result->threw.size() == count && !is_last_attempt) {
            record_error(result->threw.front().reason);
            co_return false;
        }
        auto poison = std::move(result->rejected);
        poison.insert(poison.end(), result->threw.begin(), result->threw.end());
        for (const PoisonRecord& record : poison)
            spdlog::error("processor {}: dead letter {} {}: {}", processor, record.change.key.pk, record.change.key.sk,
                          record.reason);
        const auto stored = co_await store_dead_letters(store.items(), clock, processor, std::move(poison));
        if (!stored)
            record_error(fmt::format("cannot store a dead letter: {}", stored.error().detail.en));
        co_return stored.has_value();
    }

    BackgroundTask job(std::function<Task<StepResult>()> job_step) const
    {
        return {.name = fmt::format("processor {}", processor),
                .step = std::move(job_step),
                .retry_interval = options.retry_interval};
    }
    // Runs a job on the worker and blocks until it is done.
    void run_job(std::function<Task<StepResult>()> job_step) { worker.submit(job(std::move(job_step))).get(); }

    struct Rebuild {
        ItemWalk walk;
        std::vector<Change> page{}; // that is not processed yet
        std::uint64_t items = 0;
    };

    Task<StepResult> rebuild_page(std::shared_ptr<Rebuild> rebuild)
    {
        if (rebuild->page.empty()) {
            auto page = co_await rebuild->walk.next();
            if (!page) {
                record_error(fmt::format("cannot read the tables: {}", page.error().detail));
                co_return StepResult::failed;
            }
            rebuild->page = std::move(*page);
        }
        if (rebuild->page.empty())
            co_return StepResult::done;
        if (!co_await process(rebuild->page, true))
            co_return StepResult::failed;
        rebuild->items += rebuild->page.size();
        rebuild->page.clear();
        co_return StepResult::more;
    }

    std::uint64_t count_dead_letters()
    {
        std::uint64_t count = 0;
        std::optional<Cursor> after;
        do {
            const auto page = run_task(store.items().query(dead_letters_query(processor, after)));
            if (!page)
                throw cannot("read the dead letters", page.error().detail);
            count += page->items.size();
            after = page->next;
        } while (after);
        return count;
    }
};

StreamDriver::StreamDriver(Store& store, Clock& clock, Worker& worker, std::string processor, BatchHandler handler,
                           StreamOptions options)
    : state_(std::make_unique<State>(store, clock, worker, std::move(processor), std::move(handler), options))
{
    worker.add({.name = fmt::format("processor {}", state_->processor),
                .step = [state = state_.get()] { return state->step(); },
                .interval = state_->stream.poll_interval(),
                .retry_interval = state_->options.retry_interval});
    state_->stream.on_commit(worker.waker());
}

StreamDriver::~StreamDriver()
{
    stop();
}

void StreamDriver::stop()
{
    state_->worker.stop();
    try {
        run_task(state_->acknowledge_durable());
    } catch (const std::exception& error) {
        state_->record_error(error.what());
    }
}

std::string StreamDriver::processed_position() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->processed_position;
}

void StreamDriver::acknowledge(std::string position)
{
    {
        const std::lock_guard lock(state_->mutex);
        state_->durable_position = std::move(position);
    }
    state_->worker.wake();
}

bool StreamDriver::has_acknowledged() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->durable_position.empty();
}

const std::string& StreamDriver::processor() const
{
    return state_->processor;
}

bool StreamDriver::wait_until_caught_up(std::chrono::milliseconds within)
{
    std::unique_lock lock(state_->mutex);
    const auto current_read = state_->last_read; // it began before the call and may miss the last commit
    lock.unlock();
    state_->worker.wake();
    lock.lock();
    return state_->reached_end.wait_for(lock, within, [&] { return state_->last_empty_read > current_read; });
}

std::uint64_t StreamDriver::processed() const
{
    return state_->processed;
}

StreamDriver::Status StreamDriver::status()
{
    Status status{.processor = state_->processor, .processed = state_->processed};
    const auto lag = run_task(state_->stream.lag(state_->processor));
    if (!lag)
        throw cannot("read the change stream", lag.error().detail);
    status.dead_letters = state_->count_dead_letters();
    const std::lock_guard lock(state_->mutex);
    status.last_error = state_->last_error;
    status.oldest_ms = state_->batch_oldest_ms;
    if (*lag) {
        status.behind = (*lag)->changes;
        status.oldest_ms = (*lag)->oldest_ms;
    }
    return status;
}

bool StreamDriver::rewind(std::int64_t from_ms)
{
    bool rewound = false;
    state_->run_job([state = state_.get(), from_ms, &rewound]() -> Task<StepResult> {
        const auto result = co_await state->stream.rewind(state->processor, from_ms);
        if (!result)
            throw cannot("rewind the change stream", result.error().detail);
        rewound = *result;
        if (rewound) {
            const std::lock_guard lock(state->mutex);
            state->processed_position.clear();
            state->durable_position.clear();
        }
        co_return StepResult::done;
    });
    state_->worker.wake();
    return rewound;
}

std::uint64_t StreamDriver::rebuild(ItemWalk walk, std::function<bool(std::uint64_t)> progress)
{
    const auto rebuild = std::make_shared<State::Rebuild>(State::Rebuild{.walk = std::move(walk)});
    state_->run_job([state = state_.get(), rebuild, &progress]() -> Task<StepResult> {
        const auto result = co_await state->rebuild_page(rebuild);
        if (!progress(rebuild->items))
            throw std::runtime_error("the rebuild was cancelled");
        co_return result;
    });
    return rebuild->items;
}

void StreamDriver::start_rebuild(ItemWalk walk, std::function<Task<void>()> done)
{
    const auto rebuild = std::make_shared<State::Rebuild>(State::Rebuild{.walk = std::move(walk)});
    const auto step = [state = state_.get(), rebuild, done = std::move(done)]() -> Task<StepResult> {
        const auto result = co_await state->rebuild_page(rebuild);
        if (result == StepResult::done)
            co_await done();
        co_return result;
    };
    state_->worker.submit(state_->job(step), [processor = state_->processor](const std::exception_ptr& error) {
        try {
            if (error)
                std::rethrow_exception(error);
        } catch (const std::exception& cause) {
            spdlog::warn("processor {}: {}; the rebuild starts again with the next start of the server", processor,
                         cause.what());
        }
    });
}

ReplayResult StreamDriver::replay_dead_letters()
{
    ReplayResult replayed;
    state_->run_job([state = state_.get(), &replayed]() -> Task<StepResult> {
        auto result =
            co_await estante::replay_dead_letters(state->store.items(), state->clock, state->processor, state->handler);
        if (!result)
            throw cannot("replay the dead letters", result.error().detail.en);
        replayed = *result;
        co_return StepResult::done;
    });
    return replayed;
}

} // namespace estante
