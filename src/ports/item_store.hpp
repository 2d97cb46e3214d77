// The item store: DynamoDB's semantics as C++ values. Every engine is exactly as strict as DynamoDB.
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
//
// An item is a map with the string attributes `pk` and `sk`, its key in one of three tables. `gsi1pk`/`gsi1sk` (and on
// books `gsi2pk`/`gsi2sk`) put it into an index; an item that lacks them, or loses them, is not in that index.
// `version` is the attribute that VersionIs checks. `expires_at` (epoch seconds) ends an item: from that second on
// reads, queries and conditions treat it as absent, whether or not the engine has removed it yet.
//
// Limits, those of DynamoDB: an item 400 KB; a transaction 1 to 100 actions on different items, 4 MB together; pk
// 1–2048 bytes, sk 1–1024 bytes; numbers 38 digits. A call that exceeds one fails with `invalid` or `too_large` and
// writes nothing.
//
// Thread rules: every member may be called from any thread; a coroutine resumes on its own executor.
#pragma once

#include "domain/result.hpp"
#include "domain/value.hpp"
#include "runtime/task.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace estante {

enum class Table : std::uint8_t { users, books, purchases };
inline constexpr Table all_tables[] = {Table::users, Table::books, Table::purchases};
const char* name_of(Table table); // "users", "books", "purchases"

enum class Index : std::uint8_t { primary, gsi1, gsi2 };

struct Key {
    std::string pk;
    std::string sk;

    auto operator<=>(const Key&) const = default;
};

using Item = Map;

Key key_of(const Item& item);
// The item's key in an index; nothing if it is not in it.
std::optional<Key> index_key_of(const Item& item, Index index);
// An item's size as DynamoDB counts it: names and values in UTF-8 bytes, numbers about one byte per two digits.
std::size_t size_of(const Item& item);

// Conditions are values of a closed set. All conditions of an action must hold for the item as it is before the
// transaction. For an absent item only Absent holds.
struct Absent {};
struct Present {};
struct VersionIs {
    std::int64_t version;
};
struct AtLeast {
    std::string attribute; // a number; fails if absent or of another type
    Number least;
};
struct Equals {
    std::string attribute;
    Value value;
};
struct Lacks {
    std::string attribute; // the item exists without this attribute
};
using Condition = std::variant<Absent, Present, VersionIs, AtLeast, Equals, Lacks>;
using Conditions = std::vector<Condition>;

struct Put { // writes the whole item
    Table table;
    Item item;
    Conditions conditions{};
};
struct Update { // changes top-level attributes; creates the item if it is absent
    Table table;
    Key key;
    std::vector<std::pair<std::string, Value>> set{};
    std::vector<std::pair<std::string, Number>> add{}; // an absent attribute counts as 0
    std::vector<std::string> remove{};
    Conditions conditions{};
};
struct Delete { // an absent item is not an error
    Table table;
    Key key;
    Conditions conditions{};
};
struct Check { // only in transact
    Table table;
    Key key;
    Conditions conditions{};
};
using Action = std::variant<Put, Update, Delete, Check>;

struct FailedAction {
    std::size_t index;           // in the actions of the call
    std::optional<Item> current; // the item for which the conditions failed; absent if there is none
};

struct StoreError {
    enum class Code {
        condition_failed, // `failed` names each action whose conditions did not hold
        conflict,         // concurrent transactions won every retry; nothing was written
        token_mismatch,   // this token was used for other actions
        invalid,          // a rule of the store was violated: a programming error
        too_large,        // an item or transaction over its limit
        unavailable,      // full disk, timeout, or throttled beyond the retries
    };
    Code code;
    std::string detail{};
    std::vector<FailedAction> failed{};
};
template <class T> using StoreResult = Result<T, StoreError>;

// The end of a page: the key of its last item, and its index key if an index was read.
struct Cursor {
    Key key;
    std::optional<Key> index_key{};

    bool operator==(const Cursor&) const = default;
};

// All sort keys, those with a prefix, or those from `first` to `last`, both inclusive; an absent bound is open.
struct SortPrefix {
    std::string prefix;
};
struct SortRange {
    std::optional<std::string> first{};
    std::optional<std::string> last{};
};
using SortKeys = std::variant<std::monostate, SortPrefix, SortRange>;

struct Query {
    Table table;
    Index index = Index::primary;
    std::string partition; // pk, or the index's partition key
    SortKeys sort_keys{};
    bool forward = true;    // by sort key in byte order; equal keys of an index in an order that is stable across pages
    std::size_t limit = 20; // 1–1000 items
    std::optional<Cursor> after{}; // exclusive, in reading direction
};
struct Page {
    std::vector<Item> items;
    std::optional<Cursor> next; // absent at the end; a cursor never leads to an empty page
};

class ItemStore {
public:
    virtual ~ItemStore() = default;

    // The store for the calls of one tenant, if the engine itself restricts a caller to the tenant's keys: AWS does by
    // session credentials of the tenant. nullptr if this store serves all tenants.
    virtual std::shared_ptr<ItemStore> for_tenant(std::string_view) { return nullptr; }

    // Strongly consistent: sees every write that returned before the call.
    virtual Task<StoreResult<std::optional<Item>>> get(Table table, Key key) = 0;
    // Up to 100 different keys; returns the items in the same order.
    virtual Task<StoreResult<std::vector<std::optional<Item>>>> batch_get(Table table, std::vector<Key> keys) = 0;
    // Strongly consistent on a table. An index is eventually consistent (in DynamoDB within milliseconds).
    virtual Task<StoreResult<Page>> query(Query query) = 0;
    // All items of a table in no particular order, without expired ones. For moves and rebuilds.
    virtual Task<StoreResult<Page>> scan(Table table, std::size_t limit, std::optional<Cursor> after) = 0;

    virtual Task<StoreResult<void>> put(Put put) = 0;
    virtual Task<StoreResult<Item>> update(Update update) = 0; // returns the updated item
    virtual Task<StoreResult<void>> remove(Delete remove) = 0;

    // Atomic. A repeated token (1–36 characters, valid for ten minutes) with the same actions succeeds again without a
    // second effect, and with other actions fails with token_mismatch. An empty token turns this off.
    virtual Task<StoreResult<void>> transact(std::vector<Action> actions, std::string token) = 0;

    // Any number of unconditional puts and deletes, each item at most once. Not atomic.
    virtual Task<StoreResult<void>> batch_write(std::vector<Action> actions) = 0;
};

} // namespace estante
