#include "hosts/stores.hpp"

#include "adapters/aws/client.hpp"
#include "adapters/aws/environment.hpp"
#include "adapters/aws/providers.hpp"
#include "adapters/aws/tenant_sessions.hpp"
#include "adapters/dynamodb/dynamodb_store.hpp"
#include "adapters/dynamodb/table_description.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "hosts/data_folder.hpp"
#include "hosts/intervals.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante {

namespace {

std::string region_of(const Settings& settings)
{
    if (const auto& region = settings.text("aws-region"); !region.empty())
        return region;
    if (auto region = aws::region_from(aws::process_environment()))
        return std::move(*region);
    throw std::runtime_error("no AWS region is set: --aws-region, ESTANTE_AWS_REGION or AWS_REGION, as eu-central-1");
}

} // namespace

AwsHome::AwsHome(const Settings& settings, Clock& clock, Random& random, std::chrono::milliseconds response_timeout)
    : region(region_of(settings)),
      client(clock, random,
             {.max_connections = static_cast<std::size_t>(settings.whole("aws-connections")),
              .response_timeout = response_timeout}),
      credentials(aws::default_credentials(client, clock, aws::process_environment(), endpoint(settings, "sts")))
{
    if (const auto& role = settings.text("aws-tenant-role"); !role.empty())
        sessions = std::make_unique<aws::TenantSessions>(client, clock,
                                                         aws::service_at("sts", region, endpoint(settings, "sts")),
                                                         credentials, aws::TenantSessions::Options{.role_arn = role});
}

std::string AwsHome::endpoint(const Settings& settings, std::string_view service)
{
    if (const auto& url = settings.text(fmt::format("{}-endpoint", service)); !url.empty())
        return url;
    return aws::endpoint_from(aws::process_environment(), service);
}

namespace {

class OnAws final : public Store {
public:
    OnAws(const std::string& stage, const Settings& settings, Clock& clock, Random& random,
          PartitionVersions& partition_versions)
        : home_(settings, clock, random)
    {
        DynamoDbOptions options{
            .stage = stage, .region = home_.region, .endpoint = AwsHome::endpoint(settings, "dynamodb")};
        options.poll_interval = Intervals::from(settings).stream_poll;
        if (home_.sessions)
            options.tenant_credentials = [this](std::string_view tenant) {
                return home_.sessions->credentials_for(tenant);
            };
        store_ = create_dynamodb_store(home_.client, home_.credentials, clock, random, partition_versions,
                                       std::move(options));
    }

    ItemStore& items() override { return store_->items(); }
    ChangeStream& changes() override { return store_->changes(); }

private:
    AwsHome home_;
    std::unique_ptr<DynamoDbStore> store_;
};

std::runtime_error not_an_address(std::string_view text)
{
    return std::runtime_error(fmt::format("'{}' is no store: sqlite:FOLDER or dynamodb:STAGE", text));
}

} // namespace

StoreAddress StoreAddress::parse(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == text.npos || colon + 1 == text.size())
        throw not_an_address(text);
    StoreAddress address{.place = std::string(text.substr(colon + 1))};
    if (text.substr(0, colon) == "sqlite")
        return address;
    if (text.substr(0, colon) != "dynamodb")
        throw not_an_address(text);
    address.engine = Engine::dynamodb;
    if (!dynamodb::is_stage(address.place))
        throw std::runtime_error(
            fmt::format("stage '{}' must be 1 to 20 of a-z, 0-9 and -, as in dev or prod", address.place));
    return address;
}

StoreAddress StoreAddress::from(const Settings& settings)
{
    const auto& entry = settings.entry("store");
    if (entry.value == "sqlite")
        return {.engine = Engine::sqlite, .place = settings.text("data")};
    if (entry.value == "dynamodb")
        return parse("dynamodb:" + settings.text("stage"));
    throw std::runtime_error(fmt::format("store ({}) must be sqlite or dynamodb, is '{}'", entry.source, entry.value));
}

std::string StoreAddress::text() const
{
    return fmt::format("{}:{}", engine == Engine::sqlite ? "sqlite" : "dynamodb", place);
}

std::unique_ptr<Store> open_store(const StoreAddress& address, const Settings& settings, Clock& clock, Random& random,
                                  PartitionVersions& partition_versions)
{
    if (address.engine == StoreAddress::Engine::sqlite)
        return create_sqlite_store(
            database_in(address.place), clock, partition_versions,
            {.sweep_interval_ms = static_cast<int>(Intervals::from(settings).store_sweep.count())});
    return std::make_unique<OnAws>(address.place, settings, clock, random, partition_versions);
}

} // namespace estante
