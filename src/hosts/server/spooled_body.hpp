// The body of an upload in a file, with its digest. The file is removed with the object, unless it was moved away.
#pragma once

#include "codec/digest.hpp"

#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <string_view>
#include <system_error>

namespace estante {

class SpooledBody {
public:
    SpooledBody(const std::string& folder, std::string_view name) : path_(std::filesystem::path(folder) / name)
    {
        out_.open(path_, std::ios::binary | std::ios::trunc);
    }
    SpooledBody(const SpooledBody&) = delete;
    SpooledBody& operator=(const SpooledBody&) = delete;
    ~SpooledBody()
    {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    // These return false when the file cannot be written.
    bool write(std::string_view data)
    {
        digest_.add(data);
        return static_cast<bool>(out_.write(data.data(), static_cast<std::streamsize>(data.size())));
    }
    bool finish()
    {
        out_.close();
        hex_digest_ = hex(digest_.finish());
        return !out_.fail();
    }
    const std::string& path() const { return path_.native(); }
    const std::string& hex_digest() const { return hex_digest_; }

private:
    std::filesystem::path path_;
    std::ofstream out_;
    Sha256 digest_;
    std::string hex_digest_;
};

} // namespace estante
