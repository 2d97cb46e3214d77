// The item store: DynamoDB's semantics as C++ values, so that every engine is exactly as strict as the real one.
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
//
// An item is a map with the string attributes `pk` and `sk`, its key in one of three tables. `gsi1pk`/`gsi1sk` (and on
// books `gsi2pk`/`gsi2sk`) put it into an index; an item that lacks them, or loses them, is not in that index.
// `version` is the attribute that VersionIs looks at. `expires_at` (epoch seconds) ends an item: from that second on
// reads, queries and conditions treat it as absent, whether or not the engine has removed it yet.
//
// Limits, DynamoDB's: an item 400 KB; a transaction 1 to 100 actions on different items, 4 MB together; pk 1–2048
// bytes, sk 1–1024 bytes; numbers 38 digits. What breaks one is `invalid` or `too_large`, and nothing was written.
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

// Conditions are values of a closed set. All conditions of an action must hold on the item as it is before the
// transaction. A condition on an absent item holds only for Absent (and fails for all the others).
struct Absent {};
struct Present {};
struct VersionIs {
    std::int64_t version;
};
struct AtLeast {
    std::string attribute; // a number; absent or of another type fails
    Number least;
};
struct Equals {
    std::string attribute;
    Value value;
};
struct Lacks {
    std::string attribute; // the item is there, without this attribute
};
using Condition = std::variant<Absent, Present, VersionIs, AtLeast, Equals, Lacks>;
using Conditions = std::vector<Condition>;

struct Put { // writes the whole item
    Table table;
    Item item;
    Conditions conditions{};
};
struct Update { // changes top-level attributes; makes the item if there is none
    Table table;
    Key key;
    std::vector<std::pair<std::string, Value>> set{};
    std::vector<std::pair<std::string, Number>> add{}; // an absent attribute counts as 0
    std::vector<std::string> remove{};
    Conditions conditions{};
};
struct Delete { // an absent item is no error
    Table table;
    Key key;
    Conditions conditions{};
};
struct Check { // only within transact
    Table table;
    Key key;
    Conditions conditions{};
};
using Action = std::variant<Put, Update, Delete, Check>;

struct FailedAction {
    std::size_t index;           // into the actions of the call
    std::optional<Item> current; // the item on which the conditions failed
};

struct StoreError {
    enum class Code {
        condition_failed, // `failed` names each action whose conditions did not hold
        conflict,         // other transactions were faster, again and again; nothing was written
        token_mismatch,   // this token was used for other actions
        invalid,          // a rule of the store was broken: a mistake of the program
        too_large,        // an item or transaction over its limit
        unavailable,      // the engine cannot answer now: full disk, timeout, throttled beyond the retries
    };
    Code code;
    std::string detail{};
    std::vector<FailedAction> failed{};
};
template <class T> using StoreResult = Result<T, StoreError>;

// Where a page ended: the last item's key, and its key in the index when one was read.
struct Cursor {
    Key key;
    std::optional<Key> index_key{};

    bool operator==(const Cursor&) const = default;
};

// All sort keys, those with a prefix, or those from `first` to `last` inclusive (an absent end is open).
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
    bool forward = true;           // by sort key in byte order; ties in an index in an order that paging keeps
    std::size_t limit = 20;        // 1–1000 items
    std::optional<Cursor> after{}; // exclusive, in the direction of reading
};
struct Page {
    std::vector<Item> items;
    std::optional<Cursor> next; // absent: there is no more (never a cursor to an empty page, in any engine)
};

class ItemStore {
public:
    virtual ~ItemStore() = default;

    // The store for the calls of one tenant, where the engine itself can hold a caller to that tenant's keys (AWS does,
    // by credentials of the tenant's own); nullptr where this store serves all.
    virtual std::shared_ptr<ItemStore> of_tenant(std::string_view) { return nullptr; }

    // Strongly consistent: sees every write that was answered before the call.
    virtual Task<StoreResult<std::optional<Item>>> get(Table table, Key key) = 0;
    // Up to 100 different keys; answers in their order.
    virtual Task<StoreResult<std::vector<std::optional<Item>>>> batch_get(Table table, std::vector<Key> keys) = 0;
    // On the table strongly consistent; an index may follow its table (in DynamoDB by milliseconds).
    virtual Task<StoreResult<Page>> query(Query query) = 0;
    // Every item of a table in no particular order, for moves and rebuilds; expired items are left out.
    virtual Task<StoreResult<Page>> scan(Table table, std::size_t limit, std::optional<Cursor> after) = 0;

    virtual Task<StoreResult<void>> put(Put put) = 0;
    virtual Task<StoreResult<Item>> update(Update update) = 0; // answers the item as it is then
    virtual Task<StoreResult<void>> remove(Delete remove) = 0;

    // All or nothing. A repeated token (1–36 characters, kept ten minutes) with the same actions answers success again
    // without a second effect; with other actions token_mismatch. An empty token asks for no such memory.
    virtual Task<StoreResult<void>> transact(std::vector<Action> actions, std::string token) = 0;

    // Unconditional puts and deletes, any number, not atomic together, each item at most once.
    virtual Task<StoreResult<void>> batch_write(std::vector<Action> actions) = 0;
};

} // namespace estante
