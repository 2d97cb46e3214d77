#include "hosts/embedded/stream_driver.hpp"

#include "adapters/system/run_task.hpp"
#include "ports/give_way.hpp"
#include "records/dead_letters.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace estante {

namespace asio = boost::asio;

namespace {

constexpr auto pause_after_failure = std::chrono::milliseconds(250);

std::runtime_error failed_to(std::string_view doing, std::string_view cause)
{
    return std::runtime_error(fmt::format("cannot {}: {}", doing, cause));
}

// What the driver does beside the stream, between its batches: again and again until it is done. What it throws is told
// by `end`.
struct Chore {
    std::function<Task<bool>()> part;
    std::function<void(std::exception_ptr)> end;
};

} // namespace

struct StreamDriver::State : std::enable_shared_from_this<StreamDriver::State> {
    Store& store;
    ChangeStream& stream;
    Clock& clock;
    std::string processor;
    Step step;
    StreamOptions options;
    asio::io_context io{1};
    asio::steady_timer wake{io};
    std::atomic<bool> more = true; // a commit came since the stream was last read
    std::atomic<bool> stopping = false;
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
    std::deque<Chore> chores;
    bool ended = false;
    std::thread thread;

    State(Store& given_store, Clock& given_clock, std::string name, Step given_step, StreamOptions given_options)
        : store(given_store),
          stream(given_store.changes()),
          clock(given_clock),
          processor(std::move(name)),
          step(std::move(given_step)),
          options(given_options)
    {
    }

    void poke()
    {
        if (!more.exchange(true))
            asio::post(io, [self = shared_from_this()] { self->wake.cancel(); });
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

    Task<void> sleep(std::chrono::milliseconds time)
    {
        boost::system::error_code woken;
        wake.expires_after(time);
        co_await wake.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    Task<void> run()
    {
        while (!stopping) {
            more = false;
            bool failed = false;
            try {
                failed = !co_await acknowledge_durable() || !co_await one_batch();
            } catch (const std::exception& error) {
                note_trouble(error.what());
                failed = true;
            }
            const bool chores_left = co_await one_chore();
            if (failed)
                co_await sleep(pause_after_failure);
            else if (!more && !stopping && !chores_left)
                co_await sleep(stream.look_every());
        }
        co_await acknowledge_durable();
        fail_chores();
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

    // False when the batch has to come again.
    Task<bool> one_batch()
    {
        const auto read = begin_read();
        const auto after = position();
        auto changes = after.empty() ? co_await stream.next(processor, options.batch)
                                     : co_await stream.next_after(processor, after, options.batch);
        if (!changes) {
            note_trouble(fmt::format("the stream cannot be read: {}", changes.error().detail));
            co_return false;
        }
        if (changes->empty()) {
            note_end(read);
            co_return true;
        }
        more = true;
        const auto count = changes->size();
        const auto last = changes->back().position;
        {
            const std::lock_guard lock(mutex);
            oldest_in_hand_ms = changes->front().at_ms;
        }
        if (!co_await take_in_and_set_aside(std::move(*changes), tries + 1 >= broken_tries)) {
            ++tries;
            co_return false;
        }
        tries = 0;
        const bool done = co_await note_taken_in(last);
        processed += count;
        co_return done;
    }

    Task<bool> take_in_and_set_aside(std::vector<Change> changes, bool last_try)
    {
        const auto count = changes.size();
        auto taken = co_await take_in(step, std::move(changes));
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
        for (const SetAside& change : poison)
            spdlog::error("{} set aside {} {}: {}", processor, change.change.key.pk, change.change.key.sk,
                          change.reason);
        const auto kept = co_await keep_dead_letters(store.items(), clock, processor, std::move(poison));
        if (!kept)
            note_trouble(fmt::format("a dead letter cannot be kept: {}", kept.error().detail.en));
        co_return kept.has_value();
    }

    // Whether there is more to do.
    Task<bool> one_chore()
    {
        Chore* chore = nullptr;
        {
            const std::lock_guard lock(mutex);
            if (chores.empty())
                co_return false;
            chore = &chores.front(); // stays where it is: others add behind it
        }
        std::exception_ptr error;
        bool done = true;
        try {
            done = co_await chore->part();
        } catch (...) {
            error = std::current_exception();
        }
        if (!done)
            co_return true;
        chore->end(error);
        const std::lock_guard lock(mutex);
        chores.pop_front();
        co_return !chores.empty();
    }

    void add_chore(Chore chore)
    {
        std::unique_lock lock(mutex);
        if (ended) {
            lock.unlock();
            return chore.end(std::make_exception_ptr(std::runtime_error("the server stops")));
        }
        chores.push_back(std::move(chore));
        lock.unlock();
        poke();
    }

    void fail_chores()
    {
        const std::lock_guard lock(mutex);
        ended = true;
        for (const Chore& chore : chores)
            chore.end(std::make_exception_ptr(std::runtime_error("the server stops")));
        chores.clear();
    }

    // Blocks until it is done.
    void do_chore(std::function<Task<bool>()> part)
    {
        const auto promise = std::make_shared<std::promise<void>>();
        auto done = promise->get_future();
        add_chore({.part = std::move(part), .end = [promise](const std::exception_ptr& error) {
                       if (error)
                           promise->set_exception(error);
                       else
                           promise->set_value();
                   }});
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
                co_await sleep(pause_after_failure);
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
            co_await sleep(pause_after_failure);
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

StreamDriver::StreamDriver(Store& store, Clock& clock, std::string processor, Step step, StreamOptions options)
    : state_(std::make_shared<State>(store, clock, std::move(processor), std::move(step), options))
{
    asio::co_spawn(state_->io, state_->run(), asio::detached);
    state_->thread = std::thread([state = state_] {
        give_way(GiveWay::somewhat); // what it takes in is soon looked for
        state->io.run();
    });
    state_->stream.on_commit([weak = std::weak_ptr(state_)] {
        if (const auto state = weak.lock())
            state->poke();
    });
}

StreamDriver::~StreamDriver()
{
    stop();
}

void StreamDriver::stop()
{
    if (!state_->thread.joinable())
        return;
    state_->stopping = true;
    state_->more = false;
    state_->poke();
    state_->thread.join();
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
    state_->poke();
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
    state_->poke();
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
        state->more = true;
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
    state_->add_chore({.part = part, .end = [name = state_->processor](const std::exception_ptr& error) {
                           try {
                               if (error)
                                   std::rethrow_exception(error);
                           } catch (const std::exception& why) {
                               spdlog::warn("processor {}: {}; the next start begins the rebuild anew", name,
                                            why.what());
                           }
                       }});
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
