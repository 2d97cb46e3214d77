#pragma once

#include "runtime/task.hpp"

#include <string>

namespace estante {

// argon2id in PHC string format. Slow by design, so the work runs off the event loops.
class PasswordHasher {
public:
    virtual ~PasswordHasher() = default;
    virtual Task<std::string> hash(std::string password) = 0;
    // Compares digests in constant time. An empty or malformed `phc` returns false and takes as long as a real one, so
    // that the time of a login does not tell whether an account exists.
    virtual Task<bool> verify(std::string password, std::string phc) = 0;
};

} // namespace estante
