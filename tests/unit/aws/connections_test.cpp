// Connection reuse, the connection limit, TLS, and callers or clients that are destroyed.
#include "aws_client_test.hpp"
#include "support/temporary_folder.hpp"
#include "test_certificates.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <future>
#include <optional>

namespace estante::aws {

namespace {

namespace asio = boost::asio;
using Kind = Failure::Kind;
using Connections = AwsClientTest;

TEST_F(Connections, AreReusedAcrossCallsAndEventLoops)
{
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(call()); // each on an event loop of its own
    EXPECT_EQ(server_.connections(), 1);
    EXPECT_EQ(client_->counters().connections_open, 1U);
}

TEST_F(Connections, ThatTheServerWillCloseAreNotReused)
{
    server_.next(fault::json(200, "{}", "Connection: close\r\n"));
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Connections, ClosedWhileIdleAreReplacedWithoutAnError)
{
    server_.next(fault::then_closed(fault::json(200, "{}")));
    EXPECT_TRUE(call());
    ASSERT_TRUE(server_.wait_for_ended(1));
    EXPECT_TRUE(call(non_idempotent()));
    EXPECT_EQ(client_->counters().attempts, 2U);
    EXPECT_EQ(request_count(), 2U);
    EXPECT_EQ(server_.connections(), 2);
}

TEST_F(Connections, ClosedDuringAnIdempotentRequestAreReplacedWithinTheAttempt)
{
    auto options = short_timeouts();
    options.max_attempts = 1;
    use_options(options);
    EXPECT_TRUE(call());
    server_.next(fault::closed_unanswered());
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().attempts, 2U);
    EXPECT_EQ(request_count(), 3U);
}

TEST_F(Connections, ClosedDuringANonIdempotentRequestAreAFailure)
{
    EXPECT_TRUE(call());
    server_.next(fault::closed_unanswered());
    const auto response = call(non_idempotent());
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_TRUE(response.error().maybe_applied);
    EXPECT_EQ(request_count(), 2U);
}

TEST_F(Connections, ClosedWhenTheyAreNewAreRetriedAtMostThreeTimes)
{
    server_.refuse_connections(100);
    const auto response = call();
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_EQ(response.error().attempts, 3);
    EXPECT_EQ(client_->counters().connections_opened, 3U);
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Connections, WithBytesAfterTheResponseAreNotReused)
{
    server_.next({.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n"});
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Connections, AreClosedAfterTheIdleTimeout)
{
    auto options = short_timeouts();
    options.idle_timeout = std::chrono::seconds(0);
    use_options(options);
    EXPECT_TRUE(call());
    EXPECT_TRUE(eventually([&] { return client_->counters().connections_open == 0; }));
    EXPECT_TRUE(server_.wait_for_ended(1));
}

TEST_F(Connections, StayWithinTheirLimitAndServeAllCallers)
{
    std::atomic<int> done = 0;
    const auto fifty_calls = [&] {
        asio::io_context loop;
        const auto here = service();
        for (int i = 0; i < 50; ++i)
            asio::co_spawn(
                loop,
                [&]() -> Task<void> {
                    const auto response = co_await client_->call(here, *credentials_, {.body = "{}"});
                    done += response.has_value() ? 1 : 0;
                },
                asio::detached);
        loop.run();
    };
    auto options = short_timeouts();
    options.response_timeout = std::chrono::seconds(10);
    use_options(options);
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 4; ++i)
            callers.emplace_back(fifty_calls);
    }
    EXPECT_EQ(done, 200);
    EXPECT_EQ(request_count(), 200U);
    EXPECT_LE(server_.connections(), 8);
    EXPECT_LE(client_->counters().connections_open, 8U);
}

TEST_F(Connections, AreAssignedInTheOrderOfRequests)
{
    auto options = short_timeouts(1);
    options.response_timeout = std::chrono::seconds(10);
    use_options(options);
    std::promise<void> may_respond;
    server_.next(fault::made([&](const SeenRequest&) {
        may_respond.get_future().wait();
        return fault::json(200, "{}").bytes;
    }));
    asio::io_context loop;
    const auto here = service();
    for (int i = 0; i < 5; ++i)
        asio::co_spawn(
            loop, client_->call(here, *credentials_, {.path = "/" + std::to_string(i)}),
            [](const std::exception_ptr&, const Result<Response, Failure>& response) { EXPECT_TRUE(response); });
    loop.poll();
    ASSERT_TRUE(server_.wait_for_seen(1));
    may_respond.set_value();
    loop.run();
    std::string order;
    for (const auto& request : server_.seen())
        order += request.target;
    EXPECT_EQ(order, "/0/1/2/3/4");
    EXPECT_EQ(server_.connections(), 1);
}

TEST_F(Connections, AreSharedBetweenEndpoints)
{
    use_options(short_timeouts(1));
    FaultServer other;
    EXPECT_TRUE(call());
    EXPECT_TRUE(call(service_at("sts", "eu-central-1", other.url()), {}));
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().connections_opened, 3U) << "the idle one is closed first";
    EXPECT_EQ(client_->counters().connections_open, 1U);
}

TEST_F(Connections, ThatDoNotBecomeFreeInTimeAreAFailureThatWasNotApplied)
{
    use_options(short_timeouts(1));
    server_.otherwise(fault::silence());
    asio::io_context loop;
    const auto here = service();
    asio::co_spawn(loop, client_->call(here, *credentials_, non_idempotent()), asio::detached);
    loop.poll();
    ASSERT_TRUE(server_.wait_for_seen(1));
    const auto response = run(client_->fetch(server_.url(), {}, std::chrono::milliseconds(20)));
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_TRUE(response.error().message.contains("timed out waiting for a free connection"))
        << response.error().message;
    EXPECT_FALSE(response.error().maybe_applied);
    loop.run();
    EXPECT_EQ(server_.connections(), 1);
}

TEST_F(Connections, OutliveTheEventLoopOfACall)
{
    server_.next(fault::silence());
    const auto here = service();
    {
        asio::io_context loop;
        asio::co_spawn(loop, client_->call(here, *credentials_, non_idempotent()), asio::detached);
        loop.poll();
        ASSERT_TRUE(server_.wait_for_seen(1));
    }
    EXPECT_TRUE(eventually([&] { return client_->counters().connections_in_use == 0; }));
    EXPECT_TRUE(call());
}

TEST_F(Connections, OfACancelledCallAreReleased)
{
    server_.next(fault::silence());
    const auto here = service();
    asio::io_context loop;
    asio::cancellation_signal signal;
    std::exception_ptr thrown;
    asio::co_spawn(
        loop, client_->call(here, *credentials_, non_idempotent()),
        asio::bind_cancellation_slot(
            signal.slot(), [&](std::exception_ptr e, const Result<Response, Failure>&) { thrown = std::move(e); }));
    loop.poll();
    ASSERT_TRUE(server_.wait_for_seen(1));
    signal.emit(asio::cancellation_type::terminal);
    loop.run();
    EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
    EXPECT_TRUE(eventually([&] { return client_->counters().connections_in_use == 0; }));
}

TEST_F(Connections, OfAClientThatIsDestroyedFailTheirCalls)
{
    auto options = short_timeouts();
    options.response_timeout = std::chrono::hours(1);
    use_options(options);
    server_.otherwise(fault::silence());
    const auto here = service();
    auto response =
        std::async(std::launch::async, [&, task = client_->call(here, *credentials_, {.body = "{}"})]() mutable {
            return run(std::move(task));
        });
    ASSERT_TRUE(server_.wait_for_seen(1));
    client_.reset();
    const auto failed = response.get();
    EXPECT_EQ(failed.error().kind, Kind::unavailable);
    EXPECT_TRUE(failed.error().maybe_applied);
    EXPECT_EQ(failed.error().attempts, 1);
}

TEST_F(Connections, OfAClientThatIsDestroyedInterruptABackoff)
{
    auto options = short_timeouts();
    options.backoff_cap = std::chrono::hours(1);
    use_options(options);
    server_.otherwise(fault::throttled("Retry-After: 3600\r\n"));
    const auto here = service();
    auto response =
        std::async(std::launch::async, [&, task = client_->call(here, *credentials_, {.body = "{}"})]() mutable {
            return run(std::move(task));
        });
    ASSERT_TRUE(eventually([&] { return client_->counters().retries == 1; }));
    client_.reset();
    EXPECT_EQ(response.get().error().kind, Kind::throttled);
}

class Tls : public AwsClientTest {
protected:
    TemporaryFolder folder_;

    // Calls a server with a certificate for `names`, and trusts its authority or another one.
    Result<Response, Failure> call_with(const std::string& names, bool trusted, const std::string& host)
    {
        const TestCertificates certificates(folder_.path(), names);
        FaultServer secure({.certificate_file = certificates.certificate_file, .key_file = certificates.key_file});
        std::string trusted_file = certificates.ca_file;
        if (!trusted) {
            std::filesystem::create_directory(folder_ / "other");
            trusted_file = TestCertificates(folder_ / "other", names).ca_file;
        }
        auto options = short_timeouts();
        options.response_timeout = std::chrono::seconds(10);
        options.ca_file = trusted_file;
        use_options(options);
        const auto there =
            service_at("dynamodb", "eu-central-1", "https://" + host + ":" + std::to_string(secure.port()));
        auto first = call(there, {.body = std::string(40'000, 'x')});
        if (first) {
            EXPECT_TRUE(call(there, {}));
            EXPECT_EQ(client_->counters().connections_opened, 1U);
            EXPECT_EQ(secure.seen().front().body.size(), 40'000U);
        } else {
            EXPECT_EQ(secure.seen().size(), 0U);
            EXPECT_EQ(client_->counters().connections_open, 0U);
        }
        return first;
    }
};

TEST_F(Tls, AcceptsATrustedCertificateForTheName)
{
    const auto response = call_with("DNS:localhost", true, "localhost");
    EXPECT_TRUE(response) << response.error().message;
}

TEST_F(Tls, AcceptsATrustedCertificateForTheAddress)
{
    const auto response = call_with("IP:127.0.0.1", true, "127.0.0.1");
    EXPECT_TRUE(response) << response.error().message;
}

TEST_F(Tls, SendsNothingWithACertificateForAnotherName)
{
    const auto response = call_with("DNS:elsewhere.example", true, "localhost");
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_EQ(response.error().attempts, 1) << "a retry would fail in the same way";
    EXPECT_FALSE(response.error().maybe_applied);
    EXPECT_TRUE(response.error().message.contains("hostname mismatch")) << response.error().message;
}

TEST_F(Tls, SendsNothingWithAnUntrustedCertificate)
{
    const auto response = call_with("DNS:localhost", false, "localhost");
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_EQ(response.error().attempts, 1);
    EXPECT_TRUE(response.error().message.contains("certificate")) << response.error().message;
}

TEST_F(Tls, FailsWhenTheTrustedCertificatesCannotBeRead)
{
    auto options = short_timeouts();
    options.ca_file = folder_ / "missing.pem";
    use_options(options);
    const auto response = call(service_at("sts", "eu-central-1", "https://localhost:1"), {});
    EXPECT_TRUE(response.error().message.contains("missing.pem")) << response.error().message;
}

TEST_F(Tls, FailsWithAServerThatSpeaksPlainHttp)
{
    const auto there = service_at("sts", "eu-central-1", "https://localhost:" + std::to_string(server_.port()));
    auto options = short_timeouts();
    options.connect_timeout = std::chrono::milliseconds(100); // the server waits for the end of the request head
    use_options(options);
    const auto response = call(there, non_idempotent());
    EXPECT_EQ(response.error().kind, Kind::unavailable);
    EXPECT_FALSE(response.error().maybe_applied);
}

} // namespace

} // namespace estante::aws
