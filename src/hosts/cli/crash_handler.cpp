#include "hosts/cli/crash_handler.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <execinfo.h>
#include <link.h>
#include <unistd.h>

namespace estante {

namespace {

// A sanitizer installs a handler of its own, which says more.
#if defined(__has_feature)
constexpr bool sanitizer_reports =
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer);
#else
constexpr bool sanitizer_reports = false;
#endif

struct Named {
    int signal;
    std::string_view name;
};
constexpr Named fatal_signals[] = {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"},  {SIGILL, "SIGILL"},
                                   {SIGTRAP, "SIGTRAP"}, {SIGSYS, "SIGSYS"}, {SIGABRT, "SIGABRT"}};

// A file of the process's memory, as it was when the handler was installed.
struct Module {
    std::uintptr_t base;
    std::uintptr_t end;
    std::array<char, 48> name;
};

// All that the handler reads. It is set before the handler is installed, and then only read.
std::string_view program_version;
std::array<Module, 64> modules;
std::size_t module_count = 0;
std::atomic_flag dying = ATOMIC_FLAG_INIT;
constexpr std::size_t handler_stack_bytes = 64 << 10;
alignas(16) std::array<std::byte, handler_stack_bytes> handler_stack;

// A line in memory of its own; what does not fit is left out.
class Line {
public:
    void add(std::string_view text)
    {
        const auto count = std::min(text.size(), text_.size() - 1 - size_);
        std::copy_n(text.begin(), count, text_.begin() + size_);
        size_ += count;
    }
    void add_hex(std::uintptr_t number)
    {
        std::array<char, 2 * sizeof(number)> digits{};
        auto at = digits.end();
        do {
            *--at = "0123456789abcdef"[number & 15];
            number >>= 4;
        } while (number != 0);
        add("0x");
        add({at, digits.end()});
    }
    void write_to(int file)
    {
        text_[size_] = '\n';
        [[maybe_unused]] const auto written = ::write(file, text_.data(), size_ + 1); // there is nobody to tell
    }

private:
    std::array<char, 4096> text_{};
    std::size_t size_ = 0;
};

void add_place(Line& line, std::uintptr_t address)
{
    const auto end = modules.begin() + static_cast<std::ptrdiff_t>(module_count);
    const auto module = std::find_if(modules.begin(), end,
                                     [address](const Module& one) { return address >= one.base && address < one.end; });
    line.add(" ");
    if (module == end)
        return line.add_hex(address);
    line.add(module->name.data());
    line.add("+");
    line.add_hex(address - module->base);
}

void die(int signal, siginfo_t* info, void*)
{
    std::signal(signal, SIG_DFL); // NOLINT(cert-err33-c): it was accepted when the handler was installed
    if (dying.test_and_set())
        for (;;)
            ::pause(); // another thread is writing, and will end the process
    Line line;
    line.add("estante ");
    line.add(program_version);
    line.add(" died of ");
    for (const Named& named : fatal_signals)
        if (named.signal == signal)
            line.add(named.name);
    if (info->si_code > 0) { // the kernel's own, not sent by somebody
        line.add(" at address ");
        line.add_hex(reinterpret_cast<std::uintptr_t>(info->si_addr));
    }
    line.add("; stack:");
    std::array<void*, 64> frames{};
    constexpr int of_the_handler = 2; // this function and the kernel's return from it
    const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
    for (int i = of_the_handler; i < count; ++i)
        add_place(line, reinterpret_cast<std::uintptr_t>(frames[static_cast<std::size_t>(i)]));
    line.write_to(STDERR_FILENO);
    // It waits until the handler has returned to where the signal came, so a core shows that place.
    ::raise(signal);
}

int note_module(dl_phdr_info* info, std::size_t, void*)
{
    if (module_count == modules.size())
        return 1;
    Module module{.base = info->dlpi_addr, .end = info->dlpi_addr, .name = {}};
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        if (header.p_type == PT_LOAD)
            module.end = std::max<std::uintptr_t>(module.end, info->dlpi_addr + header.p_vaddr + header.p_memsz);
    }
    const std::string_view path = info->dlpi_name;
    const auto name = path.empty() ? std::string_view("estante") : path.substr(path.rfind('/') + 1);
    std::copy_n(name.begin(), std::min(name.size(), module.name.size() - 1), module.name.begin());
    modules[module_count++] = module;
    return 0;
}

} // namespace

void install_crash_handler(std::string_view version)
{
    if (sanitizer_reports)
        return;
    program_version = version;
    ::dl_iterate_phdr(&note_module, nullptr);
    std::array<void*, 2> frames{};
    ::backtrace(frames.data(), static_cast<int>(frames.size())); // it loads its library at the first call
    const stack_t stack{.ss_sp = handler_stack.data(), .ss_flags = 0, .ss_size = handler_stack.size()};
    ::sigaltstack(&stack, nullptr);
    struct sigaction action{};
    action.sa_sigaction = &die;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigfillset(&action.sa_mask); // another fault in the handler ends the process at once
    for (const Named& named : fatal_signals)
        ::sigaction(named.signal, &action, nullptr);
}

} // namespace estante
