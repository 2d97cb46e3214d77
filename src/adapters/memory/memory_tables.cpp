#include "adapters/memory/memory_tables.hpp"

#include "ports/rules/item_rules.hpp"
#include "ports/rules/sort_bounds.hpp"

#include <algorithm>
#include <ranges>

namespace estante::memory {

namespace {

// One item more than the limit tells whether there is a next page.
template <class Range, class ToItem>
Page page_of(Range&& range, std::size_t limit, Index index, std::int64_t now_ms, ToItem to_item)
{
    Page page;
    for (const auto& entry : range) {
        const Item& item = to_item(entry);
        if (is_expired(item, now_ms))
            continue;
        if (page.items.size() == limit) {
            const Item& last = page.items.back();
            page.next = Cursor{.key = key_of(last),
                               .index_key = index == Index::primary ? std::nullopt : index_key_of(last, index)};
            break;
        }
        page.items.push_back(item);
    }
    return page;
}

template <class Iterator, class ToItem>
Page page_between(Iterator first, Iterator last, const Query& query, std::int64_t now_ms, ToItem to_item)
{
    const std::ranges::subrange range(first, last);
    return query.forward ? page_of(range, query.limit, query.index, now_ms, to_item)
                         : page_of(std::views::reverse(range), query.limit, query.index, now_ms, to_item);
}

} // namespace

const Item* Tables::visible(Table table, const Key& key, std::int64_t now_ms) const
{
    const auto found = of(table).items.find(key);
    return found == of(table).items.end() || is_expired(found->second, now_ms) ? nullptr : &found->second;
}

Page Tables::query(const Query& query, std::int64_t now_ms) const
{
    const auto bounds = bounds_of(query);
    if (bounds.empty())
        return {};
    const auto& table = of(query.table);
    if (query.index == Index::primary)
        return page_between(table.items.lower_bound({query.partition, bounds.from.sort}),
                            table.items.lower_bound({query.partition, bounds.to.sort}), query, now_ms,
                            [](const auto& entry) -> const Item& { return entry.second; });
    const auto& index = query.index == Index::gsi1 ? table.gsi1 : table.gsi2;
    return page_between(index.lower_bound({{query.partition, bounds.from.sort}, bounds.from.tie}),
                        index.lower_bound({{query.partition, bounds.to.sort}, bounds.to.tie}), query, now_ms,
                        [&table](const IndexEntry& entry) -> const Item& { return table.items.at(entry.key); });
}

Page Tables::scan(Table table, std::size_t limit, const std::optional<Cursor>& after, std::int64_t now_ms) const
{
    const auto& items = of(table).items;
    const std::ranges::subrange range(after ? items.upper_bound(after->key) : items.begin(), items.end());
    return page_of(range, limit, Index::primary, now_ms, [](const auto& entry) -> const Item& { return entry.second; });
}

std::vector<std::string> Tables::write(Table table, const Key& key, std::optional<Item> item, std::int64_t now_ms)
{
    auto& [items, gsi1, gsi2] = of(table);
    const auto old = items.find(key);
    if (old == items.end() && !item)
        return {};
    std::vector<std::string> partitions{key.pk};
    for (const Index index : {Index::gsi1, Index::gsi2}) {
        if (!has_index(table, index))
            continue;
        auto& entries = index == Index::gsi1 ? gsi1 : gsi2;
        if (const auto was = old == items.end() ? std::nullopt : index_key_of(old->second, index)) {
            entries.erase({*was, key});
            partitions.push_back(was->pk);
        }
        if (const auto is = item ? index_key_of(*item, index) : std::nullopt) {
            entries.insert({*is, key});
            partitions.push_back(is->pk);
        }
    }
    Change change{.table = table, .key = key, .after = item, .at_ms = now_ms};
    if (old != items.end())
        change.before = std::move(old->second);
    if (item)
        items.insert_or_assign(key, std::move(*item));
    else
        items.erase(old);
    change.position = std::to_string(changes_.size() + 1);
    changes_.push_back(std::move(change));
    return partitions;
}

} // namespace estante::memory
