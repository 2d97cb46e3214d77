// Creates the lake's bucket and compares an existing one with its description.
//
// The bucket is private and encrypted. Raw purchases move to STANDARD_IA after 30 days and to GLACIER after 90. The
// lifecycle rule selects them by a tag, because a rule can select one key prefix only and the keys begin with the
// tenants' names. Athena cannot read GLACIER, so the Parquet of closed days does not have the tag. Objects under 128 KB
// are not moved (the default of S3), since moving them costs more than it saves.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
#pragma once

#include "adapters/s3/bucket.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante::s3 {

struct Tag {
    std::string_view key;
    std::string_view value;
};
inline constexpr Tag raw_tag{.key = "class", .value = "raw"};

class BucketSetup {
public:
    // The client outlives this.
    BucketSetup(aws::Client& client, std::shared_ptr<aws::CredentialsProvider> credentials, const S3Options& options)
        : bucket_(client, std::move(credentials), options),
          name_(options.bucket),
          region_(options.region),
          is_aws_(options.endpoint.empty())
    {
    }

    // Creates the bucket if it is missing, and sets what check() finds different. Returns a line for each change, and
    // for each setting that a custom endpoint does not support.
    Task<Result<std::vector<std::string>, ObjectError>> create();
    // Returns a line for each difference, with what to do about it; empty when all is as described.
    Task<Result<std::vector<std::string>, ObjectError>> check();

private:
    Bucket bucket_;
    std::string name_;
    std::string region_;
    bool is_aws_;

    Task<Result<bool, ObjectError>> exists();
    Task<Result<void, ObjectError>> create_bucket();
};

} // namespace estante::s3
