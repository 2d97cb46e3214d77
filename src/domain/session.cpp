#include "domain/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace estante {

namespace {

constexpr std::size_t secret_size = 43; // 32 bytes in base64url without padding

bool is_secret(std::string_view text)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return text.size() == secret_size && std::ranges::all_of(text, allowed);
}

} // namespace

std::optional<RefreshToken> RefreshToken::parse(std::string_view text)
{
    std::array<std::string_view, 4> parts;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto dot = text.find('.');
        if (dot == text.npos)
            return std::nullopt;
        parts[i] = text.substr(0, dot);
        text.remove_prefix(dot + 1);
    }
    parts[3] = text;
    auto tenant = TenantId::parse(parts[0]);
    auto user = UserId::parse(parts[1]);
    auto session = SessionId::parse(parts[2]);
    if (!tenant || !user || !session || !is_secret(parts[3]))
        return std::nullopt;
    return RefreshToken{std::move(*tenant), std::move(*user), std::move(*session), std::string(parts[3])};
}

std::string to_string(const RefreshToken& token)
{
    return fmt::format("{}.{}.{}.{}", token.tenant.value, token.user.value, token.session.value, token.secret);
}

} // namespace estante
