#include "adapters/s3/multipart_upload.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <exception>
#include <iterator>

namespace estante::s3 {

namespace {

constexpr std::uint64_t max_parts = 10'000;
constexpr std::size_t s3_min_part_bytes = 5UL << 20;

using Query = std::vector<std::pair<std::string, std::string>>;

Task<bool> abort_upload(Bucket bucket, std::string key, std::string id)
{
    const auto aborted =
        co_await bucket.call({.method = "DELETE", .key = std::move(key), .query = {{"uploadId", std::move(id)}}});
    co_return aborted.has_value() || aborted.error().type == "NoSuchUpload";
}

Task<void> abort_detached(Bucket bucket, std::string key, std::string id)
{
    co_await abort_upload(std::move(bucket), std::move(key), std::move(id));
}

Task<Result<std::string, ObjectError>> create_upload(const Bucket& bucket, BucketRequest request)
{
    const auto operation = fmt::format("create the upload of '{}'", request.key);
    request.method = "POST";
    request.query = {{"uploads", ""}};
    request.headers.emplace_back("x-amz-checksum-algorithm", "SHA256");
    const auto created = co_await bucket.call(std::move(request));
    if (!created)
        co_return std::unexpected(object_error_from(created.error(), operation));
    pugi::xml_document document;
    document.load_buffer(created->body.data(), created->body.size());
    std::string id = document.child("InitiateMultipartUploadResult").child("UploadId").text().as_string();
    if (id.empty())
        co_return std::unexpected(ObjectError{.detail = operation + ": the response has no UploadId"});
    co_return id;
}

// Uploads all parts. Returns the list that completes the upload.
Task<Result<std::string, ObjectError>> upload_parts(const Bucket& bucket, const std::string& key, const std::string& id,
                                                    const ChunkReader& read_chunk, std::size_t part_bytes)
{
    std::string list = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
    for (int number = 1;; ++number) {
        auto chunk = co_await read_chunk(part_bytes);
        if (!chunk)
            co_return std::unexpected(std::move(chunk.error()));
        const bool last = chunk->size() < part_bytes;
        if (chunk->empty() && number > 1)
            break;
        BucketRequest part{
            .method = "PUT", .key = key, .query = {{"partNumber", std::to_string(number)}, {"uploadId", id}}};
        set_body(part, std::move(*chunk));
        const auto checksum = base64_sha256(part.body);
        const auto uploaded = co_await bucket.call(std::move(part));
        if (!uploaded)
            co_return std::unexpected(
                object_error_from(uploaded.error(), fmt::format("upload part {} of '{}'", number, key)));
        fmt::format_to(std::back_inserter(list),
                       "<Part><ChecksumSHA256>{}</ChecksumSHA256><ETag>{}</ETag><PartNumber>{}</PartNumber></Part>",
                       checksum, escape_xml(aws::find_header(uploaded->headers, "etag")), number);
        if (last)
            break;
    }
    co_return list + "</CompleteMultipartUpload>";
}

Task<Result<std::string, ObjectError>> complete_upload(const Bucket& bucket, const std::string& key,
                                                       const std::string& id, std::string list)
{
    const auto operation = fmt::format("complete the upload of '{}'", key);
    const auto completed =
        co_await bucket.call({.method = "POST", .key = key, .query = {{"uploadId", id}}, .body = std::move(list)});
    if (!completed)
        co_return std::unexpected(object_error_from(completed.error(), operation));
    pugi::xml_document document;
    document.load_buffer(completed->body.data(), completed->body.size());
    std::string etag = document.child("CompleteMultipartUploadResult").child("ETag").text().as_string();
    if (etag.empty())
        co_return std::unexpected(ObjectError{.detail = operation + ": the response has no ETag"});
    co_return etag;
}

} // namespace

std::size_t part_bytes_for(std::uint64_t file_bytes, std::size_t min_part_bytes)
{
    return std::max(
        {min_part_bytes, s3_min_part_bytes, static_cast<std::size_t>((file_bytes + max_parts - 1) / max_parts)});
}

Task<Result<std::string, ObjectError>> upload_in_parts(const Bucket& bucket, BucketRequest create_request,
                                                       ChunkReader read_chunk, std::size_t part_bytes)
{
    const auto key = create_request.key;
    const auto id = co_await create_upload(bucket, std::move(create_request));
    if (!id)
        co_return id;
    Result<std::string, ObjectError> result;
    std::exception_ptr thrown;
    try {
        result = co_await upload_parts(bucket, key, *id, read_chunk, part_bytes);
        if (result)
            result = co_await complete_upload(bucket, key, *id, std::move(*result));
    } catch (...) {
        thrown = std::current_exception();
    }
    if (thrown) { // this coroutine is cancelled and cannot await anything
        bucket.client().spawn_detached(abort_detached(bucket, key, *id));
        std::rethrow_exception(thrown);
    }
    if (!result && !co_await abort_upload(bucket, key, *id))
        result.error().detail += "; its parts could not be removed, so the bucket's lifecycle rule will remove them";
    co_return result;
}

} // namespace estante::s3
