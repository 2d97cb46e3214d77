// How a coroutine on one event loop waits for a value that another thread makes.
//
// The waiting coroutine belongs to its own loop: when that loop is destroyed, so is the coroutine, and a value that
// comes later is dropped. Asio's own rule for this is a service of the loop that holds what waits there.
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

// What waits on one loop.
struct WaitingRoom {
    struct Waiter {
        virtual ~Waiter() = default;
        virtual void leave() = 0; // destroys the coroutine
        std::list<std::shared_ptr<Waiter>>::iterator place{};
        bool waits = true; // under `mutex`
    };

    std::mutex mutex;
    std::list<std::shared_ptr<Waiter>> waiters;
    bool closed = false;
};

class WaitingRooms final : public boost::asio::execution_context::service {
public:
    using key_type = WaitingRooms;
    inline static boost::asio::execution_context::id id{};

    explicit WaitingRooms(boost::asio::execution_context& loop) : service(loop) {}

    const std::shared_ptr<WaitingRoom>& room() const { return room_; }

private:
    std::shared_ptr<WaitingRoom> room_ = std::make_shared<WaitingRoom>();

    void shutdown() noexcept override
    {
        std::list<std::shared_ptr<WaitingRoom::Waiter>> left;
        {
            const std::lock_guard lock(room_->mutex);
            room_->closed = true;
            for (const auto& waiter : room_->waiters)
                waiter->waits = false;
            left.swap(room_->waiters);
        }
        for (const auto& waiter : left)
            waiter->leave();
    }
};

// Hands one value to the coroutine that waits for it. Any thread; the first value counts, later ones are dropped, as
// is one for a coroutine that is no more. Copies hand to the same coroutine.
template <class T> class Delivery {
public:
    struct Waiter : WaitingRoom::Waiter {
        virtual void resume(boost::system::error_code error, T value) = 0; // posts; the loop is known to live
    };

    Delivery() = default;
    Delivery(std::shared_ptr<WaitingRoom> room, std::shared_ptr<Waiter> waiter)
        : room_(std::move(room)), waiter_(std::move(waiter))
    {
    }

    void operator()(T value) const { hand({}, std::move(value)); }
    void cancel() const { hand(boost::asio::error::operation_aborted, T()); }

private:
    std::shared_ptr<WaitingRoom> room_;
    std::shared_ptr<Waiter> waiter_;

    void hand(boost::system::error_code error, T value) const
    {
        const std::lock_guard lock(room_->mutex);
        if (!waiter_->waits)
            return;
        waiter_->waits = false;
        waiter_->resume(error, std::move(value));
        room_->waiters.erase(waiter_->place);
    }
};

template <class T, class Handler> class WaitingHandler final : public Delivery<T>::Waiter {
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
    void leave() override
    {
        handler_.reset();
        guard_.reset();
    }

private:
    boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> guard_;
    std::optional<Handler> handler_;
};

// Calls `start(Delivery<T>)` at once and answers the value that is delivered, on the awaiting coroutine's executor.
// T can be default-constructed. Throws boost::system::system_error with operation_aborted when it is cancelled.
template <class T, class Start> Task<T> handed_over(Start start)
{
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(boost::system::error_code, T)>(
        [](auto handler, Start&& begin) {
            using Handler = decltype(handler);
            const auto executor = boost::asio::get_associated_executor(handler);
            auto slot = boost::asio::get_associated_cancellation_slot(handler);
            auto& loop = boost::asio::query(executor, boost::asio::execution::context);
            const auto room = boost::asio::use_service<WaitingRooms>(loop).room();
            auto waiter = std::make_shared<WaitingHandler<T, Handler>>(std::move(handler));
            {
                const std::lock_guard lock(room->mutex);
                if (room->closed)
                    return;
                waiter->place = room->waiters.insert(room->waiters.end(), waiter);
            }
            if (slot.is_connected()) {
                slot.assign([room, weak = std::weak_ptr(waiter)](boost::asio::cancellation_type) {
                    if (auto here = weak.lock())
                        Delivery<T>(room, std::move(here)).cancel();
                });
            }
            begin(Delivery<T>(room, std::move(waiter)));
        },
        boost::asio::use_awaitable, std::move(start));
}

} // namespace estante::aws
