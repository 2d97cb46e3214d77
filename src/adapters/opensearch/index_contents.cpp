#include "adapters/opensearch/index_contents.hpp"

#include "adapters/opensearch/bulk_request.hpp"
#include "adapters/opensearch/json_values.hpp"
#include "adapters/opensearch/search_request.hpp"
#include "codec/json.hpp"

#include <algorithm>

namespace estante::opensearch {

namespace {

const Map& as_map(const Value& value)
{
    static const Map empty;
    const Map* const map = value.if_map();
    return map ? *map : empty;
}

IndexStatus compare_document(const Map& document, const TenantId& tenant, const IndexChange& expected,
                             const analysis::TitleCollation& collation)
{
    const Map& source = map_in(document, "_source");
    if (source.empty()) // missing, or the empty document of a removed book
        return expected.document ? IndexStatus::missing : IndexStatus::in_sync;
    if (!expected.document)
        return IndexStatus::orphaned;
    if (static_cast<std::uint64_t>(int_of(document, "_version")) != expected.version)
        return IndexStatus::stale;
    return source == document_source(tenant, *expected.document, collation) ? IndexStatus::in_sync
                                                                            : IndexStatus::content_mismatch;
}

} // namespace

std::string book_ids_body(const TenantId& tenant, const std::string& after, std::size_t limit)
{
    const Map tenant_filter{{"term", Map{{"tenant_id", tenant.value}}}};
    Map body{{"query", Map{{"bool", Map{{"filter", List{tenant_filter}}}}}},
             {"size", limit},
             {"sort", List{Map{{"book_id", "asc"}}}},
             {"_source", false},
             {"track_total_hits", false}};
    if (!after.empty())
        body.emplace("search_after", List{to_valid_utf8(after)});
    return json::to_text(body);
}

std::optional<std::vector<std::string>> parse_book_ids(const Map& response)
{
    if (!is_complete(response) || !find(map_in(response, "hits"), "hits"))
        return std::nullopt;
    std::vector<std::string> ids;
    for (const Value& hit : list_in(map_in(response, "hits"), "hits")) {
        ids.emplace_back(text_of(as_map(hit), "_id"));
        if (ids.back().empty())
            return std::nullopt;
    }
    return ids;
}

std::string documents_body(std::span<const IndexChange> expected)
{
    List ids;
    for (const auto& book : expected)
        ids.emplace_back(book.book_id);
    return json::to_text(Map{{"ids", std::move(ids)}});
}

bool has_missing_index(const Map& response)
{
    return std::ranges::any_of(list_in(response, "docs"), [](const Value& document) {
        return text_of(map_in(as_map(document), "error"), "type") == "index_not_found_exception";
    });
}

std::optional<std::vector<IndexStatus>> compare_documents(const Map& response, const TenantId& tenant,
                                                          std::span<const IndexChange> expected,
                                                          const analysis::TitleCollation& collation)
{
    const List& documents = list_in(response, "docs");
    if (documents.size() != expected.size())
        return std::nullopt;
    std::vector<IndexStatus> states;
    for (std::size_t number = 0; number < expected.size(); ++number) {
        const Map& document = as_map(documents[number]);
        if (text_of(document, "_id") != expected[number].book_id || !find(document, "found"))
            return std::nullopt;
        states.push_back(compare_document(document, tenant, expected[number], collation));
    }
    return states;
}

} // namespace estante::opensearch
