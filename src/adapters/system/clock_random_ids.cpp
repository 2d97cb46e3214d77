#include "adapters/system/system.hpp"

#include <openssl/rand.h>

#include <chrono>
#include <mutex>
#include <stdexcept>

namespace estante {

namespace {

class SystemClock final : public Clock {
public:
    std::int64_t now_ms() override
    {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    }
};

class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override
    {
        if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
            throw std::runtime_error("OpenSSL could not generate random bytes");
    }
};

class MonotonicIds final : public IdGenerator {
public:
    MonotonicIds(Clock& clock, Random& random) : clock_(clock), random_(random) {}

    Ulid next() override
    {
        const auto now = static_cast<std::uint64_t>(clock_.now_ms());
        const std::lock_guard lock(mutex_);
        if (now > last_.time_ms) {
            last_.time_ms = now;
            random_.fill(last_.entropy);
        } else {
            last_ = last_.successor();
        }
        return last_;
    }

private:
    Clock& clock_;
    Random& random_;
    std::mutex mutex_;
    Ulid last_;
};

} // namespace

std::unique_ptr<Clock> create_system_clock()
{
    return std::make_unique<SystemClock>();
}

std::unique_ptr<Random> create_system_random()
{
    return std::make_unique<SystemRandom>();
}

std::unique_ptr<IdGenerator> create_ids(Clock& clock, Random& random)
{
    return std::make_unique<MonotonicIds>(clock, random);
}

} // namespace estante
