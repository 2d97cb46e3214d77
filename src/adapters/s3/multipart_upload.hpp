// Uploads one file as one object, in parts, with one part in memory. A failed upload leaves nothing behind.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
#pragma once

#include "adapters/s3/bucket.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace estante::s3 {

// Reads the next bytes of the file: `bytes` of them, fewer only at its end.
using ChunkReader = std::function<Task<Result<std::string, ObjectError>>(std::size_t bytes)>;

// Large enough for at most 10,000 parts, which is the limit of S3.
std::size_t part_bytes_for(std::uint64_t file_bytes, std::size_t min_part_bytes);

// Returns the ETag. `create_request` has the key and the headers of the object. When the upload fails or is cancelled,
// its parts are removed; after a cancellation this runs on the client's thread.
Task<Result<std::string, ObjectError>> upload_in_parts(const Bucket& bucket, BucketRequest create_request,
                                                       ChunkReader read_chunk, std::size_t part_bytes);

} // namespace estante::s3
