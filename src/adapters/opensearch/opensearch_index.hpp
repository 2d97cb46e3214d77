// The SearchIndex port on OpenSearch, and on Elasticsearch with the same API: one index per tenant with the alias
// `books_TENANT`, and the settings, mapping and query of the original document.
//
// A removed book stays as an empty document that searches do not match, so that a late write with a lower version
// cannot restore it. A rebuild drops such documents. Indexes are named `books_TENANT_N`. An index under construction
// also has the alias `books_TENANT_next_N`, and every process writes changes to it too. So a rebuild and its swap lose
// no change.
//
// Thread rules: every member may be called from any thread. No state is kept between calls.
#pragma once

#include "adapters/aws/client.hpp"
#include "ports/clock.hpp"
#include "ports/search_index.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace estante {

struct OpenSearchOptions {
    std::string endpoint{}; // "https://search.example.org:9200"
    // The endpoint of a tenant; absent, or when it returns an empty text: `endpoint`.
    std::function<std::string(const TenantId&)> endpoint_of{};
    std::string region{};         // with credentials: requests are signed for this region and the service "es"
    aws::Headers authorization{}; // without credentials: the header Authorization, if the server requires one
    std::string prefix = "books_";
    int replicas = 0;
    // Every search sees a write after its response. True: the engine refreshes immediately, which is fast and creates a
    // small segment for each batch of changes. False: the write waits up to a second for the engine's next refresh,
    // which is better for a cluster with many writes.
    bool refresh_immediately = true;
    std::size_t max_bulk_bytes = 4UL << 20;         // of one request; small Amazon domains allow 10 MiB
    std::chrono::milliseconds search_timeout{2000}; // of each attempt of a search
    // Gets a log line without secrets when the engine fails. Any thread.
    std::function<void(const std::string&)> report{};
};

// The client, the clock and what `options` refer to outlive the index. With an empty key id, requests are not signed.
std::unique_ptr<SearchIndex> create_opensearch_index(aws::Client& client,
                                                     std::shared_ptr<aws::CredentialsProvider> credentials,
                                                     Clock& clock, OpenSearchOptions options);

} // namespace estante
