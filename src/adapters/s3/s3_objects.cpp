#include "adapters/s3/s3_objects.hpp"

#include "adapters/aws/backoff.hpp"
#include "adapters/s3/bucket.hpp"
#include "adapters/s3/download.hpp"
#include "adapters/s3/listing.hpp"
#include "adapters/s3/multipart_upload.hpp"
#include "ports/rules/object_rules.hpp"
#include "runtime/offload.hpp"
#include "runtime/run_concurrently.hpp"

#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

namespace estante {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace s3 {

namespace {

using Code = ObjectError::Code;

constexpr unsigned file_threads = 2;
constexpr aws::Backoff conflict_backoff{.base = std::chrono::milliseconds(20), .cap = std::chrono::milliseconds(640)};

std::string_view content_type_of(std::string_view key)
{
    if (key.ends_with(".json"))
        return "application/json";
    if (key.ends_with(".gz"))
        return "application/gzip"; // no Content-Encoding: readers of the lake decompress by the file name
    return "application/octet-stream";
}

std::string etag_of(const aws::Response& response)
{
    return std::string(aws::find_header(response.headers, "etag"));
}

class S3Objects final : public ObjectStore {
public:
    S3Objects(aws::Client& client, std::shared_ptr<aws::CredentialsProvider> credentials, Random& random,
              S3Options options)
        : random_(random), options_(std::move(options)), bucket_(client, std::move(credentials), options_)
    {
    }
    ~S3Objects() override { pool_.join(); }

    Task<Result<std::optional<Object>, ObjectError>> get(std::string key) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        auto response = co_await bucket_.call({.key = full_key(key), .headers = {{"x-amz-checksum-mode", "ENABLED"}}});
        if (!response && is_no_such_key(response.error()))
            co_return std::optional<Object>();
        if (!response && response.error().status == 0 && co_await is_too_large(key))
            co_return object_error(Code::invalid, fmt::format("'{}' is too large for get(): use get_file()", key));
        if (!response)
            co_return std::unexpected(object_error_from(response.error(), fmt::format("get '{}'", key)));
        if (!has_valid_checksum(*response))
            co_return object_error(Code::unavailable,
                                   fmt::format("get '{}': the bytes do not match their checksum", key));
        auto etag = etag_of(*response);
        co_return Object{.bytes = std::move(response->body), .etag = std::move(etag)};
    }

    Task<Result<std::string, ObjectError>> put(std::string key, std::string bytes, IfObject condition) override
    {
        if (const auto valid = check_put(key, bytes.size(), condition); !valid)
            co_return std::unexpected(valid.error());
        const bool conditional = condition.absent || condition.etag;
        BucketRequest request = object_request(key, "PUT");
        request.idempotent = !conditional;
        if (condition.absent)
            request.headers.emplace_back("If-None-Match", "*");
        if (condition.etag)
            request.headers.emplace_back("If-Match", *condition.etag);
        set_body(request, std::move(bytes));
        for (int attempt = 1;; ++attempt) {
            const auto response = co_await bucket_.call(request);
            if (response)
                co_return etag_of(*response);
            const auto& failure = response.error();
            const auto operation = fmt::format("put '{}'", key);
            if (conditional && is_no_such_key(failure))
                co_return object_error(Code::precondition_failed,
                                       fmt::format("{}: the object does not exist", operation));
            const bool is_conflict = failure.type == "ConditionalRequestConflict" || failure.type == "OperationAborted";
            if (!is_conflict || attempt >= options_.max_conflict_attempts)
                co_return std::unexpected(object_error_from(failure, operation));
            co_await aws::back_off(conflict_backoff, attempt, random_);
        }
    }

    Task<Result<void, ObjectError>> put_all(std::vector<NewObject> objects) override
    {
        for (const NewObject& object : objects) {
            if (const auto valid = check_put(object.key, object.bytes.size(), {}); !valid)
                co_return std::unexpected(valid.error());
        }
        // Of several objects with one key only the last is put, since concurrent puts finish in any order.
        std::map<std::string, std::string> last_by_key;
        for (NewObject& object : objects)
            last_by_key.insert_or_assign(std::move(object.key), std::move(object.bytes));
        objects.clear();
        for (auto& [key, bytes] : last_by_key)
            objects.push_back({.key = key, .bytes = std::move(bytes)});
        co_return co_await put_concurrently(objects);
    }

    Task<Result<std::string, ObjectError>> put_file(std::string key, fs::path file) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        std::ifstream stream;
        const auto size =
            co_await offload<Result<std::uint64_t, ObjectError>>(pool_, [&]() -> Result<std::uint64_t, ObjectError> {
                std::error_code error;
                const auto bytes = fs::file_size(file, error);
                stream.open(file, std::ios::binary);
                if (!stream || error)
                    return object_error(Code::invalid, fmt::format("cannot read {}", file.native()));
                return bytes;
            });
        if (!size)
            co_return std::unexpected(size.error());
        const ChunkReader read_chunk = [this, &stream, &file](std::size_t bytes) {
            return offload<Result<std::string, ObjectError>>(
                pool_, [&stream, &file, bytes]() -> Result<std::string, ObjectError> {
                    std::string chunk(bytes, '\0');
                    stream.read(chunk.data(), static_cast<std::streamsize>(bytes));
                    if (stream.bad())
                        return object_error(Code::unavailable, fmt::format("cannot read {}", file.native()));
                    chunk.resize(static_cast<std::size_t>(stream.gcount()));
                    return chunk;
                });
        };
        if (*size >= options_.part_bytes)
            co_return co_await upload_in_parts(bucket_, object_request(key, "POST"), read_chunk,
                                               part_bytes_for(*size, options_.part_bytes));
        auto bytes = co_await read_chunk(options_.part_bytes);
        if (!bytes)
            co_return bytes;
        co_return co_await put(std::move(key), std::move(*bytes), {});
    }

    Task<Result<bool, ObjectError>> get_file(std::string key, fs::path file) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await download(bucket_, full_key(key), std::move(file), options_.part_bytes, pool_);
    }

    Task<Result<ObjectPage, ObjectError>> list(std::string prefix, std::optional<std::string> after,
                                               std::size_t limit) override
    {
        if (const auto valid = check_listing(prefix, after, limit); !valid)
            co_return std::unexpected(valid.error());
        if (after)
            after = full_key(*after);
        co_return co_await list_page(bucket_, full_key(prefix), std::move(after), limit, full_key("").size());
    }

    Task<Result<void, ObjectError>> remove(std::string key) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        const auto response = co_await bucket_.call({.method = "DELETE", .key = full_key(key)});
        if (!response && !is_no_such_key(response.error()))
            co_return std::unexpected(object_error_from(response.error(), fmt::format("remove '{}'", key)));
        co_return Result<void, ObjectError>();
    }

private:
    Random& random_;
    const S3Options options_;
    const Bucket bucket_;
    asio::thread_pool pool_{file_threads};

    std::string full_key(std::string_view key) const
    {
        return options_.prefix.empty() ? std::string(key) : fmt::format("{}/{}", options_.prefix, key);
    }

    BucketRequest object_request(std::string_view key, std::string method) const
    {
        BucketRequest request{.method = std::move(method),
                              .key = full_key(key),
                              .headers = {{"Content-Type", std::string(content_type_of(key))}}};
        if (auto tags = options_.tags_of ? options_.tags_of(key) : std::string(); !tags.empty())
            request.headers.emplace_back("x-amz-tagging", std::move(tags));
        return request;
    }

    // Checked when a response was rejected for its size: the client accepts at most max_object_bytes.
    Task<bool> is_too_large(std::string key)
    {
        const auto head = co_await bucket_.call({.method = "HEAD", .key = full_key(key)});
        if (!head)
            co_return false;
        const auto length = aws::find_header(head->headers, "content-length");
        std::uint64_t size = 0;
        std::from_chars(length.data(), length.data() + length.size(), size);
        co_return size > max_object_bytes;
    }

    Task<Result<void, ObjectError>> put_concurrently(std::vector<NewObject>& objects)
    {
        Result<void, ObjectError> result;
        std::size_t next = 0;
        const auto work = [&]() -> Task<void> {
            while (next < objects.size() && result) {
                NewObject& object = objects[next++];
                const auto written = co_await put(std::move(object.key), std::move(object.bytes), {});
                if (!written && result)
                    result = std::unexpected(written.error());
            }
        };
        co_await run_concurrently(std::min(options_.max_concurrent_puts, objects.size()), work);
        co_return result;
    }
};

} // namespace

} // namespace s3

std::unique_ptr<ObjectStore> create_s3_objects(aws::Client& client,
                                               std::shared_ptr<aws::CredentialsProvider> credentials, Random& random,
                                               S3Options options)
{
    return std::make_unique<s3::S3Objects>(client, std::move(credentials), random, std::move(options));
}

} // namespace estante
