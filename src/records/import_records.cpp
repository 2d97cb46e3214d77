#include "records/import_records.hpp"

#include "records/item_attributes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante {

namespace {

constexpr std::string_view refused_prefix = "REFUSED#";

std::string partition_of(const ImportId& job)
{
    return "IMPORT#" + job.value;
}

std::int64_t expires_at_s(const ImportJob& job)
{
    return job.created_ms / 1000 + import_lifetime_s;
}

Value phrase_value(const Phrase& phrase)
{
    return Map{{"es", phrase.es}, {"en", phrase.en}};
}

Phrase phrase_at(const Map& item, std::string_view name)
{
    const Map& map = map_at(item, name);
    return {text_at(map, "es"), text_at(map, "en")};
}

} // namespace

std::optional<SourceName> SourceName::parse(std::string_view text)
{
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (text.empty() || text.size() > 40 || !std::ranges::all_of(text, allowed))
        return std::nullopt;
    return SourceName{std::string(text)};
}

Key import_key(const ImportId& job)
{
    return {partition_of(job), "IMPORT"};
}

Item to_item(const ImportJob& job)
{
    Key key = import_key(job.id);
    Item item{{"pk", std::move(key.pk)},
              {"sk", std::move(key.sk)},
              {"import_id", job.id.value},
              {"media_type", job.media_type},
              {"on_hand", job.defaults.on_hand},
              {"status", enum_text(job.status)},
              {"rows", job.counts.rows},
              {"created", job.counts.created},
              {"updated", job.counts.updated},
              {"unchanged", job.counts.unchanged},
              {"refused", job.counts.refused},
              {"created_at", time_value(job.created_ms)},
              {"updated_at", time_value(job.updated_ms)},
              {"expires_at", expires_at_s(job)}};
    if (job.defaults.source)
        item.emplace("source", job.defaults.source->value);
    if (job.defaults.category)
        item.emplace("category", job.defaults.category->value);
    if (job.defaults.price)
        item.emplace("price", Number::hundredths(job.defaults.price->cents));
    if (job.failure)
        item.emplace("failure", phrase_value(*job.failure));
    return item;
}

ImportJob import_from(const Item& item)
{
    ImportJob job{.id = parsed_at<ImportId>(item, "import_id"),
                  .media_type = text_at(item, "media_type"),
                  .defaults = {.source = optional_parsed_at<SourceName>(item, "source"),
                               .category = optional_limited_at<Text<1, 100>>(item, "category"),
                               .on_hand = int_at(item, "on_hand")},
                  .status = enum_at<ImportStatus>(item, "status"),
                  .counts = {.rows = int_at(item, "rows"),
                             .created = int_at(item, "created"),
                             .updated = int_at(item, "updated"),
                             .unchanged = int_at(item, "unchanged"),
                             .refused = int_at(item, "refused")},
                  .created_ms = time_at(item, "created_at"),
                  .updated_ms = time_at(item, "updated_at")};
    if (const auto cents = optional_hundredths_at(item, "price"))
        job.defaults.price = Money{*cents};
    if (find(item, "failure"))
        job.failure = phrase_at(item, "failure");
    return job;
}

Item to_item(const RowRefusal& refusal, const ImportJob& job, std::int64_t number)
{
    return {{"pk", partition_of(job.id)},
            {"sk", fmt::format("{}{:06}", refused_prefix, number)},
            {"row", refusal.row},
            {"subject", refusal.subject},
            {"reason", phrase_value(refusal.reason)},
            {"expires_at", expires_at_s(job)}};
}

RowRefusal refusal_from(const Item& item)
{
    return {.row = static_cast<std::size_t>(int_at(item, "row")),
            .subject = text_at(item, "subject"),
            .reason = phrase_at(item, "reason")};
}

Query refused_rows(const ImportId& job)
{
    return {
        .table = Table::books, .partition = partition_of(job), .sort_keys = SortPrefix{std::string(refused_prefix)}};
}

} // namespace estante
