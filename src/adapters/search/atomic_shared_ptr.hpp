// A shared_ptr that readers load while a writer replaces it.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace estante::search {

// The lock is held only to copy or swap the pointer, never while a value is created or destroyed.
// (std::atomic<std::shared_ptr> of libstdc++ 12 locks too, and its load unlocks without memory ordering: a data race.)
template <class T> class AtomicSharedPtr {
public:
    explicit AtomicSharedPtr(std::shared_ptr<T> value) : value_(std::move(value)) {}

    std::shared_ptr<T> load() const
    {
        const std::lock_guard lock(mutex_);
        return value_;
    }
    void store(std::shared_ptr<T> value)
    {
        const std::lock_guard lock(mutex_);
        value_.swap(value);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<T> value_;
};

} // namespace estante::search
