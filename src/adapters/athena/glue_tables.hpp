// The definition of the lake's tables in Glue, which Athena reads.
//
// The tables differ from the original document's definition where that does not work. Its Location (BUCKET/purchases/)
// matches none of its keys ({tenant}/purchases/…), so here the location is the bucket and a template names the
// partitions. tenant_id is a partition and not a column too, which Hive does not allow. It is an injected partition:
// Athena rejects a query that does not name its tenant. Partitions are computed (projection), so none has to be added
// day by day. https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
#pragma once

#include "domain/value.hpp"

#include <string>
#include <vector>

namespace estante::athena {

// "s3://BUCKET" or "s3://BUCKET/PREFIX".
struct LakeLocation {
    std::string url{};
};

inline constexpr int first_lake_year = 2020; // partitions exist from this year …
inline constexpr int last_lake_year = 2099;  // … to this year

// purchases (JSON of the change stream), purchases_parquet (closed days) and books, each as a TableInput.
// https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html
std::vector<Map> glue_tables(const LakeLocation& lake);

} // namespace estante::athena
