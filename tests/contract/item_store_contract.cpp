#include "contract/item_store_contract.hpp"

#include "codec/json.hpp"

#include <atomic>
#include <chrono>
#include <random>

namespace estante {

std::ostream& operator<<(std::ostream& out, const Value& value)
{
    return out << json::to_text(value);
}

std::ostream& operator<<(std::ostream& out, const Key& key)
{
    return out << key.pk << ' ' << key.sk;
}

std::string outcome_of(const StoreError& error)
{
    switch (error.code) {
    case StoreError::Code::condition_failed:
        return "condition_failed";
    case StoreError::Code::conflict:
        return "conflict";
    case StoreError::Code::token_mismatch:
        return "token_mismatch";
    case StoreError::Code::invalid:
        return "invalid";
    case StoreError::Code::too_large:
        return "too_large";
    case StoreError::Code::unavailable:
        return "unavailable: " + error.detail;
    }
    return "";
}

std::string fresh_prefix()
{
    static const std::string of_this_run = "t" + std::to_string(std::random_device{}());
    static std::atomic<int> count = 0;
    return of_this_run + "-" + std::to_string(++count) + "#";
}

Item ItemStoreContract::item(std::string_view sk, const Item& attributes) const
{
    Item whole{{"pk", pk()}, {"sk", sk}};
    for (const auto& [name, value] : attributes)
        whole.insert_or_assign(name, value);
    return whole;
}

StoreResult<void> ItemStoreContract::put(Item whole, Conditions conditions, Table table)
{
    return run(store.put({.table = table, .item = std::move(whole), .conditions = std::move(conditions)}));
}

void ItemStoreContract::given(Item whole, Table table)
{
    ASSERT_EQ(outcome(put(std::move(whole), {}, table)), "ok");
}

StoreResult<void> ItemStoreContract::remove(Key key, Conditions conditions, Table table)
{
    return run(store.remove({.table = table, .key = std::move(key), .conditions = std::move(conditions)}));
}

StoreResult<void> ItemStoreContract::transact(std::vector<Action> actions, std::string token)
{
    return run(store.transact(std::move(actions), std::move(token)));
}

std::optional<Item> ItemStoreContract::get(Key key, Table table)
{
    auto item = run(store.get(table, std::move(key)));
    EXPECT_EQ(outcome(item), "ok");
    return item ? std::move(*item) : std::nullopt;
}

std::vector<std::string> ItemStoreContract::sort_keys(Query query, std::size_t limit)
{
    if (query.index != Index::primary)
        engine->settle_indexes();
    std::vector<std::string> keys;
    query.limit = limit;
    do {
        const auto page = run(store.query(query));
        EXPECT_EQ(outcome(page), "ok");
        if (!page)
            break;
        EXPECT_LE(page->items.size(), limit);
        EXPECT_FALSE(query.after && page->items.empty()) << "a cursor led to an empty page";
        for (const Item& item : page->items)
            keys.emplace_back(text_of(item, "sk"));
        query.after = page->next;
    } while (query.after);
    return keys;
}

} // namespace estante
