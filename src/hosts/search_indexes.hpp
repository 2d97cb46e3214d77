// The search index by name: embedded (in this process) or opensearch (a server that the settings name).
#pragma once

#include "adapters/search/embedded_search.hpp"
#include "hosts/settings.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "ports/search_index.hpp"

#include <memory>

namespace estante {

struct SearchHome {
    std::shared_ptr<SearchIndex> index;
    // The same index, if it is the embedded one: it is kept in the data folder.
    search::EmbeddedSearch* embedded = nullptr;
};

// By the settings `search` and opensearch-…; clock and random source outlive the index. Throws std::runtime_error with
// one line.
SearchHome open_search_index(const Settings& settings, Clock& clock, Random& random);

} // namespace estante
