// A client in front of a scripted server, with timeouts short enough for tests.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/providers.hpp"
#include "support/fault_server.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace estante::aws {

inline ClientOptions short_timeouts(std::size_t connections = 8)
{
    return {.max_connections = connections,
            .connect_timeout = std::chrono::seconds(2),
            .response_timeout = std::chrono::milliseconds(150),
            .backoff_base = std::chrono::milliseconds(1),
            .backoff_cap = std::chrono::milliseconds(4)};
}

// Polls a condition that nothing signals; false when it is not true within ten seconds.
template <class Condition> bool eventually(Condition condition)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::yield();
    }
    return true;
}

class AwsClientTest : public testing::Test {
protected:
    ManualClock clock_;
    SeededRandom random_;
    FaultServer server_;
    std::unique_ptr<Client> client_ = std::make_unique<Client>(clock_, random_, short_timeouts());
    std::unique_ptr<CredentialsProvider> credentials_ =
        static_credentials({.id = "AKIDEXAMPLE", .secret = "SECRETEXAMPLE", .session_token = "TOKENEXAMPLE"});

    void use_options(ClientOptions options) { client_ = std::make_unique<Client>(clock_, random_, std::move(options)); }

    Service service(std::string name = "dynamodb") const
    {
        return service_at(std::move(name), "eu-central-1", server_.url());
    }

    Result<Response, Failure> call(Request request = {.body = "{}"}) { return call(service(), std::move(request)); }
    Result<Response, Failure> call(const Service& service, Request request)
    {
        return run(client_->call(service, *credentials_, std::move(request)));
    }
    static Request non_idempotent() { return {.body = "{}", .idempotent = false}; }

    std::size_t request_count() const { return server_.seen().size(); }

    void TearDown() override
    {
        if (client_)
            EXPECT_EQ(client_->counters().connections_in_use, 0U);
    }
};

} // namespace estante::aws
