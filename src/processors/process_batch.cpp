#include "processors/process_batch.hpp"

#include "records/dead_letters.hpp"
#include "records/store_failure.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <utility>

namespace estante {

namespace {

bool is_of_the_moment(const Error& error)
{
    return error.code == Errc::unavailable || error.code == Errc::rate_limited;
}

struct Attempt {
    Processed processed{};
    std::string thrown{}; // why; empty: the step answered
};

Task<Attempt> attempt(const BatchHandler& step, std::vector<Change> changes)
{
    Attempt attempt;
    try {
        attempt.processed = co_await step(std::move(changes));
        if (!attempt.processed && !is_of_the_moment(attempt.processed.error()))
            attempt.thrown = attempt.processed.error().detail.en;
    } catch (const std::exception& error) {
        attempt.thrown = error.what();
    }
    co_return attempt;
}

// A change alone, until it is taken in or its tries are used up.
Task<Result<void>> take_in_alone(const BatchHandler& step, Change change, int tries, BatchResult& taken)
{
    PoisonRecord last{.change = change, .reason = {}};
    bool broke = false;
    for (int number = 0; number < tries; ++number) {
        auto made = co_await attempt(step, {change});
        broke = !made.thrown.empty();
        if (broke) {
            last.reason = std::move(made.thrown);
            continue;
        }
        if (!made.processed)
            co_return std::unexpected(made.processed.error());
        if (made.processed->empty())
            co_return Result<void>{};
        last.reason = std::move(made.processed->front().reason);
    }
    (broke ? taken.broke : taken.refused).push_back(std::move(last));
    co_return Result<void>{};
}

Task<Result<void>> take_in_part(const BatchHandler& step, std::vector<Change> changes, BatchResult& taken)
{
    auto made = co_await attempt(step, changes);
    if (made.thrown.empty()) {
        if (!made.processed)
            co_return std::unexpected(made.processed.error());
        for (PoisonRecord& refused : *made.processed) {
            if (auto done = co_await take_in_alone(step, std::move(refused.change), max_poison_attempts - 1, taken);
                !done)
                co_return done;
        }
        co_return Result<void>{};
    }
    if (changes.size() == 1)
        co_return co_await take_in_alone(step, std::move(changes.front()), max_poison_attempts - 1, taken);
    const auto middle = changes.begin() + static_cast<std::ptrdiff_t>(changes.size() / 2);
    std::vector<Change> second(std::make_move_iterator(middle), std::make_move_iterator(changes.end()));
    changes.erase(middle, changes.end());
    if (auto first = co_await take_in_part(step, std::move(changes), taken); !first)
        co_return first;
    co_return co_await take_in_part(step, std::move(second), taken);
}

} // namespace

Task<Result<BatchResult>> process_batch(const BatchHandler& step, std::vector<Change> changes)
{
    BatchResult taken;
    if (changes.empty())
        co_return taken;
    if (auto done = co_await take_in_part(step, std::move(changes), taken); !done)
        co_return std::unexpected(done.error());
    co_return taken;
}

Task<Result<void>> keep_dead_letters(ItemStore& store, Clock& clock, std::string processor,
                                     std::vector<PoisonRecord> poison)
{
    for (PoisonRecord& change : poison) {
        const auto stored = co_await store.put(dead_letter_put({.processor = processor,
                                                                .change = std::move(change.change),
                                                                .reason = std::move(change.reason),
                                                                .failed_ms = clock.now_ms()}));
        if (!stored)
            co_return store_failure(stored.error());
    }
    co_return Result<void>{};
}

Task<Result<Replayed>> replay_dead_letters(ItemStore& store, Clock& clock, std::string processor,
                                           const BatchHandler& step)
{
    Replayed replayed;
    std::optional<Cursor> after;
    do {
        const auto page = co_await store.query(dead_letters_query(processor, after));
        if (!page)
            co_return store_failure(page.error());
        for (const Item& item : page->items) {
            const DeadLetter letter = dead_letter_from(item);
            auto taken = co_await process_batch(step, {letter.change});
            if (!taken)
                co_return std::unexpected(taken.error());
            taken->refused.insert(taken->refused.end(), taken->broke.begin(), taken->broke.end());
            if (!taken->refused.empty()) {
                ++replayed.left;
                if (auto kept = co_await keep_dead_letters(store, clock, processor, std::move(taken->refused)); !kept)
                    co_return std::unexpected(kept.error());
                continue;
            }
            ++replayed.taken_in;
            const auto removed = co_await store.remove(dead_letter_removal(letter));
            if (!removed && !is_condition_failed(removed.error()))
                co_return store_failure(removed.error());
        }
        after = page->next;
    } while (after);
    co_return replayed;
}

} // namespace estante
