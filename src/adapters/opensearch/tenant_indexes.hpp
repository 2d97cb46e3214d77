// The indexes of one tenant by their aliases: the one that serves searches, and those under construction.
#pragma once

#include "adapters/opensearch/rest_api.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante::opensearch {

// Endpoint and names of a tenant's indexes. The names of two tenants never collide, since tenant ids have no
// underscore.
struct IndexLocation {
    std::string endpoint{};
    std::string alias{}; // "books_acme"

    std::string index(std::int64_t number) const;      // "books_acme_N"; numbers increase with time
    std::string next_alias(std::int64_t number) const; // "books_acme_next_N"
};

struct TenantIndexes {
    std::vector<std::string> serving{};      // indexes of the serving alias: one or none
    std::vector<std::string> next_aliases{}; // of indexes under construction
    std::vector<std::string> all{};          // including indexes of interrupted rebuilds
};

Task<Result<TenantIndexes, aws::Failure>> find_indexes(const RestApi& api, IndexLocation location);

// Creates an index with the first free number from `number`, and returns the number. `is_next`: under construction;
// else it serves searches immediately.
Task<Result<std::int64_t, aws::Failure>> create_index(const RestApi& api, IndexLocation location, std::int64_t number,
                                                      bool is_next, int replicas);

// Atomically makes this index the serving one and removes those that served before. Fails as is_index_missing() when
// the indexes have changed concurrently.
Task<Result<Map, aws::Failure>> swap_serving_index(const RestApi& api, IndexLocation location, std::int64_t number,
                                                   std::vector<std::string> replaced);

// Missing indexes are not a failure.
Task<Result<Map, aws::Failure>> remove_indexes(const RestApi& api, IndexLocation location,
                                               std::vector<std::string> names);

// The indexes with a number below `number`.
std::vector<std::string> indexes_before(const IndexLocation& location, const std::vector<std::string>& names,
                                        std::int64_t number);

} // namespace estante::opensearch
