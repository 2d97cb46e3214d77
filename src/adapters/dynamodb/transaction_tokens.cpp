#include "adapters/dynamodb/transaction_tokens.hpp"

#include "ports/rules/item_rules.hpp"

#include <utility>

namespace estante::dynamodb {

TransactionState TransactionTokens::find_or_insert(const std::string& token, TransactionState initial)
{
    const std::lock_guard lock(mutex_);
    std::erase_if(states_,
                  [&](const auto& entry) { return entry.second.now_s + token_lifetime_ms / 1000 <= initial.now_s; });
    return states_.try_emplace(token, std::move(initial)).first->second;
}

void TransactionTokens::update(const std::string& token, TransactionState state)
{
    const std::lock_guard lock(mutex_);
    states_.insert_or_assign(token, std::move(state));
}

} // namespace estante::dynamodb
