// The platform's signing keys, from the settings or generated once and stored in the data folder. They are never logged
// and never part of a response.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace estante {

struct SigningKeys {
    struct Key {
        std::string kid;
        std::string secret; // at least 32 bytes
    };
    // The first signs, all verify. To rotate keys, put a new one first.
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
