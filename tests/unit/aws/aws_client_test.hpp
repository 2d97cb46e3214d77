// A client before a server that misbehaves as told, with deadlines short enough for tests.
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

inline ClientOptions quick(std::size_t connections = 8)
{
    return {.connections = connections,
            .connect_within = std::chrono::seconds(2),
            .answer_within = std::chrono::milliseconds(150),
            .backoff_base = std::chrono::milliseconds(1),
            .backoff_cap = std::chrono::milliseconds(4)};
}

// Waits for what is soon true without anybody saying so; false when it is not within ten seconds.
template <class Condition> bool comes_true(Condition condition)
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
    std::unique_ptr<Client> client_ = std::make_unique<Client>(clock_, random_, quick());
    std::unique_ptr<Credentials> credentials_ =
        static_credentials({.id = "AKIDEXAMPLE", .secret = "SECRETEXAMPLE", .session_token = "TOKENEXAMPLE"});

    void use(ClientOptions options) { client_ = std::make_unique<Client>(clock_, random_, std::move(options)); }

    Service service(std::string name = "dynamodb") const
    {
        return service_at(std::move(name), "eu-central-1", server_.url());
    }

    Called<Response> call(Request request = {.body = "{}"}) { return call(service(), std::move(request)); }
    Called<Response> call(const Service& service, Request request)
    {
        return run(client_->call(service, *credentials_, std::move(request)));
    }
    static Request once() { return {.body = "{}", .repeatable = false}; }

    std::size_t seen() const { return server_.seen().size(); }

    void TearDown() override
    {
        if (client_)
            EXPECT_EQ(client_->counters().connections_in_use, 0U);
    }
};

} // namespace estante::aws
