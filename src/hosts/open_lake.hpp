// Opens the data lake: a folder on this machine, or a bucket of S3.
#pragma once

#include "hosts/settings.hpp"
#include "hosts/shared_aws.hpp"
#include "ports/object_store.hpp"
#include "ports/random.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace estante {

struct S3Options;

struct LakeAddress {
    enum class Engine { folder, s3 };
    Engine engine = Engine::folder;
    std::filesystem::path folder{};
    std::string bucket{};
    std::string prefix{}; // of every key in the bucket, without a '/' at either end

    // From the setting `lake`: a folder (DATA/lake by default) or s3://BUCKET[/PREFIX]. Throws std::runtime_error with
    // one line that shows both forms.
    static LakeAddress from(const Settings& settings);
    std::string text() const; // "s3://BUCKET/PREFIX", or the folder
    bool operator==(const LakeAddress&) const = default;
};

// The options of a lake in S3, by the settings s3-endpoint and s3-addressing. Raw purchases are tagged, as the
// lifecycle rule of `estante lake create` expects.
S3Options s3_options(const LakeAddress& address, const Settings& settings, const aws::Context& aws);

// Creates a folder that does not exist. AWS context and random source outlive it. Throws std::runtime_error with one
// line.
std::unique_ptr<ObjectStore> open_lake(const Settings& settings, SharedAws& aws, Random& random);

// The database of the lake's tables in Glue: the setting lake-database, by default bookstore_STAGE. Throws
// std::runtime_error with one line for a name that Athena does not allow.
std::string lake_database(const Settings& settings);

} // namespace estante
