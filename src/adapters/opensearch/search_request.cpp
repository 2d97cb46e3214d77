#include "adapters/opensearch/search_request.hpp"

#include "adapters/opensearch/json_values.hpp"
#include "adapters/opensearch/sort_cursor.hpp"
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

constexpr int max_facet_values = 10'000;

Value term(std::string_view field, Value value)
{
    return Map{{"term", Map{{std::string(field), std::move(value)}}}};
}

Value match(std::string_view field, const std::string& text, float boost)
{
    return Map{{"match", Map{{std::string(field), Map{{"query", text}, {"boost", to_number(boost)}}}}}};
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

List to_filters(const SearchQuery& query)
{
    List filters;
    const auto add_term = [&filters](std::string_view field, const std::optional<std::string>& value) {
        if (value)
            filters.push_back(term(field, to_valid_utf8(*value)));
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

// Adds a constant score for a field that has a term within `edits` of the word. Other scores contain the engine's
// factor, so the boost contains it too.
void add_fuzzy(List& clauses, std::string_view field, const std::string& word, unsigned edits, float boost)
{
    clauses.emplace_back(Map{{"fuzzy", Map{{std::string(field), Map{{"value", word},
                                                                    {"fuzziness", edits},
                                                                    {"prefix_length", 1},
                                                                    {"transpositions", true},
                                                                    {"rewrite", "constant_score"},
                                                                    {"boost", to_number(boost)}}}}}});
}

List text_clauses(const SearchQuery& query, float score_factor)
{
    using namespace analysis;
    const auto text = to_valid_utf8(truncate_query(query.text));
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
        add_fuzzy(clauses, "title_plain", word, edits, fuzzy_boosts.title * score_factor);
        add_fuzzy(clauses, "author_plain", word, edits, fuzzy_boosts.author * score_factor);
    }
    return clauses;
}

// The original document's bool query. Its `must` on the tenant has a constant score of 1 here, as it has in
// OpenSearch 3.
Value bool_query(const TenantId& tenant, const SearchQuery& query, float score_factor)
{
    auto filters = to_filters(query);
    const auto tenant_filter = term("tenant_id", tenant.value);
    if (query.text.empty()) {
        filters.push_back(tenant_filter);
        return Map{{"bool", Map{{"filter", std::move(filters)}}}};
    }
    return Map{{"bool", Map{{"must", List{Map{{"constant_score", Map{{"filter", tenant_filter}, {"boost", 1}}}}}},
                            {"should", text_clauses(query, score_factor)},
                            {"minimum_should_match", 1},
                            {"filter", std::move(filters)}}}};
}

Value terms_aggregation(std::string_view field)
{
    return Map{{"terms", Map{{"field", field}, {"size", max_facet_values}}}};
}

Map facet_aggregations()
{
    return {{"category", terms_aggregation("category")},
            {"language", terms_aggregation("language")},
            {"decade", terms_aggregation("decade")},
            {"price_band", terms_aggregation("price_band")},
            {"in_stock", Map{{"filter", term("in_stock", true)}}}};
}

std::uint64_t count_in(const Map& map, std::string_view name)
{
    return static_cast<std::uint64_t>(int_of(map, name));
}

std::vector<FacetCount> parse_counts(const Map& aggregations, std::string_view facet)
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

int parse_int(const std::string& text)
{
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

SearchFacets parse_facets(const Map& aggregations)
{
    SearchFacets facets{.categories = parse_counts(aggregations, "category"),
                        .languages = parse_counts(aggregations, "language"),
                        .decades = parse_counts(aggregations, "decade"),
                        .price_bands = parse_counts(aggregations, "price_band"),
                        .in_stock = count_in(map_in(aggregations, "in_stock"), "doc_count")};
    for (auto* counts : {&facets.categories, &facets.languages})
        std::ranges::sort(*counts, [](const FacetCount& left, const FacetCount& right) {
            return left.count != right.count ? left.count > right.count : left.value < right.value;
        });
    for (auto* counts : {&facets.decades, &facets.price_bands})
        std::ranges::sort(*counts, {}, [](const FacetCount& count) { return parse_int(count.value); });
    for (auto& band : facets.price_bands)
        band.value = price_band_name(parse_int(band.value));
    return facets;
}

// The score without the engine's factor, which does not apply to the constant 1 of the tenant.
float plain_score(const Map& hit, float score_factor)
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

Result<std::string> search_body(const TenantId& tenant, const SearchQuery& query, float score_factor,
                                const analysis::TitleCollation& collation)
{
    if (auto allowed = check_limit(query.limit, max_hits); !allowed)
        return std::unexpected(allowed.error());
    const auto& order = sort_order_of(query);
    Map body{{"query", bool_query(tenant, query, score_factor)},
             {"size", query.limit + 1},
             {"sort", to_sort_list(order)},
             {"_source", order.fields.front().is_title_order ? Value(List{"title"}) : Value(false)},
             {"track_scores", !query.text.empty()},
             {"track_total_hits", true}};
    if (query.after) {
        auto cursor = decode_cursor(order, *query.after, collation);
        if (!cursor)
            return unknown_cursor();
        body.emplace("search_after", std::move(*cursor));
    }
    if (query.facets)
        body.emplace("aggs", facet_aggregations());
    return json::to_text(body);
}

std::string categories_body(const TenantId& tenant)
{
    return json::to_text(Map{{"query", Map{{"bool", Map{{"filter", List{term("tenant_id", tenant.value)}}}}}},
                             {"size", 0},
                             {"aggs", Map{{"category", terms_aggregation("category")}}}});
}

bool is_complete(const Map& response)
{
    const Value* const timed_out = find(response, "timed_out");
    const bool* const is_late = timed_out ? timed_out->if_bool() : nullptr;
    const Map& shards = map_in(response, "_shards");
    return is_late && !*is_late && int_of(shards, "total") > 0 &&
           int_of(shards, "successful") == int_of(shards, "total");
}

std::optional<SearchPage> parse_page(const Map& response, const SearchQuery& query, float score_factor)
{
    const Map& hits = map_in(response, "hits");
    const Map& total = map_in(hits, "total");
    const Map& aggregations = map_in(response, "aggregations");
    if (!is_complete(response) || !has_number(total, "value") || text_of(total, "relation") != "eq" ||
        (query.facets && aggregations.size() != facet_aggregations().size()))
        return std::nullopt;
    SearchPage page{.total = count_in(total, "value")};
    if (query.facets)
        page.facets = parse_facets(aggregations);
    const Map* last_hit = nullptr;
    for (const Value& value : list_in(hits, "hits")) {
        const Map* const hit = value.if_map();
        if (hit == nullptr || text_of(*hit, "_id").empty())
            return std::nullopt;
        if (page.hits.size() == query.limit) {
            page.next = encode_cursor(sort_order_of(query), list_in(*last_hit, "sort"),
                                      text_of(map_in(*last_hit, "_source"), "title"));
            break;
        }
        page.hits.push_back(
            {std::string(text_of(*hit, "_id")), query.text.empty() ? 0 : plain_score(*hit, score_factor)});
        last_hit = hit;
    }
    return page;
}

std::optional<std::vector<FacetCount>> parse_categories(const Map& response)
{
    const Map& aggregations = map_in(response, "aggregations");
    if (!is_complete(response) || aggregations.empty())
        return std::nullopt;
    auto counts = parse_counts(aggregations, "category");
    std::ranges::sort(counts, {}, &FacetCount::value);
    return counts;
}

} // namespace estante::opensearch
