// The SearchIndex port on OpenSearch, and on Elasticsearch where the two agree: an index for each shop behind the alias
// `books_SHOP`, with the original document's settings, mapping and query.
//
// A removed book stays as an empty document that no search sees, so that a late write with a lower version cannot bring
// it back; a rebuild drops it. Indexes are `books_SHOP_N`; one in the making is also `books_SHOP_next_N`, and whoever
// applies changes writes to it too, from whatever process. So a rebuild and its swap lose none.
//
// Thread rules: every member may be called from any thread. Nothing is held between calls.
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
    // A shop's own endpoint; absent, or an empty answer: `endpoint`.
    std::function<std::string(const TenantId&)> endpoint_of{};
    std::string region{};         // with credentials: what requests are signed for, as of the service "es"
    aws::Headers authorization{}; // without: Authorization, if the server wants one
    std::string prefix = "books_";
    int replicas = 0;
    // A write is to be seen by every search after its answer. True: the engine refreshes at once, which is quick, and
    // costs it a small segment for each batch of changes. False: it waits for the engine's own next refresh, up to a
    // second, which suits a cluster that takes many writes.
    bool refresh_at_once = true;
    std::size_t bulk_bytes = 4UL << 20;            // of one request; small Amazon domains take 10 MiB
    std::chrono::milliseconds search_within{2000}; // each attempt of a search
    // One line for the log, without secrets, when the engine fails. Any thread.
    std::function<void(const std::string&)> report{};
};

// The client, the clock and what `options` refer to outlive the index. Credentials with an empty key id sign nothing.
std::unique_ptr<SearchIndex> create_opensearch_index(aws::Client& client, std::shared_ptr<aws::Credentials> credentials,
                                                     Clock& clock, OpenSearchOptions options);

} // namespace estante
