#include "background/fill_lake.hpp"

#include "ports/rules/partitions.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace estante {

Task<void> start_lake_fill(StreamDriver& purchases, ItemStore& store, Clock& clock, std::string lake_address)
{
    const Key note_key{std::string(checkpoints_partition),
                       fmt::format("filled#{}#{}", purchases_processor, lake_address)};
    const auto note = co_await store.get(Table::users, note_key);
    if (!note)
        throw std::runtime_error(fmt::format("cannot read the store: {}", note.error().detail));
    if (*note)
        co_return;
    ItemWalk walk(AllItems(store), clock, queries_for_purchases_stream());
    purchases.start_rebuild(std::move(walk), [&store, note_key]() -> Task<void> {
        const auto written = co_await store.put(
            {.table = Table::users, .item = {{"pk", Value(note_key.pk)}, {"sk", Value(note_key.sk)}}});
        if (!written)
            throw std::runtime_error(fmt::format("cannot write to the store: {}", written.error().detail));
    });
}

} // namespace estante
