// One file as one object, in parts: with one part in memory, and nothing left of it when it fails.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
#pragma once

#include "adapters/s3/bucket.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace estante::s3 {

// The next bytes of the file, at most so many; fewer only at its end.
using Pieces = std::function<Task<Result<std::string, ObjectError>>(std::size_t bytes)>;

// So large that the file has no more than 10,000.
std::size_t part_bytes_for(std::uint64_t file_bytes, std::size_t wanted);

// Answers the ETag. `opening` has the key and the headers of the object. Also when it is cancelled the parts are
// removed, then on the client's own thread.
Task<Result<std::string, ObjectError>> upload_in_parts(const Bucket& bucket, Call opening, Pieces pieces,
                                                       std::size_t part_bytes);

} // namespace estante::s3
