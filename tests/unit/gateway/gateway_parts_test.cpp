// The parts of the gateway that decide without a store.
#include "codec/digest.hpp"
#include "codec/json.hpp"
#include "gateway/compression.hpp"
#include "gateway/problem.hpp"
#include "gateway/router.hpp"
#include "gateway/tokens.hpp"
#include "support/ports.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace estante {
namespace {

TEST(AskedLanguage, IsTheBetterOfTheTwoAndSpanishOtherwise)
{
    EXPECT_EQ(asked_language(""), Language::es);
    EXPECT_EQ(asked_language("fr"), Language::es);
    EXPECT_EQ(asked_language("en"), Language::en);
    EXPECT_EQ(asked_language("en-GB,en;q=0.9"), Language::en);
    EXPECT_EQ(asked_language("en;q=0.4, es;q=0.6"), Language::es);
    EXPECT_EQ(asked_language("es;q=0, en;q=0.1"), Language::en);
    EXPECT_EQ(asked_language("english"), Language::es);
    EXPECT_EQ(asked_language(";;,,q=,en;q=x"), Language::en);
}

TEST(AcceptsGzip, ReadsTheHeader)
{
    EXPECT_TRUE(accepts_gzip("gzip"));
    EXPECT_TRUE(accepts_gzip("br, gzip;q=0.5"));
    EXPECT_FALSE(accepts_gzip("gzip;q=0"));
    EXPECT_FALSE(accepts_gzip("br, deflate"));
    EXPECT_FALSE(accepts_gzip(""));
}

const Keys keys{
    .signing = {{"new", "a secret of at least thirty-two bytes"}, {"old", "another secret of thirty-two bytes!!"}}};
const TenantId acme{"acme"};

AccessClaims claims_of_acme()
{
    return {acme, *UserId::parse("user_01J0000000000000000000000A"),
            *SessionId::parse("session_01J0000000000000000000000A"), Role::customer};
}

TEST(Tokens, HoldFifteenMinutesAndNotLonger)
{
    ManualClock clock;
    SeededRandom random;
    const auto token = create_token_signer(keys, clock, random)->sign(claims_of_acme());
    ASSERT_TRUE(verify_token(token, keys, clock.now_ms()));
    EXPECT_EQ(verify_token(token, keys, clock.now_ms())->claims.user, claims_of_acme().user);
    clock.advance(access_token_s * 1000 - 1);
    EXPECT_TRUE(verify_token(token, keys, clock.now_ms()));
    clock.advance(1);
    EXPECT_EQ(verify_token(token, keys, clock.now_ms()).error().title, "Token expirado");
}

TEST(Tokens, OfARotatedKeyHoldUntilTheKeyGoes)
{
    ManualClock clock;
    SeededRandom random;
    const Keys before{.signing = {keys.signing[1]}};
    const auto token = create_token_signer(before, clock, random)->sign(claims_of_acme());
    EXPECT_TRUE(verify_token(token, keys, clock.now_ms()));
    EXPECT_FALSE(verify_token(token, Keys{.signing = {keys.signing[0]}}, clock.now_ms()));
}

TEST(Tokens, WithAnyBitChangedAreRefused)
{
    ManualClock clock;
    SeededRandom random;
    const auto token = create_token_signer(keys, clock, random)->sign(claims_of_acme());
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto forged = token;
        forged[i] = static_cast<char>(forged[i] ^ 1);
        EXPECT_FALSE(verify_token(forged, keys, clock.now_ms())) << i;
    }
}

TEST(CartTokens, AreOfOneShopAndOneGuest)
{
    const auto guest = *GuestId::parse("guest_01J0000000000000000000000A");
    const auto token = cart_token(keys, acme, guest);
    EXPECT_EQ(verify_cart_token(token, keys, acme), guest);
    EXPECT_FALSE(verify_cart_token(token, keys, {"other"}));
    EXPECT_FALSE(verify_cart_token("guest_01J0000000000000000000000B" + token.substr(token.find('.')), keys, acme));
    EXPECT_FALSE(verify_cart_token("", keys, acme));
}

TEST(Seals, OpenOnlyInTheirScope)
{
    const auto sealed = seal(keys, "acme\nuser\n/v1/books", "the place");
    EXPECT_EQ(open_seal(keys, "acme\nuser\n/v1/books", sealed), "the place");
    EXPECT_FALSE(open_seal(keys, "acme\nuser\n/v1/purchases", sealed));
    EXPECT_FALSE(open_seal(keys, "acme\nuser\n/v1/books", sealed + "x"));
    EXPECT_FALSE(open_seal(keys, "acme\nuser\n/v1/books", "." + sealed.substr(sealed.find('.') + 1)));
}

TEST(Router, PrefersLiteralSegmentsAndSaysTheMethods)
{
    const Router router(all_routes());
    const auto search = router.find(Method::get, "/v1/books/search?q=a%20b&q=c");
    ASSERT_TRUE(std::holds_alternative<Router::Found>(search));
    EXPECT_EQ(std::get<Router::Found>(search).route->operation, "search_books");
    EXPECT_EQ(text_of(std::get<Router::Found>(search).query, "q"), "c");
    const auto book = router.find(Method::head, "/v1/books/book_%31");
    ASSERT_TRUE(std::holds_alternative<Router::Found>(book));
    EXPECT_EQ(text_of(std::get<Router::Found>(book).path, "book_id"), "book_1");
    EXPECT_EQ(std::get<Router::OtherMethods>(router.find(Method::delete_, "/v1/purchases")).allow,
              "GET, HEAD, OPTIONS, POST");
    EXPECT_TRUE(std::holds_alternative<Router::Missing>(router.find(Method::get, "/v1/books/")));
    EXPECT_TRUE(std::holds_alternative<Router::Malformed>(router.find(Method::get, "no path")));
}

TEST(Routes, HaveDistinctPathsAndNames)
{
    std::set<std::pair<Method, std::string_view>> paths;
    std::set<std::string_view> names;
    for (const Route& route : all_routes()) {
        EXPECT_TRUE(paths.emplace(route.method, route.path).second) << route.path;
        EXPECT_TRUE(names.insert(route.operation).second) << route.operation;
        EXPECT_FALSE(route.summary.empty());
        // A parameter that names no member would be dropped in silence.
        for (std::size_t open = route.path.find('{'); open != route.path.npos; open = route.path.find('{', open + 1)) {
            const auto name = route.path.substr(open + 1, route.path.find('}', open) - open - 1);
            EXPECT_TRUE(
                std::ranges::any_of(route.request(), [&](const codec::Field& field) { return field.name == name; }))
                << route.operation << " " << name;
        }
    }
    EXPECT_GE(paths.size(), 45U);
}

TEST(Problems, NameEveryWrongFieldInTheAskedLanguage)
{
    const Error error =
        invalid({{"/a", "required", {"es obligatorio", "is required"}}, {"/b\"", "too_long", {"largo", "long"}}})
            .error();
    const auto answer = problem(error, Language::en, "trace");
    EXPECT_EQ(answer.status, 400);
    const auto body = json::parse(answer.body);
    ASSERT_TRUE(body) << answer.body;
    const auto& faults = *find(*body->if_map(), "errors")->if_list();
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(text_of(*faults[0].if_map(), "reason"), "is required");
    EXPECT_EQ(text_of(*faults[1].if_map(), "pointer"), "/b\"");
}

} // namespace
} // namespace estante
