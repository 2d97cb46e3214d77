#include "ports/rules/object_rules.hpp"

#include "domain/code_points.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante {

namespace {

constexpr std::size_t max_logged_key_bytes = 80;

std::unexpected<ObjectError> invalid_argument(std::string detail)
{
    return object_error(ObjectError::Code::invalid, std::move(detail));
}

// UTF-8 without U+0000.
bool is_key_text(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        if (next_code_point(text, at) <= 0)
            return false;
    }
    return true;
}

} // namespace

std::unexpected<ObjectError> object_error(ObjectError::Code code, std::string detail)
{
    return std::unexpected(ObjectError{.code = code, .detail = std::move(detail)});
}

Result<void, ObjectError> check_object_key(std::string_view key)
{
    if (key.empty() || key.size() > max_key_bytes)
        return invalid_argument(fmt::format("an object's key has 1 to {} bytes, not {}", max_key_bytes, key.size()));
    if (!is_key_text(key))
        return invalid_argument("an object's key is not UTF-8, or contains U+0000");
    for (std::size_t from = 0; from <= key.size();) {
        const auto end = std::min(key.find('/', from), key.size());
        const auto part = key.substr(from, end - from);
        if (part.empty() || part == "." || part == "..")
            return invalid_argument(
                fmt::format("a part of the key '{}' is '{}'", key.substr(0, max_logged_key_bytes), part));
        from = end + 1;
    }
    return {};
}

Result<void, ObjectError> check_put(std::string_view key, std::size_t size_bytes, const IfObject& condition)
{
    if (size_bytes > max_object_bytes)
        return invalid_argument(fmt::format("{} bytes for '{}' exceed the limit of {}: use put_file", size_bytes,
                                            key.substr(0, max_logged_key_bytes), max_object_bytes));
    if (condition.absent && condition.etag)
        return invalid_argument("an object cannot be absent and have an ETag");
    return check_object_key(key);
}

Result<void, ObjectError> check_listing(std::string_view prefix, const std::optional<std::string>& after,
                                        std::size_t limit)
{
    if (limit < 1 || limit > max_page_objects)
        return invalid_argument(fmt::format("a page has 1 to {} objects, not {}", max_page_objects, limit));
    if (prefix.size() > max_key_bytes || !is_key_text(prefix))
        return invalid_argument("a prefix is too long, not UTF-8, or contains U+0000");
    if (after && (after->size() > max_key_bytes || !is_key_text(*after)))
        return invalid_argument("the key `after` is too long, not UTF-8, or contains U+0000");
    return {};
}

} // namespace estante
