// A shop's catalogue in its lake, {tenant}/books/books.parquet, which reports join for categories and authors.
#pragma once

#include "domain/result.hpp"
#include "ports/change_stream.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"
#include "ports/tenant_items.hpp"

#include <cstddef>
#include <filesystem>

namespace estante {

// Whether the change shows in the export: an entry was written or removed, or a price changed. Sales do not.
bool shows_in_export(const Change& change);

// Writes the whole file anew; answers how many books are in it. A book that is damaged is left out. `file` is where it
// is made before it is put; it is gone afterwards. Errors: unavailable.
Task<Result<std::size_t>> export_books(AllItems items, TenantId shop, ObjectStore& lake, LakeTables& tables,
                                       std::filesystem::path file);

} // namespace estante
