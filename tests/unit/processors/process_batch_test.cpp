#include "adapters/memory/memory_item_store.hpp"
#include "processors/process_batch.hpp"
#include "records/dead_letters.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <stdexcept>

namespace estante {
namespace {

// A handler that records what it processes and fails for some keys.
class ProcessBatch : public testing::Test {
protected:
    ManualClock clock;
    std::unique_ptr<Store> memory = create_memory_store(clock);
    ItemStore* store = &memory->items();
    std::set<std::string> rejects, throws;
    bool is_unavailable = false;
    std::set<std::string> processed;
    std::map<std::string, int> attempts;
    BatchHandler handler = [this](std::vector<Change> changes) -> Task<Result<std::vector<PoisonRecord>>> {
        std::vector<PoisonRecord> poison;
        if (is_unavailable)
            co_return failure(Errc::unavailable, "no disponible", "unavailable");
        for (const Change& change : changes) {
            ++attempts[change.key.sk];
            if (throws.contains(change.key.sk))
                throw std::runtime_error("cannot process " + change.key.sk);
        }
        for (const Change& change : changes) {
            if (rejects.contains(change.key.sk))
                poison.push_back({change, "bad " + change.key.sk});
            else
                processed.insert(change.key.sk);
        }
        co_return poison;
    };

    static std::vector<Change> changes(int count)
    {
        std::vector<Change> changes;
        for (int number = 0; number < count; ++number)
            changes.push_back({.table = Table::books,
                               .key = {"acme#book_1", std::to_string(number)},
                               .after = Item{{"pk", "acme#book_1"}, {"sk", std::to_string(number)}, {"n", number}},
                               .at_ms = ManualClock::start_ms - 5});
        return changes;
    }
    std::vector<DeadLetter> letters()
    {
        std::vector<DeadLetter> letters;
        for (const Item& item : run(store->query(dead_letters_query("tester", {}))).value().items)
            letters.push_back(dead_letter_from(item));
        return letters;
    }
    void store_letters(std::vector<PoisonRecord> poison)
    {
        ASSERT_TRUE(run(store_dead_letters(*store, clock, "tester", std::move(poison))));
    }
};

TEST_F(ProcessBatch, IsolatesTheChangesThatThrowAndProcessesTheRest)
{
    throws = {"17", "18", "90"};

    const auto outcome = run(process_batch(handler, changes(100))).value();

    ASSERT_EQ(outcome.threw.size(), 3U);
    EXPECT_EQ(outcome.threw[2].change.key.sk, "90");
    EXPECT_EQ(outcome.threw[2].reason, "cannot process 90");
    EXPECT_EQ(processed.size(), 97U);
    EXPECT_TRUE(outcome.rejected.empty());
}

TEST_F(ProcessBatch, TriesARejectedChangeThreeTimes)
{
    rejects = {"4"};

    const auto outcome = run(process_batch(handler, changes(10))).value();

    ASSERT_EQ(outcome.rejected.size(), 1U);
    EXPECT_EQ(outcome.rejected[0].reason, "bad 4");
    EXPECT_EQ(attempts["4"], max_poison_attempts);
    EXPECT_EQ(attempts["5"], 1);
}

TEST_F(ProcessBatch, AnOutageMakesNoPoisonRecords)
{
    is_unavailable = true;
    EXPECT_EQ(run(process_batch(handler, changes(10))).error().code, Errc::unavailable);
    EXPECT_TRUE(attempts.empty());
}

TEST_F(ProcessBatch, StoresDeadLettersAndDeletesThoseThatAReplayProcesses)
{
    rejects = {"1", "2"};
    auto outcome = run(process_batch(handler, changes(3))).value();
    store_letters(outcome.rejected);
    store_letters(std::move(outcome.rejected)); // again, as after a crash

    ASSERT_EQ(letters().size(), 2U);
    const auto stored = letters();
    const auto& one = stored[0].change.key.sk == "1" ? stored[0] : stored[1];
    EXPECT_EQ(one.change.after, changes(2)[1].after);
    EXPECT_EQ(one.change.before, std::nullopt);
    EXPECT_EQ(one.change.at_ms, ManualClock::start_ms - 5);
    EXPECT_EQ(one.reason, "bad 1");
    EXPECT_EQ(one.failed_ms, ManualClock::start_ms);

    rejects = {"2"};
    const auto replayed = run(replay_dead_letters(*store, clock, "tester", handler)).value();

    EXPECT_EQ(replayed.processed, 1U);
    EXPECT_EQ(replayed.remaining, 1U);
    ASSERT_EQ(letters().size(), 1U);
    EXPECT_EQ(letters()[0].change.key.sk, "2");
    EXPECT_TRUE(processed.contains("1"));
}

TEST_F(ProcessBatch, ShortensADeadLetterThatIsTooLargeForAnItem)
{
    Change large = changes(1)[0];
    large.before = Item{{"text", std::string(200'000, 'b')}};
    large.after = Item{{"text", std::string(300'000, 'a')}};
    std::string reason = "x";
    for (int i = 0; i < 1'000; ++i)
        reason += "ñ";
    store_letters({{large, reason}});

    ASSERT_EQ(letters().size(), 1U);
    EXPECT_EQ(letters()[0].change.after, large.after);
    EXPECT_EQ(letters()[0].change.before, std::nullopt);
    EXPECT_EQ(letters()[0].reason, reason.substr(0, 999)) << "cut between two characters";
}

} // namespace
} // namespace estante
