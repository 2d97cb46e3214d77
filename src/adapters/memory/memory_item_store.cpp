#include "adapters/memory/memory_item_store.hpp"

#include "adapters/memory/memory_tables.hpp"
#include "ports/rules/item_rules.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <utility>

namespace estante {

namespace {

struct UsedToken {
    std::string actions;
    std::int64_t expires_ms = 0;
};

struct Write {
    Table table;
    Key key;
    std::optional<Item> item;
};

class MemoryStore final : public Store, public ItemStore, public ChangeStream {
public:
    MemoryStore(Clock& clock, PartitionVersions* partition_versions)
        : clock_(clock), partition_versions_(partition_versions)
    {
    }

    ItemStore& items() override { return *this; }
    ChangeStream& changes() override { return *this; }

    Task<StoreResult<std::optional<Item>>> get(Table table, Key key) override
    {
        if (auto checked = check_key(key); !checked)
            co_return std::unexpected(checked.error());
        const std::lock_guard lock(mutex_);
        co_return copy_of(tables_.visible(table, key, clock_.now_ms()));
    }

    Task<StoreResult<std::vector<std::optional<Item>>>> batch_get(Table table, std::vector<Key> keys) override
    {
        if (auto checked = check_keys(keys); !checked)
            co_return std::unexpected(checked.error());
        std::vector<std::optional<Item>> items;
        items.reserve(keys.size());
        const std::lock_guard lock(mutex_);
        for (const Key& key : keys)
            items.push_back(copy_of(tables_.visible(table, key, clock_.now_ms())));
        co_return items;
    }

    Task<StoreResult<Page>> query(Query query) override
    {
        if (auto checked = check_query(query); !checked)
            co_return std::unexpected(checked.error());
        const std::lock_guard lock(mutex_);
        co_return tables_.query(query, clock_.now_ms());
    }

    Task<StoreResult<Page>> scan(Table table, std::size_t limit, std::optional<Cursor> after) override
    {
        if (auto checked = check_scan(limit, after); !checked)
            co_return std::unexpected(checked.error());
        const std::lock_guard lock(mutex_);
        co_return tables_.scan(table, limit, after, clock_.now_ms());
    }

    Task<StoreResult<void>> put(Put put) override { return transact({std::move(put)}, {}); }
    Task<StoreResult<void>> remove(Delete remove) override { return transact({std::move(remove)}, {}); }

    Task<StoreResult<Item>> update(Update update) override
    {
        const std::vector<Action> actions{std::move(update)};
        auto writes = commit(actions, {});
        if (!writes)
            co_return std::unexpected(writes.error());
        co_return std::move(*writes->front().item);
    }

    Task<StoreResult<void>> transact(std::vector<Action> actions, std::string token) override
    {
        const auto writes = commit(actions, token);
        if (!writes)
            co_return std::unexpected(writes.error());
        co_return StoreResult<void>();
    }

    Task<StoreResult<void>> batch_write(std::vector<Action> actions) override
    {
        if (auto checked = check_batch(actions); !checked)
            co_return checked;
        {
            const std::lock_guard lock(mutex_);
            TransactionOutcome outcome; // without conditions and updates nothing is refused
            apply(evaluate(actions, outcome));
        }
        wake_all();
        co_return StoreResult<void>();
    }

    Task<StoreResult<std::vector<Change>>> next(std::string processor, std::size_t limit) override
    {
        const std::lock_guard lock(mutex_);
        const std::size_t begin = processor.starts_with(live_processor_prefix) ? tables_.changes().size() : 0;
        const std::size_t index = acknowledged_.try_emplace(processor, begin).first->second;
        co_return changes_from(index, limit);
    }

    Task<StoreResult<std::vector<Change>>> next_after(std::string /*processor*/, std::string position,
                                                      std::size_t limit) override
    {
        const std::lock_guard lock(mutex_);
        const auto index = index_of(position);
        if (!index)
            co_return store_error(StoreError::Code::invalid, "not a position of this stream");
        co_return changes_from(*index, limit);
    }

    Task<StoreResult<std::optional<std::string>>> acknowledged(std::string processor) override
    {
        const std::lock_guard lock(mutex_);
        const auto found = acknowledged_.find(processor);
        co_return found == acknowledged_.end() ? std::nullopt : std::optional(std::to_string(found->second));
    }

    Task<StoreResult<void>> acknowledge(std::string processor, std::string position) override
    {
        const std::lock_guard lock(mutex_);
        const auto index = index_of(position);
        if (!index)
            co_return store_error(StoreError::Code::invalid, "not a position of this stream");
        std::size_t& done = acknowledged_[processor];
        done = std::max(done, *index);
        co_return StoreResult<void>();
    }

    Task<StoreResult<bool>> rewind(std::string processor, std::int64_t from_ms) override
    {
        const std::lock_guard lock(mutex_);
        const auto& changes = tables_.changes();
        const auto first = std::ranges::find_if(changes, [&](const Change& change) { return change.at_ms >= from_ms; });
        acknowledged_[processor] = static_cast<std::size_t>(first - changes.begin());
        co_return true;
    }

    Task<StoreResult<std::optional<StreamLag>>> lag(std::string processor) override
    {
        const std::lock_guard lock(mutex_);
        const auto& changes = tables_.changes();
        const auto index = acknowledged_.find(processor);
        const std::size_t done = index == acknowledged_.end() ? 0 : index->second;
        StreamLag lag{.changes = changes.size() - done};
        if (lag.changes > 0)
            lag.oldest_ms = changes.at(done).at_ms;
        co_return lag;
    }

    Task<StoreResult<std::string>> newest() override
    {
        const std::lock_guard lock(mutex_);
        co_return std::to_string(tables_.changes().size());
    }

    void on_commit(std::function<void()> wake) override
    {
        const std::lock_guard lock(mutex_);
        wakes_.push_back(std::move(wake));
    }

private:
    Clock& clock_;
    PartitionVersions* partition_versions_;
    std::mutex mutex_;
    memory::Tables tables_;
    std::map<std::string, UsedToken> tokens_;
    std::map<std::string, std::size_t> acknowledged_;
    std::vector<std::function<void()>> wakes_;

    // Positions in the stream. The caller holds the lock.
    std::optional<std::size_t> index_of(const std::string& position) const
    {
        std::size_t count = 0;
        const auto end = position.data() + position.size();
        const auto [rest, error] = std::from_chars(position.data(), end, count);
        return error == std::errc{} && rest == end && count <= tables_.changes().size() ? std::optional(count)
                                                                                        : std::nullopt;
    }
    std::vector<Change> changes_from(std::size_t index, std::size_t limit) const
    {
        const auto from = tables_.changes().begin() + static_cast<std::ptrdiff_t>(index);
        const auto available = static_cast<std::size_t>(tables_.changes().end() - from);
        return {from, from + static_cast<std::ptrdiff_t>(std::min(limit, available))};
    }

    static std::optional<Item> copy_of(const Item* item) { return item ? std::optional(*item) : std::nullopt; }

    StoreResult<std::vector<Write>> commit(const std::vector<Action>& actions, const std::string& token)
    {
        if (auto checked = check_transaction(actions, token); !checked)
            return std::unexpected(checked.error());
        auto writes = commit_locking(actions, token);
        if (writes)
            wake_all();
        return writes;
    }

    StoreResult<std::vector<Write>> commit_locking(const std::vector<Action>& actions, const std::string& token)
    {
        const std::lock_guard lock(mutex_);
        const auto now_ms = clock_.now_ms();
        std::erase_if(tokens_, [now_ms](const auto& entry) { return entry.second.expires_ms <= now_ms; });
        if (const auto found = tokens_.find(token); found != tokens_.end()) {
            if (found->second.actions != canonical_text(actions))
                return store_error(StoreError::Code::token_mismatch, "the token was used for other actions");
            return std::vector<Write>();
        }
        TransactionOutcome outcome;
        auto writes = evaluate(actions, outcome);
        if (auto verdict = outcome.verdict(); !verdict)
            return std::unexpected(verdict.error());
        if (!token.empty())
            tokens_[token] = {.actions = canonical_text(actions), .expires_ms = now_ms + token_lifetime_ms};
        apply(writes);
        return writes;
    }

    std::vector<Write> evaluate(const std::vector<Action>& actions, TransactionOutcome& outcome) const
    {
        std::vector<Write> writes;
        for (std::size_t i = 0; i < actions.size(); ++i) {
            Write write{.table = table_of(actions[i]), .key = key_of(actions[i]), .item = {}};
            const Item* current = tables_.visible(write.table, write.key, clock_.now_ms());
            if (!all_hold(conditions_of(actions[i]), current)) {
                outcome.add_failed_action(i, current);
                continue;
            }
            if (std::holds_alternative<Check>(actions[i]))
                continue;
            if (const Put* put = std::get_if<Put>(&actions[i]))
                write.item = put->item;
            if (const Update* update = std::get_if<Update>(&actions[i])) {
                auto item = updated(*update, copy_of(current));
                if (!item) {
                    outcome.failed(std::move(item.error()));
                    continue;
                }
                write.item = std::move(*item);
            }
            if (write.item)
                outcome.writes(*write.item);
            writes.push_back(std::move(write));
        }
        return writes;
    }

    void apply(const std::vector<Write>& writes)
    {
        for (const Write& write : writes) {
            for (const auto& partition : tables_.write(write.table, write.key, write.item, clock_.now_ms())) {
                if (partition_versions_)
                    partition_versions_->advance(PartitionVersions::slot_of(write.table, partition));
            }
        }
    }

    void wake_all()
    {
        std::unique_lock lock(mutex_);
        const auto wakes = wakes_;
        lock.unlock();
        for (const auto& wake : wakes)
            wake();
    }
};

} // namespace

std::unique_ptr<Store> create_memory_store(Clock& clock, PartitionVersions* partition_versions)
{
    return std::make_unique<MemoryStore>(clock, partition_versions);
}

} // namespace estante
