// The lake's tables as Glue describes them to Athena: the one place that says what they look like.
//
// Departures from the original document's definition, each because the document's own does not work: its Location
// (BUCKET/purchases/) matches none of its keys ({tenant}/purchases/…), so the location is the bucket's and a template
// says where a partition is; tenant_id is a partition, as Hive allows no column to be both, and an injected one: a
// query that does not name its tenant is refused by Athena. Partitions are computed (projection): nothing has to be
// added day by day. https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
#pragma once

#include "domain/value.hpp"

#include <string>
#include <vector>

namespace estante::athena {

// Where the lake is: "s3://BUCKET" or "s3://BUCKET/PREFIX".
struct LakeLocation {
    std::string url{};
};

inline constexpr int first_lake_year = 2020; // partitions are looked for from here …
inline constexpr int last_lake_year = 2099;  // … to here

// purchases (the JSON that the stream writes), purchases_parquet (closed days) and books, each as a TableInput.
// https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html
std::vector<Map> glue_tables(const LakeLocation& lake);

} // namespace estante::athena
