// Makes the lake's bucket, and says in which ways one that is there differs from what it should be.
//
// The bucket is private, encrypted, and lets raw purchases age: after 30 days to STANDARD_IA, after 90 to GLACIER.
// Those are known by a tag, since their keys begin with the shops' names and a rule takes one beginning. Athena cannot
// read GLACIER; the Parquet of closed days has no such tag and stays. S3 itself leaves objects under 128 KB where they
// are unless asked otherwise, because moving them costs more than it saves, and so do we.
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
    BucketSetup(aws::Client& client, std::shared_ptr<aws::Credentials> credentials, const S3Options& options)
        : bucket_(client, std::move(credentials), options),
          name_(options.bucket),
          region_(options.region),
          at_aws_(options.endpoint.empty())
    {
    }

    // Makes the bucket if it is missing, and sets what `check` finds different. Answers a line for each thing done, and
    // for what an endpoint of one's own does not know.
    Task<Result<std::vector<std::string>, ObjectError>> create();
    // A line for each difference, with what to do; empty: all is as it should be.
    Task<Result<std::vector<std::string>, ObjectError>> check();

private:
    Bucket bucket_;
    std::string name_;
    std::string region_;
    bool at_aws_;

    Task<Result<bool, ObjectError>> is_there();
    Task<Result<void, ObjectError>> make();
};

} // namespace estante::s3
