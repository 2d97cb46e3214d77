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

constexpr std::size_t least_secret_bytes = 32;

[[noreturn]] void refuse(const fs::path& path, const std::string& cause)
{
    throw std::runtime_error(fmt::format("cannot use {}: {}", path.native(), cause));
}

std::string cause_of(int error)
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
        if (colon == key.npos || colon == 0 || key.size() - colon - 1 < least_secret_bytes)
            throw std::runtime_error(
                fmt::format("signing-keys must be kid:secret,kid:secret … with secrets of at least {} characters",
                            least_secret_bytes));
        keys.signing.push_back({std::string(key.substr(0, colon)), std::string(key.substr(colon + 1))});
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return keys;
}

void write_private_file(const fs::path& path, std::string_view text)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        refuse(path, cause_of(errno));
    const bool written =
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    const int error = errno;
    ::close(file);
    if (!written)
        refuse(path, cause_of(error));
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
        refuse(folder_, error.message());
    lock_ = ::open((folder_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0)
        refuse(folder_, cause_of(errno));
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock_);
        throw FolderInUse(fmt::format("{} is in use by another estante process", folder_.native()));
    }
    fs::create_directories(spool(), error);
    if (error) {
        ::close(lock_);
        refuse(spool(), error.message());
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
        std::array<std::uint8_t, least_secret_bytes> secret{};
        if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1)
            refuse(path, "the system has no randomness to give");
        write_private_file(path, "k1:" + base64url(secret) + "\n");
    }
    std::ifstream file(path);
    std::string text;
    if (!std::getline(file, text))
        refuse(path, "it is empty or unreadable");
    return parse_keys(text);
}

} // namespace estante
