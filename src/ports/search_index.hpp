// Search over one shop's books. The query is the document's: title^3, author^2, description, analyzed with the Spanish
// chain; filters; order by score, then rating, then book id. Every engine answers the same hits in the same order.
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
    std::uint64_t version = 0; // external: a write with a version not above the indexed one changes nothing
    std::string title{};
    std::string author{};                    // all contributors who count as authors, joined by ", "
    std::vector<std::string> contributors{}; // the name of each, whatever the role: what the filter `author` looks at
    std::string description{};
    std::string category{};
    std::string language{}; // ISO 639-1
    std::string isbn{};     // ISBN-13 or empty
    std::vector<std::string> subjects{};
    std::optional<std::int64_t> price_cents{};
    double rating = 0; // 0 to 5; 0 when there is none
    std::optional<int> publication_year{};
    bool in_stock = false;
    std::int64_t updated_ms = 0;
};

// One step of the books_stream processor. A removal carries version 2^62: ids never return.
struct IndexChange {
    std::string book_id{};
    std::uint64_t version = 0;
    std::optional<SearchDocument> document{}; // absent: remove
};

// plain: the document's query, any of the words as it is spelled. tolerant: also without accents, and in titles and
// authors also nearly spelled (LevenshteinMatcher); a book that has a word as typed comes before one that has it
// with other accents, and both before one that nearly has it. mended: plain, but tolerant of the terms that no book
// has; an engine that does not know them takes it for tolerant.
enum class Matching { plain, tolerant, mended };

// relevance and rating: best first; price, year, title (Spanish collation) and updated: lowest first, so that a walk by
// `updated` misses nothing that changes meanwhile. Ties by book id; books without a price or year come last.
enum class SearchSort { relevance, rating, price, price_descending, year, title, updated };

struct SearchQuery {
    std::string text{}; // empty: all books of the shop that pass the filters
    Matching matching = Matching::plain;
    std::optional<std::string> category{};
    std::optional<std::string> author{}; // exact contributor name, as list_books filters
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
    std::optional<std::string> after{};      // SearchPage::next of the page before; anything else is `invalid`
    bool facets = true;
};

inline constexpr std::size_t most_hits = 100;       // of a page
inline constexpr std::size_t most_suggestions = 10; // likewise

// The prices at which one band ends and the next begins: under 5, 5 to 10 … 50 and more.
inline constexpr std::int64_t price_band_cents[] = {500, 1000, 2000, 3000, 5000};

// What facets count by.
int decade_of(int year);                // its first year
int price_band_of(std::int64_t cents);  // its place, from 0
std::string price_band_name(int place); // where it begins, as FacetCount names it

// The refusals of all engines.
Result<void> check_limit(std::size_t limit, std::size_t most);
std::unexpected<Error> unknown_cursor();

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
// Counts of all matches; what no match has is left out, and so is a book without the value.
struct SearchFacets {
    std::vector<FacetCount> categories{};  // by count descending, then value
    std::vector<FacetCount> languages{};   // likewise
    std::vector<FacetCount> decades{};     // by their first year ascending: "1960", "-10" for 10 to 1 before year 0
    std::vector<FacetCount> price_bands{}; // ascending, by where the band begins: "0", "5", "10"
    std::uint64_t in_stock = 0;            // the others are not

    bool operator==(const SearchFacets&) const = default;
};
struct SearchPage {
    std::vector<SearchHit> hits{};
    std::uint64_t total = 0;           // exact, over all pages
    SearchFacets facets{};             // empty unless asked
    std::optional<std::string> next{}; // absent: this was the last page
    // The terms of the text (analysis/analyzer.hpp) that no book of the shop has in a scored field, whatever the
    // filters, each once; absent when the engine does not say.
    std::optional<std::vector<std::string>> unknown_terms{};
};

struct Suggestion {
    std::string title{};
    std::string book_id{};

    bool operator==(const Suggestion&) const = default;
};

// How an index has a book, held against what it should have (see SearchIndex::check).
enum class Indexed {
    right,
    missing,
    superfluous, // it is indexed and should not be
    stale,       // indexed with another version
    altered,     // with that version, and other contents
};

// Texts are UTF-8; an ill-formed sequence or U+0000 in them counts as U+FFFD, and may be answered so.
// Errors of every call: unavailable (an engine elsewhere is away, slow, or answers half); nothing is half answered.
class SearchIndex {
public:
    virtual ~SearchIndex() = default;

    virtual Task<Result<SearchPage>> search(TenantId tenant, SearchQuery query) = 0;
    // Titles for what has been typed so far (the document's completion field): best first, at most `limit` (1–10).
    virtual Task<Result<std::vector<Suggestion>>> suggest(TenantId tenant, std::string prefix, std::size_t limit) = 0;
    // Counts of all books by category: by value ascending.
    virtual Task<Result<std::vector<FacetCount>>> categories(TenantId tenant) = 0;

    // Applies changes in order; visible to every search that starts after the answer.
    virtual Task<Result<void>> apply(TenantId tenant, std::vector<IndexChange> changes) = 0;
    // Replaces all of a tenant's documents at once, while the old ones serve; changes that arrive meanwhile win by
    // version.
    virtual Task<Result<void>> rebuild(TenantId tenant, std::vector<SearchDocument> documents) = 0;
    virtual Task<Result<void>> drop(TenantId tenant) = 0;
    // Whether what an earlier process wrote for the shop is still there, so that the changes since suffice.
    virtual Task<Result<bool>> is_kept(TenantId /*tenant*/) { co_return false; }

    // For comparisons with the store. The ids of indexed books in ascending order, from behind `after` on, at most
    // `limit` (1–1,000): none when there are no more.
    virtual Task<Result<std::vector<std::string>>> book_ids(TenantId tenant, std::string after, std::size_t limit) = 0;
    // How the index has each of at most 1,000 books, in their order. `wanted` says what it should have, as for `apply`:
    // a document, or none. It may read more lately than a search does, never less.
    virtual Task<Result<std::vector<Indexed>>> check(TenantId tenant, std::vector<IndexChange> wanted) = 0;
};

} // namespace estante
