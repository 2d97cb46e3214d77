#include "adapters/sqlite/own_thread.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <thread>
#include <utility>

namespace estante::sqlite {

Task<void> on_own_thread(std::function<void()> step)
{
    namespace asio = boost::asio;
    std::thread thread;
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [&](auto handler) {
            auto work = asio::make_work_guard(asio::get_associated_executor(handler));
            thread = std::thread([&step, handler = std::move(handler), work = std::move(work)]() mutable {
                step();
                asio::post(work.get_executor(), std::move(handler));
            });
        },
        asio::use_awaitable);
    thread.join();
}

} // namespace estante::sqlite
