#include "hosts/cli/commands.hpp"

namespace estante::commands {

int show_version(const Options&, Output& output)
{
    output.line("estante " ESTANTE_VERSION);
    return 0;
}

} // namespace estante::commands
