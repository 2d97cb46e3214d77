// Implements the ChangeStream port on the table `changes`. A position is the sequence number of a change.
#pragma once

#include "adapters/sqlite/reader_pool.hpp"
#include "adapters/sqlite/writer.hpp"
#include "ports/change_stream.hpp"

#include <cstdint>
#include <map>
#include <mutex>

namespace estante::sqlite {

class SqliteChanges final : public ChangeStream {
public:
    SqliteChanges(ReaderPool& readers, Writer& writer) : readers_(readers), writer_(writer) {}

    // The first call registers the processor. From then on no change is trimmed before it has acknowledged it.
    Task<StoreResult<std::vector<Change>>> next(std::string processor, std::size_t limit) override;
    Task<StoreResult<std::vector<Change>>> next_after(std::string processor, std::string position,
                                                      std::size_t limit) override;
    Task<StoreResult<void>> acknowledge(std::string processor, std::string position) override;
    Task<StoreResult<std::optional<std::string>>> acknowledged(std::string processor) override;
    Task<StoreResult<bool>> rewind(std::string processor, std::int64_t from_ms) override;
    Task<StoreResult<std::optional<StreamLag>>> lag(std::string processor) override;
    Task<StoreResult<std::string>> newest() override;
    void on_commit(std::function<void()> wake) override { writer_.on_commit(std::move(wake)); }

private:
    ReaderPool& readers_;
    Writer& writer_;
    std::mutex mutex_;
    std::map<std::string, std::int64_t> follower_positions_; // of `live-` processors; in memory only

    StoreResult<std::vector<Change>> changes_after(std::int64_t sequence, std::size_t limit);
    StoreResult<std::int64_t> follower_position(const std::string& follower);
};

} // namespace estante::sqlite
