#include "ports/rules/object_rules.hpp"

#include "domain/code_points.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante {

namespace {

constexpr std::size_t shown_key_bytes = 80; // of a wrong key

std::unexpected<ObjectError> not_taken(std::string detail)
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
    if (key.empty() || key.size() > most_key_bytes)
        return not_taken(fmt::format("an object's key has 1 to {} bytes, not {}", most_key_bytes, key.size()));
    if (!is_key_text(key))
        return not_taken("an object's key is not UTF-8, or holds U+0000");
    for (std::size_t from = 0; from <= key.size();) {
        const auto end = std::min(key.find('/', from), key.size());
        const auto part = key.substr(from, end - from);
        if (part.empty() || part == "." || part == "..")
            return not_taken(fmt::format("a part of the key '{}' is '{}'", key.substr(0, shown_key_bytes), part));
        from = end + 1;
    }
    return {};
}

Result<void, ObjectError> check_put(std::string_view key, std::size_t size_bytes, const IfObject& condition)
{
    if (size_bytes > most_object_bytes)
        return not_taken(fmt::format("{} bytes for '{}' are over {}: put it from a file", size_bytes,
                                     key.substr(0, shown_key_bytes), most_object_bytes));
    if (condition.absent && condition.etag)
        return not_taken("an object cannot be absent and have an ETag");
    return check_object_key(key);
}

Result<void, ObjectError> check_listing(std::string_view prefix, const std::optional<std::string>& after,
                                        std::size_t limit)
{
    if (limit < 1 || limit > most_listed)
        return not_taken(fmt::format("a page has 1 to {} objects, not {}", most_listed, limit));
    if (prefix.size() > most_key_bytes || !is_key_text(prefix))
        return not_taken("a prefix is too long, not UTF-8, or holds U+0000");
    if (after && (after->size() > most_key_bytes || !is_key_text(*after)))
        return not_taken("the key to go on after is too long, not UTF-8, or holds U+0000");
    return {};
}

} // namespace estante
