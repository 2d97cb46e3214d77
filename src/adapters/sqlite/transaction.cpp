#include "adapters/sqlite/transaction.hpp"

#include "codec/digest.hpp"
#include "ports/rules/item_rules.hpp"

#include <utility>

namespace estante::sqlite {

Transaction::Transaction(std::vector<Action> actions, std::string token)
    : actions_(std::move(actions)), token_(std::move(token))
{
    if (!token_.empty())
        digest_ = hex(sha256(canonical_text(actions_)));
    writes_.reserve(actions_.size());
    for (Action& action : actions_) {
        Write write{.table = table_of(action), .key = key_of(action)};
        if (Put* put = std::get_if<Put>(&action)) {
            write.after = row_of(put->table, put->item);
            bytes_ += write.after->body.size();
        }
        writes_.push_back(std::move(write));
    }
}

void Transaction::execute(Session& session)
{
    if (!token_.empty()) {
        if (const auto digest = session.actions_of(token_)) {
            if (*digest != digest_)
                outcome = store_error(StoreError::Code::token_mismatch, "the token was used for other actions");
            return;
        }
    }
    // Every condition before any write: this thread alone writes, so nothing can come between.
    TransactionOutcome judgement;
    for (std::size_t i = 0; i < actions_.size(); ++i)
        judge(i, session, judgement);
    outcome = judgement.verdict();
    if (!outcome)
        return;
    for (const Write& write : writes_) {
        if (write.before || write.after)
            session.write(write.table, write.key, write.before ? &*write.before : nullptr,
                          write.after ? &*write.after : nullptr);
    }
    if (!token_.empty())
        session.remember(token_, digest_);
}

void Transaction::judge(std::size_t index, Session& session, TransactionOutcome& judgement)
{
    const Action& action = actions_[index];
    Write& write = writes_[index];
    write.before = session.find(write.table, write.key);

    std::optional<RowAttributes> current;
    if (write.before && !write.before->is_expired(session.now_ms()))
        current.emplace(*write.before);
    if (!all_hold(conditions_of(action), current ? &*current : nullptr)) {
        judgement.add_failed_action(index, current ? &current->item() : nullptr);
        return;
    }
    if (const Put* put = std::get_if<Put>(&action)) {
        judgement.writes(put->item);
    } else if (const Update* update = std::get_if<Update>(&action)) {
        auto item = updated(*update, current ? std::optional(std::move(*current).item()) : std::nullopt);
        if (!item) {
            judgement.failed(std::move(item.error()));
            return;
        }
        judgement.writes(*item);
        write.after = row_of(write.table, *item);
        updated_item = std::move(*item);
    } else if (std::holds_alternative<Check>(action)) {
        write.before.reset();
    }
}

} // namespace estante::sqlite
