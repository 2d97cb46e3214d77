#pragma once

#include "domain/ids.hpp"

namespace estante {

// A monotonic source of ULIDs; any thread.
class Ids {
public:
    virtual ~Ids() = default;
    virtual Ulid next() = 0;

    template <class T> T make() { return T::from(next()); }
};

} // namespace estante
