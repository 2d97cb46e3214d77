#include "adapters/system/system.hpp"
#include "runtime/offload.hpp"

#include <argon2.h>
#include <boost/asio/thread_pool.hpp>

#include <array>
#include <atomic>
#include <new>
#include <stdexcept>
#include <system_error>

namespace estante {

namespace {

namespace asio = boost::asio;

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t digest_bytes = 32;
constexpr int max_queued = 256;

// A mismatch is a result; any other status of argon2 is an error.
bool matches(int verdict)
{
    if (verdict == ARGON2_MEMORY_ALLOCATION_ERROR)
        throw std::bad_alloc();
    if (verdict != ARGON2_OK && verdict != ARGON2_VERIFY_MISMATCH)
        throw std::runtime_error(std::string("argon2: ") + argon2_error_message(verdict));
    return verdict == ARGON2_OK;
}

class Argon2Hasher final : public PasswordHasher {
public:
    Argon2Hasher(Random& random, Argon2Cost cost, unsigned threads)
        : random_(random), cost_(cost), pool_(threads), dummy_phc_(digest("no password has this digest"))
    {
    }
    ~Argon2Hasher() override { pool_.join(); }

    Task<std::string> hash(std::string password) override
    {
        const auto slot = acquire_slot();
        co_return co_await offload<std::string>(pool_,
                                                [this, password = std::move(password)] { return digest(password); });
    }

    Task<bool> verify(std::string password, std::string phc) override
    {
        const auto slot = acquire_slot();
        co_return co_await offload<bool>(pool_, [this, password = std::move(password), phc = std::move(phc)] {
            const bool is_valid = phc.starts_with("$argon2id$");
            const bool is_match =
                matches(argon2id_verify(is_valid ? phc.c_str() : dummy_phc_.c_str(), password.data(), password.size()));
            return is_valid && is_match;
        });
    }

private:
    struct QueueSlot {
        std::atomic<int>* queued;

        explicit QueueSlot(std::atomic<int>& counter) : queued(&counter) {}
        QueueSlot(const QueueSlot&) = delete;
        QueueSlot& operator=(const QueueSlot&) = delete;
        ~QueueSlot() { --*queued; }
    };

    Random& random_;
    Argon2Cost cost_;
    std::atomic<int> queued_ = 0;
    asio::thread_pool pool_;
    std::string dummy_phc_;

    QueueSlot acquire_slot()
    {
        if (++queued_ > max_queued) {
            --queued_;
            throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                                    "too many passwords are queued");
        }
        return QueueSlot(queued_);
    }

    std::string digest(std::string_view password)
    {
        std::array<std::uint8_t, salt_bytes> salt{};
        random_.fill(salt);
        std::string phc(argon2_encodedlen(cost_.passes, cost_.memory_kib, 1, salt_bytes, digest_bytes, Argon2_id),
                        '\0');
        const int result = argon2id_hash_encoded(cost_.passes, cost_.memory_kib, 1, password.data(), password.size(),
                                                 salt.data(), salt.size(), digest_bytes, phc.data(), phc.size());
        matches(result);
        phc.resize(phc.find('\0'));
        return phc;
    }
};

} // namespace

std::unique_ptr<PasswordHasher> create_argon2_hasher(Random& random, Argon2Cost cost, unsigned threads)
{
    return std::make_unique<Argon2Hasher>(random, cost, threads);
}

} // namespace estante
