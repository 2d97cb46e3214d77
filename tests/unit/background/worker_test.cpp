#include "background/scheduler.hpp"
#include "background/worker.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace estante {
namespace {

using namespace std::chrono_literals;

constexpr auto timeout = 60s; // of what happens within milliseconds

class WorkerTest : public testing::Test {
protected:
    // What the steps have recorded, in their order.
    std::mutex mutex;
    std::condition_variable recorded;
    std::string record;
    Worker worker{"test", Worker::Priority::normal};

    void write(char mark)
    {
        const std::lock_guard lock(mutex);
        record += mark;
        recorded.notify_all();
    }
    bool wait_until(const std::function<bool()>& condition)
    {
        std::unique_lock lock(mutex);
        return recorded.wait_for(lock, timeout, condition);
    }
    bool wait_for_record(std::size_t size)
    {
        return wait_until([&] { return record.size() >= size; });
    }
    // A task that writes `mark` at each step and returns the results in turn, then `idle`.
    BackgroundTask writer(char mark, std::vector<StepResult> results)
    {
        return {.name = "writer",
                .step = [this, mark, results = std::move(results), number = 0UZ]() mutable -> Task<StepResult> {
                    write(mark);
                    co_return number < results.size() ? results[number++] : StepResult::idle;
                },
                .retry_interval = 1ms};
    }
};

TEST_F(WorkerTest, RunsATaskUntilItIsIdleAndAgainWhenWoken)
{
    worker.add(writer('a', {StepResult::more, StepResult::more}));
    ASSERT_TRUE(wait_for_record(3));
    worker.wake();
    ASSERT_TRUE(wait_for_record(4));
    worker.stop();
    EXPECT_EQ(record, "aaaa");
}

TEST_F(WorkerTest, RepeatsAFailedStepAfterTheRetryInterval)
{
    worker.add(writer('a', {StepResult::failed, StepResult::failed}));
    EXPECT_TRUE(wait_for_record(3));
}

TEST_F(WorkerTest, RepeatsAStepThatThrows)
{
    worker.add({.name = "thrower",
                .step = [this]() -> Task<StepResult> {
                    write('t');
                    throw std::runtime_error("failure of a step");
                },
                .retry_interval = 1ms});
    EXPECT_TRUE(wait_for_record(3));
}

TEST_F(WorkerTest, RunsAPeriodicTaskOnceAnInterval)
{
    const auto begin = std::chrono::steady_clock::now();
    worker.add(periodic_task("periodic", 5ms, [this]() -> Task<void> {
        write('p');
        co_return;
    }));
    ASSERT_TRUE(wait_for_record(3));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 15ms);
}

TEST_F(WorkerTest, AlternatesBetweenTasksThatHaveMoreToDo)
{
    const std::vector<StepResult> more(5, StepResult::more);
    std::promise<void> both_added;
    worker.submit({.name = "gate", .step = [added = both_added.get_future().share()]() -> Task<StepResult> {
                       added.wait();
                       co_return StepResult::done;
                   }});
    worker.add(writer('a', more));
    worker.add(writer('b', more));
    both_added.set_value();
    ASSERT_TRUE(wait_for_record(12));
    worker.stop();
    EXPECT_EQ(record, "abababababab");
}

TEST_F(WorkerTest, DoesNotMissAWakeDuringAStep)
{
    std::promise<void> woken;
    worker.add({.name = "waiter", .step = [this, woken = woken.get_future().share()]() -> Task<StepResult> {
                    write('w');
                    woken.wait();
                    co_return StepResult::idle;
                }});
    ASSERT_TRUE(wait_for_record(1));
    worker.wake();
    woken.set_value();
    EXPECT_TRUE(wait_for_record(2));
}

TEST_F(WorkerTest, CompletesAJobWhenItIsDone)
{
    auto done = worker.submit(writer('j', {StepResult::more, StepResult::failed, StepResult::done}));
    done.get();
    worker.stop();
    EXPECT_EQ(record, "jjj");
}

TEST_F(WorkerTest, PassesTheExceptionOfAJobToItsCaller)
{
    auto done = worker.submit({.name = "job", .step = []() -> Task<StepResult> {
                                   throw std::runtime_error("failure of a job");
                                   co_return StepResult::done;
                               }});
    EXPECT_THROW(done.get(), std::runtime_error);
}

TEST_F(WorkerTest, CompletesJobsWithAnErrorWhenItStops)
{
    auto endless = worker.submit(writer('e', std::vector<StepResult>(1'000'000, StepResult::more)));
    ASSERT_TRUE(wait_for_record(1));
    worker.stop();
    EXPECT_THROW(endless.get(), std::runtime_error);
    auto late = worker.submit(writer('l', {StepResult::done}));
    EXPECT_THROW(late.get(), std::runtime_error);
    EXPECT_FALSE(record.contains('l'));
}

TEST_F(WorkerTest, FinishesTheCurrentStepWhenItStops)
{
    std::promise<void> stopping;
    std::atomic<bool> finished = false;
    worker.add({.name = "slow", .step = [&, stopping = stopping.get_future().share()]() -> Task<StepResult> {
                    write('s');
                    stopping.wait();
                    finished = true;
                    co_return StepResult::more;
                }});
    ASSERT_TRUE(wait_for_record(1));
    worker.request_stop();
    EXPECT_TRUE(worker.is_stopping());
    stopping.set_value();
    worker.stop();
    EXPECT_TRUE(finished);
    EXPECT_EQ(record, "s");
}

TEST_F(WorkerTest, AWakerOutlivesItsWorker)
{
    std::function<void()> waker;
    {
        Worker other("other", Worker::Priority::low);
        other.add(writer('o', {}));
        waker = other.waker();
        ASSERT_TRUE(wait_for_record(1));
        waker();
        ASSERT_TRUE(wait_for_record(2));
    }
    waker();
    EXPECT_EQ(record, "oo");
}

TEST_F(WorkerTest, WorkersOfASchedulerDoNotWaitForEachOther)
{
    Scheduler scheduler;
    std::promise<void> released;
    scheduler.add_worker("blocked", Worker::Priority::low)
        .add({.name = "blocked", .step = [this, released = released.get_future().share()]() -> Task<StepResult> {
                  write('b');
                  released.wait();
                  co_return StepResult::idle;
              }});
    ASSERT_TRUE(wait_for_record(1));
    scheduler.add_worker("free", Worker::Priority::low).add(writer('f', {StepResult::more}));
    EXPECT_TRUE(wait_for_record(3));
    released.set_value();
    scheduler.stop();
    EXPECT_EQ(record, "bff");
}

} // namespace
} // namespace estante
