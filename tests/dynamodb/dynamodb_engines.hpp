// The DynamoDB engines that run for these tests, named by the environment (scripts/engines env).
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/providers.hpp"
#include "adapters/dynamodb/dynamodb_store.hpp"
#include "adapters/system/system.hpp"

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace estante {

struct DynamoDbEngine {
    std::string name;
    std::string url;

    std::uint16_t port() const;
    friend std::ostream& operator<<(std::ostream& out, const DynamoDbEngine& engine) { return out << engine.name; }
};

// The engines of the variables ESTANTE_TEST_DYNAMODB_DYNOXIDE and ESTANTE_TEST_DYNAMODB_LOCAL that are set.
std::vector<DynamoDbEngine> dynamodb_engines();

// A store on tables of a new stage, with a client of its own.
class DynamoDbUnderTest {
public:
    // Creates the tables. `stage` empty: a new one.
    explicit DynamoDbUnderTest(const std::string& url, std::string stage = {}, aws::ClientOptions client = {},
                               DynamoDbOptions options = {});

    DynamoDbStore& store() { return *store_; }
    aws::Client& client() { return client_; }
    PartitionVersions& partition_versions() { return partition_versions_; }
    const std::string& stage() const { return stage_; }

private:
    std::unique_ptr<Clock> clock_ = create_system_clock();
    std::unique_ptr<Random> random_ = create_system_random();
    PartitionVersions partition_versions_;
    aws::Client client_;
    std::shared_ptr<aws::CredentialsProvider> credentials_;
    std::string stage_;
    std::unique_ptr<DynamoDbStore> store_;
};

std::string new_stage();

} // namespace estante
