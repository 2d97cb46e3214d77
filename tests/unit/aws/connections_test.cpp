// Kept connections, their limit, TLS, and callers or clients that go away.
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

TEST_F(Connections, AreKeptAcrossCallsAndCallersLoops)
{
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(call()); // each on an event loop of its own
    EXPECT_EQ(server_.connections(), 1);
    EXPECT_EQ(client_->counters().connections_open, 1U);
}

TEST_F(Connections, ThatTheServerWillCloseAreNotKept)
{
    server_.next(fault::json(200, "{}", "Connection: close\r\n"));
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Connections, ClosedWhileIdleAreReplacedUnnoticed)
{
    server_.next(fault::then_closed(fault::json(200, "{}")));
    EXPECT_TRUE(call());
    ASSERT_TRUE(server_.wait_for_ended(1));
    EXPECT_TRUE(call(once()));
    EXPECT_EQ(client_->counters().attempts, 2U);
    EXPECT_EQ(seen(), 2U);
    EXPECT_EQ(server_.connections(), 2);
}

TEST_F(Connections, ClosedUnderARepeatableRequestAreReplacedWithoutAnAttempt)
{
    auto options = quick();
    options.attempts = 1;
    use(options);
    EXPECT_TRUE(call());
    server_.next(fault::closed_unanswered());
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().attempts, 2U);
    EXPECT_EQ(seen(), 3U);
}

TEST_F(Connections, ClosedUnderWhatMustNotHappenTwiceAreAFailure)
{
    EXPECT_TRUE(call());
    server_.next(fault::closed_unanswered());
    const auto answer = call(once());
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_TRUE(answer.error().maybe_done);
    EXPECT_EQ(seen(), 2U);
}

TEST_F(Connections, ClosedWhenTheyAreNewAreNotReplacedForEver)
{
    server_.refuse_connections(100);
    const auto answer = call();
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_EQ(answer.error().attempts, 3);
    EXPECT_EQ(client_->counters().connections_opened, 3U);
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Connections, WithMoreToReadThanTheAnswerAreNotKept)
{
    server_.next({.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n"});
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().connections_open, 0U);
}

TEST_F(Connections, AreClosedWhenIdleForTooLong)
{
    auto options = quick();
    options.keep_idle = std::chrono::seconds(0);
    use(options);
    EXPECT_TRUE(call());
    EXPECT_TRUE(comes_true([&] { return client_->counters().connections_open == 0; }));
    EXPECT_TRUE(server_.wait_for_ended(1));
}

TEST_F(Connections, AreNeverMoreThanAllowedAndServeEverybody)
{
    std::atomic<int> done = 0;
    const auto fifty_calls = [&] {
        asio::io_context loop;
        const auto here = service();
        for (int i = 0; i < 50; ++i)
            asio::co_spawn(
                loop,
                [&]() -> Task<void> {
                    const auto answer = co_await client_->call(here, *credentials_, {.body = "{}"});
                    done += answer.has_value() ? 1 : 0;
                },
                asio::detached);
        loop.run();
    };
    auto options = quick();
    options.answer_within = std::chrono::seconds(10);
    use(options);
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 4; ++i)
            callers.emplace_back(fifty_calls);
    }
    EXPECT_EQ(done, 200);
    EXPECT_EQ(seen(), 200U);
    EXPECT_LE(server_.connections(), 8);
    EXPECT_LE(client_->counters().connections_open, 8U);
}

TEST_F(Connections, AreGivenOutInTheOrderOfAsking)
{
    auto options = quick(1);
    options.answer_within = std::chrono::seconds(10);
    use(options);
    std::promise<void> first_may_end;
    server_.next(fault::made([&](const SeenRequest&) {
        first_may_end.get_future().wait();
        return fault::json(200, "{}").bytes;
    }));
    asio::io_context loop;
    const auto here = service();
    for (int i = 0; i < 5; ++i)
        asio::co_spawn(loop, client_->call(here, *credentials_, {.path = "/" + std::to_string(i)}),
                       [](const std::exception_ptr&, const Called<Response>& answer) { EXPECT_TRUE(answer); });
    loop.poll();
    ASSERT_TRUE(server_.wait_for_seen(1));
    first_may_end.set_value();
    loop.run();
    std::string order;
    for (const auto& request : server_.seen())
        order += request.target;
    EXPECT_EQ(order, "/0/1/2/3/4");
    EXPECT_EQ(server_.connections(), 1);
}

TEST_F(Connections, AreSharedBetweenEndpoints)
{
    use(quick(1));
    FaultServer other;
    EXPECT_TRUE(call());
    EXPECT_TRUE(call(service_at("sts", "eu-central-1", other.url()), {}));
    EXPECT_TRUE(call());
    EXPECT_EQ(client_->counters().connections_opened, 3U) << "the idle one makes room";
    EXPECT_EQ(client_->counters().connections_open, 1U);
}

TEST_F(Connections, ThatDoNotBecomeFreeInTimeAreAFailureWithoutEffect)
{
    use(quick(1));
    server_.otherwise(fault::silence());
    asio::io_context loop;
    const auto here = service();
    asio::co_spawn(loop, client_->call(here, *credentials_, once()), asio::detached);
    loop.poll();
    ASSERT_TRUE(server_.wait_for_seen(1));
    const auto answer = run(client_->fetch(server_.url(), {}, std::chrono::milliseconds(20)));
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_TRUE(answer.error().message.contains("no connection became free")) << answer.error().message;
    EXPECT_FALSE(answer.error().maybe_done);
    loop.run();
    EXPECT_EQ(server_.connections(), 1);
}

TEST_F(Connections, OutliveTheLoopThatBeganACall)
{
    server_.next(fault::silence());
    const auto here = service();
    {
        asio::io_context loop;
        asio::co_spawn(loop, client_->call(here, *credentials_, once()), asio::detached);
        loop.poll();
        ASSERT_TRUE(server_.wait_for_seen(1));
    }
    EXPECT_TRUE(comes_true([&] { return client_->counters().connections_in_use == 0; }));
    EXPECT_TRUE(call());
}

TEST_F(Connections, OfACancelledCallAreGivenBack)
{
    server_.next(fault::silence());
    const auto here = service();
    asio::io_context loop;
    asio::cancellation_signal signal;
    std::exception_ptr thrown;
    asio::co_spawn(loop, client_->call(here, *credentials_, once()),
                   asio::bind_cancellation_slot(
                       signal.slot(), [&](std::exception_ptr e, const Called<Response>&) { thrown = std::move(e); }));
    loop.poll();
    ASSERT_TRUE(server_.wait_for_seen(1));
    signal.emit(asio::cancellation_type::terminal);
    loop.run();
    EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
    EXPECT_TRUE(comes_true([&] { return client_->counters().connections_in_use == 0; }));
}

TEST_F(Connections, OfAClientThatEndsFailTheirCalls)
{
    auto options = quick();
    options.answer_within = std::chrono::hours(1);
    use(options);
    server_.otherwise(fault::silence());
    const auto here = service();
    auto answer =
        std::async(std::launch::async, [&, task = client_->call(here, *credentials_, {.body = "{}"})]() mutable {
            return run(std::move(task));
        });
    ASSERT_TRUE(server_.wait_for_seen(1));
    client_.reset();
    const auto failed = answer.get();
    EXPECT_EQ(failed.error().kind, Kind::unavailable);
    EXPECT_TRUE(failed.error().maybe_done);
    EXPECT_EQ(failed.error().attempts, 1);
}

TEST_F(Connections, OfAClientThatEndsLeaveNoCallInItsPause)
{
    auto options = quick();
    options.backoff_cap = std::chrono::hours(1);
    use(options);
    server_.otherwise(fault::throttled("Retry-After: 3600\r\n"));
    const auto here = service();
    auto answer =
        std::async(std::launch::async, [&, task = client_->call(here, *credentials_, {.body = "{}"})]() mutable {
            return run(std::move(task));
        });
    ASSERT_TRUE(comes_true([&] { return client_->counters().retries == 1; }));
    client_.reset();
    EXPECT_EQ(answer.get().error().kind, Kind::throttled);
}

class Tls : public AwsClientTest {
protected:
    TemporaryFolder folder_;

    // A call to a server with a certificate for `names`, trusting its authority or that of another.
    Called<Response> call_with(const std::string& names, bool trusted, const std::string& host)
    {
        const TestCertificates certificates(folder_.path(), names);
        FaultServer secure({.certificate_file = certificates.certificate_file, .key_file = certificates.key_file});
        std::string trusted_file = certificates.ca_file;
        if (!trusted) {
            std::filesystem::create_directory(folder_ / "other");
            trusted_file = TestCertificates(folder_ / "other", names).ca_file;
        }
        auto options = quick();
        options.answer_within = std::chrono::seconds(10);
        options.ca_file = trusted_file;
        use(options);
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

TEST_F(Tls, WithATrustedCertificateForTheName)
{
    const auto answer = call_with("DNS:localhost", true, "localhost");
    EXPECT_TRUE(answer) << answer.error().message;
}

TEST_F(Tls, WithATrustedCertificateForTheAddress)
{
    const auto answer = call_with("IP:127.0.0.1", true, "127.0.0.1");
    EXPECT_TRUE(answer) << answer.error().message;
}

TEST_F(Tls, WithACertificateForAnotherNameSendsNothing)
{
    const auto answer = call_with("DNS:elsewhere.example", true, "localhost");
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_EQ(answer.error().attempts, 1) << "another attempt would end the same";
    EXPECT_FALSE(answer.error().maybe_done);
    EXPECT_TRUE(answer.error().message.contains("hostname mismatch")) << answer.error().message;
}

TEST_F(Tls, WithAnUntrustedCertificateSendsNothing)
{
    const auto answer = call_with("DNS:localhost", false, "localhost");
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_EQ(answer.error().attempts, 1);
    EXPECT_TRUE(answer.error().message.contains("certificate")) << answer.error().message;
}

TEST_F(Tls, WithTrustThatCannotBeReadIsAFailure)
{
    auto options = quick();
    options.ca_file = folder_ / "missing.pem";
    use(options);
    const auto answer = call(service_at("sts", "eu-central-1", "https://localhost:1"), {});
    EXPECT_TRUE(answer.error().message.contains("missing.pem")) << answer.error().message;
}

TEST_F(Tls, WithAServerThatSpeaksPlainIsAFailure)
{
    const auto there = service_at("sts", "eu-central-1", "https://localhost:" + std::to_string(server_.port()));
    auto options = quick();
    options.connect_within = std::chrono::milliseconds(100); // the server waits for the end of a head
    use(options);
    const auto answer = call(there, once());
    EXPECT_EQ(answer.error().kind, Kind::unavailable);
    EXPECT_FALSE(answer.error().maybe_done);
}

} // namespace

} // namespace estante::aws
