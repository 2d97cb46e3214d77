// A pool of read connections. A read borrows one for its duration, so the pool grows to the number of threads that ever
// read at the same time. The connection returned last is reused first, because its page cache is warm.
#pragma once

#include "adapters/sqlite/sqlite_reader.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace estante::sqlite {

class ReaderPool {
public:
    ReaderPool(std::string path, int busy_timeout_ms);

    // Calls `read(Reader&)` and returns its result. A SqliteError becomes StoreError::Code::unavailable.
    template <class Read> auto read(Read read) -> StoreResult<std::invoke_result_t<Read, Reader&>>
    {
        try {
            const auto lease = acquire();
            return read(*lease);
        } catch (const SqliteError& error) {
            return std::unexpected(StoreError{.code = StoreError::Code::unavailable, .detail = error.what()});
        }
    }

private:
    class ReaderLease {
    public:
        ReaderLease(ReaderPool& readers, std::unique_ptr<Reader> reader) : readers_(readers), reader_(std::move(reader))
        {
        }
        ~ReaderLease() { readers_.release(std::move(reader_)); }
        ReaderLease(const ReaderLease&) = delete;
        ReaderLease& operator=(const ReaderLease&) = delete;
        Reader& operator*() const { return *reader_; }

    private:
        ReaderPool& readers_;
        std::unique_ptr<Reader> reader_;
    };
    std::string path_;
    int busy_timeout_ms_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Reader>> idle_;

    ReaderLease acquire();
    void release(std::unique_ptr<Reader> reader);
};

} // namespace estante::sqlite
