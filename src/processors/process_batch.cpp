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

bool is_transient(const Error& error)
{
    return error.code == Errc::unavailable || error.code == Errc::rate_limited;
}

struct Attempt {
    Result<std::vector<PoisonRecord>> result{};
    std::string thrown{}; // the message of an exception or of a permanent error; empty: the handler returned
};

Task<Attempt> attempt(const BatchHandler& handler, std::vector<Change> changes)
{
    Attempt attempt;
    try {
        attempt.result = co_await handler(std::move(changes));
        if (!attempt.result && !is_transient(attempt.result.error()))
            attempt.thrown = attempt.result.error().detail.en;
    } catch (const std::exception& error) {
        attempt.thrown = error.what();
    }
    co_return attempt;
}

Task<Result<void>> process_one(const BatchHandler& handler, Change change, int attempts, BatchResult& result)
{
    PoisonRecord poison{.change = change, .reason = {}};
    bool threw = false;
    for (int number = 0; number < attempts; ++number) {
        auto outcome = co_await attempt(handler, {change});
        threw = !outcome.thrown.empty();
        if (threw) {
            poison.reason = std::move(outcome.thrown);
            continue;
        }
        if (!outcome.result)
            co_return std::unexpected(outcome.result.error());
        if (outcome.result->empty())
            co_return Result<void>{};
        poison.reason = std::move(outcome.result->front().reason);
    }
    (threw ? result.threw : result.rejected).push_back(std::move(poison));
    co_return Result<void>{};
}

Task<Result<void>> process_part(const BatchHandler& handler, std::vector<Change> changes, BatchResult& result)
{
    constexpr int further_attempts = max_poison_attempts - 1;
    auto outcome = co_await attempt(handler, changes);
    if (outcome.thrown.empty()) {
        if (!outcome.result)
            co_return std::unexpected(outcome.result.error());
        for (PoisonRecord& poison : *outcome.result) {
            if (auto done = co_await process_one(handler, std::move(poison.change), further_attempts, result); !done)
                co_return done;
        }
        co_return Result<void>{};
    }
    if (changes.size() == 1)
        co_return co_await process_one(handler, std::move(changes.front()), further_attempts, result);
    const auto middle = changes.begin() + static_cast<std::ptrdiff_t>(changes.size() / 2);
    std::vector<Change> second(std::make_move_iterator(middle), std::make_move_iterator(changes.end()));
    changes.erase(middle, changes.end());
    if (auto first = co_await process_part(handler, std::move(changes), result); !first)
        co_return first;
    co_return co_await process_part(handler, std::move(second), result);
}

} // namespace

Task<Result<BatchResult>> process_batch(const BatchHandler& handler, std::vector<Change> changes)
{
    BatchResult result;
    if (changes.empty())
        co_return result;
    if (auto done = co_await process_part(handler, std::move(changes), result); !done)
        co_return std::unexpected(done.error());
    co_return result;
}

Task<Result<void>> store_dead_letters(ItemStore& store, Clock& clock, std::string processor,
                                      std::vector<PoisonRecord> poison)
{
    for (PoisonRecord& record : poison) {
        const auto stored = co_await store.put(dead_letter_put({.processor = processor,
                                                                .change = std::move(record.change),
                                                                .reason = std::move(record.reason),
                                                                .failed_ms = clock.now_ms()}));
        if (!stored)
            co_return store_failure(stored.error());
    }
    co_return Result<void>{};
}

Task<Result<ReplayResult>> replay_dead_letters(ItemStore& store, Clock& clock, std::string processor,
                                               const BatchHandler& handler)
{
    ReplayResult replayed;
    std::optional<Cursor> after;
    do {
        const auto page = co_await store.query(dead_letters_query(processor, after));
        if (!page)
            co_return store_failure(page.error());
        for (const Item& item : page->items) {
            const DeadLetter letter = dead_letter_from(item);
            auto result = co_await process_batch(handler, {letter.change});
            if (!result)
                co_return std::unexpected(result.error());
            auto poison = std::move(result->rejected);
            poison.insert(poison.end(), result->threw.begin(), result->threw.end());
            if (!poison.empty()) {
                ++replayed.remaining;
                if (auto stored = co_await store_dead_letters(store, clock, processor, std::move(poison)); !stored)
                    co_return std::unexpected(stored.error());
                continue;
            }
            ++replayed.processed;
            const auto removed = co_await store.remove(dead_letter_removal(letter));
            if (!removed && !is_condition_failed(removed.error()))
                co_return store_failure(removed.error());
        }
        after = page->next;
    } while (after);
    co_return replayed;
}

} // namespace estante
