// A file that a command makes: it takes its place whole, or not at all.
#pragma once

#include <filesystem>

namespace estante {

class NewFile {
public:
    // `place` is where it will be; the folder is there. Throws std::runtime_error with one line when something is there
    // already, unless it is a file and may be replaced, and when the folder is not there.
    NewFile(std::filesystem::path place, bool replace);
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile(); // unless it was kept, nothing is left of it

    // Where it is made: beside its place, and not there yet.
    const std::filesystem::path& path() const { return made_; }
    // Makes it durable and puts it in its place. Throws as the constructor, also when something has come there
    // meanwhile.
    void keep();

private:
    const std::filesystem::path place_;
    const bool replace_;
    std::filesystem::path made_;

    void refuse_if_taken() const;
};

} // namespace estante
