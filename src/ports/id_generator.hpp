#pragma once

#include "domain/ids.hpp"

namespace estante {

// A monotonic source of ULIDs; any thread.
class IdGenerator {
public:
    virtual ~IdGenerator() = default;
    virtual Ulid next() = 0;

    template <class T> T make() { return T::from(next()); }
};

} // namespace estante
