// Where the data lake is: a folder of this machine, or a bucket of S3.
#pragma once

#include "hosts/settings.hpp"
#include "ports/clock.hpp"
#include "ports/object_store.hpp"
#include "ports/random.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace estante {

struct S3Options;

struct LakeAddress {
    enum class Engine { folder, s3 };
    Engine engine = Engine::folder;
    std::filesystem::path folder{};
    std::string bucket{};
    std::string prefix{}; // of every key in the bucket; without a '/' at either end

    // Of the setting `lake`: a folder (DATA/lake when it is empty) or s3://BUCKET[/PREFIX]. Throws std::runtime_error
    // with one line that shows both forms.
    static LakeAddress from(const Settings& settings);
    std::string text() const; // "s3://BUCKET/PREFIX", or the folder
    bool operator==(const LakeAddress&) const = default;
};

// How the lake's bucket is reached, by the settings `s3-endpoint` and `s3-addressing`; its raw purchases are tagged, as
// the lifecycle rule of `estante lake create` expects. The address is one of S3.
S3Options s3_options(const LakeAddress& address, const Settings& settings, const std::string& region);

// Opens it, and makes the folder. Clock and random source outlive the store. Throws std::runtime_error with one line.
std::shared_ptr<ObjectStore> open_object_store(const Settings& settings, Clock& clock, Random& random);

} // namespace estante
