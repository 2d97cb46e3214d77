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

} // namespace

Map to_map(const CopyProgress& progress)
{
    Map map{{"phase", enum_text(progress.phase)},
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
    CopyProgress progress{.phase = enum_at<CopyPhase>(map, "phase"),
                          .table = table_at(map, "table"),
                          .items = int_at(map, "items"),
                          .followed_ms = int_at(map, "followed_ms"),
                          .replaces = bool_at(map, "replaces")};
    if (find(map, "cursor_pk"))
        progress.cursor = Cursor{.key = {text_at(map, "cursor_pk"), text_at(map, "cursor_sk")}};
    return progress;
}

} // namespace estante::moves
