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

constexpr int max_version_attempts = 3; // when the object is replaced during the download

// A temporary file beside the target. It is removed unless finish() renames it.
class PartialFile {
public:
    explicit PartialFile(fs::path path) : path_(std::move(path)), temporary_(path_)
    {
        temporary_ += fmt::format(".{:08x}.part", std::random_device()());
    }
    ~PartialFile()
    {
        std::error_code ignored;
        fs::remove(temporary_, ignored);
    }
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    Result<void, ObjectError> restart()
    {
        stream_ = std::ofstream(temporary_, std::ios::binary | std::ios::trunc);
        return stream_ ? Result<void, ObjectError>() : failed("create", ObjectError::Code::invalid);
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
        fs::rename(temporary_, path_, error);
        return error ? failed("replace", ObjectError::Code::invalid) : Result<void, ObjectError>();
    }

private:
    fs::path path_;
    fs::path temporary_;
    std::ofstream stream_;

    Result<void, ObjectError> failed(std::string_view operation, ObjectError::Code code) const
    {
        return std::unexpected(
            ObjectError{.code = code, .detail = fmt::format("cannot {} {}", operation, path_.native())});
    }
};

// The size of the object in "bytes 0-8388607/20000003"; without Content-Range, that of the body.
std::uint64_t object_size(const aws::Response& response)
{
    const auto range = aws::find_header(response.headers, "content-range");
    const auto slash = range.find('/');
    if (slash == range.npos)
        return response.body.size();
    std::uint64_t size = 0;
    std::from_chars(range.data() + slash + 1, range.data() + range.size(), size);
    return size;
}

enum class DownloadResult { complete, no_such_key, replaced };

class VersionDownload {
public:
    VersionDownload(const Bucket& bucket, std::string key, std::size_t range_bytes, PartialFile& file,
                    boost::asio::thread_pool& pool)
        : bucket_(bucket), key_(std::move(key)), range_bytes_(range_bytes), file_(file), pool_(pool)
    {
    }

    // Downloads one version from its first byte to its last.
    Task<Result<DownloadResult, ObjectError>> download_version()
    {
        if (auto restarted = co_await run_in_pool([this] { return file_.restart(); }); !restarted)
            co_return std::unexpected(std::move(restarted.error()));
        std::uint64_t at = 0;
        std::uint64_t size = 0;
        std::string etag;
        do {
            auto part = co_await get_range(at, etag);
            if (!part && at == 0 && part.error().type == "InvalidRange")
                part = co_await bucket_.call({.key = key_}); // an empty object has no ranges
            if (!part && is_no_such_key(part.error()))
                co_return at == 0 ? DownloadResult::no_such_key : DownloadResult::replaced;
            if (!part && part.error().status == 412)
                co_return DownloadResult::replaced;
            if (!part)
                co_return std::unexpected(object_error_from(part.error(), operation()));
            if (!has_valid_checksum(*part) || (part->body.empty() && object_size(*part) > at))
                co_return std::unexpected(
                    ObjectError{.detail = operation() + ": the bytes do not match their checksum"});
            size = object_size(*part);
            etag = aws::find_header(part->headers, "etag");
            at += part->body.size();
            auto written = co_await run_in_pool([this, bytes = std::move(part->body)] { return file_.write(bytes); });
            if (!written)
                co_return std::unexpected(std::move(written.error()));
        } while (at < size);
        if (auto finished = co_await run_in_pool([this] { return file_.finish(); }); !finished)
            co_return std::unexpected(std::move(finished.error()));
        co_return DownloadResult::complete;
    }

    std::string operation() const { return fmt::format("get '{}'", key_); }

private:
    const Bucket& bucket_;
    std::string key_;
    std::size_t range_bytes_;
    PartialFile& file_;
    boost::asio::thread_pool& pool_;

    template <class Work> Task<Result<void, ObjectError>> run_in_pool(Work work)
    {
        return offload<Result<void, ObjectError>>(pool_, std::move(work));
    }

    Task<Result<aws::Response, aws::Failure>> get_range(std::uint64_t at, const std::string& etag)
    {
        BucketRequest request{.key = key_,
                              .headers = {{"Range", fmt::format("bytes={}-{}", at, at + range_bytes_ - 1)}}};
        if (!etag.empty())
            request.headers.emplace_back("If-Match", etag);
        return bucket_.call(std::move(request));
    }
};

} // namespace

Task<Result<bool, ObjectError>> download(const Bucket& bucket, std::string key, fs::path file, std::size_t range_bytes,
                                         boost::asio::thread_pool& pool)
{
    PartialFile partial_file(std::move(file));
    VersionDownload download(bucket, std::move(key), range_bytes, partial_file, pool);
    for (int attempt = 0; attempt < max_version_attempts; ++attempt) {
        const auto result = co_await download.download_version();
        if (!result)
            co_return std::unexpected(result.error());
        if (*result != DownloadResult::replaced)
            co_return *result == DownloadResult::complete;
    }
    co_return std::unexpected(
        ObjectError{.detail = download.operation() + ": the object was replaced during every attempt"});
}

} // namespace estante::s3
