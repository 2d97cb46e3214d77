// Writes changes to an index in bulk requests of bounded size.
#pragma once

#include "adapters/opensearch/bulk_request.hpp"
#include "adapters/opensearch/rest_api.hpp"
#include "adapters/opensearch/tenant_indexes.hpp"
#include "analysis/title_collation.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace estante::opensearch {

// Values of the parameter `refresh`: whether a write is visible to searches when its response arrives.
enum class Refresh { no, immediately, wait_for };

class BulkWriter {
public:
    // All arguments outlive the writer.
    BulkWriter(const RestApi& api, const analysis::TitleCollation& collation, std::size_t max_bulk_bytes)
        : api_(api), collation_(collation), max_bulk_bytes_(max_bulk_bytes)
    {
    }

    // Ends with the first request that is not done. `location`, `tenant` and `changes` outlive the call.
    Task<BulkOutcome> write(const IndexLocation& location, std::string alias, const TenantId& tenant,
                            const std::vector<IndexChange>& changes, Refresh refresh) const;

private:
    const RestApi& api_;
    const analysis::TitleCollation& collation_;
    std::size_t max_bulk_bytes_;

    Task<BulkOutcome> send(const IndexLocation& location, const std::string& alias, std::string body, std::size_t count,
                           Refresh refresh) const;
};

} // namespace estante::opensearch
