// The object store in a bucket of S3, or of a server with its API, over the shared AWS client.
//
// Every body is signed and has its SHA-256 with it. S3 checks it on put and we check it on get, so that bytes cannot be
// altered in transit, even over plain HTTP. A conditional put with an unknown outcome (its response was lost) fails
// with `unavailable` and is not retried, since a retry would fail on the effect of the first attempt. All other
// operations are idempotent and are retried.
#pragma once

#include "adapters/aws/client.hpp"
#include "ports/object_store.hpp"
#include "ports/random.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

struct S3Options {
    // path: ENDPOINT/BUCKET/KEY; host: BUCKET.ENDPOINT/KEY, which AWS recommends. automatic: path at a custom endpoint,
    // and for a bucket whose name has a '.', which the certificate does not cover; else host.
    enum class Addressing { automatic, path, host };

    std::string bucket{};
    std::string prefix{}; // of every key, for example "stage/lake"; without '/' at either end
    std::string region{};
    std::string endpoint{}; // empty: the public one of the region
    Addressing addressing = Addressing::automatic;
    // The tags of a new object, for example "class=raw", for lifecycle rules. Absent or empty: none.
    std::function<std::string(std::string_view key)> tags_of{};
    std::size_t part_bytes = 8UL << 20; // of multipart uploads and ranged reads; at least 5 MiB; one part is in memory
    std::size_t max_concurrent_puts = 16; // of put_all()
    // The limit of one attempt, which may transfer a whole part; absent: ClientOptions::response_timeout.
    std::optional<std::chrono::milliseconds> attempt_timeout{};
    int max_conflict_attempts = 6; // of a conditional put that conflicts with another (409 ConditionalRequestConflict)
};

// The client and the random source outlive the store.
std::unique_ptr<ObjectStore> create_s3_objects(aws::Client& client,
                                               std::shared_ptr<aws::CredentialsProvider> credentials, Random& random,
                                               S3Options options);

} // namespace estante
