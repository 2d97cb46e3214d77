#include "domain/session.hpp"
#include "domain/tenant.hpp"
#include "records/idempotency_records.hpp"
#include "records/invitations.hpp"
#include "records/item_attributes.hpp"
#include "records/login_sessions.hpp"
#include "records/page_token.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"
#include "records/users.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace estante {
namespace {

const UserId ana = UserId::from({.time_ms = 1, .entropy = {}});

User user()
{
    return {.id = ana,
            .email = {"ana#1@example.com"},
            .name = PersonName{"Ana"},
            .role = Role::manager,
            .password_hash = "$argon2id$…",
            .password_version = 3,
            .version = 4,
            .created_ms = 1'769'851'800'123,
            .updated_ms = 1'769'851'800'456};
}

Tenant tenant(const char* id)
{
    return {.id = {id},
            .settings = {.name = {"Acme"},
                         .language = {"en"},
                         .currency = {"MXN"},
                         .vat_rate = {5'50},
                         .delivery = {.collect = {true}, .ship = {false}}},
            .status = TenantStatus::suspended,
            .managers = 2,
            .version = 7,
            .created_ms = 1'769'851'800'123,
            .updated_ms = 1'769'851'800'456};
}

TEST(Records, UserHasTheKeysOfTheTable)
{
    const auto item = to_item(user());
    EXPECT_EQ(key_of(item), (Key{ana.value, "USER#ana%231@example.com"}));
    EXPECT_EQ(index_key_of(item, Index::gsi1), (Key{"EMAIL", "ana#1@example.com"}));
    EXPECT_EQ(key_of(email_claim_item(user())), (Key{"EMAIL#ana%231@example.com", "CLAIM"}));
}

TEST(Records, TenantIsInThePlatformsListUnlessItIsThePlatform)
{
    const auto item = to_item(tenant("acme"));
    EXPECT_EQ(key_of(item), (Key{"acme#TENANT", "TENANT"}));
    EXPECT_EQ(index_key_of(item, Index::gsi1), (Key{"operator#TENANTS", "acme"}));
    EXPECT_EQ(*item.at("vat_rate").if_number(), Number::parse("5.5"));
    EXPECT_FALSE(index_key_of(to_item(tenant("operator")), Index::gsi1));
}

TEST(Records, AreReadAsTheyWereWritten)
{
    auto nameless = user();
    nameless.name.reset();
    const Session session{.id = SessionId::from({.time_ms = 2, .entropy = {}}),
                          .user = ana,
                          .token_hash = "abc",
                          .password_version = 2,
                          .created_ms = 1,
                          .refreshed_ms = 2,
                          .expires_at_s = 3};
    const Invitation invitation{.hash = "abc", .email = {"ana@example.com"}, .created_ms = 1, .expires_at_s = 2};
    const IdempotencyRecord record{.owner = ana.value,
                                   .key = "a#b",
                                   .request_hash = "abc",
                                   .status = 201,
                                   .body = "{}",
                                   .location = "/v1/x",
                                   .etag = std::nullopt,
                                   .expires_at_s = 9};

    EXPECT_EQ(user_from(to_item(user())), user());
    EXPECT_EQ(user_from(to_item(nameless)), nameless);
    EXPECT_EQ(tenant_from(to_item(tenant("acme"))), tenant("acme"));
    EXPECT_EQ(session_from(to_item(session)), session);
    EXPECT_EQ(invitation_from(to_item(invitation)), invitation);
    EXPECT_EQ(to_item(idempotency_record_from(to_item(record))), to_item(record));
    EXPECT_EQ(key_of(to_item(record)).pk, "IDEMPOTENCY#" + ana.value + "#a%23b");
}

TEST(Records, ThrowWithKeyAndAttributeIfTheyAreDamaged)
{
    for (const char* name : {"user_id", "email", "role", "password_hash", "version", "created_at"}) {
        for (const Value& wrong : {Value(), Value(1.0 < 2.0), Value("x y"), Value(List{})}) {
            auto item = to_item(user());
            if (std::string_view(name) == "password_hash" && wrong.if_string())
                continue; // any text is one
            item.insert_or_assign(name, wrong);
            try {
                (void)user_from(item);
                ADD_FAILURE() << name;
            } catch (const std::runtime_error& error) {
                EXPECT_TRUE(std::string_view(error.what()).contains(name)) << error.what();
                EXPECT_TRUE(std::string_view(error.what()).contains(ana.value)) << error.what();
            }
        }
        auto item = to_item(user());
        item.erase(name);
        EXPECT_THROW((void)user_from(item), std::runtime_error) << name;
    }
}

TEST(PageToken, RoundTripsACursor)
{
    const Cursor on_table{.key = {"p\"k", "s,k"}};
    const Cursor on_index{.key = {"pk", "sk"}, .index_key = Key{"", "ñ"}};

    EXPECT_EQ(to_cursor(to_page_token(on_table).value), on_table);
    EXPECT_EQ(to_cursor(to_page_token(on_index).value), on_index);
    EXPECT_EQ(to_page_token(std::nullopt).value, std::nullopt);
    EXPECT_EQ(to_cursor(std::nullopt), std::nullopt);
    for (const char* text : {"", "x", "[]", "[\"a\"]", "[\"a\",1]", "[\"a\",\"b\",\"c\"]", "{}"})
        EXPECT_THROW((void)to_cursor(PageToken{text}), std::runtime_error) << text;
}

TEST(StoreErrors, BecomeErrorsOrThrowForProgrammingErrors)
{
    using Code = StoreError::Code;
    EXPECT_EQ(store_failure({.code = Code::unavailable}).error().code, Errc::unavailable);
    EXPECT_EQ(store_failure({.code = Code::conflict}).error().retry_after_s, 1);
    EXPECT_EQ(store_failure({.code = Code::too_large}).error().code, Errc::too_large);
    for (const auto code : {Code::condition_failed, Code::invalid, Code::token_mismatch})
        EXPECT_THROW((void)store_failure({.code = code}), std::logic_error);

    const StoreError failed{.code = Code::condition_failed, .failed = {{.index = 2, .current = std::nullopt}}};
    EXPECT_FALSE(failed_action(failed, 0));
    EXPECT_TRUE(failed_action(failed, 2));
}

TEST(RefreshToken, IsParsedOnlyInItsExactFormat)
{
    const RefreshToken token{.tenant = {"acme"},
                             .user = ana,
                             .session = SessionId::from({.time_ms = 2, .entropy = {}}),
                             .secret = std::string(42, 'x') + "-"};
    const auto text = to_string(token);

    EXPECT_LE(to_string(RefreshToken{TenantId{std::string(40, 'a')}, ana, token.session, token.secret}).size(),
              RefreshToken::max_text);
    EXPECT_EQ(RefreshToken::parse(text), token);
    for (const auto& wrong : {std::string(), text + "x", text + ".x", text.substr(1, 1) + "." + text, "A" + text,
                              text.substr(0, text.size() - 1) + "=", text.substr(0, text.rfind('.'))})
        EXPECT_EQ(RefreshToken::parse(wrong), std::nullopt) << wrong;
}

TEST(Currency, IsAnActiveOneWithTwoDecimals)
{
    for (const char* code : {"EUR", "USD", "MXN", "GBP", "ARS"})
        EXPECT_TRUE(Currency::parse(code)) << code;
    for (const char* code : {"", "eur", "EURO", "E R", "JPY", "KWD", "CLP", "ESP", "DEM", "QQQ", "XXX", "XAU"})
        EXPECT_FALSE(Currency::parse(code)) << code;
}

} // namespace
} // namespace estante
