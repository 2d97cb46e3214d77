// The rules of the item store that all engines share: validation, conditions and updates. An engine adds storage, order
// and durability.
#pragma once

#include "ports/item_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace estante {

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
inline constexpr std::size_t max_item_bytes = 400UL * 1024;
inline constexpr std::size_t max_transaction_bytes = 4UL * 1024 * 1024;
inline constexpr std::size_t max_transaction_actions = 100;
inline constexpr std::size_t max_batch_get_keys = 100;
inline constexpr std::size_t max_page_items = 1000;
inline constexpr std::size_t max_pk_bytes = 2048;
inline constexpr std::size_t max_sk_bytes = 1024;
inline constexpr std::size_t max_name_bytes = 1024;
inline constexpr std::size_t max_token_bytes = 36;
inline constexpr std::int64_t token_lifetime_ms = 10L * 60 * 1000;

std::unexpected<StoreError> store_error(StoreError::Code code, std::string detail);

Table table_of(const Action& action);
Key key_of(const Action& action);
const Conditions& conditions_of(const Action& action);
bool has_index(Table table, Index index);

// Validation of the arguments of a call. Errors: invalid, too_large. Besides the limits these reject empty keys, index
// keys that are empty or not strings, strings that are not UTF-8 or contain U+0000, nesting deeper than 32, and an
// update that changes a key, or one attribute twice.
StoreResult<void> check_key(const Key& key);
StoreResult<void> check_keys(std::span<const Key> keys);
StoreResult<void> check_query(const Query& query);
StoreResult<void> check_scan(std::size_t limit, const std::optional<Cursor>& after);
StoreResult<void> check_action(const Action& action);
StoreResult<void> check_transaction(std::span<const Action> actions, std::string_view token);
StoreResult<void> check_batch(std::span<const Action> actions);

// The second at which the item expires, from a whole number `expires_at`; nothing without one.
std::optional<std::int64_t> expiry_of(const Item& item);
bool is_expired(const Item& item, std::int64_t now_ms);

// The attributes of an existing item, for conditions. An engine implements it on its own representation.
class Attributes {
public:
    virtual const Value* find(std::string_view name) const = 0;

protected:
    ~Attributes() = default;
};

// `current` is nullptr for an absent (or expired) item.
bool holds(const Condition& condition, const Attributes* current);
bool all_hold(const Conditions& conditions, const Attributes* current);
bool all_hold(const Conditions& conditions, const Item* current);

// The item after an update that check_action has accepted. Errors: invalid (`add` to an attribute that is not a number,
// or a sum out of range), too_large.
StoreResult<Item> updated(const Update& update, std::optional<Item> current);

// Collects the results of the actions of one transaction, each evaluated on the items as they were before it.
class TransactionOutcome {
public:
    void add_failed_action(std::size_t index, const Item* current);
    void failed(StoreError error) { errors_.push_back(std::move(error)); }
    void writes(const Item& item) { bytes_ += size_of(item); }

    // condition_failed with every action whose conditions did not hold, or else the first error, or else too_large if
    // the written items are too large together.
    StoreResult<void> verdict() const;

private:
    std::vector<FailedAction> failed_;
    std::vector<StoreError> errors_;
    std::size_t bytes_ = 0;
};

// Equal if and only if the actions and their order are equal. For comparing requests with the same token.
std::string canonical_text(std::span<const Action> actions);

} // namespace estante
