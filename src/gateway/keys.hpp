// The platform's secrets: from settings, else made once and kept in the data folder. Never logged, never in an answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace estante {

struct Keys {
    struct Key {
        std::string kid;
        std::string secret; // at least 32 bytes
    };
    // The first signs; all verify, so a key is rotated by putting a new one in front.
    std::vector<Key> signing;

    const Key* find(std::string_view kid) const
    {
        for (const Key& key : signing) {
            if (key.kid == kid)
                return &key;
        }
        return nullptr;
    }
};

} // namespace estante
