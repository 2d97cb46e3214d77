#include "contract/change_stream_contract.hpp"

#include <algorithm>
#include <chrono>
#include <future>

namespace estante {

namespace {

using Keys = std::vector<std::string>;

} // namespace

void ChangeStreamContract::given(std::string_view sk, std::int64_t n)
{
    ASSERT_EQ(outcome(run(store.put({.table = Table::books, .item = item(sk, n)}))), "ok");
}

std::string ChangeStreamContract::transacted(std::vector<Action> actions, std::string token)
{
    return outcome(run(store.transact(std::move(actions), std::move(token))));
}

std::int64_t ChangeStreamContract::now_ms()
{
    if (ManualClock* const clock = engine->clock())
        return clock->now_ms();
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::vector<Change> ChangeStreamContract::next(const std::string& processor, std::size_t limit, std::size_t at_least)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (true) {
        auto changes = run(stream.next(processor, limit));
        EXPECT_EQ(outcome(changes), "ok");
        if (!changes || changes->size() >= at_least || std::chrono::steady_clock::now() > deadline)
            return changes ? std::move(*changes) : std::vector<Change>();
    }
}

std::vector<Change> ChangeStreamContract::until_met(const std::string& processor, const std::string& after,
                                                    const std::string& sk)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    std::vector<Change> met;
    auto position = after;
    while (std::chrono::steady_clock::now() < deadline) {
        const auto changes =
            run(position.empty() ? stream.next(processor, 1) : stream.next_after(processor, position, 1));
        EXPECT_EQ(outcome(changes), "ok");
        if (!changes)
            break;
        if (changes->empty())
            continue;
        met.push_back(changes->front());
        position = met.back().position;
        if (met.back().key == key(sk))
            return met;
    }
    ADD_FAILURE() << sk << " was not delivered";
    return {{}};
}

Keys ChangeStreamContract::own_keys(const std::vector<Change>& changes) const
{
    Keys keys;
    for (const Change& change : changes)
        if (change.key.pk == prefix)
            keys.push_back(change.key.sk);
    return keys;
}

void ChangeStreamContract::acknowledge(const std::string& processor, const std::string& position)
{
    ASSERT_EQ(outcome(run(stream.acknowledge(processor, position))), "ok");
}

std::vector<Change> ChangeStreamContract::drain(const std::string& processor, std::size_t written, std::size_t limit)
{
    std::vector<Change> own;
    while (true) {
        const auto changes = next(processor, limit, own.size() < written ? 1 : 0);
        if (changes.empty())
            return own;
        EXPECT_LE(changes.size(), limit);
        acknowledge(processor, changes.back().position);
        std::ranges::copy_if(changes, std::back_inserter(own), [this](const Change& c) { return c.key.pk == prefix; });
    }
}

std::vector<std::string> ChangeStreamContract::sort_keys(const std::vector<Change>& changes)
{
    Keys keys;
    for (const Change& change : changes)
        keys.push_back(change.key.sk);
    return keys;
}

TEST_P(ChangeStreamContract, AProcessorCanReadAheadOfItsAcknowledgement)
{
    const auto newest = run(stream.newest());
    ASSERT_EQ(outcome(newest), "ok");
    acknowledge(processor, *newest);
    for (const auto* sk : {"A", "B", "C", "D"})
        given(sk);
    const auto first = until_met(processor, {}, "B");
    const auto second = until_met(processor, first.back().position, "D");
    EXPECT_EQ(own_keys(first), (Keys{"A", "B"}));
    EXPECT_EQ(own_keys(second), (Keys{"C", "D"}));
    EXPECT_EQ(own_keys(until_met(processor, {}, "D")), (Keys{"A", "B", "C", "D"})); // nothing is acknowledged

    acknowledge(processor, first.back().position);
    EXPECT_EQ(own_keys(until_met(processor, first.back().position, "D")), (Keys{"C", "D"}));
    EXPECT_EQ(own_keys(until_met(processor, {}, "D")), (Keys{"C", "D"}));
}

TEST_P(ChangeStreamContract, ReturnsTheLastAcknowledgedPosition)
{
    const auto acknowledged = [this](const std::string& name) {
        const auto last = run(stream.acknowledged(name));
        EXPECT_EQ(outcome(last), "ok");
        return last.value_or(std::nullopt);
    };
    EXPECT_EQ(acknowledged(processor), std::nullopt);
    const auto newest = run(stream.newest());
    ASSERT_EQ(outcome(newest), "ok");
    acknowledge(processor, *newest);
    EXPECT_EQ(acknowledged(processor), *newest);
    given("A");
    const auto position = until_met(processor, {}, "A").back().position;
    acknowledge(processor, position);
    EXPECT_EQ(acknowledged(processor), position);
}

TEST_P(ChangeStreamContract, AChangeHasTheItemBeforeAndAfter)
{
    given("A", 1);
    given("A", 2);
    ASSERT_EQ(outcome(run(store.update({.table = Table::books, .key = key(), .add = {{"n", 1}}}))), "ok");
    ASSERT_EQ(outcome(run(store.remove({.table = Table::books, .key = key()}))), "ok");

    const auto changes = drain(processor, 4);
    ASSERT_EQ(changes.size(), 4U);
    for (const Change& change : changes) {
        EXPECT_EQ(change.table, Table::books);
        EXPECT_EQ(change.key, key());
    }
    EXPECT_EQ(changes[0].before, std::nullopt);
    EXPECT_EQ(changes[0].after, item("A", 1));
    EXPECT_EQ(changes[1].before, item("A", 1));
    EXPECT_EQ(changes[1].after, item("A", 2));
    EXPECT_EQ(changes[2].before, item("A", 2));
    EXPECT_EQ(changes[2].after, item("A", 3));
    EXPECT_EQ(changes[3].before, item("A", 3));
    EXPECT_EQ(changes[3].after, std::nullopt);
}

TEST_P(ChangeStreamContract, AChangeHasItsCommitTime)
{
    ManualClock* const clock = engine->clock();
    if (!clock)
        GTEST_SKIP() << "this engine has a time of its own";
    clock->set(1'800'000'000'123);
    given("A");
    const auto changes = drain(processor, 1);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].at_ms, 1'800'000'000'123);
}

TEST_P(ChangeStreamContract, AfterARewindAProcessorReadsLaterChangesAgain)
{
    given("A");
    given("B");
    ASSERT_EQ(sort_keys(drain(processor, 2)), (Keys{"A", "B"}));
    const auto rewound = run(stream.rewind(processor, now_ms() - 1'000));
    ASSERT_EQ(outcome(rewound), "ok");
    ASSERT_TRUE(*rewound);

    EXPECT_EQ(sort_keys(drain(processor, 2)), (Keys{"A", "B"}));
    EXPECT_TRUE(drain(processor, 0).empty());
}

TEST_P(ChangeStreamContract, LagCountsUnacknowledgedChanges)
{
    const auto known = run(stream.lag(processor));
    ASSERT_EQ(outcome(known), "ok");
    if (!*known)
        GTEST_SKIP() << "this engine cannot tell without reading";
    drain(processor, 0);
    EXPECT_EQ(run(stream.lag(processor)).value()->changes, 0U);
    EXPECT_EQ(run(stream.lag(processor)).value()->oldest_ms, std::nullopt);
    const auto first_ms = now_ms();
    given("A");
    given("B");

    EXPECT_EQ(run(stream.lag(processor)).value()->changes, 2U);
    EXPECT_GE(run(stream.lag(processor)).value()->oldest_ms, first_ms);
    acknowledge(processor, next(processor, 1, 1).back().position);
    EXPECT_EQ(run(stream.lag(processor)).value()->changes, 1U);
}

TEST_P(ChangeStreamContract, ChangesOfAnItemAreInOrder)
{
    for (int n = 1; n <= 25; ++n) {
        given("A", n);
        given("B", -n);
    }
    const auto changes = drain(processor, 50, 7);
    ASSERT_EQ(changes.size(), 50U);
    std::int64_t a = 0;
    std::int64_t b = 0;
    for (const Change& change : changes) {
        if (change.key.sk == "A")
            EXPECT_EQ(int_of(*change.after, "n"), ++a);
        else
            EXPECT_EQ(int_of(*change.after, "n"), --b);
    }
}

TEST_P(ChangeStreamContract, EveryWriteOfATransactionIsAChange)
{
    given("old");
    given("doomed");
    ASSERT_FALSE(drain(processor, 2).empty());
    ASSERT_EQ(transacted({Put{.table = Table::purchases, .item = item("new")},
                          Update{.table = Table::books, .key = key("old"), .add = {{"n", 1}}},
                          Delete{.table = Table::books, .key = key("doomed")},
                          Check{.table = Table::books, .key = key("absent"), .conditions = {Absent{}}}}),
              "ok");
    auto keys = sort_keys(drain(processor, 3));
    std::ranges::sort(keys);
    EXPECT_EQ(keys, (Keys{"doomed", "new", "old"}));
}

TEST_P(ChangeStreamContract, ACallThatWritesNothingIsNotAChange)
{
    given("A");
    const std::vector<Action> remembered{Put{.table = Table::books, .item = item("B")}};
    ASSERT_EQ(transacted(remembered, prefix), "ok");
    ASSERT_EQ(sort_keys(drain(processor, 2)), (Keys{"A", "B"}));

    EXPECT_EQ(transacted({Put{.table = Table::books, .item = item("C")},
                          Check{.table = Table::books, .key = key("A"), .conditions = {Absent{}}}}),
              "condition_failed");
    EXPECT_EQ(transacted({Check{.table = Table::books, .key = key("A"), .conditions = {Present{}}}}), "ok");
    EXPECT_EQ(transacted(remembered, prefix), "ok");
    EXPECT_EQ(transacted({Delete{.table = Table::books, .key = key("absent")}}), "ok");
    EXPECT_EQ(sort_keys(drain(processor, 0)), Keys{});
}

TEST_P(ChangeStreamContract, EveryWriteOfABatchIsAChange)
{
    given("A");
    ASSERT_FALSE(drain(processor, 1).empty());
    ASSERT_EQ(outcome(run(store.batch_write(
                  {Put{.table = Table::books, .item = item("B")}, Delete{.table = Table::books, .key = key("A")}}))),
              "ok");
    auto keys = sort_keys(drain(processor, 2));
    std::ranges::sort(keys);
    EXPECT_EQ(keys, (Keys{"A", "B"}));
}

TEST_P(ChangeStreamContract, UnacknowledgedChangesAreDeliveredAgain)
{
    drain(processor, 0);
    for (const char* sk : {"A", "B", "C"})
        given(sk);
    const auto first = next(processor, 2, 2);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(sort_keys(next(processor, 2, 2)), sort_keys(first));
    acknowledge(processor, first[0].position);
    EXPECT_EQ(sort_keys(next(processor, 1000, 2)), (Keys{"B", "C"}));
    acknowledge(processor, next(processor).back().position);
    EXPECT_EQ(sort_keys(next(processor)), Keys{});
}

TEST_P(ChangeStreamContract, AcknowledgingAnOlderPositionHasNoEffect)
{
    drain(processor, 0);
    given("A");
    given("B");
    const auto changes = next(processor, 1000, 2);
    ASSERT_EQ(changes.size(), 2U);
    acknowledge(processor, changes[1].position);
    acknowledge(processor, changes[0].position);
    EXPECT_EQ(sort_keys(next(processor)), Keys{});
}

TEST_P(ChangeStreamContract, EachProcessorHasItsOwnCheckpoint)
{
    given("A");
    EXPECT_EQ(sort_keys(drain(processor, 1)), (Keys{"A"}));
    EXPECT_EQ(sort_keys(drain(processor + "-other", 1)), (Keys{"A"})) << "a new processor begins with the oldest";
    given("B");
    EXPECT_EQ(sort_keys(drain(processor, 1)), (Keys{"B"}));
    EXPECT_EQ(sort_keys(drain(processor + "-other", 1)), (Keys{"B"}));
}

TEST_P(ChangeStreamContract, AProcessorCanStartAfterTheNewestChange)
{
    given("A");
    ASSERT_FALSE(drain(processor + "-before", 1).empty());
    const auto newest = run(stream.newest());
    ASSERT_EQ(outcome(newest), "ok");
    given("B");
    acknowledge(processor, *newest);
    EXPECT_EQ(sort_keys(drain(processor, 1)), (Keys{"B"}));
    const auto up_to_date = run(stream.newest());
    ASSERT_EQ(outcome(up_to_date), "ok");
    acknowledge(processor + "-other", *up_to_date);
    EXPECT_EQ(sort_keys(drain(processor + "-other", 0)), Keys{});
}

TEST_P(ChangeStreamContract, ALiveProcessorStartsWithTheNextChange)
{
    const std::string follower = std::string(live_processor_prefix) + processor;
    given("A");
    ASSERT_FALSE(drain(processor, 1).empty());
    EXPECT_EQ(sort_keys(drain(follower, 0)), Keys{});
    given("B");
    EXPECT_EQ(sort_keys(drain(follower, 1)), (Keys{"B"}));
    const auto newest = run(stream.newest());
    ASSERT_EQ(outcome(newest), "ok");
    given("C");
    acknowledge(follower, *newest);
    EXPECT_EQ(sort_keys(drain(follower, 1)), (Keys{"C"}));
}

TEST_P(ChangeStreamContract, AMalformedPositionIsInvalid)
{
    for (const char* position : {"", "x", "1x", "-1", " 1"})
        EXPECT_EQ(outcome(run(stream.acknowledge(processor, position))), "invalid") << position;
}

TEST_P(ChangeStreamContract, ACommitCallsTheListener)
{
    std::promise<void> woken;
    std::once_flag once;
    stream.on_commit([&] { std::call_once(once, [&] { woken.set_value(); }); });
    given("A");
    EXPECT_EQ(woken.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
    engine.reset();
}

} // namespace estante
