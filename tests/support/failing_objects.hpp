// An object store that fails after a number of writes as if the disk were full. For tests that a failure in the middle
// leaves no partial result.
#pragma once

#include "ports/object_store.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <utility>

namespace estante {

class FailingObjects final : public ObjectStore {
public:
    explicit FailingObjects(ObjectStore& store) : store_(store) {}

    // The next `writes` writes succeed, further ones fail.
    void fail_after(std::size_t writes) { left_ = writes; }
    void recover() { left_ = std::numeric_limits<std::size_t>::max(); }
    // Called with the key before each write that succeeds.
    std::function<void(const std::string& key)> before_write = [](const std::string&) {};
    // Called with the key before each read.
    std::function<void(const std::string& key)> before_read = [](const std::string&) {};

    Task<Result<std::optional<Object>, ObjectError>> get(std::string key) override
    {
        before_read(key);
        return store_.get(std::move(key));
    }
    Task<Result<std::string, ObjectError>> put(std::string key, std::string bytes, IfObject condition) override
    {
        if (!may_write(key))
            co_return full();
        co_return co_await store_.put(std::move(key), std::move(bytes), std::move(condition));
    }
    Task<Result<void, ObjectError>> put_all(std::vector<NewObject> objects) override
    {
        for (NewObject& object : objects) {
            if (!may_write(object.key))
                co_return full();
            if (const auto put = co_await store_.put(object.key, std::move(object.bytes), {}); !put)
                co_return std::unexpected(put.error());
        }
        co_return Result<void, ObjectError>{};
    }
    Task<Result<std::string, ObjectError>> put_file(std::string key, std::filesystem::path file) override
    {
        if (!may_write(key))
            co_return full();
        co_return co_await store_.put_file(std::move(key), std::move(file));
    }
    Task<Result<bool, ObjectError>> get_file(std::string key, std::filesystem::path file) override
    {
        before_read(key);
        return store_.get_file(std::move(key), std::move(file));
    }
    Task<Result<ObjectPage, ObjectError>> list(std::string prefix, std::optional<std::string> after,
                                               std::size_t limit) override
    {
        return store_.list(std::move(prefix), std::move(after), limit);
    }
    Task<Result<void, ObjectError>> remove(std::string key) override
    {
        if (!may_write(key))
            co_return full();
        co_return co_await store_.remove(std::move(key));
    }

private:
    ObjectStore& store_;
    std::atomic<std::size_t> left_ = std::numeric_limits<std::size_t>::max();

    bool may_write(const std::string& key)
    {
        if (left_ == 0)
            return false;
        if (left_ != std::numeric_limits<std::size_t>::max())
            --left_;
        before_write(key);
        return true;
    }
    static std::unexpected<ObjectError> full()
    {
        return std::unexpected(
            ObjectError{.code = ObjectError::Code::unavailable, .detail = "No space left on device"});
    }
};

} // namespace estante
