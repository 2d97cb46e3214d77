// Event streams over real sockets.
#include "hosts/server/server.hpp"
#include "unit/gateway/managed_shop_test.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace estante {
namespace {

class Client {
public:
    // `receive_bytes`: size of the socket's receive buffer; the kernel raises it to its minimum.
    Client(std::uint16_t port, int receive_bytes) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
            throw std::runtime_error("cannot connect");
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { ::close(socket_); }

    void send(std::string_view bytes) const
    {
        ASSERT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    }
    // Everything received once it contains the text, the connection has ended, or ten seconds have passed.
    std::string read_until(std::string_view text)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!received_.contains(text) && !ended_ && std::chrono::steady_clock::now() < deadline) {
            pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
            char bytes[4096];
            if (::poll(&waiting, 1, 100) != 1)
                continue;
            const auto count = ::recv(socket_, bytes, sizeof(bytes), 0);
            ended_ = count <= 0;
            was_reset_ = count < 0 && errno == ECONNRESET;
            received_.append(bytes, count > 0 ? static_cast<std::size_t>(count) : 0);
        }
        return received_;
    }
    void read_available()
    {
        char bytes[4096];
        ssize_t count = 0;
        while ((count = ::recv(socket_, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
            received_.append(bytes, static_cast<std::size_t>(count));
    }
    bool ended() const { return ended_; }
    bool was_reset() const { return was_reset_; }

private:
    int socket_;
    std::string received_;
    bool ended_ = false;
    bool was_reset_ = false;
};

class LiveConnections : public ManagedShopTest {
protected:
    std::unique_ptr<Server> server;
    std::thread thread;

    void SetUp() override
    {
        ManagedShopTest::SetUp();
        Server::Settings settings;
        settings.listen = {.host = "127.0.0.1"};
        settings.read_timeout_s = 1;
        server = std::make_unique<Server>(settings, [this] {
            return std::make_unique<Gateway>(ports, keys, partition_versions, Gateway::Settings{});
        });
        thread = std::thread([this] { server->run(); });
    }
    void TearDown() override { stop(); }
    void stop()
    {
        server->stop();
        if (thread.joinable())
            thread.join();
    }
    std::unique_ptr<Client> connect_watcher(int receive_bytes = 1 << 20)
    {
        auto client = std::make_unique<Client>(server->port(), receive_bytes);
        client->send("GET /v1/analytics/live HTTP/1.1\r\nHost: x\r\nAuthorization: " + token + "\r\n\r\n");
        EXPECT_TRUE(client->read_until("event: today").starts_with("HTTP/1.1 200 OK\r\n"));
        return client;
    }
    template <class Condition> static bool eventually(Condition condition)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > deadline)
                return false;
            std::this_thread::yield();
        }
        return true;
    }
};

TEST_F(LiveConnections, SendsEventsAsChunksAndEndsWithTheLastChunk)
{
    const auto client = connect_watcher();
    EXPECT_TRUE(client->read_until("\r\n").contains("Transfer-Encoding: chunked\r\n"));
    sell("acme", 5'00);
    EXPECT_TRUE(client->read_until("event: sale").contains("\"total_amount\":5.00"));
    stop();
    EXPECT_TRUE(client->read_until("\r\n0\r\n\r\n").ends_with("\r\n0\r\n\r\n"));
    client->read_until("(no such text)");
    EXPECT_TRUE(client->ended());
    EXPECT_FALSE(client->was_reset());
}

TEST_F(LiveConnections, DetectsADisconnectedClientWithoutASale)
{
    auto client = connect_watcher();
    EXPECT_TRUE(live->is_watched());
    client.reset();
    EXPECT_TRUE(eventually([this] { return !live->is_watched(); }));
}

TEST_F(LiveConnections, DropsASlowReaderAndKeepsTheOthers)
{
    const auto slow = connect_watcher(1);
    const auto other = connect_watcher(); // its buffer is large enough for the pauses of this test
    // Far more than the buffers of both ends hold.
    for (int i = 0; i < 3'000; ++i) {
        clock.advance(1);
        sell("acme", 1'00);
        other->read_available();
    }
    EXPECT_TRUE(eventually([&] {
        other->read_available();
        return live->watch({"acme"}).has_value(); // the limit is two: one has been dropped
    }));
    sell("acme", 123'45);
    EXPECT_TRUE(other->read_until("\"total_amount\":123.45").contains("\"total_amount\":123.45"));
    EXPECT_FALSE(other->ended());
}

} // namespace
} // namespace estante
