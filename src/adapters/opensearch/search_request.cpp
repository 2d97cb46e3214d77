#include "adapters/opensearch/search_request.hpp"

#include "adapters/opensearch/json_text.hpp"
#include "adapters/opensearch/page_place.hpp"
#include "analysis/levenshtein_matcher.hpp"
#include "analysis/query_analysis.hpp"
#include "codec/json.hpp"
#include "ports/rules/search_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace estante::opensearch {

namespace {

constexpr int most_groups = 10'000; // of a facet

Value term(std::string_view field, Value value)
{
    return Map{{"term", Map{{std::string(field), std::move(value)}}}};
}

Value match(std::string_view field, const std::string& text, float boost)
{
    return Map{{"match", Map{{std::string(field), Map{{"query", text}, {"boost", exact(boost)}}}}}};
}

template <class Bound>
void add_range(List& filters, std::string_view field, const std::optional<Bound>& from, const std::optional<Bound>& to)
{
    Map range;
    if (from)
        range.emplace("gte", *from);
    if (to)
        range.emplace("lte", *to);
    if (!range.empty())
        filters.emplace_back(Map{{"range", Map{{std::string(field), std::move(range)}}}});
}

List filters_of(const SearchQuery& query)
{
    List filters;
    const auto add_term = [&filters](std::string_view field, const std::optional<std::string>& value) {
        if (value)
            filters.push_back(term(field, well_formed(*value)));
    };
    add_term("category", query.category);
    add_term("contributors", query.author);
    add_term("language", query.language);
    add_term("isbn", query.isbn);
    if (query.in_stock)
        filters.push_back(term("in_stock", *query.in_stock));
    add_range(filters, "price_cents", query.min_price_cents, query.max_price_cents);
    add_range(filters, "publication_year", query.year_from, query.year_to);
    add_range(filters, "updated_ms", query.updated_since_ms, std::optional<std::int64_t>());
    return filters;
}

// A constant for a field that has a term near this one. The engine multiplies what is BM25, so the constant too.
void add_near(List& clauses, std::string_view field, const std::string& word, unsigned edits, float boost)
{
    clauses.emplace_back(Map{{"fuzzy", Map{{std::string(field), Map{{"value", word},
                                                                    {"fuzziness", edits},
                                                                    {"prefix_length", 1},
                                                                    {"transpositions", true},
                                                                    {"rewrite", "constant_score"},
                                                                    {"boost", exact(boost)}}}}}});
}

List text_clauses(const SearchQuery& query, float score_factor)
{
    using namespace analysis;
    const auto text = well_formed(truncate_query(query.text));
    List clauses{match("title", text, exact_boosts.title), match("author", text, exact_boosts.author),
                 match("description", text, exact_boosts.description)};
    if (query.matching == Matching::plain)
        return clauses;
    const auto words = folded_terms_of(text);
    const auto plain = fmt::format("{}", fmt::join(words, " "));
    clauses.push_back(match("title_plain", plain, folded_boosts.title));
    clauses.push_back(match("author_plain", plain, folded_boosts.author));
    clauses.push_back(match("description_plain", plain, folded_boosts.description));
    for (const auto& word : deduplicate(words)) {
        const auto edits = analysis::LevenshteinMatcher(word).max_edits();
        if (edits == 0)
            continue;
        add_near(clauses, "title_plain", word, edits, fuzzy_boosts.title * score_factor);
        add_near(clauses, "author_plain", word, edits, fuzzy_boosts.author * score_factor);
    }
    return clauses;
}

// The document's bool query. Its `must` on the shop is a constant 1 here, which it is in OpenSearch 3 anyway.
Value query_of(const TenantId& tenant, const SearchQuery& query, float score_factor)
{
    auto filters = filters_of(query);
    const auto shop = term("tenant_id", tenant.value);
    if (query.text.empty()) {
        filters.push_back(shop);
        return Map{{"bool", Map{{"filter", std::move(filters)}}}};
    }
    return Map{{"bool", Map{{"must", List{Map{{"constant_score", Map{{"filter", shop}, {"boost", 1}}}}}},
                            {"should", text_clauses(query, score_factor)},
                            {"minimum_should_match", 1},
                            {"filter", std::move(filters)}}}};
}

Value groups(std::string_view field)
{
    return Map{{"terms", Map{{"field", field}, {"size", most_groups}}}};
}

Map facets_asked()
{
    return {{"category", groups("category")},
            {"language", groups("language")},
            {"decade", groups("decade")},
            {"price_band", groups("price_band")},
            {"in_stock", Map{{"filter", term("in_stock", true)}}}};
}

std::uint64_t count_in(const Map& map, std::string_view name)
{
    return static_cast<std::uint64_t>(int_of(map, name));
}

std::vector<FacetCount> counts_of(const Map& aggregations, std::string_view facet)
{
    std::vector<FacetCount> counts;
    for (const Value& bucket : list_in(map_in(aggregations, facet), "buckets")) {
        const Map* const map = bucket.if_map();
        if (map == nullptr)
            continue;
        const auto number = number_text(*map, "key");
        counts.push_back({number.empty() ? std::string(text_of(*map, "key")) : number, count_in(*map, "doc_count")});
    }
    return counts;
}

int whole(const std::string& text)
{
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

SearchFacets facets_of(const Map& aggregations)
{
    SearchFacets facets{.categories = counts_of(aggregations, "category"),
                        .languages = counts_of(aggregations, "language"),
                        .decades = counts_of(aggregations, "decade"),
                        .price_bands = counts_of(aggregations, "price_band"),
                        .in_stock = count_in(map_in(aggregations, "in_stock"), "doc_count")};
    for (auto* counts : {&facets.categories, &facets.languages})
        std::ranges::sort(*counts, [](const FacetCount& left, const FacetCount& right) {
            return left.count != right.count ? left.count > right.count : left.value < right.value;
        });
    for (auto* counts : {&facets.decades, &facets.price_bands})
        std::ranges::sort(*counts, {}, [](const FacetCount& count) { return whole(count.value); });
    for (auto& band : facets.price_bands)
        band.value = price_band_name(whole(band.value));
    return facets;
}

// Without the engine's factor; the constant 1 of the shop has none.
float score_of(const Map& hit, float score_factor)
{
    const auto text = number_text(hit, "_score");
    float score = 0;
    std::from_chars(text.data(), text.data() + text.size(), score);
    return score_factor == 1 ? score : 1 + (score - 1) / score_factor;
}

bool has_number(const Map& map, std::string_view name)
{
    return !number_text(map, name).empty();
}

} // namespace

Result<std::string> search_body(const TenantId& tenant, const SearchQuery& query, float score_factor)
{
    if (auto allowed = check_limit(query.limit, max_hits); !allowed)
        return std::unexpected(allowed.error());
    const auto order = order_of(query);
    Map body{{"query", query_of(tenant, query, score_factor)},
             {"size", query.limit + 1},
             {"sort", sort_list(order)},
             {"_source", false},
             {"track_scores", !query.text.empty()},
             {"track_total_hits", true}};
    if (query.after) {
        auto place = decode_place(order, *query.after);
        if (!place)
            return unknown_cursor();
        body.emplace("search_after", std::move(*place));
    }
    if (query.facets)
        body.emplace("aggs", facets_asked());
    return json::to_text(body);
}

std::string categories_body(const TenantId& tenant)
{
    return json::to_text(Map{{"query", Map{{"bool", Map{{"filter", List{term("tenant_id", tenant.value)}}}}}},
                             {"size", 0},
                             {"aggs", Map{{"category", groups("category")}}}});
}

bool is_whole(const Map& answer)
{
    const Value* const timed_out = find(answer, "timed_out");
    const bool* const late = timed_out ? timed_out->if_bool() : nullptr;
    const Map& shards = map_in(answer, "_shards");
    return late && !*late && int_of(shards, "total") > 0 && int_of(shards, "successful") == int_of(shards, "total");
}

std::optional<SearchPage> page_of(const Map& answer, const SearchQuery& query, float score_factor)
{
    const Map& hits = map_in(answer, "hits");
    const Map& total = map_in(hits, "total");
    const Map& aggregations = map_in(answer, "aggregations");
    if (!is_whole(answer) || !has_number(total, "value") || text_of(total, "relation") != "eq" ||
        (query.facets && aggregations.size() != facets_asked().size()))
        return std::nullopt;
    SearchPage page{.total = count_in(total, "value")};
    if (query.facets)
        page.facets = facets_of(aggregations);
    const List* place = nullptr;
    for (const Value& value : list_in(hits, "hits")) {
        const Map* const hit = value.if_map();
        if (hit == nullptr || text_of(*hit, "_id").empty())
            return std::nullopt;
        if (page.hits.size() == query.limit) {
            page.next = encode_place(order_of(query), *place);
            break;
        }
        page.hits.push_back({std::string(text_of(*hit, "_id")), query.text.empty() ? 0 : score_of(*hit, score_factor)});
        place = &list_in(*hit, "sort");
    }
    return page;
}

std::optional<std::vector<FacetCount>> categories_of(const Map& answer)
{
    const Map& aggregations = map_in(answer, "aggregations");
    if (!is_whole(answer) || aggregations.empty())
        return std::nullopt;
    auto counts = counts_of(aggregations, "category");
    std::ranges::sort(counts, {}, &FacetCount::value);
    return counts;
}

} // namespace estante::opensearch
