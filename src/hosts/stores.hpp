// The stores by name: sqlite:FOLDER (an embedded bookstore's data folder) and dynamodb:STAGE.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/tenant_sessions.hpp"
#include "cache/partition_versions.hpp"
#include "hosts/settings.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "ports/store.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace estante {

// What every AWS adapter of a process shares.
struct AwsHome {
    // `response_timeout`: the limit of one attempt of a call. Throws std::runtime_error with one line.
    AwsHome(const Settings& settings, Clock& clock, Random& random,
            std::chrono::milliseconds response_timeout = aws::ClientOptions().response_timeout);

    std::string region;
    aws::Client client;
    std::shared_ptr<aws::Credentials> credentials;
    std::unique_ptr<aws::TenantSessions> sessions{}; // with the setting aws-tenant-role

    // Of the setting SERVICE-endpoint, else of AWS_ENDPOINT_URL_SERVICE or AWS_ENDPOINT_URL; empty: AWS's own.
    static std::string endpoint(const Settings& settings, std::string_view service);
};

struct StoreAddress {
    enum class Engine { sqlite, dynamodb };
    Engine engine = Engine::sqlite;
    std::string place{}; // the data folder, or the stage

    // Throws std::runtime_error with one line that shows both forms.
    static StoreAddress parse(std::string_view text);
    // Of the settings `store`, `data` and `stage`.
    static StoreAddress from(const Settings& settings);
    std::string text() const; // "sqlite:FOLDER"
    bool operator==(const StoreAddress&) const = default;
};

// Opens the store; region, endpoints and role come from the settings. Takes no lock on a data folder: whoever opens an
// sqlite store owns its folder. Clock, random source and stamps outlive it. Throws std::runtime_error with one line.
std::unique_ptr<Store> open_store(const StoreAddress& address, const Settings& settings, Clock& clock, Random& random,
                                  PartitionVersions& partition_versions);

} // namespace estante
