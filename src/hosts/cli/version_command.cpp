#include "hosts/cli/commands.hpp"
#include "hosts/cli/version.hpp"

#include <fmt/format.h>

namespace estante::commands {

int show_version(const Options&, Output& output)
{
    output.line(fmt::format("estante {}", version()));
    return 0;
}

} // namespace estante::commands
