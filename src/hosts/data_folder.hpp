// The data folder of a bookstore. One process owns it at a time.
#pragma once

#include "gateway/keys.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>

namespace estante {

// Thrown when another process owns the folder.
class FolderInUse : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

inline std::filesystem::path database_in(const std::filesystem::path& folder)
{
    return folder / "estante.db";
}

// Its contents can be rebuilt from the database.
inline std::filesystem::path search_index_in(const std::filesystem::path& folder)
{
    return folder / "search-index";
}

class DataFolder {
public:
    // Creates the folder (mode 0700) if it does not exist, and locks it. Throws FolderInUse, or std::runtime_error with
    // one line that names the folder and the cause.
    explicit DataFolder(const std::filesystem::path& folder);
    ~DataFolder();
    DataFolder(const DataFolder&) = delete;
    DataFolder& operator=(const DataFolder&) = delete;

    std::filesystem::path database() const { return database_in(folder_); }
    std::filesystem::path spool() const { return folder_ / "spool"; }
    std::filesystem::path analytics() const { return folder_ / "analytics"; } // temporary files of reports
    std::filesystem::path demo_mark() const { return folder_ / "DEMONSTRATION"; }

    // The keys from the settings, or else those in the folder, which are created if there are none (mode 0600).
    SigningKeys keys(const std::string& from_settings) const;

private:
    std::filesystem::path folder_;
    int lock_ = -1;
};

std::filesystem::path control_socket(const std::filesystem::path& folder);

} // namespace estante
