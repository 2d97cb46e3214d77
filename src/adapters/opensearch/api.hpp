// One call of the REST API: a request out, the parsed answer in.
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

using Called = aws::Called<Map>;

struct Call {
    std::string method = "GET";
    std::string path{}; // percent-encoded
    std::vector<std::pair<std::string, std::string>> query{};
    std::string body{};
    bool lines = false;                                // the body is JSON lines
    std::optional<std::chrono::milliseconds> within{}; // each attempt; absent: as long as the client waits
};

// Any thread.
class Api {
public:
    // The client outlives this.
    Api(aws::Client& client, std::shared_ptr<aws::Credentials> credentials, std::string region,
        aws::Headers authorization)
        : client_(client),
          credentials_(std::move(credentials)),
          region_(std::move(region)),
          authorization_(std::move(authorization))
    {
    }

    Task<Called> call(std::string endpoint, Call call) const;

    // What the engine at an endpoint multiplies BM25 by: 1 (OpenSearch from 3 on), or 2.2, which is k1 + 1 (OpenSearch
    // 2, Elasticsearch). It is asked once.
    Task<std::expected<float, aws::Failure>> score_factor(std::string endpoint);

private:
    aws::Client& client_;
    std::shared_ptr<aws::Credentials> credentials_;
    std::string region_;
    aws::Headers authorization_;
    std::mutex mutex_;
    std::map<std::string, float> factors_; // by endpoint
};

// The index or alias of the call is not there.
bool is_absent(const aws::Failure& failure);
// A shard of the index did not answer, as one that was taken away in the middle of a search.
bool is_half(const aws::Failure& failure);

} // namespace estante::opensearch
