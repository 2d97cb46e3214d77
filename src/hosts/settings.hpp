// The settings of the server and the command line: a flag beats the environment beats the file beats the default.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace estante {

// One row a setting: the only list of them.
struct SettingRow {
    std::string_view name; // --listen, ESTANTE_LISTEN, listen = "…" in the TOML file
    std::string_view fallback;
    std::string_view help;
    bool secret = false;
};
const std::vector<SettingRow>& setting_rows();

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
    // Throws std::runtime_error with one line that names the setting, its source and its limits.
    long whole(std::string_view name, long min, long max) const;
    const Entry& entry(std::string_view name) const;

private:
    std::map<std::string, Entry, std::less<>> entries_;
};

std::string environment_name(std::string_view setting); // admin-listen → ESTANTE_ADMIN_LISTEN

} // namespace estante
