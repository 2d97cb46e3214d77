#include "adapters/sqlite/transaction_job.hpp"

#include "codec/digest.hpp"
#include "ports/rules/item_rules.hpp"

#include <utility>

namespace estante::sqlite {

TransactionJob::TransactionJob(std::vector<Action> actions, std::string token)
    : actions_(std::move(actions)), token_(std::move(token))
{
    if (!token_.empty())
        digest_ = hex(sha256(canonical_text(actions_)));
    writes_.reserve(actions_.size());
    for (Action& action : actions_) {
        Write write{.table = table_of(action), .key = key_of(action)};
        if (Put* put = std::get_if<Put>(&action)) {
            write.after = to_row(put->table, put->item);
            bytes_ += write.after->body.size();
        }
        writes_.push_back(std::move(write));
    }
}

void TransactionJob::execute(CommitGroup& group)
{
    if (!token_.empty()) {
        if (const auto digest = group.find_request_digest(token_)) {
            if (*digest != digest_)
                outcome = store_error(StoreError::Code::token_mismatch,
                                      "the client token was already used for other actions");
            return;
        }
    }
    // All conditions are evaluated before the first write. Only this thread writes, so no other write can interleave.
    TransactionOutcome evaluation;
    for (std::size_t i = 0; i < actions_.size(); ++i)
        evaluate(i, group, evaluation);
    outcome = evaluation.verdict();
    if (!outcome)
        return;
    for (const Write& write : writes_) {
        if (write.before || write.after)
            group.write(write.table, write.key, write.before ? &*write.before : nullptr,
                        write.after ? &*write.after : nullptr);
    }
    if (!token_.empty())
        group.store_request_token(token_, digest_);
}

void TransactionJob::evaluate(std::size_t index, CommitGroup& group, TransactionOutcome& evaluation)
{
    const Action& action = actions_[index];
    Write& write = writes_[index];
    write.before = group.find(write.table, write.key);

    std::optional<RowAttributes> current;
    if (write.before && !write.before->is_expired(group.now_ms()))
        current.emplace(*write.before);
    if (!all_hold(conditions_of(action), current ? &*current : nullptr)) {
        evaluation.add_failed_action(index, current ? &current->item() : nullptr);
        return;
    }
    if (const Put* put = std::get_if<Put>(&action)) {
        evaluation.writes(put->item);
    } else if (const Update* update = std::get_if<Update>(&action)) {
        auto item = updated(*update, current ? std::optional(std::move(*current).item()) : std::nullopt);
        if (!item) {
            evaluation.failed(std::move(item.error()));
            return;
        }
        evaluation.writes(*item);
        write.after = to_row(write.table, *item);
        updated_item = std::move(*item);
    } else if (std::holds_alternative<Check>(action)) {
        write.before.reset();
    }
}

} // namespace estante::sqlite
