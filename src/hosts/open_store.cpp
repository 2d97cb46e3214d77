#include "hosts/open_store.hpp"

#include "adapters/dynamodb/dynamodb_store.hpp"
#include "adapters/dynamodb/table_description.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "hosts/data_folder.hpp"
#include "hosts/intervals.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante {

namespace {

std::runtime_error not_an_address(std::string_view text)
{
    return std::runtime_error(fmt::format("'{}' is no store: use sqlite:FOLDER or dynamodb:STAGE", text));
}

std::unique_ptr<Store> open_dynamodb(const std::string& stage, const Settings& settings, aws::Context& aws,
                                     Clock& clock, Random& random, PartitionVersions& partition_versions)
{
    DynamoDbOptions options{.stage = stage,
                            .region = aws.region(),
                            .endpoint = aws.endpoint("dynamodb"),
                            .poll_interval = Intervals::from(settings).stream_poll};
    if (!settings.text("aws-tenant-role").empty())
        options.tenant_credentials = [&aws](std::string_view tenant) { return aws.tenant_credentials(tenant); };
    return create_dynamodb_store(aws.client(), aws.credentials(), clock, random, partition_versions,
                                 std::move(options));
}

} // namespace

StoreAddress StoreAddress::parse(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == text.npos || colon + 1 == text.size())
        throw not_an_address(text);
    StoreAddress address{.location = std::string(text.substr(colon + 1))};
    if (text.substr(0, colon) == "sqlite")
        return address;
    if (text.substr(0, colon) != "dynamodb")
        throw not_an_address(text);
    address.engine = Engine::dynamodb;
    if (!dynamodb::is_stage(address.location))
        throw std::runtime_error(
            fmt::format("stage '{}' must be 1 to 20 of a-z, 0-9 and -, as in dev or prod", address.location));
    return address;
}

StoreAddress StoreAddress::from(const Settings& settings)
{
    const auto& entry = settings.entry("store");
    if (entry.value == "sqlite")
        return {.engine = Engine::sqlite, .location = settings.text("data")};
    if (entry.value == "dynamodb")
        return parse("dynamodb:" + settings.text("stage"));
    throw std::runtime_error(fmt::format("store ({}) must be sqlite or dynamodb, is '{}'", entry.source, entry.value));
}

std::string StoreAddress::text() const
{
    return fmt::format("{}:{}", engine == Engine::sqlite ? "sqlite" : "dynamodb", location);
}

std::unique_ptr<Store> open_store(const StoreAddress& address, const Settings& settings, SharedAws& aws, Clock& clock,
                                  Random& random, PartitionVersions& partition_versions)
{
    if (address.engine == StoreAddress::Engine::dynamodb)
        return open_dynamodb(address.location, settings, aws.context(), clock, random, partition_versions);
    const auto sweep_interval = Intervals::from(settings).store_sweep;
    return create_sqlite_store(database_in(address.location), clock, partition_versions,
                               {.sweep_interval_ms = static_cast<int>(sweep_interval.count())});
}

} // namespace estante
