// Exports a tenant's catalogue to its lake as {tenant}/books/books.parquet, which reports join for categories and
// authors.
#pragma once

#include "domain/result.hpp"
#include "ports/change_stream.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"
#include "ports/tenant_items.hpp"

#include <cstddef>
#include <filesystem>

namespace estante {

// Whether the change makes the export outdated: an entry was written or removed, or a price changed. Sales do not.
bool affects_export(const Change& change);

// Replaces the whole file and returns the number of books in it. Damaged books are left out. `file` is the name of a
// temporary file. Errors: unavailable.
Task<Result<std::size_t>> export_books(AllItems items, TenantId tenant, ObjectStore& lake, LakeTables& tables,
                                       std::filesystem::path file);

} // namespace estante
