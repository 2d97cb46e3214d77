#include "records/dead_letters.hpp"

#include "codec/digest.hpp"
#include "domain/code_points.hpp"
#include "records/item_attributes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante {

namespace {

constexpr std::string_view partition_prefix = "operator#DEADLETTER#";
constexpr std::size_t max_images_bytes = 380'000; // of an item's 400 KB
constexpr std::size_t max_reason_bytes = 1'000;

Key letter_key(const std::string& processor, const Change& change)
{
    Sha256 digest;
    for (const std::string_view part : {std::string_view(name_of(change.table)), std::string_view(change.key.pk),
                                        std::string_view("\0", 1), std::string_view(change.key.sk)})
        digest.add(part);
    return {fmt::format("{}{}", partition_prefix, processor), hex(digest.finish()).substr(0, 32)};
}

std::optional<Item> image_at(const Item& letter, std::string_view name)
{
    if (!find(letter, name))
        return std::nullopt;
    return map_at(letter, name);
}

} // namespace

Put dead_letter_put(DeadLetter letter)
{
    Key key = letter_key(letter.processor, letter.change);
    Item item{{"pk", std::move(key.pk)},
              {"sk", std::move(key.sk)},
              {"processor", letter.processor},
              {"item_table", name_of(letter.change.table)},
              {"item_pk", letter.change.key.pk},
              {"item_sk", letter.change.key.sk},
              {"changed_at", time_value(letter.change.at_ms)},
              {"reason", std::string(first_bytes(letter.reason, max_reason_bytes))},
              {"set_aside_at", time_value(letter.failed_ms)}};
    std::size_t free_bytes = max_images_bytes;
    const auto add = [&](const char* name, std::optional<Item>& image) {
        const std::size_t size = image ? size_of(*image) : 0;
        if (!image || size > free_bytes)
            return;
        free_bytes -= size;
        item.emplace(name, std::move(*image));
    };
    add("after", letter.change.after);
    add("before", letter.change.before);
    return {.table = Table::users, .item = std::move(item)};
}

Delete dead_letter_removal(const DeadLetter& letter)
{
    return {.table = Table::users,
            .key = letter_key(letter.processor, letter.change),
            .conditions = {Equals{"set_aside_at", time_value(letter.failed_ms)}}};
}

Query dead_letters_query(std::string_view processor, std::optional<Cursor> after)
{
    return {.table = Table::users,
            .partition = fmt::format("{}{}", partition_prefix, processor),
            .limit = 100,
            .after = std::move(after)};
}

DeadLetter dead_letter_from(const Item& item)
{
    const auto table = std::ranges::find(all_tables, text_at(item, "item_table"), name_of);
    if (table == std::end(all_tables))
        throw_damaged(item, "item_table", "a table");
    return {.processor = text_at(item, "processor"),
            .change = {.table = *table,
                       .key = {text_at(item, "item_pk"), text_at(item, "item_sk")},
                       .before = image_at(item, "before"),
                       .after = image_at(item, "after"),
                       .at_ms = time_at(item, "changed_at")},
            .reason = text_at(item, "reason"),
            .failed_ms = time_at(item, "set_aside_at")};
}

} // namespace estante
