// The object store in a bucket of S3, or of a server that speaks its API, over the shared AWS client.
//
// Every byte is signed and carries its SHA-256, which S3 checks when it takes it and we check when we get it back; over
// plain HTTP nothing can be altered on the way either. A conditional put of unknown outcome (its answer was lost) is
// `unavailable` and not sent again: a second try would fail on the first one's effect. All else repeats safely.
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
    // path: ENDPOINT/BUCKET/KEY; host: BUCKET.ENDPOINT/KEY, as AWS wants it. automatic: host at AWS's own endpoint
    // unless the bucket's name holds a '.', which no certificate would be for; path at an endpoint of one's own.
    enum class Addressing { automatic, path, host };

    std::string bucket{};
    std::string prefix{}; // of every key, as "stage/lake"; without a '/' at either end
    std::string region{};
    std::string endpoint{}; // empty: AWS's own of the region
    Addressing addressing = Addressing::automatic;
    // The tags of a new object, as "class=raw": what a lifecycle rule can look at. Absent or empty: none.
    std::function<std::string(std::string_view key)> tags_of{};
    std::size_t part_bytes = 8UL << 20; // of a multipart upload and of a ranged read, 5 MiB at least; one is in memory
    std::size_t puts_at_once = 16;      // of put_all
    // The limit of one attempt, which may transfer a whole part; absent: ClientOptions::answer_within.
    std::optional<std::chrono::milliseconds> attempt_timeout{};
    int conflict_attempts = 6; // of a conditional put that meets another (409 ConditionalRequestConflict)
};

// The client and the random source outlive the store.
std::unique_ptr<ObjectStore> create_s3_objects(aws::Client& client, std::shared_ptr<aws::Credentials> credentials,
                                               Random& random, S3Options options);

} // namespace estante
