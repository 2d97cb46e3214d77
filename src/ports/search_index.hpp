// Search in one shop's books: title^3, author^2 and description, analyzed with the Spanish chain; filters; ordered by
// score, then rating, then book id. All engines return the same hits in the same order.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace estante {

struct SearchDocument {
    std::string book_id{};
    std::uint64_t version =
        0; // external version: a write whose version is not higher than the indexed one has no effect
    std::string title{};
    std::string author{};                    // the names of author_line()
    std::vector<std::string> contributors{}; // the names of all, for the filter `author`
    std::string description{};
    std::string category{};
    std::string language{}; // ISO 639-1
    std::string isbn{};     // ISBN-13 or empty
    std::vector<std::string> subjects{};
    std::optional<std::int64_t> price_cents{};
    double rating = 0; // 0 to 5; 0 without a rating
    std::optional<int> publication_year{};
    bool in_stock = false;
    std::int64_t updated_ms = 0;
};

// A write of one book. A removal has version 2^62, because ids are never reused.
struct IndexChange {
    std::string book_id{};
    std::uint64_t version = 0;
    std::optional<SearchDocument> document{}; // absent: removal
};

// plain: any of the words, exactly. tolerant: also with other accents and, in titles and authors, with small spelling
// differences (analysis/levenshtein_matcher.hpp); exact matches are ordered before other accents, and those before
// other spellings. corrected: plain for terms that occur in some book, tolerant for the others; an engine that does not
// know which terms occur uses tolerant.
enum class Matching { plain, tolerant, corrected };

// relevance and rating: descending; price, year, title (Spanish collation) and updated: ascending, so that reading all
// pages by `updated` misses no concurrent change. Ties by book id; books without a price or year are last.
enum class SearchSort { relevance, rating, price, price_descending, year, title, updated };

struct SearchQuery {
    std::string text{}; // empty: all books of the shop that pass the filters
    Matching matching = Matching::plain;
    std::optional<std::string> category{};
    std::optional<std::string> author{}; // exact name of a contributor
    std::optional<std::string> language{};
    std::optional<std::string> isbn{}; // ISBN-13
    std::optional<std::int64_t> min_price_cents{};
    std::optional<std::int64_t> max_price_cents{};
    std::optional<int> year_from{};
    std::optional<int> year_to{};
    std::optional<bool> in_stock{};
    std::optional<std::int64_t> updated_since_ms{};
    SearchSort sort = SearchSort::relevance; // without text: rating, then id
    std::size_t limit = 20;                  // 1–100
    std::optional<std::string> after{};      // SearchPage::next of the previous page; any other text is `invalid`
    bool facets = true;
};

inline constexpr std::size_t max_hits = 100;
inline constexpr std::size_t max_next_bytes = 2200; // of SearchPage::next: a title of 500 characters and an id
inline constexpr std::size_t max_suggestions = 10;

struct SearchHit {
    std::string book_id{};
    float score = 0; // 0 without text

    bool operator==(const SearchHit&) const = default;
};
struct FacetCount {
    std::string value{};
    std::uint64_t count = 0;

    bool operator==(const FacetCount&) const = default;
};
// Counts over all matches. A value without matches is omitted; a book without a value is not counted.
struct SearchFacets {
    std::vector<FacetCount> categories{};  // ordered by count descending, then value
    std::vector<FacetCount> languages{};   // ordered like categories
    std::vector<FacetCount> decades{};     // by first year ascending: "1960"; "-10" for the years -10 to -1
    std::vector<FacetCount> price_bands{}; // by lower bound ascending: "0", "5", "10"
    std::uint64_t in_stock = 0;

    bool operator==(const SearchFacets&) const = default;
};
struct SearchPage {
    std::vector<SearchHit> hits{};
    std::uint64_t total = 0;           // exact number of matches
    SearchFacets facets{};             // empty unless requested
    std::optional<std::string> next{}; // absent on the last page
    // The terms of the text (analysis/analyzer.hpp) that no book of the shop has in a scored field, regardless of the
    // filters, without duplicates; absent if the engine does not know them.
    std::optional<std::vector<std::string>> unknown_terms{};
};

struct Suggestion {
    std::string title{};
    std::string book_id{};

    bool operator==(const Suggestion&) const = default;
};

// The state of a book in the index, compared with its expected document (see SearchIndex::check).
enum class IndexStatus {
    in_sync,
    missing,
    orphaned,         // indexed, although no document is expected
    stale,            // indexed with another version
    content_mismatch, // the version matches, the contents differ
};

// Texts are UTF-8. An ill-formed sequence or U+0000 is treated as U+FFFD and may be returned as such.
// Errors of every call: unavailable (a remote engine fails, times out or returns a partial response). Results are never
// partial.
class SearchIndex {
public:
    virtual ~SearchIndex() = default;

    virtual Task<Result<SearchPage>> search(TenantId tenant, SearchQuery query) = 0;
    // Title completions for a prefix: best first, at most `limit` (1–10).
    virtual Task<Result<std::vector<Suggestion>>> suggest(TenantId tenant, std::string prefix, std::size_t limit) = 0;
    // Counts of all books by category, ordered by value.
    virtual Task<Result<std::vector<FacetCount>>> categories(TenantId tenant) = 0;

    // Applies changes in order. Visible to every search that starts after it has returned.
    virtual Task<Result<void>> apply(TenantId tenant, std::vector<IndexChange> changes) = 0;
    // Replaces all documents of a tenant atomically; the old ones serve searches until then. Concurrent changes win by
    // version.
    virtual Task<Result<void>> rebuild(TenantId tenant, std::vector<SearchDocument> documents) = 0;
    virtual Task<Result<void>> drop(TenantId tenant) = 0;
    // Whether the index that an earlier process saved for the shop is complete, so that it needs only later changes.
    virtual Task<Result<bool>> has_saved_index(TenantId /*tenant*/) { co_return false; }

    // For comparisons with the store: ids of indexed books in ascending order after `after`, at most `limit` (1–1,000).
    // Empty at the end.
    virtual Task<Result<std::vector<std::string>>> book_ids(TenantId tenant, std::string after, std::size_t limit) = 0;
    // The states of at most 1,000 books, in the same order. `expected` has the document or removal of each, as for
    // `apply`. It may see later writes than a search, but never misses a write that a search sees.
    virtual Task<Result<std::vector<IndexStatus>>> check(TenantId tenant, std::vector<IndexChange> expected) = 0;
};

} // namespace estante
