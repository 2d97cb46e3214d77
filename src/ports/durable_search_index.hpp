// A search index that keeps its files in a folder of this process, as its maintenance sees it.
#pragma once

#include "ports/search_index.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante {

// How far the folder as a whole is complete.
struct IndexCheckpoint {
    std::string id{};       // of the folder's contents; new whenever the index is recreated
    std::string position{}; // of the change stream: the files have all changes up to it
    std::string previous{}; // position of the save before: the stream may not have been told a later one
    std::uint64_t save = 0; // number of the last completed save
    std::int64_t at_ms = 0; // time of it

    bool operator==(const IndexCheckpoint&) const = default;
};

// A tenant whose files are damaged or unreadable returns `unavailable` until it is rebuilt.
class DurableSearchIndex : public SearchIndex {
public:
    // Nothing: the folder has no usable contents.
    virtual std::optional<IndexCheckpoint> checkpoint() const = 0;
    // Removes everything from memory and folder. `position`: of the change stream, from before the tenants are read
    // that are now filled in. Throws std::system_error.
    virtual void recreate(std::string id, std::string position) = 0;
    // Writes all that has changed. On return the changes up to `position`, which were applied before the call, are
    // durable. A second call with the same position says that the stream was told, so the position before is forgotten.
    // Searches and writes continue meanwhile. Throws std::system_error, for instance on a full disk; try again later.
    virtual void save(std::string position, std::int64_t now_ms) = 0;
    virtual bool is_saved() const = 0; // nothing has changed since
    // Tenants whose files are damaged or cannot be trusted.
    virtual std::vector<TenantId> awaiting_rebuild() const = 0;
};

} // namespace estante
