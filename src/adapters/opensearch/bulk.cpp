#include "adapters/opensearch/bulk.hpp"

#include "adapters/opensearch/json_text.hpp"
#include "analysis/completion_analysis.hpp"
#include "analysis/query_analysis.hpp"
#include "codec/digest.hpp"
#include "codec/json.hpp"
#include "ports/rules/search_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

namespace estante::opensearch {

namespace {

constexpr std::size_t longest_order_key = 16'000; // bytes, twice as many in hex: a keyword may have 32,766

std::string title_order(const std::string& title, const analysis::TitleCollation& collation)
{
    auto key = collation.key_of(title);
    key.resize(std::min(key.size(), longest_order_key));
    return hex(std::span(reinterpret_cast<const std::uint8_t*>(key.data()), key.size()));
}

std::string plain(const std::string& text)
{
    return fmt::format("{}", fmt::join(analysis::folded_terms_of(text), " "));
}

List texts(const std::vector<std::string>& values)
{
    List list;
    for (const auto& value : values)
        list.emplace_back(well_formed(value));
    return list;
}

BulkOutcome::Kind kind_of(std::int64_t status)
{
    if ((status >= 200 && status < 300) || status == 409)
        return BulkOutcome::Kind::done;
    if (status == 404)
        return BulkOutcome::Kind::absent;
    return status == 400 ? BulkOutcome::Kind::refused : BulkOutcome::Kind::unavailable;
}

} // namespace

Map source_of(const TenantId& tenant, const SearchDocument& document, const analysis::TitleCollation& collation)
{
    const auto title = well_formed(document.title);
    const auto author = well_formed(document.author);
    const auto description = well_formed(document.description);
    Map source{{"tenant_id", tenant.value},
               {"book_id", document.book_id},
               {"title", title},
               {"title_order", title_order(title, collation)},
               {"title_plain", plain(title)},
               {"author", author},
               {"author_plain", plain(author)},
               {"description", description},
               {"description_plain", plain(description)},
               {"contributors", texts(document.contributors)},
               {"subjects", texts(document.subjects)},
               {"rating", exact(document.rating)},
               {"in_stock", document.in_stock},
               {"updated_ms", document.updated_ms}};
    if (auto form = analysis::completion_key(analysis::completion_input(title)); !form.empty())
        source.emplace("title_suggest",
                       Map{{"input", List{std::move(form)}}, {"weight", analysis::completion_weight(document.rating)}});
    if (!document.category.empty())
        source.emplace("category", well_formed(document.category));
    if (!document.language.empty())
        source.emplace("language", well_formed(document.language));
    if (!document.isbn.empty())
        source.emplace("isbn", well_formed(document.isbn));
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
    const Map source = change.document ? source_of(tenant, *change.document, collation) : Map{};
    return json::to_text(action) + "\n" + json::to_text(source) + "\n";
}

BulkOutcome outcome_of(const Map& answer, std::size_t changes)
{
    const List& items = list_in(answer, "items");
    if (items.size() != changes)
        return {.kind = BulkOutcome::Kind::unavailable,
                .reason = fmt::format("{} of {} writes were answered", items.size(), changes)};
    BulkOutcome worst;
    for (const Value& item : items) {
        const Map* const named = item.if_map();
        const Map& result = named ? map_in(*named, "index") : map_in({}, "");
        const auto kind = kind_of(int_of(result, "status"));
        if (kind <= worst.kind)
            continue;
        const Map& error = map_in(result, "error");
        worst = {.kind = kind, .reason = fmt::format("{}: {}", text_of(error, "type"), text_of(error, "reason"))};
    }
    return worst;
}

} // namespace estante::opensearch
