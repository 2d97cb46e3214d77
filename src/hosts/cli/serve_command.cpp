#include "hosts/bookstore.hpp"
#include "hosts/cli/command_line.hpp"
#include "hosts/cli/command_store.hpp"
#include "hosts/cli/control_socket.hpp"
#include "hosts/cli/load_demonstration.hpp"
#include "hosts/cli/version.hpp"
#include "hosts/server/server.hpp"
#include "hosts/settings.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <thread>

namespace estante::commands {

namespace {

Server::Settings server_settings(const Settings& settings, const DataFolder& folder)
{
    Server::Settings server;
    server.listen = parse_endpoint(settings.text("listen"));
    if (settings.text("admin-listen") != "off")
        server.admin_listen = parse_endpoint(settings.text("admin-listen"));
    const auto loops = settings.whole("loops");
    server.loops = loops == 0 ? std::max(1U, std::thread::hardware_concurrency()) : static_cast<unsigned>(loops);
    server.max_upload_bytes = static_cast<std::size_t>(settings.whole("max-upload-mb")) << 20;
    server.spool_folder = folder.spool().native();
    return server;
}

// Runs a command that came through the control socket. Its settings are those of its own command line.
int run_remote_command(Bookstore& store, const Settings& serve_settings, const Invocation& invocation, Output& output)
{
    const Command command = parse_command_line(invocation);
    if (const auto* run = std::get_if<StoreCommand>(&command.row->function))
        return (*run)(store, command.options, output);
    const auto* run = std::get_if<StoresCommand>(&command.row->function);
    if (!run)
        return 2;
    const std::filesystem::path folder = invocation.folder;
    const Settings settings(command.flags, command.config_file.empty() ? "" : (folder / command.config_file).native());
    return (*run)({.served_store = &store,
                   .served_address = StoreAddress::from(serve_settings),
                   .settings = settings,
                   .working_folder = folder},
                  command.options, output);
}

int run_server(const Settings& settings, bool is_demo, Output& output)
{
    if (is_demo)
        remove_partial_demonstration(settings.text("data"));
    Bookstore store(settings);
    const auto server_options = server_settings(settings, store.folder());
    Server server(server_options, [&] { return store.make_gateway(settings.text("domain")); });
    if (is_demo) {
        if (const int code = load_demonstration(store, output); code != 0)
            return code;
    }
    store.start_processors();

    const ControlServer control(control_socket(settings.text("data")),
                                [&](const Invocation& invocation, Output& remote) {
                                    try {
                                        return run_remote_command(store, settings, invocation, remote);
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
    const auto url = fmt::format("http://{}:{}", server_options.listen.host, server.port());
    output.line(fmt::format("listening on {}", url));
    if (std::filesystem::exists(store.folder().demo_mark()))
        output.error(
            "This is a demonstration: everyone knows the passwords of its accounts. Never put real data into it.");
    if (has_any_seeded_fault())
        output.error(fmt::format("This is estante {}: it fails on purpose, for tests only.", version()));
    if (is_demo)
        print_next_steps(url, output);
    server.run();
    signals_io.stop();
    signals_thread.join();
    output.line("stopped");
    return 0;
}

} // namespace

int serve(const Settings& settings, Output& output)
{
    return run_server(settings, false, output);
}

int demo(const Settings& settings, Output& output)
{
    return run_server(settings, true, output);
}

} // namespace estante::commands
