#include "adapters/s3/listing.hpp"

#include "codec/timestamp.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <charconv>
#include <string_view>

namespace estante::s3 {

namespace {

// Keys are requested with encoding-type=url, since XML cannot represent control characters: "%XX", and '+' for a space.
std::string url_decode(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        const auto digits = text.substr(i + 1, 2);
        const auto* const end = digits.data() + digits.size();
        if (text[i] == '%' && digits.size() == 2 && std::from_chars(digits.data(), end, byte, 16).ptr == end) {
            decoded += static_cast<char>(byte);
            i += 2;
        } else {
            decoded += text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

} // namespace

Task<Result<ObjectPage, ObjectError>> list_page(const Bucket& bucket, std::string prefix,
                                                std::optional<std::string> after, std::size_t limit,
                                                std::size_t prefix_bytes)
{
    const auto operation = fmt::format("list '{}'", prefix);
    BucketRequest request{.query = {{"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", std::to_string(limit)}}};
    if (!prefix.empty())
        request.query.emplace_back("prefix", std::move(prefix));
    if (after)
        request.query.emplace_back("start-after", std::move(*after));
    const auto response = co_await bucket.call(std::move(request));
    if (!response)
        co_return std::unexpected(object_error_from(response.error(), operation));
    pugi::xml_document document;
    document.load_buffer(response->body.data(), response->body.size());
    const auto result = document.child("ListBucketResult");
    if (!result)
        co_return std::unexpected(ObjectError{.detail = operation + ": the response is not a ListBucketResult"});
    const bool encoded = std::string_view(result.child("EncodingType").text().as_string()) == "url";
    ObjectPage page;
    for (const auto& entry : result.children("Contents")) {
        const std::string_view name = entry.child("Key").text().as_string();
        const auto modified = parse_timestamp(entry.child("LastModified").text().as_string());
        page.objects.push_back({.key = (encoded ? url_decode(name) : std::string(name)).substr(prefix_bytes),
                                .size_bytes = entry.child("Size").text().as_ullong(),
                                .etag = entry.child("ETag").text().as_string(),
                                .modified_ms = modified ? modified->ms : 0});
    }
    if (result.child("IsTruncated").text().as_bool() && !page.objects.empty())
        page.next = page.objects.back().key;
    co_return page;
}

} // namespace estante::s3
