// Calls of the real engine that the port does not offer: merge to one segment, and analyze texts.
#pragma once

#include "adapters/aws/client.hpp"
#include "domain/ids.hpp"
#include "domain/value.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace estante::parity {

class Engine {
public:
    // The client outlives it. All members throw std::runtime_error for an unexpected response.
    Engine(aws::Client& client, const std::string& endpoint);

    std::string name() const { return (is_opensearch_ ? "OpenSearch " : "Elasticsearch ") + version_; }
    // Whether its scores are bit-identical to ours. OpenSearch 2 and Elasticsearch multiply BM25 by 2.2, which we
    // divide out.
    bool is_exact() const { return is_opensearch_ && !version_.starts_with("2."); }

    // To be called before an index is created: merges then drop replaced and deleted books without delay. The setting
    // is not for production; here the statistics must be those of the existing books only.
    void drop_deleted_books_on_merge();
    // Makes all books searchable, in one segment without deleted books.
    void merge_to_one_segment(const TenantId& tenant);
    // The terms of all texts in order.
    std::vector<std::string> analyze(const TenantId& tenant, const std::vector<std::string>& texts);

private:
    aws::Client& client_;
    aws::Service service_;
    std::shared_ptr<aws::CredentialsProvider> no_credentials_;
    std::string version_;
    bool is_opensearch_ = false;

    Map call(std::string method, std::string path, std::vector<std::pair<std::string, std::string>> query = {},
             std::string body = {});
    bool has_dropped_deleted(const std::string& index);
};

} // namespace estante::parity
