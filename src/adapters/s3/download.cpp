#include "adapters/s3/download.hpp"

#include "runtime/offload.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <fstream>
#include <random>
#include <system_error>

namespace estante::s3 {

namespace fs = std::filesystem;

namespace {

constexpr int most_versions = 3; // that are begun, when each is replaced while it is read

// A file beside the one that is wanted, until it is whole.
class UnfinishedFile {
public:
    explicit UnfinishedFile(fs::path path) : path_(std::move(path)), unfinished_(path_)
    {
        unfinished_ += fmt::format(".{:08x}.part", std::random_device()());
    }
    ~UnfinishedFile()
    {
        std::error_code ignored;
        fs::remove(unfinished_, ignored);
    }
    UnfinishedFile(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(const UnfinishedFile&) = delete;

    Result<void, ObjectError> begin() // anew
    {
        stream_ = std::ofstream(unfinished_, std::ios::binary | std::ios::trunc);
        return stream_ ? Result<void, ObjectError>() : failed("make", ObjectError::Code::invalid);
    }
    Result<void, ObjectError> write(std::string_view bytes)
    {
        stream_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return stream_ ? Result<void, ObjectError>() : failed("write", ObjectError::Code::unavailable);
    }
    Result<void, ObjectError> finish()
    {
        stream_.close();
        if (!stream_)
            return failed("write", ObjectError::Code::unavailable);
        std::error_code error;
        fs::rename(unfinished_, path_, error);
        return error ? failed("replace", ObjectError::Code::invalid) : Result<void, ObjectError>();
    }

private:
    fs::path path_;
    fs::path unfinished_;
    std::ofstream stream_;

    Result<void, ObjectError> failed(std::string_view doing, ObjectError::Code code) const
    {
        return std::unexpected(ObjectError{.code = code, .detail = fmt::format("cannot {} {}", doing, path_.native())});
    }
};

// The size in "bytes 0-8388607/20000003"; of an answer that is no range, all that came.
std::uint64_t size_of(const aws::Response& response)
{
    const auto range = aws::header_of(response.headers, "content-range");
    const auto slash = range.find('/');
    if (slash == range.npos)
        return response.body.size();
    std::uint64_t size = 0;
    std::from_chars(range.data() + slash + 1, range.data() + range.size(), size);
    return size;
}

enum class Course { done, absent, replaced };

class Download {
public:
    Download(const Bucket& bucket, std::string key, std::size_t range_bytes, UnfinishedFile& file,
             boost::asio::thread_pool& pool)
        : bucket_(bucket), key_(std::move(key)), range_bytes_(range_bytes), file_(file), pool_(pool)
    {
    }

    // One version from its first byte to its last.
    Task<Result<Course, ObjectError>> version()
    {
        if (auto begun = co_await in_pool([this] { return file_.begin(); }); !begun)
            co_return std::unexpected(std::move(begun.error()));
        std::uint64_t at = 0;
        std::uint64_t size = 0;
        std::string etag;
        do {
            auto part = co_await range(at, etag);
            if (!part && at == 0 && part.error().type == "InvalidRange")
                part = co_await bucket_.call({.key = key_}); // an empty object has no range
            if (!part && is_absent(part.error()))
                co_return at == 0 ? Course::absent : Course::replaced;
            if (!part && part.error().status == 412)
                co_return Course::replaced;
            if (!part)
                co_return std::unexpected(error_of(part.error(), doing()));
            if (!is_intact(*part) || (part->body.empty() && size_of(*part) > at))
                co_return std::unexpected(ObjectError{.detail = doing() + ": what came is not what was put"});
            size = size_of(*part);
            etag = aws::header_of(part->headers, "etag");
            at += part->body.size();
            auto written = co_await in_pool([this, bytes = std::move(part->body)] { return file_.write(bytes); });
            if (!written)
                co_return std::unexpected(std::move(written.error()));
        } while (at < size);
        if (auto finished = co_await in_pool([this] { return file_.finish(); }); !finished)
            co_return std::unexpected(std::move(finished.error()));
        co_return Course::done;
    }

    std::string doing() const { return fmt::format("get '{}'", key_); }

private:
    const Bucket& bucket_;
    std::string key_;
    std::size_t range_bytes_;
    UnfinishedFile& file_;
    boost::asio::thread_pool& pool_;

    template <class Work> Task<Result<void, ObjectError>> in_pool(Work work)
    {
        return offload<Result<void, ObjectError>>(pool_, std::move(work));
    }

    Task<aws::Called<aws::Response>> range(std::uint64_t at, const std::string& etag)
    {
        Call call{.key = key_, .headers = {{"Range", fmt::format("bytes={}-{}", at, at + range_bytes_ - 1)}}};
        if (!etag.empty())
            call.headers.emplace_back("If-Match", etag);
        return bucket_.call(std::move(call));
    }
};

} // namespace

bool is_absent(const aws::Failure& failure)
{
    return failure.status == 404 && failure.type == "NoSuchKey";
}

Task<Result<bool, ObjectError>> download(const Bucket& bucket, std::string key, fs::path file, std::size_t range_bytes,
                                         boost::asio::thread_pool& pool)
{
    UnfinishedFile unfinished(std::move(file));
    Download course(bucket, std::move(key), range_bytes, unfinished, pool);
    for (int version = 0; version < most_versions; ++version) {
        const auto ended = co_await course.version();
        if (!ended)
            co_return std::unexpected(ended.error());
        if (*ended != Course::replaced)
            co_return *ended == Course::done;
    }
    co_return std::unexpected(
        ObjectError{.detail = course.doing() + ": it is replaced again and again while it is read"});
}

} // namespace estante::s3
