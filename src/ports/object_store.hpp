// Objects by key, as in S3: byte strings that are put, read, listed and removed as a whole. Stores the data lake.
//
// Keys are 1 to 1024 bytes of UTF-8 without U+0000, in parts that "/" separates. A part that is empty, "." or ".." is
// `invalid`. A put is atomic, and durable when it returns: a reader sees the old object or the new one. Reads and lists
// see every put that returned before they began. Concurrent conditional puts, from any thread or process, are
// linearizable: a put succeeds if its condition holds when it takes effect.
// Thread rules: every member may be called from any thread; a coroutine resumes on its own executor.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/
#pragma once

#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace estante {

struct ObjectError {
    enum class Code {
        precondition_failed, // the put's condition does not hold; nothing was written
        invalid,             // a key or size out of limits: a programming error
        unavailable,         // full disk, timeout, or throttled beyond the retries
    };
    Code code = Code::unavailable;
    std::string detail{}; // English, for a log line
};

struct Object {
    std::string bytes{};
    std::string etag{}; // changes with the bytes; opaque
};

struct ObjectInfo {
    std::string key{};
    std::uint64_t size_bytes = 0;
    std::string etag{};
    std::int64_t modified_ms = 0;
};

struct NewObject {
    std::string key{};
    std::string bytes{}; // at most max_object_bytes
};

struct ObjectPage {
    std::vector<ObjectInfo> objects{}; // by key in byte order
    std::optional<std::string> next{}; // `after` of the next page; absent at the end
};

// The condition of a put. At most one member is set.
struct IfObject {
    bool absent = false;               // there is no object under the key
    std::optional<std::string> etag{}; // it has this ETag
};

inline constexpr std::size_t max_object_bytes = 64UL << 20; // for get and put; larger objects use files
inline constexpr std::size_t max_key_bytes = 1024;
inline constexpr std::size_t max_page_objects = 1000; // of a page

class ObjectStore {
public:
    virtual ~ObjectStore() = default;

    // Absent if there is no such object. An object over max_object_bytes is `invalid`: use get_file.
    virtual Task<Result<std::optional<Object>, ObjectError>> get(std::string key) = 0;
    // Returns the new ETag. At most max_object_bytes; for more use put_file.
    virtual Task<Result<std::string, ObjectError>> put(std::string key, std::string bytes, IfObject condition) = 0;
    // Puts many objects without conditions, at a lower cost than one by one. After an error some of them may be stored;
    // to put all of them again is safe. If a key is repeated, the last object wins.
    virtual Task<Result<void, ObjectError>> put_all(std::vector<NewObject> objects) = 0;
    // Puts a file of any size in bounded memory (S3: by multipart upload; a failed one leaves no parts).
    virtual Task<Result<std::string, ObjectError>> put_file(std::string key, std::filesystem::path file) = 0;
    // Writes the object to a file, which is created or replaced atomically. False if there is no such object; the file
    // is then unchanged. In both, a file that cannot be read or written is `invalid`, unless the disk is full.
    virtual Task<Result<bool, ObjectError>> get_file(std::string key, std::filesystem::path file) = 0;
    // Objects whose keys begin with `prefix` (any text, also a part of a name), after the key `after` if given. `limit`
    // is 1 to max_page_objects.
    virtual Task<Result<ObjectPage, ObjectError>> list(std::string prefix, std::optional<std::string> after,
                                                       std::size_t limit) = 0;
    // An absent object is not an error.
    virtual Task<Result<void, ObjectError>> remove(std::string key) = 0;
};

} // namespace estante
