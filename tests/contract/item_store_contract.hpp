// The contract of the item store port. An engine joins by an INSTANTIATE_TEST_SUITE_P with a factory function; the
// suite knows no engine.
//
// The store need not be empty: each test uses partitions that no other test and no earlier run has used.
#pragma once

#include "ports/item_store.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante {

std::ostream& operator<<(std::ostream& out, const Value& value);
std::ostream& operator<<(std::ostream& out, const Key& key);

class EngineUnderTest {
public:
    virtual ~EngineUnderTest() = default;

    virtual ItemStore& items() = 0;
    // nullptr for an engine that uses its own time: tests that need to set the clock are skipped.
    virtual ManualClock* clock() { return nullptr; }
    // Whether items with the same index key are ordered by their own key, or in another stable order.
    virtual bool ties_by_key() { return true; }
    // Waits until the indexes have all earlier writes.
    virtual void settle_indexes() {}
};

struct Engine {
    std::string name;
    std::function<std::unique_ptr<EngineUnderTest>()> create;

    friend std::ostream& operator<<(std::ostream& out, const Engine& engine) { return out << engine.name; }
};

// "ok", or the name of the error's code.
std::string outcome_of(const StoreError& error);
template <class T> std::string outcome(const StoreResult<T>& result)
{
    return result ? "ok" : outcome_of(result.error());
}

// A prefix that no other partition of this run or an earlier run has.
std::string fresh_prefix();

class ItemStoreContract : public testing::TestWithParam<Engine> {
protected:
    std::unique_ptr<EngineUnderTest> engine = GetParam().create();
    ItemStore& store = engine->items();
    const std::string prefix = fresh_prefix();

    // A partition key that only this test uses.
    std::string pk(std::string_view name = "one") const { return prefix + std::string(name); }
    Key key(std::string_view sk = "A") const { return {pk(), std::string(sk)}; }
    // An item of partition pk() with more attributes.
    Item item(std::string_view sk = "A", const Item& attributes = {}) const;

    StoreResult<void> put(Item whole, Conditions conditions = {}, Table table = Table::books);
    void given(Item whole, Table table = Table::books);
    StoreResult<Item> update(Update update) { return run(store.update(std::move(update))); }
    StoreResult<void> remove(Key key, Conditions conditions = {}, Table table = Table::books);
    StoreResult<void> transact(std::vector<Action> actions, std::string token = {});
    std::optional<Item> get(Key key, Table table = Table::books);
    bool has(Key key, Table table = Table::books) { return get(std::move(key), table).has_value(); }

    // The sort keys of all pages of a query, with `limit` items a page. Fails if a cursor leads to an empty page.
    std::vector<std::string> sort_keys(Query query, std::size_t limit = 1000);
};

#define ESTANTE_NEEDS_CLOCK(name)                                                                                      \
    ManualClock* const name = engine->clock();                                                                         \
    if (!name)                                                                                                         \
    GTEST_SKIP() << "this engine uses its own time"

} // namespace estante
