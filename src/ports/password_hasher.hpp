#pragma once

#include "runtime/task.hpp"

#include <string>

namespace estante {

// argon2id in PHC string form. Slow on purpose: the work runs off the event loops.
class PasswordHasher {
public:
    virtual ~PasswordHasher() = default;
    virtual Task<std::string> hash(std::string password) = 0;
    // Constant-time in the digest. An empty or malformed `phc` costs as much as a real one and is false, so that a
    // login for an e-mail that does not exist takes as long as one that does.
    virtual Task<bool> verify(std::string password, std::string phc) = 0;
};

} // namespace estante
