// A transaction of the port as a job of the writer. The caller's thread serializes the items; the writer evaluates the
// conditions and writes the rows.
#pragma once

#include "adapters/sqlite/writer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace estante::sqlite {

class TransactionJob final : public WriteJob {
public:
    // The actions have passed check_transaction or check_batch.
    TransactionJob(std::vector<Action> actions, std::string token);

    void execute(CommitGroup& group) override;
    std::size_t bytes() const override { return bytes_; }

    StoreResult<void> outcome{};
    std::optional<Item> updated_item{}; // of the last Update

private:
    struct Write {
        Table table;
        Key key;
        std::optional<ItemRow> before{};
        std::optional<ItemRow> after{};
    };

    std::vector<Action> actions_;
    std::vector<Write> writes_; // one for each action
    std::string token_;
    std::string digest_; // of the actions, with a token
    std::size_t bytes_ = 0;

    void evaluate(std::size_t index, CommitGroup& group, TransactionOutcome& evaluation);
};

} // namespace estante::sqlite
