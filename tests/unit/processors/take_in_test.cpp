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

// A processor that remembers what it took in, and is poisoned by some keys.
class TakeIn : public testing::Test {
protected:
    ManualClock clock;
    std::unique_ptr<Store> memory = create_memory_store(clock);
    ItemStore* store = &memory->items();
    std::set<std::string> refuses, breaks;
    bool away = false;
    std::set<std::string> taken;
    std::map<std::string, int> tries;
    BatchHandler step = [this](std::vector<Change> changes) -> Task<Processed> {
        std::vector<PoisonRecord> set_aside;
        if (away)
            co_return failure(Errc::unavailable, "fuera", "away");
        for (const Change& change : changes) {
            ++tries[change.key.sk];
            if (breaks.contains(change.key.sk))
                throw std::runtime_error("cannot digest " + change.key.sk);
        }
        for (const Change& change : changes) {
            if (refuses.contains(change.key.sk))
                set_aside.push_back({change, "bad " + change.key.sk});
            else
                taken.insert(change.key.sk);
        }
        co_return set_aside;
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
    void keep(std::vector<PoisonRecord> poison)
    {
        ASSERT_TRUE(run(keep_dead_letters(*store, clock, "tester", std::move(poison))));
    }
};

TEST_F(TakeIn, SetsAsideJustWhatBreaksTheStepAndTakesInTheRest)
{
    breaks = {"17", "18", "90"};

    const auto outcome = run(process_batch(step, changes(100))).value();

    ASSERT_EQ(outcome.broke.size(), 3U);
    EXPECT_EQ(outcome.broke[2].change.key.sk, "90");
    EXPECT_EQ(outcome.broke[2].reason, "cannot digest 90");
    EXPECT_EQ(taken.size(), 97U);
    EXPECT_TRUE(outcome.refused.empty());
}

TEST_F(TakeIn, TriesARefusedChangeThreeTimes)
{
    refuses = {"4"};

    const auto outcome = run(process_batch(step, changes(10))).value();

    ASSERT_EQ(outcome.refused.size(), 1U);
    EXPECT_EQ(outcome.refused[0].reason, "bad 4");
    EXPECT_EQ(tries["4"], max_poison_attempts);
    EXPECT_EQ(tries["5"], 1);
}

TEST_F(TakeIn, AnOutageIsNoPoison)
{
    away = true;
    EXPECT_EQ(run(process_batch(step, changes(10))).error().code, Errc::unavailable);
    EXPECT_TRUE(tries.empty());
}

TEST_F(TakeIn, ADeadLetterIsKeptWholeAndGoesWhenItIsTakenIn)
{
    refuses = {"1", "2"};
    auto outcome = run(process_batch(step, changes(3))).value();
    keep(outcome.refused);
    keep(std::move(outcome.refused)); // once more, as after a crash

    ASSERT_EQ(letters().size(), 2U);
    const auto kept = letters();
    const auto& one = kept[0].change.key.sk == "1" ? kept[0] : kept[1];
    EXPECT_EQ(one.change.after, changes(2)[1].after);
    EXPECT_EQ(one.change.before, std::nullopt);
    EXPECT_EQ(one.change.at_ms, ManualClock::start_ms - 5);
    EXPECT_EQ(one.reason, "bad 1");
    EXPECT_EQ(one.failed_ms, ManualClock::start_ms);

    refuses = {"2"};
    const auto replayed = run(replay_dead_letters(*store, clock, "tester", step)).value();

    EXPECT_EQ(replayed.taken_in, 1U);
    EXPECT_EQ(replayed.left, 1U);
    ASSERT_EQ(letters().size(), 1U);
    EXPECT_EQ(letters()[0].change.key.sk, "2");
    EXPECT_TRUE(taken.contains("1"));
}

TEST_F(TakeIn, ALetterFitsIntoAnItemHoweverLargeItsImagesAndReasonAre)
{
    Change large = changes(1)[0];
    large.before = Item{{"text", std::string(200'000, 'b')}};
    large.after = Item{{"text", std::string(300'000, 'a')}};
    std::string reason = "x";
    for (int i = 0; i < 1'000; ++i)
        reason += "ñ";
    keep({{large, reason}});

    ASSERT_EQ(letters().size(), 1U);
    EXPECT_EQ(letters()[0].change.after, large.after);
    EXPECT_EQ(letters()[0].change.before, std::nullopt);
    EXPECT_EQ(letters()[0].reason, reason.substr(0, 999)) << "cut between two characters";
}

} // namespace
} // namespace estante
