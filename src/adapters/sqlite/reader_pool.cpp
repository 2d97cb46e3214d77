#include "adapters/sqlite/reader_pool.hpp"

namespace estante::sqlite {

ReaderPool::ReaderPool(std::string path, int busy_timeout_ms)
    : path_(std::move(path)), busy_timeout_ms_(busy_timeout_ms)
{
}

ReaderPool::ReaderLease ReaderPool::acquire()
{
    std::unique_ptr<Reader> reader;
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            reader = std::move(idle_.back());
            idle_.pop_back();
        }
    }
    if (!reader)
        reader = std::make_unique<Reader>(path_, busy_timeout_ms_);
    return {*this, std::move(reader)};
}

void ReaderPool::release(std::unique_ptr<Reader> reader)
{
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(reader));
}

} // namespace estante::sqlite
