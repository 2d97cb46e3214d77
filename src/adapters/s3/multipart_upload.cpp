#include "adapters/s3/multipart_upload.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <exception>
#include <iterator>

namespace estante::s3 {

namespace {

constexpr std::uint64_t most_parts = 10'000;
constexpr std::size_t least_part_bytes = 5UL << 20;

using Query = std::vector<std::pair<std::string, std::string>>;

Task<bool> abort_upload(Bucket bucket, std::string key, std::string id)
{
    const auto done =
        co_await bucket.call({.method = "DELETE", .key = std::move(key), .query = {{"uploadId", std::move(id)}}});
    co_return done.has_value() || done.error().type == "NoSuchUpload";
}

Task<void> abort_apart(Bucket bucket, std::string key, std::string id)
{
    co_await abort_upload(std::move(bucket), std::move(key), std::move(id));
}

Task<Result<std::string, ObjectError>> begin_upload(const Bucket& bucket, Call opening)
{
    const auto doing = fmt::format("begin the upload of '{}'", opening.key);
    opening.method = "POST";
    opening.query = {{"uploads", ""}};
    opening.headers.emplace_back("x-amz-checksum-algorithm", "SHA256");
    const auto begun = co_await bucket.call(std::move(opening));
    if (!begun)
        co_return std::unexpected(error_of(begun.error(), doing));
    pugi::xml_document document;
    document.load_buffer(begun->body.data(), begun->body.size());
    std::string id = document.child("InitiateMultipartUploadResult").child("UploadId").text().as_string();
    if (id.empty())
        co_return std::unexpected(ObjectError{.detail = doing + ": the answer names no upload"});
    co_return id;
}

// All parts; answers the list that ends the upload.
Task<Result<std::string, ObjectError>> upload_parts(const Bucket& bucket, const std::string& key, const std::string& id,
                                                    const Pieces& pieces, std::size_t part_bytes)
{
    std::string list = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
    for (int number = 1;; ++number) {
        auto piece = co_await pieces(part_bytes);
        if (!piece)
            co_return std::unexpected(std::move(piece.error()));
        const bool last = piece->size() < part_bytes;
        if (piece->empty() && number > 1)
            break;
        Call part{.method = "PUT", .key = key, .query = {{"partNumber", std::to_string(number)}, {"uploadId", id}}};
        add_body(part, std::move(*piece));
        const auto checksum = checksum_of(part.body);
        const auto done = co_await bucket.call(std::move(part));
        if (!done)
            co_return std::unexpected(error_of(done.error(), fmt::format("upload part {} of '{}'", number, key)));
        fmt::format_to(std::back_inserter(list),
                       "<Part><ChecksumSHA256>{}</ChecksumSHA256><ETag>{}</ETag><PartNumber>{}</PartNumber></Part>",
                       checksum, xml_escaped(aws::header_of(done->headers, "etag")), number);
        if (last)
            break;
    }
    co_return list + "</CompleteMultipartUpload>";
}

Task<Result<std::string, ObjectError>> complete_upload(const Bucket& bucket, const std::string& key,
                                                       const std::string& id, std::string list)
{
    const auto doing = fmt::format("end the upload of '{}'", key);
    const auto done =
        co_await bucket.call({.method = "POST", .key = key, .query = {{"uploadId", id}}, .body = std::move(list)});
    if (!done)
        co_return std::unexpected(error_of(done.error(), doing));
    pugi::xml_document document;
    document.load_buffer(done->body.data(), done->body.size());
    std::string etag = document.child("CompleteMultipartUploadResult").child("ETag").text().as_string();
    if (etag.empty())
        co_return std::unexpected(ObjectError{.detail = doing + ": the answer names no ETag"});
    co_return etag;
}

} // namespace

std::size_t part_bytes_for(std::uint64_t file_bytes, std::size_t wanted)
{
    return std::max({wanted, least_part_bytes, static_cast<std::size_t>((file_bytes + most_parts - 1) / most_parts)});
}

Task<Result<std::string, ObjectError>> upload_in_parts(const Bucket& bucket, Call opening, Pieces pieces,
                                                       std::size_t part_bytes)
{
    const auto key = opening.key;
    const auto id = co_await begin_upload(bucket, std::move(opening));
    if (!id)
        co_return id;
    Result<std::string, ObjectError> ended;
    std::exception_ptr thrown;
    try {
        ended = co_await upload_parts(bucket, key, *id, pieces, part_bytes);
        if (ended)
            ended = co_await complete_upload(bucket, key, *id, std::move(*ended));
    } catch (...) {
        thrown = std::current_exception();
    }
    if (thrown) { // this coroutine is cancelled: it cannot wait for anything any more
        bucket.client().run_apart(abort_apart(bucket, key, *id));
        std::rethrow_exception(thrown);
    }
    if (!ended && !co_await abort_upload(bucket, key, *id))
        ended.error().detail += "; its parts could not be removed: the bucket's lifecycle rule does that";
    co_return ended;
}

} // namespace estante::s3
