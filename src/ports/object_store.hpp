// Objects by key: whole byte strings that are put, read, listed and removed, as in S3. The data lake lives in one.
//
// Keys are 1 to 1024 bytes of UTF-8 without U+0000; "/" parts them. No part is empty, "." or "..": what breaks that is
// `invalid`. A put is atomic: a reader sees the old object or the new one, never a part, and once it is answered the
// object is durable. Reads and lists see every put that was answered before them. Of puts with a condition that meet,
// from any thread or process, those succeed whose condition held when they took effect, one after the other.
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
        precondition_failed, // the object is not as the put's condition says; nothing was written
        invalid,             // a key or size that no store takes: a mistake of the program
        unavailable,         // the store cannot answer now: full disk, timeout, throttled beyond the retries
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
    std::string bytes{}; // at most most_object_bytes
};

struct ObjectPage {
    std::vector<ObjectInfo> objects{}; // by key in byte order
    std::optional<std::string> next{}; // the key to go on after; absent: there is no more
};

// What must hold of the object before a put.
struct IfObject {
    bool absent = false;               // there is none under the key
    std::optional<std::string> etag{}; // it has this ETag
};

inline constexpr std::size_t most_object_bytes = 64UL << 20; // that go through memory; larger ones through files
inline constexpr std::size_t most_key_bytes = 1024;
inline constexpr std::size_t most_listed = 1000; // of a page

class ObjectStore {
public:
    virtual ~ObjectStore() = default;

    // Absent: there is no such object. One over most_object_bytes is `invalid`: it is read into a file.
    virtual Task<Result<std::optional<Object>, ObjectError>> get(std::string key) = 0;
    // Answers the new ETag. At most most_object_bytes; larger ones are put from a file.
    virtual Task<Result<std::string, ObjectError>> put(std::string key, std::string bytes, IfObject condition) = 0;
    // Many at once, which costs less than one after the other: each is as one `put` without a condition. After an error
    // some of them may be there; putting them all again is safe. Of one key twice the last stands.
    virtual Task<Result<void, ObjectError>> put_all(std::vector<NewObject> objects) = 0;
    // As `put` with the bytes of a file of any size, in bounded memory (S3: multipart; a failed one leaves no parts).
    virtual Task<Result<std::string, ObjectError>> put_file(std::string key, std::filesystem::path file) = 0;
    // Writes the object to a file, which is made or replaced whole. False: there is no such object, and the file is as
    // it was. A file that cannot be read or written is `invalid` in both, unless the disk is full.
    virtual Task<Result<bool, ObjectError>> get_file(std::string key, std::filesystem::path file) = 0;
    // Objects whose keys begin with `prefix` (any text, also part of a name), after the key `after` if given; 1 to
    // most_listed a page.
    virtual Task<Result<ObjectPage, ObjectError>> list(std::string prefix, std::optional<std::string> after,
                                                       std::size_t limit) = 0;
    // An absent object is no error.
    virtual Task<Result<void, ObjectError>> remove(std::string key) = 0;
};

} // namespace estante
