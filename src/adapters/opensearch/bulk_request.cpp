#include "adapters/opensearch/bulk_request.hpp"

#include "adapters/opensearch/json_values.hpp"
#include "adapters/opensearch/sort_cursor.hpp"
#include "analysis/completion_analysis.hpp"
#include "analysis/query_analysis.hpp"
#include "codec/json.hpp"
#include "ports/rules/search_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace estante::opensearch {

namespace {

std::string without_accents(const std::string& text)
{
    return fmt::format("{}", fmt::join(analysis::folded_terms_of(text), " "));
}

List to_list(const std::vector<std::string>& values)
{
    List list;
    for (const auto& value : values)
        list.emplace_back(to_valid_utf8(value));
    return list;
}

BulkOutcome::Kind outcome_kind(std::int64_t status)
{
    if ((status >= 200 && status < 300) || status == 409)
        return BulkOutcome::Kind::done;
    if (status == 404)
        return BulkOutcome::Kind::index_missing;
    return status == 400 ? BulkOutcome::Kind::rejected : BulkOutcome::Kind::unavailable;
}

} // namespace

Map document_source(const TenantId& tenant, const SearchDocument& document, const analysis::TitleCollation& collation)
{
    const auto title = to_valid_utf8(document.title);
    const auto author = to_valid_utf8(document.author);
    const auto description = to_valid_utf8(document.description);
    Map source{{"tenant_id", tenant.value},
               {"book_id", document.book_id},
               {"title", title},
               {"title_order", title_order(title, collation)},
               {"title_plain", without_accents(title)},
               {"author", author},
               {"author_plain", without_accents(author)},
               {"description", description},
               {"description_plain", without_accents(description)},
               {"contributors", to_list(document.contributors)},
               {"subjects", to_list(document.subjects)},
               {"rating", to_number(document.rating)},
               {"in_stock", document.in_stock},
               {"updated_ms", document.updated_ms}};
    if (auto form = analysis::completion_key(analysis::completion_input(title)); !form.empty())
        source.emplace("title_suggest",
                       Map{{"input", List{std::move(form)}}, {"weight", analysis::completion_weight(document.rating)}});
    if (!document.category.empty())
        source.emplace("category", to_valid_utf8(document.category));
    if (!document.language.empty())
        source.emplace("language", to_valid_utf8(document.language));
    if (!document.isbn.empty())
        source.emplace("isbn", to_valid_utf8(document.isbn));
    if (document.price_cents) {
        source.emplace("price", Number::hundredths(*document.price_cents));
        source.emplace("price_cents", *document.price_cents);
        source.emplace("price_band", price_band_of(*document.price_cents));
    }
    if (document.publication_year) {
        source.emplace("publication_year", *document.publication_year);
        source.emplace("decade", decade_of(*document.publication_year));
    }
    return source;
}

std::string bulk_lines(const TenantId& tenant, const IndexChange& change, const analysis::TitleCollation& collation)
{
    const Map action{{"index", Map{{"_id", change.book_id},
                                   {"version", change.version},
                                   {"version_type", "external"},
                                   {"require_alias", true}}}};
    const Map source = change.document ? document_source(tenant, *change.document, collation) : Map{};
    return json::to_text(action) + "\n" + json::to_text(source) + "\n";
}

BulkOutcome parse_bulk_response(const Map& response, std::size_t changes)
{
    const List& items = list_in(response, "items");
    if (items.size() != changes)
        return {.kind = BulkOutcome::Kind::unavailable,
                .reason = fmt::format("the response has {} of {} writes", items.size(), changes)};
    BulkOutcome worst;
    for (const Value& item : items) {
        const Map* const action = item.if_map();
        const Map& result = action ? map_in(*action, "index") : map_in({}, "");
        const auto kind = outcome_kind(int_of(result, "status"));
        if (kind <= worst.kind)
            continue;
        const Map& error = map_in(result, "error");
        worst = {.kind = kind, .reason = fmt::format("{}: {}", text_of(error, "type"), text_of(error, "reason"))};
    }
    return worst;
}

} // namespace estante::opensearch
