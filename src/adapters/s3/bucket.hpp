// Requests to one bucket.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/s3/s3_objects.hpp"
#include "codec/digest.hpp"
#include "ports/object_store.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante::s3 {

// The endpoint with the bucket in its host or in its path.
aws::Service bucket_service(const S3Options& options);

// `operation` is for the log: "get 'key'".
ObjectError object_error_from(const aws::Failure& failure, std::string_view operation);
// The bucket exists and has no object with this key.
bool is_no_such_key(const aws::Failure& failure);

struct BucketRequest {
    std::string method = "GET";
    std::string key{}; // with the prefix; empty: the bucket itself
    std::vector<std::pair<std::string, std::string>> query{};
    aws::Headers headers{};
    std::string body{};
    bool idempotent = true;
};

// Any thread.
class Bucket {
public:
    // The client outlives this.
    Bucket(aws::Client& client, std::shared_ptr<aws::CredentialsProvider> credentials, const S3Options& options)
        : client_(client),
          credentials_(std::move(credentials)),
          service_(bucket_service(options)),
          attempt_timeout_(options.attempt_timeout)
    {
    }

    Task<Result<aws::Response, aws::Failure>> call(BucketRequest request) const;
    aws::Client& client() const { return client_; }

private:
    aws::Client& client_;
    std::shared_ptr<aws::CredentialsProvider> credentials_;
    aws::Service service_;
    std::optional<std::chrono::milliseconds> attempt_timeout_;
};

// Sets the body and its SHA-256 headers: one for the signature, one that S3 checks and stores.
void set_body(BucketRequest& request, std::string body);
std::string base64_sha256(std::string_view body);

// True when the body has the checksum that S3 sent, or S3 sent none for the whole object.
bool has_valid_checksum(const aws::Response& response);

std::string escape_xml(std::string_view text);

} // namespace estante::s3
