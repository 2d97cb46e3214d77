// One bucket, and calls to it.
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

// Where the bucket answers: the bucket is in the URL's host, or its path.
aws::Service service_of(const S3Options& options);

// A failure as the port's; `doing` is for the log.
ObjectError error_of(const aws::Failure& failure, std::string_view doing);

struct Call {
    std::string method = "GET";
    std::string key{}; // with the prefix; empty: the bucket itself
    std::vector<std::pair<std::string, std::string>> query{};
    aws::Headers headers{};
    std::string body{};
    bool repeatable = true;
};

// Any thread.
class Bucket {
public:
    // The client outlives this.
    Bucket(aws::Client& client, std::shared_ptr<aws::Credentials> credentials, const S3Options& options)
        : client_(client),
          credentials_(std::move(credentials)),
          service_(service_of(options)),
          attempt_timeout_(options.attempt_timeout)
    {
    }

    Task<aws::Called<aws::Response>> call(Call call) const;
    aws::Client& client() const { return client_; }

private:
    aws::Client& client_;
    std::shared_ptr<aws::Credentials> credentials_;
    aws::Service service_;
    std::optional<std::chrono::milliseconds> attempt_timeout_;
};

// The body with its digest in the headers: for the signature, and for S3 to check and to keep.
void add_body(Call& call, std::string body);
std::string checksum_of(std::string_view body); // base64

// The digest of the whole object, if S3 sent one, is that of the body.
bool is_intact(const aws::Response& response);

std::string xml_escaped(std::string_view text);

} // namespace estante::s3
