// One object into a file, in ranges of one and the same version, with one range in memory.
#pragma once

#include "adapters/s3/bucket.hpp"

#include <boost/asio/thread_pool.hpp>

#include <filesystem>
#include <string>

namespace estante::s3 {

// False: there is no such object. The file is made or replaced when all is there; its writes run on the pool.
Task<Result<bool, ObjectError>> download(const Bucket& bucket, std::string key, std::filesystem::path file,
                                         std::size_t range_bytes, boost::asio::thread_pool& pool);

// The object is not there, though its bucket is.
bool is_absent(const aws::Failure& failure);

} // namespace estante::s3
