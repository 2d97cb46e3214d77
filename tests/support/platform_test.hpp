// A platform with shops in memory, whose password hashes and tokens a test can read.
#pragma once

#include "operations/tenants/create_tenant.hpp"
#include "operations/users/login_user.hpp"
#include "operations/users/register_user.hpp"
#include "operations/users/session_state.hpp"
#include "support/store_test.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace estante {

// Readable hashes, and how often a password was verified.
class PlainHasher final : public PasswordHasher {
public:
    int verified = 0;

    Task<std::string> hash(std::string password) override { co_return "plain:" + password; }
    Task<bool> verify(std::string password, std::string phc) override
    {
        ++verified;
        co_return phc == "plain:" + password;
    }
};

class PlainSigner final : public TokenSigner {
public:
    AccessClaims last{};

    std::string sign(const AccessClaims& claims) override
    {
        last = claims;
        return "access token of " + claims.session.value;
    }
};

class PlatformTest : public StoreTest {
protected:
    SeededRandom random;
    PlainHasher hasher;
    PlainSigner signer;

    static Caller caller_in(const std::string& tenant, Caller::Kind kind, UserId user = {}, SessionId session = {})
    {
        Caller caller;
        caller.tenant = {tenant};
        caller.kind = kind;
        caller.user = std::move(user);
        caller.session = std::move(session);
        return caller;
    }
    static Caller anyone(const std::string& tenant) { return caller_in(tenant, Caller::Kind::anyone); }
    static Caller operator_caller()
    {
        return caller_in(std::string(operator_tenant), Caller::Kind::operator_, UserId::from({}));
    }
    // The caller that the gateway makes from the tokens of this response.
    static Caller caller_of(const users::SignedIn& in)
    {
        const auto token = RefreshToken::parse(in.refresh_token.value).value();
        const auto kind = in.user.role == Role::manager ? Caller::Kind::manager : Caller::Kind::customer;
        return caller_in(token.tenant.value, kind, token.user, token.session);
    }

    tenants::CreatedTenant given_shop(const std::string& tenant)
    {
        IdempotencyGuard<tenants::CreatedTenant> idempotency;
        auto created = run(tenants::create_tenant(operator_caller(),
                                                  {.tenant_id = {tenant},
                                                   .name = {"Librería " + tenant},
                                                   .manager_email = {"manager@" + tenant + ".example"}},
                                                  all, random, clock, idempotency));
        return std::move(created).value();
    }
    Result<users::Registered> register_at(const std::string& tenant, const std::string& email,
                                          const std::string& password = "a good password", const GuestId& guest = {})
    {
        auto items = items_of(tenant);
        auto caller = anyone(tenant);
        caller.guest = guest;
        return run(users::register_user(caller, {.email = {email}, .password = {password}}, items, hasher, signer, ids,
                                        random, clock));
    }
    users::Registered given_user(const std::string& tenant, const std::string& email)
    {
        return register_at(tenant, email).value();
    }
    Result<users::SignedIn> login_at(const std::string& tenant, const std::string& email,
                                     const std::string& password = "a good password", const GuestId& guest = {})
    {
        auto items = items_of(tenant);
        auto caller = anyone(tenant);
        caller.guest = guest;
        return run(users::login_user(caller, {.email = {email}, .password = {password}}, items, hasher, signer, ids,
                                     random, clock));
    }
    std::optional<users::SessionState> state_of(const users::SignedIn& in)
    {
        const auto caller = caller_of(in);
        auto items = items_of(caller.tenant.value);
        return run(users::load_session_state(items, caller.user, caller.session)).value();
    }

    std::size_t items_with(std::string_view sort_prefix)
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(everything(), [&](const Item& i) { return key_of(i).sk.starts_with(sort_prefix); }));
    }
};

} // namespace estante
