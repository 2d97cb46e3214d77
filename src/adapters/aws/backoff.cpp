#include "adapters/aws/backoff.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace estante::aws {

namespace {

constexpr int max_doublings = 20;

} // namespace

std::chrono::microseconds backoff_delay(const Backoff& backoff, int attempt, Random& random)
{
    const auto doubled = backoff.base * (std::int64_t{1} << std::clamp(attempt - 1, 0, max_doublings));
    const auto limit_us = static_cast<std::uint64_t>(std::min(doubled, backoff.cap).count());
    std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
    random.fill(bytes);
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), bytes.size());
    return std::chrono::microseconds(static_cast<std::int64_t>(number % (limit_us + 1)));
}

Task<void> back_off(Backoff backoff, int attempt, Random& random)
{
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, backoff_delay(backoff, attempt, random));
    co_await timer.async_wait(boost::asio::use_awaitable);
}

} // namespace estante::aws
