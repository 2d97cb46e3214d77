// The settings of the server and the command line: a flag beats the environment beats the file beats the default.
#pragma once

#include "hosts/option_table.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace estante {

// The only list of settings. A setting is the flag --listen, the variable ESTANTE_LISTEN and the key `listen` of the
// TOML file.
const std::vector<OptionGroup>& setting_groups();
const OptionRow* find_setting(std::string_view name); // or its old name; null: there is none

class Settings {
public:
    struct Entry {
        std::string value;
        std::string source; // "flag --listen", "environment ESTANTE_LISTEN", "estante.toml", "default"
    };

    // `flags` by setting name; `file` is a TOML file, or empty for none. Throws std::runtime_error with one line that
    // names the file, the place and the known names for a setting that does not exist or has the wrong type.
    Settings(const std::map<std::string, std::string>& flags, const std::string& file);

    const std::string& text(std::string_view name) const;
    // A whole number within the limits of its row. Throws std::runtime_error with one line that names the setting, its
    // source and its limits.
    long whole(std::string_view name) const;
    const Entry& entry(std::string_view name) const;

private:
    std::map<std::string, Entry, std::less<>> entries_;
};

std::string environment_name(std::string_view setting); // admin-listen → ESTANTE_ADMIN_LISTEN

} // namespace estante
