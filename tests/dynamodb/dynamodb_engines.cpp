#include "dynamodb/dynamodb_engines.hpp"

#include "adapters/dynamodb/table_setup.hpp"
#include "support/run.hpp"

#include <cstdlib>
#include <random>
#include <stdexcept>

namespace estante {

std::vector<DynamoDbEngine> dynamodb_engines()
{
    std::vector<DynamoDbEngine> engines;
    const auto add_if_set = [&engines](const char* name, const char* variable) {
        const char* url = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): before any thread
        if (url && *url)
            engines.push_back({.name = name, .url = url});
    };
    add_if_set("dynoxide", "ESTANTE_TEST_DYNAMODB_DYNOXIDE");
    add_if_set("dynamodb_local", "ESTANTE_TEST_DYNAMODB_LOCAL");
    return engines;
}

std::uint16_t DynamoDbEngine::port() const
{
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

std::string new_stage()
{
    static std::random_device device;
    return "t" + std::to_string(device());
}

DynamoDbUnderTest::DynamoDbUnderTest(const std::string& url, std::string stage, aws::ClientOptions client,
                                     DynamoDbOptions options)
    : client_(*clock_, *random_, std::move(client)),
      credentials_(aws::static_credentials({.id = "test", .secret = "test"})),
      stage_(stage.empty() ? new_stage() : std::move(stage))
{
    dynamodb::TableSetup setup(dynamodb::tables_api(client_, "eu-central-1", url), *credentials_, stage_);
    if (const auto created = run(setup.create()); !created)
        throw std::runtime_error("cannot create the tables: " + created.error().detail);
    options.stage = stage_;
    options.region = "eu-central-1";
    options.endpoint = url;
    options.min_poll_interval = std::chrono::milliseconds(2);
    store_ = create_dynamodb_store(client_, credentials_, *clock_, *random_, partition_versions_, std::move(options));
}

} // namespace estante
