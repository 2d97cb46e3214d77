// One page of ListObjectsV2.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
#pragma once

#include "adapters/s3/bucket.hpp"

#include <optional>
#include <string>

namespace estante::s3 {

// Removes the first `prefix_bytes` bytes of each key: the store's own prefix.
Task<Result<ObjectPage, ObjectError>> list_page(const Bucket& bucket, std::string prefix,
                                                std::optional<std::string> after, std::size_t limit,
                                                std::size_t prefix_bytes);

} // namespace estante::s3
