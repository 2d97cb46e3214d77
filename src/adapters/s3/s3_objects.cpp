#include "adapters/s3/s3_objects.hpp"

#include "adapters/s3/bucket.hpp"
#include "adapters/s3/download.hpp"
#include "adapters/s3/listing.hpp"
#include "adapters/s3/multipart_upload.hpp"
#include "ports/rules/object_rules.hpp"
#include "runtime/offload.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
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

std::string_view content_type_of(std::string_view key)
{
    if (key.ends_with(".json"))
        return "application/json";
    if (key.ends_with(".gz"))
        return "application/gzip"; // no Content-Encoding: what reads the lake unpacks by the name
    return "application/octet-stream";
}

std::string etag_of(const aws::Response& response)
{
    return std::string(aws::header_of(response.headers, "etag"));
}

class Objects final : public ObjectStore {
public:
    Objects(aws::Client& client, std::shared_ptr<aws::Credentials> credentials, Random& random, S3Options options)
        : random_(random), options_(std::move(options)), bucket_(client, std::move(credentials), options_)
    {
    }
    ~Objects() override { pool_.join(); }

    Task<Result<std::optional<Object>, ObjectError>> get(std::string key) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        auto answer = co_await bucket_.call({.key = full(key), .headers = {{"x-amz-checksum-mode", "ENABLED"}}});
        if (!answer && is_absent(answer.error()))
            co_return std::optional<Object>();
        if (!answer && answer.error().status == 0 && co_await is_too_large(key))
            co_return object_error(Code::invalid, fmt::format("'{}' is too large: get it into a file", key));
        if (!answer)
            co_return std::unexpected(error_of(answer.error(), fmt::format("get '{}'", key)));
        if (!is_intact(*answer))
            co_return object_error(Code::unavailable, fmt::format("get '{}': what came is not what was put", key));
        auto etag = etag_of(*answer);
        co_return Object{.bytes = std::move(answer->body), .etag = std::move(etag)};
    }

    Task<Result<std::string, ObjectError>> put(std::string key, std::string bytes, IfObject condition) override
    {
        if (const auto valid = check_put(key, bytes.size(), condition); !valid)
            co_return std::unexpected(valid.error());
        const bool conditional = condition.absent || condition.etag;
        Call call = new_object(key, "PUT");
        call.repeatable = !conditional;
        if (condition.absent)
            call.headers.emplace_back("If-None-Match", "*");
        if (condition.etag)
            call.headers.emplace_back("If-Match", *condition.etag);
        add_body(call, std::move(bytes));
        for (int attempt = 1;; ++attempt) {
            const auto answer = co_await bucket_.call(call);
            if (answer)
                co_return etag_of(*answer);
            const auto& failure = answer.error();
            const auto doing = fmt::format("put '{}'", key);
            if (conditional && is_absent(failure)) // nothing has the ETag that was asked for
                co_return object_error(Code::precondition_failed, fmt::format("{}: there is no such object", doing));
            const bool met_another = failure.type == "ConditionalRequestConflict" || failure.type == "OperationAborted";
            if (!met_another || attempt >= options_.conflict_attempts)
                co_return std::unexpected(error_of(failure, doing));
            co_await wait(attempt);
        }
    }

    Task<Result<void, ObjectError>> put_all(std::vector<NewObject> objects) override
    {
        for (const NewObject& object : objects) {
            if (const auto valid = check_put(object.key, object.bytes.size(), {}); !valid)
                co_return std::unexpected(valid.error());
        }
        // Of one key twice only the last is put: what is sent at once arrives in any order.
        std::map<std::string, std::string> last;
        for (NewObject& object : objects)
            last.insert_or_assign(std::move(object.key), std::move(object.bytes));
        objects.clear();
        for (auto& [key, bytes] : last)
            objects.push_back({.key = key, .bytes = std::move(bytes)});
        co_return co_await put_side_by_side(objects);
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
        const Pieces pieces = [this, &stream, &file](std::size_t bytes) {
            return offload<Result<std::string, ObjectError>>(
                pool_, [&stream, &file, bytes]() -> Result<std::string, ObjectError> {
                    std::string piece(bytes, '\0');
                    stream.read(piece.data(), static_cast<std::streamsize>(bytes));
                    if (stream.bad())
                        return object_error(Code::unavailable, fmt::format("cannot read {}", file.native()));
                    piece.resize(static_cast<std::size_t>(stream.gcount()));
                    return piece;
                });
        };
        if (*size >= options_.part_bytes)
            co_return co_await upload_in_parts(bucket_, new_object(key, "POST"), pieces,
                                               part_bytes_for(*size, options_.part_bytes));
        auto bytes = co_await pieces(options_.part_bytes);
        if (!bytes)
            co_return bytes;
        co_return co_await put(std::move(key), std::move(*bytes), {});
    }

    Task<Result<bool, ObjectError>> get_file(std::string key, fs::path file) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await download(bucket_, full(key), std::move(file), options_.part_bytes, pool_);
    }

    Task<Result<ObjectPage, ObjectError>> list(std::string prefix, std::optional<std::string> after,
                                               std::size_t limit) override
    {
        if (const auto valid = check_listing(prefix, after, limit); !valid)
            co_return std::unexpected(valid.error());
        if (after)
            after = full(*after);
        co_return co_await list_page(bucket_, full(prefix), std::move(after), limit, full("").size());
    }

    Task<Result<void, ObjectError>> remove(std::string key) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        const auto answer = co_await bucket_.call({.method = "DELETE", .key = full(key)});
        if (!answer && !is_absent(answer.error()))
            co_return std::unexpected(error_of(answer.error(), fmt::format("remove '{}'", key)));
        co_return Result<void, ObjectError>();
    }

private:
    Random& random_;
    const S3Options options_;
    const Bucket bucket_;
    asio::thread_pool pool_{file_threads};

    std::string full(std::string_view key) const
    {
        return options_.prefix.empty() ? std::string(key) : fmt::format("{}/{}", options_.prefix, key);
    }

    Call new_object(std::string_view key, std::string method) const
    {
        Call call{.method = std::move(method),
                  .key = full(key),
                  .headers = {{"Content-Type", std::string(content_type_of(key))}}};
        if (auto tags = options_.tags_of ? options_.tags_of(key) : std::string(); !tags.empty())
            call.headers.emplace_back("x-amz-tagging", std::move(tags));
        return call;
    }

    // Asked when an answer was cut off: the client takes no more than max_object_bytes.
    Task<bool> is_too_large(std::string key)
    {
        const auto head = co_await bucket_.call({.method = "HEAD", .key = full(key)});
        if (!head)
            co_return false;
        const auto length = aws::header_of(head->headers, "content-length");
        std::uint64_t size = 0;
        std::from_chars(length.data(), length.data() + length.size(), size);
        co_return size > max_object_bytes;
    }

    Task<Result<void, ObjectError>> put_side_by_side(std::vector<NewObject>& objects)
    {
        Result<void, ObjectError> verdict;
        std::size_t next = 0;
        const auto work = [&]() -> Task<void> {
            while (next < objects.size() && verdict) {
                NewObject& object = objects[next++];
                const auto done = co_await put(std::move(object.key), std::move(object.bytes), {});
                if (!done && verdict)
                    verdict = std::unexpected(done.error());
            }
        };
        const auto executor = co_await asio::this_coro::executor;
        using Worker = decltype(asio::co_spawn(executor, work(), asio::deferred));
        std::vector<Worker> group;
        for (std::size_t i = 0; i < std::min(options_.puts_at_once, objects.size()); ++i)
            group.push_back(asio::co_spawn(executor, work(), asio::deferred));
        if (group.empty())
            co_return verdict;
        const auto [order, thrown] = co_await asio::experimental::make_parallel_group(std::move(group))
                                         .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
        for (const auto& error : thrown) {
            if (error)
                std::rethrow_exception(error);
        }
        co_return verdict;
    }

    // Before another attempt at an object that others write: random up to 20 ms, 40 ms … 640 ms.
    Task<void> wait(int attempt)
    {
        std::array<std::uint8_t, 2> bytes{};
        random_.fill(bytes);
        const unsigned chance = bytes[0] << 8U | bytes[1];
        const unsigned most_us = 10'000U << static_cast<unsigned>(std::min(attempt, 6));
        asio::steady_timer timer(co_await asio::this_coro::executor,
                                 std::chrono::microseconds(std::uint64_t{chance} * most_us >> 16U));
        co_await timer.async_wait(asio::use_awaitable);
    }
};

} // namespace

} // namespace s3

std::unique_ptr<ObjectStore> create_s3_objects(aws::Client& client, std::shared_ptr<aws::Credentials> credentials,
                                               Random& random, S3Options options)
{
    return std::make_unique<s3::Objects>(client, std::move(credentials), random, std::move(options));
}

} // namespace estante
