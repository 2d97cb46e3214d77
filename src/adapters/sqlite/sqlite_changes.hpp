// The change stream's port on the table of changes. A position is a change's sequence number.
#pragma once

#include "adapters/sqlite/readers.hpp"
#include "adapters/sqlite/writer.hpp"
#include "ports/change_stream.hpp"

#include <cstdint>
#include <map>
#include <mutex>

namespace estante::sqlite {

class Changes final : public ChangeStream {
public:
    Changes(Readers& readers, Writer& writer) : readers_(readers), writer_(writer) {}

    // A processor becomes known with its first call; from then on nothing is trimmed that it has not acknowledged.
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
    Readers& readers_;
    Writer& writer_;
    std::mutex mutex_;
    std::map<std::string, std::int64_t> following_; // places of those that follow

    StoreResult<std::vector<Change>> changes_after(std::int64_t sequence, std::size_t limit);
    StoreResult<std::int64_t> place_of(const std::string& follower);
};

} // namespace estante::sqlite
