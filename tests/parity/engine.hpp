// The real engine, asked for what the port does not offer: to come to rest, and for its analyzer's terms.
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
    // The client outlives it. Throws std::runtime_error when the engine does not answer as it should, as all members
    // do.
    Engine(aws::Client& client, const std::string& endpoint);

    std::string name() const { return (is_opensearch_ ? "OpenSearch " : "Elasticsearch ") + version_; }
    // Whether its scores are ours to the bit; OpenSearch 2 and Elasticsearch multiply BM25 by 2.2, which is divided
    // out.
    bool is_exact() const { return is_opensearch_ && !version_.starts_with("2."); }

    // Before an index is made: that replaced and removed books leave it as soon as it is merged. No production cluster
    // takes the setting; here only then are the statistics those of the books that there are.
    void forget_removed_books_soon();
    // All is searchable and in one segment, without a removed book.
    void come_to_rest(const TenantId& tenant);
    // The terms of the texts, one after the other.
    std::vector<std::string> terms_of(const TenantId& tenant, const std::vector<std::string>& texts);

private:
    aws::Client& client_;
    aws::Service service_;
    std::shared_ptr<aws::Credentials> unsigned_;
    std::string version_;
    bool is_opensearch_ = false;

    Map call(std::string method, std::string path, std::vector<std::pair<std::string, std::string>> query = {},
             std::string body = {});
    bool has_forgotten(const std::string& index);
};

} // namespace estante::parity
