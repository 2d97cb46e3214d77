// One line on stderr before a signal ends the process: which signal, the version, and the stack.
#pragma once

#include <string_view>

namespace estante {

// For SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS and SIGABRT (std::terminate). The signal's default action
// follows, so exit status and core are as without this. `version` stands as long as the process.
//
// The stack is addresses within the files that they are in, the innermost first, as `addr2line -Cfe estante 0x1a2b`
// takes them. Only async-signal-safe calls are made. When a thread other than the main one has used up its stack,
// there is none to write on and the line is missing. Programs built with a sanitizer keep the sanitizer's own report.
void install_crash_handler(std::string_view version);

} // namespace estante
