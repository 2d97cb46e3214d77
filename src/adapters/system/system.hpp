// The ports for the clock, random bytes, ids and password hashing of the machine.
#pragma once

#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/password_hasher.hpp"
#include "ports/random.hpp"

#include <memory>

namespace estante {

std::unique_ptr<Clock> create_system_clock();
std::unique_ptr<Random> create_system_random(); // OpenSSL's CSPRNG
// Monotonic: each id is higher than the one before, also within a millisecond and if the clock is set back.
std::unique_ptr<IdGenerator> create_ids(Clock& clock, Random& random);

struct Argon2Cost {
    std::uint32_t passes = 2;
    std::uint32_t memory_kib = 19 * 1024; // one of OWASP's recommendations: t=2, m=19 MiB, p=1
};
// argon2id (RFC 9106) in its own threads, so that an event loop never waits for it. At most 256 passwords are queued;
// beyond that the caller gets a std::system_error with resource_unavailable_try_again.
std::unique_ptr<PasswordHasher> create_argon2_hasher(Random& random, Argon2Cost cost = {}, unsigned threads = 2);

} // namespace estante
