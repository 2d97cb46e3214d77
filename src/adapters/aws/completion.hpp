// How a coroutine on one event loop waits for a value that another thread produces.
//
// The waiting coroutine belongs to its own event loop. When that loop is destroyed, the coroutine is destroyed with it,
// and a value that arrives later is dropped. Asio does this through a service of the loop, which owns what waits there.
#pragma once

#include "runtime/task.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace estante::aws {

// The coroutines that wait on one event loop.
struct WaiterQueue {
    struct Waiter {
        virtual ~Waiter() = default;
        virtual void destroy_coroutine() = 0;
        std::list<std::shared_ptr<Waiter>>::iterator position{};
        bool is_waiting = true; // under `mutex`
    };

    std::mutex mutex;
    std::list<std::shared_ptr<Waiter>> waiters;
    bool is_shut_down = false;
};

class WaiterQueueService final : public boost::asio::execution_context::service {
public:
    using key_type = WaiterQueueService;
    inline static boost::asio::execution_context::id id{};

    explicit WaiterQueueService(boost::asio::execution_context& loop) : service(loop) {}

    const std::shared_ptr<WaiterQueue>& queue() const { return queue_; }

private:
    std::shared_ptr<WaiterQueue> queue_ = std::make_shared<WaiterQueue>();

    void shutdown() noexcept override
    {
        std::list<std::shared_ptr<WaiterQueue::Waiter>> left;
        {
            const std::lock_guard lock(queue_->mutex);
            queue_->is_shut_down = true;
            for (const auto& waiter : queue_->waiters)
                waiter->is_waiting = false;
            left.swap(queue_->waiters);
        }
        for (const auto& waiter : left)
            waiter->destroy_coroutine();
    }
};

// Delivers one value to the waiting coroutine. Any thread. The first value counts and later ones are dropped, as is a
// value for a coroutine that no longer exists. Copies deliver to the same coroutine.
template <class T> class Completion {
public:
    struct Waiter : WaiterQueue::Waiter {
        // Posts to the event loop, which exists while the waiter is in the queue.
        virtual void resume(boost::system::error_code error, T value) = 0;
    };

    Completion() = default;
    Completion(std::shared_ptr<WaiterQueue> queue, std::shared_ptr<Waiter> waiter)
        : queue_(std::move(queue)), waiter_(std::move(waiter))
    {
    }

    void operator()(T value) const { complete({}, std::move(value)); }
    void cancel() const { complete(boost::asio::error::operation_aborted, T()); }

private:
    std::shared_ptr<WaiterQueue> queue_;
    std::shared_ptr<Waiter> waiter_;

    void complete(boost::system::error_code error, T value) const
    {
        const std::lock_guard lock(queue_->mutex);
        if (!waiter_->is_waiting)
            return;
        waiter_->is_waiting = false;
        waiter_->resume(error, std::move(value));
        queue_->waiters.erase(waiter_->position);
    }
};

template <class T, class Handler> class WaitingHandler final : public Completion<T>::Waiter {
public:
    explicit WaitingHandler(Handler handler)
        : guard_(boost::asio::make_work_guard(boost::asio::get_associated_executor(handler))),
          handler_(std::move(handler))
    {
    }

    void resume(boost::system::error_code error, T value) override
    {
        auto executor = guard_.get_executor();
        boost::asio::post(executor, [handler = std::move(*handler_), guard = std::move(guard_), error,
                                     value = std::move(value)]() mutable {
            guard.reset();
            std::move(handler)(error, std::move(value));
        });
        handler_.reset();
    }
    void destroy_coroutine() override
    {
        handler_.reset();
        guard_.reset();
    }

private:
    boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> guard_;
    std::optional<Handler> handler_;
};

// Calls `start(Completion<T>)` on the caller's thread and returns the value that the completion delivers, on the
// awaiting coroutine's executor. T can be default-constructed. Throws boost::system::system_error with
// operation_aborted when the coroutine is cancelled.
template <class T, class Start> Task<T> await_completion(Start start)
{
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(boost::system::error_code, T)>(
        [](auto handler, Start&& begin) {
            using Handler = decltype(handler);
            const auto executor = boost::asio::get_associated_executor(handler);
            auto slot = boost::asio::get_associated_cancellation_slot(handler);
            auto& loop = boost::asio::query(executor, boost::asio::execution::context);
            const auto queue = boost::asio::use_service<WaiterQueueService>(loop).queue();
            auto waiter = std::make_shared<WaitingHandler<T, Handler>>(std::move(handler));
            {
                const std::lock_guard lock(queue->mutex);
                if (queue->is_shut_down)
                    return;
                waiter->position = queue->waiters.insert(queue->waiters.end(), waiter);
            }
            if (slot.is_connected()) {
                slot.assign([queue, weak = std::weak_ptr(waiter)](boost::asio::cancellation_type) {
                    if (auto waiting = weak.lock())
                        Completion<T>(queue, std::move(waiting)).cancel();
                });
            }
            begin(Completion<T>(queue, std::move(waiter)));
        },
        boost::asio::use_awaitable, std::move(start));
}

} // namespace estante::aws
