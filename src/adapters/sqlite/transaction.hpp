// One transaction of the port as a job: serialized where it was called, judged and written by the writer.
#pragma once

#include "adapters/sqlite/writer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace estante::sqlite {

class Transaction final : public Job {
public:
    // The actions have passed check_transaction or check_batch.
    Transaction(std::vector<Action> actions, std::string token);

    void execute(Session& session) override;
    std::size_t bytes() const override { return bytes_; }

    StoreResult<void> outcome{};
    std::optional<Item> updated_item{}; // of the last Update

private:
    struct Write {
        Table table;
        Key key;
        std::optional<Row> before{};
        std::optional<Row> after{};
    };

    std::vector<Action> actions_;
    std::vector<Write> writes_; // one for each action
    std::string token_;
    std::string digest_; // of the actions, with a token
    std::size_t bytes_ = 0;

    void judge(std::size_t index, Session& session, TransactionOutcome& judgement);
};

} // namespace estante::sqlite
