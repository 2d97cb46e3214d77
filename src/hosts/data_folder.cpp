#include "hosts/data_folder.hpp"

#include "codec/digest.hpp"
#include "codec/json.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace estante {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t min_secret_bytes = 32;

[[noreturn]] void throw_unusable(const fs::path& path, const std::string& cause)
{
    throw std::runtime_error(fmt::format("cannot use {}: {}", path.native(), cause));
}

std::string error_message(int error)
{
    return std::generic_category().message(error);
}

SigningKeys parse_keys(std::string_view text)
{
    SigningKeys keys;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto key = text.substr(0, comma);
        const auto colon = key.find(':');
        if (colon == key.npos || colon == 0 || key.size() - colon - 1 < min_secret_bytes)
            throw std::runtime_error(
                fmt::format("signing-keys must be kid:secret,kid:secret … with secrets of at least {} characters",
                            min_secret_bytes));
        keys.signing.push_back({std::string(key.substr(0, colon)), std::string(key.substr(colon + 1))});
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return keys;
}

void write_private_file(const fs::path& path, std::string_view text)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        throw_unusable(path, error_message(errno));
    const bool written =
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    const int error = errno;
    ::close(file);
    if (!written)
        throw_unusable(path, error_message(error));
}

} // namespace

fs::path control_socket(const fs::path& folder)
{
    return folder / "control.sock";
}

DataFolder::DataFolder(const fs::path& folder) : folder_(folder)
{
    std::error_code error;
    if (fs::create_directories(folder_, error))
        fs::permissions(folder_, fs::perms::owner_all, error);
    if (error)
        throw_unusable(folder_, error.message());
    lock_ = ::open((folder_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0)
        throw_unusable(folder_, error_message(errno));
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock_);
        throw FolderInUse(fmt::format("{} is in use by another estante process", folder_.native()));
    }
    fs::create_directories(spool(), error);
    if (error) {
        ::close(lock_);
        throw_unusable(spool(), error.message());
    }
}

DataFolder::~DataFolder()
{
    ::close(lock_);
}

SigningKeys DataFolder::keys(const std::string& from_settings) const
{
    if (!from_settings.empty())
        return parse_keys(from_settings);
    const fs::path path = folder_ / "keys";
    if (!fs::exists(path)) {
        std::array<std::uint8_t, min_secret_bytes> secret{};
        if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1)
            throw_unusable(path, "the system's random generator failed");
        write_private_file(path, "k1:" + base64url(secret) + "\n");
    }
    std::ifstream file(path);
    std::string text;
    if (!std::getline(file, text))
        throw_unusable(path, "it is empty or unreadable");
    return parse_keys(text);
}

} // namespace estante
