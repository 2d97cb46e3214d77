// An import as the API shows it.
#pragma once

#include "codec/shapes.hpp"
#include "domain/result.hpp"
#include "ports/tenant_items.hpp"
#include "records/import_records.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace estante::imports {

// A reason in both languages of the API, because an import outlives the request that chose a language.
struct ReasonView {
    std::string es;
    std::string en;

    bool operator==(const ReasonView&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReasonView, (), (es, en))

struct RefusedRowView {
    std::int64_t row = 0; // the first record of the file is 1
    std::string subject;  // the row's title or id, if it has one
    ReasonView reason;

    bool operator==(const RefusedRowView&) const = default;
};
BOOST_DESCRIBE_STRUCT(RefusedRowView, (), (row, subject, reason))

struct ImportView {
    ImportId import_id;
    ImportStatus status = ImportStatus::waiting;
    std::int64_t rows = 0; // read so far: the sum of the next four
    std::int64_t created = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::int64_t refused = 0;
    std::optional<ReasonView> failure;
    Timestamp created_at;
    Timestamp updated_at;

    std::string location() const { return "/v1/imports/" + import_id.value; }
    bool operator==(const ImportView&) const = default;
};
BOOST_DESCRIBE_STRUCT(ImportView, (),
                      (import_id, status, rows, created, updated, unchanged, refused, failure, created_at, updated_at))

ImportView to_view(const ImportJob& job);
RefusedRowView to_view(const RowRefusal& refusal);

} // namespace estante::imports
