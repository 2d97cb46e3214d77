// A file that a command writes: it appears at its path complete, or not at all.
#pragma once

#include <filesystem>

namespace estante {

class AtomicFile {
public:
    // Throws std::runtime_error with one line when the folder of `path` does not exist, or when `path` exists and
    // `replace` is false or it is no regular file.
    AtomicFile(std::filesystem::path path, bool replace);
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile(); // removes the temporary file

    // Where the content is to be written: in the same folder, not existing yet.
    const std::filesystem::path& temporary_path() const { return temporary_path_; }
    // Syncs the file and moves it to its path. Throws as the constructor, also when the path has come to exist
    // meanwhile.
    void commit();

private:
    const std::filesystem::path path_;
    const bool replace_;
    std::filesystem::path temporary_path_;

    void check_path() const;
};

} // namespace estante
