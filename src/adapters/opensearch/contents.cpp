#include "adapters/opensearch/contents.hpp"

#include "adapters/opensearch/bulk.hpp"
#include "adapters/opensearch/json_text.hpp"
#include "adapters/opensearch/search_request.hpp"
#include "codec/json.hpp"

#include <algorithm>

namespace estante::opensearch {

namespace {

const Map& map_of(const Value& value)
{
    static const Map none;
    const Map* const map = value.if_map();
    return map ? *map : none;
}

IndexStatus state_of(const Map& document, const TenantId& tenant, const IndexChange& wanted,
                     const analysis::TitleCollation& collation)
{
    const Map& source = map_in(document, "_source");
    if (source.empty()) // not there, or what is left of a removed book
        return wanted.document ? IndexStatus::missing : IndexStatus::right;
    if (!wanted.document)
        return IndexStatus::orphaned;
    if (static_cast<std::uint64_t>(int_of(document, "_version")) != wanted.version)
        return IndexStatus::stale;
    return source == source_of(tenant, *wanted.document, collation) ? IndexStatus::right
                                                                    : IndexStatus::content_mismatch;
}

} // namespace

std::string ids_body(const TenantId& tenant, const std::string& after, std::size_t limit)
{
    const Map of_shop{{"term", Map{{"tenant_id", tenant.value}}}};
    Map body{{"query", Map{{"bool", Map{{"filter", List{of_shop}}}}}},
             {"size", limit},
             {"sort", List{Map{{"book_id", "asc"}}}},
             {"_source", false},
             {"track_total_hits", false}};
    if (!after.empty())
        body.emplace("search_after", List{well_formed(after)});
    return json::to_text(body);
}

std::optional<std::vector<std::string>> ids_of(const Map& answer)
{
    if (!is_whole(answer) || !find(map_in(answer, "hits"), "hits"))
        return std::nullopt;
    std::vector<std::string> ids;
    for (const Value& hit : list_in(map_in(answer, "hits"), "hits")) {
        ids.emplace_back(text_of(map_of(hit), "_id"));
        if (ids.back().empty())
            return std::nullopt;
    }
    return ids;
}

std::string documents_body(std::span<const IndexChange> wanted)
{
    List ids;
    for (const auto& book : wanted)
        ids.emplace_back(book.book_id);
    return json::to_text(Map{{"ids", std::move(ids)}});
}

bool lacks_index(const Map& answer)
{
    return std::ranges::any_of(list_in(answer, "docs"), [](const Value& document) {
        return text_of(map_in(map_of(document), "error"), "type") == "index_not_found_exception";
    });
}

std::optional<std::vector<IndexStatus>> states_of(const Map& answer, const TenantId& tenant,
                                                  std::span<const IndexChange> wanted,
                                                  const analysis::TitleCollation& collation)
{
    const List& documents = list_in(answer, "docs");
    if (documents.size() != wanted.size())
        return std::nullopt;
    std::vector<IndexStatus> states;
    for (std::size_t number = 0; number < wanted.size(); ++number) {
        const Map& document = map_of(documents[number]);
        if (text_of(document, "_id") != wanted[number].book_id || !find(document, "found"))
            return std::nullopt;
        states.push_back(state_of(document, tenant, wanted[number], collation));
    }
    return states;
}

} // namespace estante::opensearch
