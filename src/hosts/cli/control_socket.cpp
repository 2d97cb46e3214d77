#include "hosts/cli/control_socket.hpp"

#include "codec/json.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <istream>
#include <stdexcept>
#include <sys/stat.h>
#include <thread>

namespace estante {

namespace asio = boost::asio;
using local = asio::local::stream_protocol;

namespace {

constexpr std::size_t max_line_bytes = 1 << 20;

// False when the peer has disconnected.
bool send(local::socket& socket, Map message)
{
    std::string text = json::to_text(Value(std::move(message)));
    text += '\n';
    boost::system::error_code error;
    asio::write(socket, asio::buffer(text), error);
    return !error;
}

std::optional<Value> receive(local::socket& socket, asio::streambuf& buffer)
{
    boost::system::error_code error;
    asio::read_until(socket, buffer, '\n', error);
    if (error)
        return std::nullopt;
    std::istream in(&buffer);
    std::string line;
    std::getline(in, line);
    auto value = json::parse(line);
    if (!value || !value->if_map())
        return std::nullopt;
    return std::move(*value);
}

class SocketOutput final : public Output {
public:
    SocketOutput(local::socket& socket, const std::atomic<bool>& stopping) : socket_(socket), stopping_(stopping) {}
    void line(std::string_view text) override { send_text("line", text); }
    void error(std::string_view text) override { send_text("error", text); }
    void progress(std::string_view text) override { send_text("progress", text); }
    bool is_cancelled() const override { return is_disconnected_ || stopping_; }

private:
    local::socket& socket_;
    const std::atomic<bool>& stopping_;
    bool is_disconnected_ = false;

    void send_text(const char* kind, std::string_view text)
    {
        is_disconnected_ = !send(socket_, {{kind, text}}) || is_disconnected_;
    }
};

} // namespace

struct ControlServer::State {
    asio::io_context io;
    local::acceptor acceptor{io};
    std::filesystem::path path;
    Run run;
    std::atomic<bool> stopping = false;
    std::thread thread;

    void serve()
    {
        while (!stopping) {
            local::socket socket(io);
            boost::system::error_code error;
            acceptor.accept(socket, error);
            if (error || stopping)
                continue;
            try {
                serve(socket);
            } catch (const std::exception& failure) {
                spdlog::error("control socket: {}", failure.what());
            }
        }
    }

    void serve(local::socket& socket)
    {
        asio::streambuf buffer(max_line_bytes);
        const auto request = receive(socket, buffer);
        const Value* arguments = request ? find(*request->if_map(), "arguments") : nullptr;
        if (!arguments || !arguments->if_list())
            return;
        Invocation invocation;
        for (const Value& argument : *arguments->if_list())
            invocation.arguments.push_back(argument.if_string() ? *argument.if_string() : "");
        invocation.secret = text_of(*request->if_map(), "secret");
        invocation.folder = text_of(*request->if_map(), "folder");
        SocketOutput output(socket, stopping);
        send(socket, {{"exit", run(invocation, output)}});
    }
};

ControlServer::ControlServer(const std::filesystem::path& socket, Run run) : state_(std::make_unique<State>())
{
    state_->path = socket;
    state_->run = std::move(run);
    try {
        std::filesystem::remove(socket); // left by a killed server; the lock on the folder proves that none runs
        const auto mask = ::umask(0177);
        const local::endpoint at(socket.native());
        state_->acceptor.open(at.protocol());
        state_->acceptor.bind(at);
        ::umask(mask);
        state_->acceptor.listen();
    } catch (const std::exception& error) {
        throw std::runtime_error(fmt::format("cannot open the control socket {}: {}", socket.native(), error.what()));
    }
    state_->thread = std::thread([state = state_.get()] { state->serve(); });
}

ControlServer::~ControlServer()
{
    state_->stopping = true;
    try { // a last connection makes accept return
        local::socket wake(state_->io);
        wake.connect(local::endpoint(state_->path.native()));
    } catch (const std::exception& error) {
        spdlog::warn("control socket: {}", error.what());
    }
    state_->thread.join();
    std::error_code ignored;
    std::filesystem::remove(state_->path, ignored);
}

std::optional<int> run_in_server(const std::filesystem::path& socket, const Invocation& invocation, Output& output)
{
    asio::io_context io;
    local::socket server(io);
    boost::system::error_code error;
    server.connect(local::endpoint(socket.native()), error);
    if (error)
        return std::nullopt;
    List arguments;
    for (const auto& argument : invocation.arguments)
        arguments.emplace_back(argument);
    send(server, {{"arguments", std::move(arguments)}, {"secret", invocation.secret}, {"folder", invocation.folder}});
    asio::streambuf buffer(max_line_bytes);
    while (const auto message = receive(server, buffer)) {
        const Map& map = *message->if_map();
        if (find(map, "line"))
            output.line(text_of(map, "line"));
        else if (find(map, "error"))
            output.error(text_of(map, "error"));
        else if (find(map, "progress"))
            output.progress(text_of(map, "progress"));
        else if (find(map, "exit"))
            return static_cast<int>(int_of(map, "exit"));
    }
    output.error("the server stopped before the command finished");
    return 1;
}

} // namespace estante
