// An item store that a test disturbs: by another operation between the reads and the write of one, or by an outage.
#pragma once

#include "support/forwarding_store.hpp"

#include <functional>
#include <optional>

namespace estante {

class InterruptedStore final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

    // Runs once, before the next write reaches the store.
    void before_next_write(std::function<void()> other) { other_ = std::move(other); }
    // After the next `writes` writes all others fail, until this is called again with nothing.
    void fail_after(std::optional<std::size_t> writes, StoreError::Code code = StoreError::Code::unavailable)
    {
        left_ = writes;
        code_ = code;
    }
    std::size_t reads() const { return reads_; }

private:
    std::function<void()> other_;
    std::optional<std::size_t> left_;
    StoreError::Code code_ = StoreError::Code::unavailable;
    std::size_t reads_ = 0;

    Task<void> before_each_read() override
    {
        ++reads_;
        co_return;
    }
    Task<StoreResult<void>> before_each_write() override
    {
        if (auto other = std::exchange(other_, nullptr))
            other();
        if (left_ && *left_ == 0)
            co_return std::unexpected(StoreError{.code = code_});
        if (left_)
            --*left_;
        co_return StoreResult<void>();
    }
};

} // namespace estante
