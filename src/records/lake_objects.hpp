// The data lake's objects: their keys and their JSON. docs/lake.md shows both.
#pragma once

#include "domain/day_summary.hpp"
#include "domain/ids.hpp"
#include "domain/period.hpp"
#include "domain/purchase.hpp"
#include "ports/object_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante::lake {

// Below the prefix of its day, which is that of its id (codec/lake_layout.hpp): `…/{purchase_id}.json.gz`
std::string purchase_key(const TenantId& tenant, const PurchaseId& purchase);
// `{tenant}/daily_summary/year=2026/month=01/day=31/summary.json`
std::string summary_key(const TenantId& tenant, Day day);

// A purchase as one line of JSON, gzipped; the same bytes for the same purchase. Of its customer it has the user id
// alone: no address, name or e-mail.
NewObject purchase_object(const TenantId& tenant, const Purchase& purchase);
std::string summary_json(const TenantId& tenant, const DaySummary& summary);
// The version of the summary that a summary.json was made from; nothing when it is none.
std::optional<std::int64_t> summary_version(std::string_view json);

} // namespace estante::lake
