// A database: an item store with the stream of its changes.
#pragma once

#include "ports/change_stream.hpp"
#include "ports/item_store.hpp"

namespace estante {

class Store {
public:
    virtual ~Store() = default;

    virtual ItemStore& items() = 0;
    virtual ChangeStream& changes() = 0;
};

} // namespace estante
