// Opens the store that a name describes: sqlite:FOLDER (the data folder of a bookstore) or dynamodb:STAGE.
#pragma once

#include "cache/partition_versions.hpp"
#include "hosts/settings.hpp"
#include "hosts/shared_aws.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "ports/store.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace estante {

struct StoreAddress {
    enum class Engine { sqlite, dynamodb };
    Engine engine = Engine::sqlite;
    std::string location{}; // the data folder, or the stage

    // Throws std::runtime_error with one line that shows both forms.
    static StoreAddress parse(std::string_view text);
    // From the settings `store`, `data` and `stage`.
    static StoreAddress from(const Settings& settings);
    std::string text() const;                                   // "sqlite:FOLDER"
    bool is_shared() const { return engine != Engine::sqlite; } // other servers may use the store too
    bool operator==(const StoreAddress&) const = default;
};

// Does not lock a data folder: the caller owns it. AWS context, clock, random source and partition versions outlive the
// store. Throws std::runtime_error with one line.
std::unique_ptr<Store> open_store(const StoreAddress& address, const Settings& settings, SharedAws& aws, Clock& clock,
                                  Random& random, PartitionVersions& partition_versions);

} // namespace estante
