#include "hosts/cli/commands.hpp"
#include "hosts/settings.hpp"

#include <fmt/format.h>

namespace estante::commands {

int show_config(const Settings& settings, Output& output)
{
    for (const OptionGroup& group : setting_groups()) {
        for (const OptionRow& row : group.rows) {
            const auto& [value, source] = settings.entry(row.name);
            const std::string shown = value.empty() ? "-" : row.is_secret ? "(set)" : value;
            output.line(fmt::format("{:<28} {:<28} {}", row.name, shown, source));
        }
    }
    return 0;
}

} // namespace estante::commands
