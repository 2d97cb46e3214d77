// Calls of the REST API: sends a request, returns the parsed response.
#pragma once

#include "adapters/aws/client.hpp"
#include "domain/value.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace estante::opensearch {

struct RestRequest {
    std::string method = "GET";
    std::string path{}; // percent-encoded
    std::vector<std::pair<std::string, std::string>> query{};
    std::string body{};
    bool is_ndjson = false;                                     // the body is NDJSON
    std::optional<std::chrono::milliseconds> attempt_timeout{}; // absent: ClientOptions::response_timeout
};

// Any thread.
class RestApi {
public:
    // The client outlives this.
    RestApi(aws::Client& client, std::shared_ptr<aws::CredentialsProvider> credentials, std::string region,
            aws::Headers authorization)
        : client_(client),
          credentials_(std::move(credentials)),
          region_(std::move(region)),
          authorization_(std::move(authorization))
    {
    }

    Task<Result<Map, aws::Failure>> call(std::string endpoint, RestRequest request) const;

    // The factor that the engine multiplies BM25 by: 1 (OpenSearch 3 and later), or 2.2, which is k1 + 1 (OpenSearch 2,
    // Elasticsearch). Cached per endpoint.
    Task<Result<float, aws::Failure>> score_factor(std::string endpoint);

private:
    aws::Client& client_;
    std::shared_ptr<aws::CredentialsProvider> credentials_;
    std::string region_;
    aws::Headers authorization_;
    std::mutex mutex_;
    std::map<std::string, float> factors_; // by endpoint
};

// The index or alias of the request does not exist.
bool is_index_missing(const aws::Failure& failure);
// A shard did not respond, for example because its index was removed during the search.
bool is_partial(const aws::Failure& failure);

} // namespace estante::opensearch
