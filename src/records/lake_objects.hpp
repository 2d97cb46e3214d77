// The objects of the data lake: their keys and their JSON. docs/lake.md shows both.
#pragma once

#include "domain/calendar.hpp"
#include "domain/day_summary.hpp"
#include "domain/ids.hpp"
#include "domain/purchase.hpp"
#include "ports/object_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante::lake {

// Under the prefix of the day of its id (codec/lake_layout.hpp): `…/{purchase_id}.json.gz`
std::string purchase_key(const TenantId& tenant, const PurchaseId& purchase);
// `{tenant}/daily_summary/year=2026/month=01/day=31/summary.json`
std::string summary_key(const TenantId& tenant, Day day);

// A purchase as one line of JSON, gzipped; equal purchases give equal bytes. Of the customer it has only the user id:
// no address, name or e-mail.
NewObject purchase_object(const TenantId& tenant, const Purchase& purchase);
std::string summary_json(const TenantId& tenant, const DaySummary& summary);
// The version in a summary.json; nothing if the text is not one.
std::optional<std::int64_t> summary_version(std::string_view json);

} // namespace estante::lake
