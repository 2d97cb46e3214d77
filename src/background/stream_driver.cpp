#include "background/stream_driver.hpp"

#include "background/stream_loop.hpp"
#include "background/task_queue.hpp"
#include "records/dead_letters.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

namespace estante {

namespace {

std::runtime_error failed_to(std::string_view doing, std::string_view cause)
{
    return std::runtime_error(fmt::format("cannot {}: {}", doing, cause));
}

} // namespace

struct StreamDriver::State {
    Store& store;
    ChangeStream& stream;
    Clock& clock;
    std::string processor;
    BatchHandler step;
    StreamOptions options;
    std::atomic<std::uint64_t> processed = 0;
    int tries = 0; // of a batch that broke as a whole
    mutable std::mutex mutex;
    std::condition_variable read_to_the_end;
    std::string taken_in;     // position
    std::string durable;      // position that is to be acknowledged; empty: none
    std::uint64_t begun = 0;  // reads of the stream
    std::uint64_t at_end = 0; // the last of them that found nothing
    std::string trouble;
    std::optional<std::int64_t> oldest_in_hand_ms;
    TaskQueue chores;
    StreamLoop loop; // the last member: it ends before what it uses

    State(Store& given_store, Clock& given_clock, std::string name, BatchHandler given_step,
          StreamOptions given_options)
        : store(given_store),
          stream(given_store.changes()),
          clock(given_clock),
          processor(std::move(name)),
          step(std::move(given_step)),
          options(given_options),
          loop(
              stream, fmt::format("processor {}", processor), options.retry_interval, [this] { return look(); },
              [this] { return finish(); })
    {
    }

    std::uint64_t begin_read()
    {
        const std::lock_guard lock(mutex);
        return ++begun;
    }
    void note_end(std::uint64_t read)
    {
        const std::lock_guard lock(mutex);
        at_end = read;
        oldest_in_hand_ms.reset();
        trouble.clear();
        read_to_the_end.notify_all();
    }
    void note_trouble(std::string why)
    {
        spdlog::warn("processor {}: {}", processor, why);
        const std::lock_guard lock(mutex);
        trouble = std::move(why);
    }

    Task<StreamLoop::Next> look()
    {
        using Next = StreamLoop::Next;
        auto next = Next::failed;
        try {
            if (co_await acknowledge_durable())
                next = co_await one_batch();
        } catch (const std::exception& error) {
            note_trouble(error.what());
        }
        if (co_await chores.work() && next == Next::wait)
            next = Next::again;
        co_return next;
    }

    Task<void> finish()
    {
        co_await acknowledge_durable();
        chores.stop();
    }

    std::string position() const
    {
        const std::lock_guard lock(mutex);
        return taken_in;
    }

    // False when it could not be written; then it is tried again.
    Task<bool> acknowledge_durable()
    {
        std::unique_lock lock(mutex);
        const auto position = durable;
        lock.unlock();
        if (position.empty())
            co_return true;
        const auto done = co_await stream.acknowledge(processor, position);
        if (!done) {
            note_trouble(fmt::format("the checkpoint cannot be written: {}", done.error().detail));
            co_return false;
        }
        lock.lock();
        if (durable == position)
            durable.clear();
        co_return true;
    }

    // False when the checkpoint could not be written.
    Task<bool> note_taken_in(std::string last)
    {
        if (options.acknowledge == Acknowledge::later) {
            const std::lock_guard lock(mutex);
            taken_in = std::move(last);
            co_return true;
        }
        const auto done = co_await stream.acknowledge(processor, std::move(last));
        if (!done)
            note_trouble(fmt::format("the checkpoint cannot be written: {}", done.error().detail));
        co_return done.has_value();
    }

    // `failed` when the batch has to come again.
    Task<StreamLoop::Next> one_batch()
    {
        using Next = StreamLoop::Next;
        const auto read = begin_read();
        const auto after = position();
        auto changes = after.empty() ? co_await stream.next(processor, options.batch)
                                     : co_await stream.next_after(processor, after, options.batch);
        if (!changes) {
            note_trouble(fmt::format("the stream cannot be read: {}", changes.error().detail));
            co_return Next::failed;
        }
        if (changes->empty()) {
            note_end(read);
            co_return Next::wait;
        }
        const auto count = changes->size();
        const auto last = changes->back().position;
        {
            const std::lock_guard lock(mutex);
            oldest_in_hand_ms = changes->front().at_ms;
        }
        if (!co_await take_in_and_set_aside(std::move(*changes), tries + 1 >= broken_tries)) {
            ++tries;
            co_return Next::failed;
        }
        tries = 0;
        const bool done = co_await note_taken_in(last);
        processed += count;
        co_return done ? Next::again : Next::failed;
    }

    Task<bool> take_in_and_set_aside(std::vector<Change> changes, bool last_try)
    {
        const auto count = changes.size();
        auto taken = co_await process_batch(step, std::move(changes));
        if (!taken) {
            note_trouble(taken.error().detail.en);
            tries = -1; // the outage has nothing to do with the changes
            co_return false;
        }
        if (!taken->broke.empty() && taken->broke.size() == count && !last_try) {
            note_trouble(taken->broke.front().reason);
            co_return false;
        }
        auto poison = std::move(taken->refused);
        poison.insert(poison.end(), taken->broke.begin(), taken->broke.end());
        for (const PoisonRecord& change : poison)
            spdlog::error("{} set aside {} {}: {}", processor, change.change.key.pk, change.change.key.sk,
                          change.reason);
        const auto kept = co_await keep_dead_letters(store.items(), clock, processor, std::move(poison));
        if (!kept)
            note_trouble(fmt::format("a dead letter cannot be kept: {}", kept.error().detail.en));
        co_return kept.has_value();
    }

    void add_chore(TaskQueue::Part part, TaskQueue::End end)
    {
        chores.add(std::move(part), std::move(end));
        loop.wake();
    }

    // Blocks until it is done.
    void do_chore(TaskQueue::Part part)
    {
        auto done = chores.add(std::move(part));
        loop.wake();
        done.get();
    }

    struct Rebuilding {
        ItemWalk walk;
        std::vector<Change> page{}; // that comes again
        std::uint64_t items = 0;
    };

    // One page of the walk, which comes again when it cannot be taken in now; true at the end.
    Task<bool> rebuild_page(std::shared_ptr<Rebuilding> at)
    {
        if (at->page.empty()) {
            auto page = co_await at->walk.next();
            if (!page) {
                note_trouble(fmt::format("the tables cannot be read: {}", page.error().detail));
                co_await loop.pause();
                co_return false;
            }
            at->page = std::move(*page);
        }
        if (at->page.empty())
            co_return true;
        if (co_await take_in_and_set_aside(at->page, true)) {
            at->items += at->page.size();
            at->page.clear();
        } else {
            co_await loop.pause();
        }
        co_return false;
    }

    std::uint64_t count_dead_letters()
    {
        std::uint64_t count = 0;
        std::optional<Cursor> after;
        do {
            const auto page = run_task(store.items().query(dead_letters_query(processor, after)));
            if (!page)
                throw failed_to("read the dead letters", page.error().detail);
            count += page->items.size();
            after = page->next;
        } while (after);
        return count;
    }
};

StreamDriver::StreamDriver(Store& store, Clock& clock, std::string processor, BatchHandler step, StreamOptions options)
    : state_(std::make_unique<State>(store, clock, std::move(processor), std::move(step), options))
{
}

StreamDriver::~StreamDriver() = default;

void StreamDriver::stop()
{
    state_->loop.stop();
}

std::string StreamDriver::taken_in() const
{
    return state_->position();
}

void StreamDriver::acknowledge(std::string position)
{
    {
        const std::lock_guard lock(state_->mutex);
        state_->durable = std::move(position);
    }
    state_->loop.wake();
}

bool StreamDriver::has_acknowledged() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->durable.empty();
}

const std::string& StreamDriver::processor() const
{
    return state_->processor;
}

bool StreamDriver::catch_up(std::chrono::milliseconds within)
{
    std::unique_lock lock(state_->mutex);
    const auto known = state_->begun; // a read that began before the call may have missed the last commit
    lock.unlock();
    state_->loop.wake();
    lock.lock();
    return state_->read_to_the_end.wait_for(lock, within, [&] { return state_->at_end > known; });
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
        throw failed_to("read the change stream", lag.error().detail);
    status.dead_letters = state_->count_dead_letters();
    const std::lock_guard lock(state_->mutex);
    status.trouble = state_->trouble;
    status.oldest_ms = state_->oldest_in_hand_ms;
    if (*lag) {
        status.behind = (*lag)->changes;
        status.oldest_ms = (*lag)->oldest_ms;
    }
    return status;
}

bool StreamDriver::rewind(std::int64_t from_ms)
{
    bool rewound = false;
    state_->do_chore([state = state_.get(), from_ms, &rewound]() -> Task<bool> {
        const auto done = co_await state->stream.rewind(state->processor, from_ms);
        if (!done)
            throw failed_to("go back in the change stream", done.error().detail);
        rewound = *done;
        state->loop.wake();
        if (rewound) { // what was taken in comes again
            const std::lock_guard lock(state->mutex);
            state->taken_in.clear();
            state->durable.clear();
        }
        co_return true;
    });
    return rewound;
}

std::uint64_t StreamDriver::rebuild(ItemWalk walk, std::function<bool(std::uint64_t)> progress)
{
    const auto at = std::make_shared<State::Rebuilding>(State::Rebuilding{.walk = std::move(walk)});
    state_->do_chore([state = state_.get(), at, &progress]() -> Task<bool> {
        const bool done = co_await state->rebuild_page(at);
        if (!progress(at->items))
            throw std::runtime_error("the replay was broken off");
        co_return done;
    });
    return at->items;
}

void StreamDriver::rebuild_soon(ItemWalk walk, std::function<Task<void>()> done)
{
    const auto at = std::make_shared<State::Rebuilding>(State::Rebuilding{.walk = std::move(walk)});
    const auto part = [state = state_.get(), at, done = std::move(done)]() -> Task<bool> {
        if (!co_await state->rebuild_page(at))
            co_return false;
        co_await done();
        co_return true;
    };
    state_->add_chore(part, [name = state_->processor](const std::exception_ptr& error) {
        try {
            if (error)
                std::rethrow_exception(error);
        } catch (const std::exception& why) {
            spdlog::warn("processor {}: {}; the next start begins the rebuild anew", name, why.what());
        }
    });
}

Replayed StreamDriver::replay_dead_letters()
{
    Replayed replayed;
    state_->do_chore([state = state_.get(), &replayed]() -> Task<bool> {
        auto done =
            co_await estante::replay_dead_letters(state->store.items(), state->clock, state->processor, state->step);
        if (!done)
            throw failed_to("replay", done.error().detail.en);
        replayed = *done;
        co_return true;
    });
    return replayed;
}

} // namespace estante
