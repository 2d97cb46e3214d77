// The program `estante`: serves shops, or runs a command on a data folder, itself or through the server that owns it.
#include "hosts/bookstore.hpp"
#include "hosts/cli/control.hpp"
#include "hosts/cli/crash_handler.hpp"
#include "hosts/cli/demonstration.hpp"
#include "hosts/cli/store_site.hpp"
#include "hosts/cli/version.hpp"
#include "hosts/server/server.hpp"
#include "hosts/settings.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>
#include <termios.h>
#include <thread>
#include <unistd.h>

namespace estante {
namespace {

class Terminal final : public Output {
public:
    ~Terminal() override { progress(""); }
    void line(std::string_view text) override
    {
        progress("");
        std::cout << text << std::endl;
    }
    void error(std::string_view text) override
    {
        progress("");
        std::cerr << text << std::endl;
    }
    void progress(std::string_view text) override
    {
        if (!interactive_ || (text.empty() && !shown_))
            return;
        std::cerr << "\r\x1b[K" << text << std::flush;
        shown_ = !text.empty();
    }

private:
    bool interactive_ = ::isatty(STDERR_FILENO) == 1;
    bool shown_ = false;
};

std::string read_password(bool from_stdin)
{
    std::string password;
    const bool ask = !from_stdin && ::isatty(STDIN_FILENO) == 1;
    termios before{};
    if (ask) {
        std::cerr << "Password (8 to 128 characters): " << std::flush;
        ::tcgetattr(STDIN_FILENO, &before);
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    }
    std::getline(std::cin, password);
    if (ask) {
        ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
        std::cerr << std::endl;
    }
    return password;
}

Server::Settings server_settings(const Settings& settings, const DataFolder& folder)
{
    Server::Settings server;
    server.listen = parse_endpoint(settings.text("listen"));
    if (settings.text("admin-listen") != "off")
        server.admin_listen = parse_endpoint(settings.text("admin-listen"));
    const auto loops = settings.whole("loops", 0, 256);
    server.loops = loops == 0 ? std::max(1U, std::thread::hardware_concurrency()) : static_cast<unsigned>(loops);
    server.max_upload_bytes = static_cast<std::size_t>(settings.whole("max-upload-mb", 1, 65536)) << 20;
    server.spool_folder = folder.spool().native();
    return server;
}

// A command that came through the control socket. Its own settings are those of its command line.
int run_served(Bookstore& store, const Settings& serving, const Invocation& invocation, Output& output)
{
    const Command command = parse_command_line(invocation);
    if (command.kind == Command::Kind::on_store)
        return command.run(store, output);
    if (command.kind != Command::Kind::on_stores)
        return 2;
    const std::filesystem::path folder = invocation.folder;
    const Settings settings(command.flags, command.file.empty() ? "" : (folder / command.file).native());
    return command.run_on_stores(
        {.served = &store, .serving = StoreAddress::from(serving), .settings = settings, .folder = folder}, output);
}

// Serves until SIGTERM or SIGINT.
int serve(const Settings& settings, bool demo, Output& output)
{
    if (demo)
        forget_unfinished_demonstration(settings.text("data"));
    Bookstore store(settings);
    const auto serving = server_settings(settings, store.folder());
    Server server(serving, [&] { return store.make_gateway(settings.text("domain")); });
    if (demo) {
        if (const int code = load_demonstration(store, output); code != 0)
            return code;
    }
    store.start_processors();

    const ControlServer control(control_socket(settings.text("data")),
                                [&](const Invocation& invocation, Output& remote) {
                                    try {
                                        return run_served(store, settings, invocation, remote);
                                    } catch (const UsageError& error) {
                                        remote.error(error.text);
                                        return error.exit_code;
                                    } catch (const std::exception& error) {
                                        remote.error(fmt::format("estante: {}", error.what()));
                                        return 1;
                                    }
                                });

    boost::asio::io_context signals_io(1);
    boost::asio::signal_set signals(signals_io, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error)
            server.stop();
    });
    std::thread signals_thread([&] { signals_io.run(); });
    const auto url = fmt::format("http://{}:{}", serving.listen.host, server.port());
    output.line(fmt::format("listening on {}", url));
    if (std::filesystem::exists(store.folder().demo_mark()))
        output.error(
            "This is a demonstration: everyone knows the passwords of its accounts. Never put real data into it.");
    if (has_any_seeded_fault())
        output.error(fmt::format("This is estante {}: it fails on purpose, for tests alone.", version()));
    if (demo)
        print_next_steps(url, output);
    server.run();
    signals_io.stop();
    signals_thread.join();
    output.line("stopped");
    return 0;
}

int show_config(const Settings& settings, Output& output)
{
    for (const SettingRow& row : setting_rows()) {
        const auto& entry = settings.entry(row.name);
        const bool hide = row.secret && !entry.value.empty();
        output.line(fmt::format("{:<28} {:<28} {}", row.name,
                                hide                  ? "(set)"
                                : entry.value.empty() ? "-"
                                                      : entry.value,
                                entry.source));
    }
    return 0;
}

int run_on_store(const Settings& settings, const Command& command, const Invocation& invocation, Output& output)
{
    const std::string& folder = settings.text("data");
    if (const auto code = run_remotely(control_socket(folder), invocation, output))
        return *code;
    if (!std::filesystem::exists(folder)) {
        output.error(fmt::format("estante: there is no data folder {} yet; it is made here", folder));
    }
    Bookstore store(settings);
    return command.run(store, output);
}

int run_on_stores(const Settings& settings, const Command& command, const Invocation& invocation, Output& output)
{
    auto folders = command.folders;
    if (command.on_data)
        folders.push_back(settings.text("data"));
    for (const auto& folder : folders) {
        if (const auto code = run_remotely(control_socket(folder), invocation, output))
            return *code;
    }
    return command.run_on_stores({.settings = settings, .folder = invocation.folder}, output);
}

int run(int argc, char** argv, Output& output)
{
    Invocation invocation{
        .arguments = {argv + 1, argv + argc}, .secret = {}, .folder = std::filesystem::current_path().native()};
    Command command = parse_command_line(invocation);
    if (command.kind == Command::Kind::version) {
        output.line(fmt::format("estante {}", version()));
        return 0;
    }
    const Settings settings(command.flags, command.file);
    spdlog::set_default_logger(spdlog::stderr_logger_mt("estante"));
    spdlog::set_level(spdlog::level::from_str(settings.text("log-level")));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    switch (command.kind) {
    case Command::Kind::config:
        return show_config(settings, output);
    case Command::Kind::serve:
    case Command::Kind::demo:
        return serve(settings, command.kind == Command::Kind::demo, output);
    case Command::Kind::without_store:
        return command.run_without_store(settings, output);
    case Command::Kind::on_stores:
        return run_on_stores(settings, command, invocation, output);
    case Command::Kind::on_store:
    case Command::Kind::version:
        break;
    }
    if (command.wants_password) {
        const bool from_stdin =
            std::ranges::find(invocation.arguments, "--password-stdin") != invocation.arguments.end();
        invocation.secret = read_password(from_stdin);
        command = parse_command_line(invocation);
    }
    return run_on_store(settings, command, invocation, output);
}

} // namespace
} // namespace estante

int main(int argc, char** argv)
{
    estante::install_crash_handler(estante::version());
    std::signal(SIGPIPE, SIG_IGN); // a peer that goes away is an error code of the write
    std::signal(SIGXFSZ, SIG_IGN); // and so is a file that may not grow
    estante::Terminal terminal;
    try {
        return estante::run(argc, argv, terminal);
    } catch (const estante::UsageError& error) {
        (error.exit_code == 0 ? std::cout : std::cerr) << error.text;
        return error.exit_code;
    } catch (const std::exception& error) {
        terminal.error(fmt::format("estante: {}", error.what()));
        return 1;
    }
}
