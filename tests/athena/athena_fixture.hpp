// Reports on a scripted Athena.
#pragma once

#include "adapters/athena/athena_analytics.hpp"
#include "adapters/aws/client.hpp"
#include "adapters/aws/providers.hpp"
#include "adapters/filesystem/filesystem_objects.hpp"
#include "adapters/system/system.hpp"
#include "codec/json.hpp"
#include "support/fault_server.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace estante {

inline Day day(int year, unsigned month, unsigned of_month)
{
    return std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(of_month);
}

// What reports need in addition to Athena: a client, and a lake in a folder.
class AthenaFixture {
public:
    std::unique_ptr<Analytics> reports(const std::string& url, AthenaOptions options = {})
    {
        options.region = "eu-central-1";
        options.endpoint = url;
        options.report = [this](const std::string& line) {
            const std::lock_guard lock(mutex_);
            log_lines_.push_back(line);
        };
        return create_athena_analytics(client_, credentials_, *lake_, *random_, std::move(options));
    }
    ObjectStore& lake() { return *lake_; }
    aws::Client& client() { return client_; }
    std::string last_log_line()
    {
        const std::lock_guard lock(mutex_);
        return log_lines_.empty() ? "" : log_lines_.back();
    }
    void put_closed_days(const std::string& tenant, const std::string& document)
    {
        ASSERT_TRUE(run(lake_->put(tenant + "/closed_days.json", document, {})));
    }

private:
    TemporaryFolder folder_;
    std::unique_ptr<ObjectStore> lake_ = create_filesystem_objects(folder_ / "lake");
    std::unique_ptr<Clock> clock_ = create_system_clock();
    std::unique_ptr<Random> random_ = create_system_random();
    aws::Client client_{*clock_,
                        *random_,
                        {.response_timeout = std::chrono::milliseconds(1000),
                         .backoff_base = std::chrono::milliseconds(1),
                         .backoff_cap = std::chrono::milliseconds(4)}};
    std::shared_ptr<aws::CredentialsProvider> credentials_ = aws::static_credentials({.id = "test", .secret = "test"});
    std::mutex mutex_;
    std::vector<std::string> log_lines_;
};

} // namespace estante
