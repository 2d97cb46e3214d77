#include "moves/copy_progress.hpp"

#include "records/item_attributes.hpp"

#include <algorithm>

namespace estante::moves {

namespace {

Table table_at(const Map& map, std::string_view name)
{
    const auto found = std::ranges::find(all_tables, text_at(map, name), [](Table table) { return name_of(table); });
    if (found == std::end(all_tables))
        throw_damaged(map, name, "a table");
    return *found;
}

struct PhaseText {
    CopyPhase phase;
    std::string_view text;
};
// As progress files spell them.
constexpr PhaseText phase_texts[] = {{CopyPhase::markers, "counted"},
                                     {CopyPhase::items, "everything"},
                                     {CopyPhase::stale_items, "leftovers"},
                                     {CopyPhase::changes, "changes"},
                                     {CopyPhase::switching, "switching"}};

CopyPhase phase_at(const Map& map, std::string_view name)
{
    const auto found = std::ranges::find(phase_texts, text_at(map, name), &PhaseText::text);
    if (found == std::end(phase_texts))
        throw_damaged(map, name, "a phase of a copy");
    return found->phase;
}

} // namespace

Map to_map(const CopyProgress& progress)
{
    Map map{{"phase", std::ranges::find(phase_texts, progress.phase, &PhaseText::phase)->text},
            {"table", name_of(progress.table)},
            {"items", progress.items},
            {"followed_ms", progress.followed_ms},
            {"replaces", progress.replaces}};
    if (progress.cursor) {
        map.emplace("cursor_pk", progress.cursor->key.pk);
        map.emplace("cursor_sk", progress.cursor->key.sk);
    }
    return map;
}

CopyProgress progress_from(const Map& map)
{
    CopyProgress progress{.phase = phase_at(map, "phase"),
                          .table = table_at(map, "table"),
                          .items = int_at(map, "items"),
                          .followed_ms = int_at(map, "followed_ms"),
                          .replaces = bool_at(map, "replaces")};
    if (find(map, "cursor_pk"))
        progress.cursor = Cursor{.key = {text_at(map, "cursor_pk"), text_at(map, "cursor_sk")}};
    return progress;
}

} // namespace estante::moves
