// A value that many read while one replaces it.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace estante::search {

// The lock is held for the copy of a pointer, never while a value is made or freed. (std::atomic<std::shared_ptr> of
// libstdc++ 12 also locks, and its load releases that lock without ordering: a data race.)
template <class T> class Published {
public:
    explicit Published(std::shared_ptr<T> value) : value_(std::move(value)) {}

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
