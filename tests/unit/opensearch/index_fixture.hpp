// The adapter in front of a scripted server.
#pragma once

#include "adapters/opensearch/opensearch_index.hpp"
#include "adapters/system/system.hpp"
#include "codec/json.hpp"
#include "support/error_codes.hpp"
#include "unit/aws/aws_client_test.hpp"

#include <string>
#include <utility>
#include <vector>

namespace estante::opensearch {

class OpenSearchIndexTest : public testing::Test {
protected:
    const TenantId acme{"acme"};
    ManualClock clock;
    SeededRandom random;
    FaultServer server;
    aws::Client client{clock, random, aws::short_timeouts()};
    std::vector<std::string> reported;

    static constexpr const char* version =
        R"({"version":{"distribution":"opensearch","number":"3.8.0","lucene_version":"10.5.0"}})";
    static constexpr const char* one_hit =
        R"({"timed_out":false,"_shards":{"total":1,"successful":1},"hits":{"total":{"value":1,"relation":"eq"},)"
        R"("hits":[{"_id":"book_1","_score":3.5,"sort":[3.5,4.0,"book_1"]}]}})";
    static constexpr const char* serving = R"({"books_acme_1":{"aliases":{"books_acme":{}}}})";

    std::unique_ptr<SearchIndex> index(OpenSearchOptions options = {}, aws::Credentials key = {})
    {
        if (options.endpoint.empty())
            options.endpoint = server.url();
        options.report = [this](const std::string& line) { reported.push_back(line); };
        return create_opensearch_index(client, aws::static_credentials(std::move(key)), clock, std::move(options));
    }
    // Searches while the engine responds with `response`; requests for version and aliases get valid responses.
    Result<SearchPage> search_with(const InjectedFault& response)
    {
        auto scripted = response;
        if (!scripted.silent && !scripted.close)
            scripted = fault::made([bytes = response.bytes](const SeenRequest& request) {
                return request.target.ends_with("/_alias") ? fault::http_bytes(200, "application/json", serving)
                                                           : bytes;
            });
        server.next(fault::json(200, version));
        server.otherwise(std::move(scripted));
        return run(index()->search(acme, {.text = "nada", .facets = false}));
    }
    // Writes two books; the bulk response has these items.
    Result<void> write_with(const std::string& items)
    {
        server.next(fault::json(200, serving));
        server.otherwise(fault::json(200, R"({"items":[)" + items + "]}"));
        std::vector<IndexChange> changes{{.book_id = "book_1", .version = 1}, {.book_id = "book_2", .version = 1}};
        return run(index()->apply(acme, std::move(changes)));
    }
};

} // namespace estante::opensearch
