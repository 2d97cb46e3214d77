// The program `estante`: serves shops, or runs a command on a data folder, itself or in the server that owns it.
#include "hosts/bookstore.hpp"
#include "hosts/cli/command_line.hpp"
#include "hosts/cli/command_store.hpp"
#include "hosts/cli/control_socket.hpp"
#include "hosts/cli/crash_handler.hpp"
#include "hosts/cli/version.hpp"
#include "hosts/settings.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>
#include <termios.h>
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
        if (!is_interactive_ || (text.empty() && !has_progress_))
            return;
        std::cerr << "\r\x1b[K" << text << std::flush;
        has_progress_ = !text.empty();
    }

private:
    bool is_interactive_ = ::isatty(STDERR_FILENO) == 1;
    bool has_progress_ = false;
};

std::string read_password(bool from_stdin)
{
    std::string password;
    const bool prompts = !from_stdin && ::isatty(STDIN_FILENO) == 1;
    termios before{};
    if (prompts) {
        std::cerr << "Password (8 to 128 characters): " << std::flush;
        ::tcgetattr(STDIN_FILENO, &before);
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    }
    std::getline(std::cin, password);
    if (prompts) {
        ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
        std::cerr << std::endl;
    }
    return password;
}

int run_store_command(StoreCommand run, const Settings& settings, const Command& command, const Invocation& invocation,
                      Output& output)
{
    const std::string& folder = settings.text("data");
    if (const auto code = run_in_server(control_socket(folder), invocation, output))
        return *code;
    if (!std::filesystem::exists(folder))
        output.error(fmt::format("estante: the data folder {} does not exist; it is created", folder));
    Bookstore store(settings);
    return run(store, command.options, output);
}

int run_stores_command(StoresCommand run, const Settings& settings, const Command& command,
                       const Invocation& invocation, Output& output)
{
    std::vector<std::string> folders;
    for (const auto option : command.row->address_options) {
        if (const auto address = StoreAddress::parse(command.options.at(std::string(option)));
            address.engine == StoreAddress::Engine::sqlite)
            folders.push_back(address.location);
    }
    if (command.row->address_options.empty())
        folders.push_back(settings.text("data"));
    for (const auto& folder : folders) {
        if (const auto code = run_in_server(control_socket(folder), invocation, output))
            return *code;
    }
    return run({.settings = settings, .working_folder = invocation.folder}, command.options, output);
}

int run(int argc, char** argv, Output& output)
{
    Invocation invocation{
        .arguments = {argv + 1, argv + argc}, .secret = {}, .folder = std::filesystem::current_path().native()};
    Command command = parse_command_line(invocation);
    if (const auto* run = std::get_if<PlainCommand>(&command.row->function))
        return (*run)(command.options, output);
    const Settings settings(command.flags, command.config_file);
    spdlog::set_default_logger(spdlog::stderr_logger_mt("estante"));
    spdlog::set_level(spdlog::level::from_str(settings.text("log-level")));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    if (const auto* run = std::get_if<SettingsCommand>(&command.row->function))
        return (*run)(settings, output);
    if (command.row->asks_password) {
        invocation.secret = read_password(command.options.contains("password-stdin"));
        command = parse_command_line(invocation);
    }
    if (const auto* run = std::get_if<StoreCommand>(&command.row->function))
        return run_store_command(*run, settings, command, invocation, output);
    return run_stores_command(std::get<StoresCommand>(command.row->function), settings, command, invocation, output);
}

} // namespace
} // namespace estante

int main(int argc, char** argv)
{
    estante::install_crash_handler(estante::version());
    std::signal(SIGPIPE, SIG_IGN); // the write to a closed connection returns an error code
    std::signal(SIGXFSZ, SIG_IGN); // so does the write beyond the limit of a file's size
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
