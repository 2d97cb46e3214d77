// Opens the search index: embedded in this process, or OpenSearch.
#pragma once

#include "hosts/settings.hpp"
#include "hosts/shared_aws.hpp"
#include "ports/clock.hpp"
#include "ports/durable_search_index.hpp"

#include <memory>

namespace estante {

struct OpenedSearchIndex {
    std::unique_ptr<SearchIndex> index;
    DurableSearchIndex* durable = nullptr; // the same index if it keeps its files in the data folder
};

// By the settings `search` and opensearch-…. AWS context and clock outlive it. Throws std::runtime_error with one line.
OpenedSearchIndex open_search_index(const Settings& settings, SharedAws& aws, Clock& clock);

} // namespace estante
