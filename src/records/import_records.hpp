// Import jobs and their refused rows: `IMPORT#import_…` / `IMPORT`, `REFUSED#{n}` in the table `books`.
#pragma once

#include "domain/book.hpp"
#include "ports/catalogue_rows.hpp"
#include "ports/item_store.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace estante {

enum class ImportStatus { waiting, running, done, failed };
BOOST_DESCRIBE_ENUM(ImportStatus, waiting, running, done, failed)

// The source of a catalogue. Together with a row's id it is the key under which a repeated import finds the book.
struct SourceName {
    static constexpr TextFormat format{"un nombre de 1 a 40 minúsculas, cifras y guiones",
                                       "a name of 1 to 40 lower-case letters, digits and hyphens"};
    static constexpr std::string_view pattern = "^[a-z0-9-]{1,40}$";
    std::string value;

    auto operator<=>(const SourceName&) const = default;
    static std::optional<SourceName> parse(std::string_view text);
};

// Values for rows that lack them.
struct ImportDefaults {
    std::optional<SourceName> source{};     // replaces the source of the row
    std::optional<Text<1, 100>> category{}; // a row that has no category either way is refused
    std::optional<Money> price{};
    std::int64_t on_hand = 0;

    bool operator==(const ImportDefaults&) const = default;
};

struct ImportCounts {
    std::int64_t rows = 0; // read so far: the sum of the other four
    std::int64_t created = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::int64_t refused = 0;

    bool operator==(const ImportCounts&) const = default;
};

struct ImportJob {
    ImportId id;
    std::string media_type;
    ImportDefaults defaults;
    ImportStatus status = ImportStatus::waiting;
    ImportCounts counts{};
    std::optional<Phrase> failure{}; // of a failed job: the reason
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;

    bool operator==(const ImportJob&) const = default;
};

// A job and its refused rows expire after this time.
inline constexpr std::int64_t import_lifetime_s = 90LL * 24 * 3600;
// Further refused rows are counted but not stored.
inline constexpr std::int64_t max_stored_refusals = 10'000;

Key import_key(const ImportId& job);
Item to_item(const ImportJob& job);
ImportJob import_from(const Item& item);

// `number` counts the job's refused rows from 1.
Item to_item(const RowRefusal& refusal, const ImportJob& job, std::int64_t number);
RowRefusal refusal_from(const Item& item);
Query refused_rows(const ImportId& job);

} // namespace estante
