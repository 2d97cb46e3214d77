// Downloads one object into a file, in ranges of the same version, with one range in memory.
#pragma once

#include "adapters/s3/bucket.hpp"

#include <boost/asio/thread_pool.hpp>

#include <filesystem>
#include <string>

namespace estante::s3 {

// False when the object does not exist. The file is created or replaced after the whole object was downloaded. Writes
// run on the pool.
Task<Result<bool, ObjectError>> download(const Bucket& bucket, std::string key, std::filesystem::path file,
                                         std::size_t range_bytes, boost::asio::thread_pool& pool);

} // namespace estante::s3
