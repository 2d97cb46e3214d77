#include "moves/item_digests.hpp"

#include "codec/json.hpp"
#include "ports/rules/item_rules.hpp"
#include "ports/rules/partitions.hpp"
#include "runtime/yield.hpp"

#include <fmt/format.h>

#include <set>

namespace estante::moves {

void ItemDigest::add(const Item& item)
{
    const Digest digest = sha256(json::to_text(Value(item)));
    unsigned carry = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
        carry += sum[i] + digest[i];
        sum[i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
    }
    ++items;
}

std::int64_t count_items(const TableDigests& tables)
{
    std::int64_t items = 0;
    for (const ItemDigest& digest : tables)
        items += digest.items;
    return items;
}

namespace {

struct DigestBuilder {
    const Scope& scope;
    std::int64_t expires_after_ms;
    const Visit& visit;
    ItemDigests digests{};

    void add(Table table, std::vector<Item> items)
    {
        for (Item& item : items) {
            const Key key = key_of(item);
            if (!scope.contains(table, key) || is_expired(item, expires_after_ms))
                continue;
            const Item target_item = to_target_item(std::move(item), table, scope);
            digests[std::string(tenant_of(key.pk))][static_cast<std::size_t>(table)].add(target_item);
            if (visit)
                visit(table, target_item);
        }
    }
};

Task<Result<Page, std::string>> read_page(ItemStore& items, Table table, std::optional<Cursor> after)
{
    auto page = co_await items.scan(table, max_page_items, std::move(after));
    if (!page)
        co_return std::unexpected(fmt::format("{} cannot be read: {}", name_of(table), page.error().detail));
    co_return std::move(*page);
}

// Yields first, so that the request for the next page is sent before the digests are computed.
Task<std::size_t> add_page(DigestBuilder& builder, Table table, std::vector<Item> items)
{
    co_await yield();
    const auto count = items.size();
    builder.add(table, std::move(items));
    co_return count;
}

} // namespace

Task<Result<ItemDigests, std::string>> digest_items(ItemStore& items, Scope scope, std::int64_t expires_after_s,
                                                    Visit visit)
{
    DigestBuilder builder{.scope = scope, .expires_after_ms = expires_after_s * 1000, .visit = visit};
    for (const Table table : all_tables) {
        auto page = co_await read_page(items, table, std::nullopt);
        while (page && page->next) {
            auto [ahead, added] = co_await when_all(read_page(items, table, std::move(page->next)),
                                                    add_page(builder, table, std::move(page->items)));
            page = std::move(ahead);
        }
        if (!page)
            co_return std::unexpected(std::move(page.error()));
        co_await add_page(builder, table, std::move(page->items));
    }
    co_return std::move(builder.digests);
}

std::vector<Difference> differences(const ItemDigests& from, const ItemDigests& to)
{
    std::set<std::string> tenants;
    for (const ItemDigests* digests : {&from, &to}) {
        for (const auto& [tenant, tables] : *digests)
            tenants.insert(tenant);
    }
    const auto tables_of = [](const ItemDigests& digests, const std::string& tenant) {
        const auto found = digests.find(tenant);
        return found == digests.end() ? TableDigests{} : found->second;
    };
    std::vector<Difference> found;
    for (const std::string& tenant : tenants) {
        const TableDigests left = tables_of(from, tenant);
        const TableDigests right = tables_of(to, tenant);
        for (const Table table : all_tables) {
            const auto at = static_cast<std::size_t>(table);
            if (left[at] != right[at])
                found.push_back({tenant, table, left[at], right[at]});
        }
    }
    return found;
}

} // namespace estante::moves
