// The parts of the gateway that need no store.
#include "codec/digest.hpp"
#include "codec/json.hpp"
#include "gateway/encoding.hpp"
#include "gateway/problem.hpp"
#include "gateway/router.hpp"
#include "gateway/tokens.hpp"
#include "support/ports.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace estante {
namespace {

TEST(PreferredLanguage, IsTheOneWithTheHigherQualityAndSpanishByDefault)
{
    EXPECT_EQ(preferred_language(""), Language::es);
    EXPECT_EQ(preferred_language("fr"), Language::es);
    EXPECT_EQ(preferred_language("en"), Language::en);
    EXPECT_EQ(preferred_language("en-GB,en;q=0.9"), Language::en);
    EXPECT_EQ(preferred_language("en;q=0.4, es;q=0.6"), Language::es);
    EXPECT_EQ(preferred_language("es;q=0, en;q=0.1"), Language::en);
    EXPECT_EQ(preferred_language("english"), Language::es);
    EXPECT_EQ(preferred_language(";;,,q=,en;q=x"), Language::en);
}

TEST(AcceptsGzip, IfAcceptEncodingGivesItAQualityAboveZero)
{
    EXPECT_TRUE(accepts_gzip("gzip"));
    EXPECT_TRUE(accepts_gzip("br, gzip;q=0.5"));
    EXPECT_FALSE(accepts_gzip("gzip;q=0"));
    EXPECT_FALSE(accepts_gzip("gzip; q=0.0"));
    EXPECT_FALSE(accepts_gzip("gzip;q=0, br"));
    EXPECT_FALSE(accepts_gzip("br, deflate"));
    EXPECT_FALSE(accepts_gzip(""));
}

const SigningKeys keys{
    .signing = {{"new", "a secret of at least thirty-two bytes"}, {"old", "another secret of thirty-two bytes!!"}}};
const TenantId acme{"acme"};

AccessClaims claims_of_acme()
{
    return {acme, *UserId::parse("user_01J0000000000000000000000A"),
            *SessionId::parse("session_01J0000000000000000000000A"), Role::customer};
}

TEST(AccessTokens, AreValidForFifteenMinutes)
{
    ManualClock clock;
    SeededRandom random;
    const auto token = create_token_signer(keys, clock, random)->sign(claims_of_acme());
    ASSERT_TRUE(verify_token(token, keys, clock.now_ms()));
    EXPECT_EQ(verify_token(token, keys, clock.now_ms())->claims.user, claims_of_acme().user);
    clock.advance(access_token_lifetime_s * 1000 - 1);
    EXPECT_TRUE(verify_token(token, keys, clock.now_ms()));
    clock.advance(1);
    EXPECT_EQ(verify_token(token, keys, clock.now_ms()).error().title, "Token expirado");
}

TEST(AccessTokens, SignedWithARotatedKeyAreValidUntilTheKeyIsRemoved)
{
    ManualClock clock;
    SeededRandom random;
    const SigningKeys before{.signing = {keys.signing[1]}};
    const auto token = create_token_signer(before, clock, random)->sign(claims_of_acme());
    EXPECT_TRUE(verify_token(token, keys, clock.now_ms()));
    EXPECT_FALSE(verify_token(token, SigningKeys{.signing = {keys.signing[0]}}, clock.now_ms()));
}

TEST(AccessTokens, AreRefusedIfAnyBitIsChanged)
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

TEST(CartTokens, AreValidForOneGuestOfOneShop)
{
    const auto guest = *GuestId::parse("guest_01J0000000000000000000000A");
    const auto token = cart_token(keys, acme, guest);
    EXPECT_EQ(verify_cart_token(token, keys, acme), guest);
    EXPECT_FALSE(verify_cart_token(token, keys, {"other"}));
    EXPECT_FALSE(verify_cart_token("guest_01J0000000000000000000000B" + token.substr(token.find('.')), keys, acme));
    EXPECT_FALSE(verify_cart_token("", keys, acme));
}

TEST(PageTokens, OpenOnlyInTheScopeTheyWereSealedFor)
{
    const auto sealed = seal(keys, "acme\nuser\n/v1/books", "the place");
    EXPECT_EQ(open_seal(keys, "acme\nuser\n/v1/books", sealed), "the place");
    EXPECT_FALSE(open_seal(keys, "acme\nuser\n/v1/purchases", sealed));
    EXPECT_FALSE(open_seal(keys, "acme\nuser\n/v1/books", sealed + "x"));
    EXPECT_FALSE(open_seal(keys, "acme\nuser\n/v1/books", "." + sealed.substr(sealed.find('.') + 1)));
}

TEST(Router, PrefersLiteralSegmentsAndListsTheMethodsOfAPath)
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
    EXPECT_TRUE(std::holds_alternative<Router::NotFound>(router.find(Method::get, "/v1/books/")));
    EXPECT_TRUE(std::holds_alternative<Router::Malformed>(router.find(Method::get, "no path")));
}

TEST(Routes, HaveUniquePathsAndOperationNames)
{
    std::set<std::pair<Method, std::string_view>> paths;
    std::set<std::string_view> names;
    for (const Route& route : all_routes()) {
        EXPECT_TRUE(paths.emplace(route.method, route.path).second) << route.path;
        EXPECT_TRUE(names.insert(route.operation).second) << route.operation;
        EXPECT_FALSE(route.summary.empty());
        // A path parameter without a member of that name in the request would be ignored without an error.
        for (std::size_t open = route.path.find('{'); open != route.path.npos; open = route.path.find('{', open + 1)) {
            const auto name = route.path.substr(open + 1, route.path.find('}', open) - open - 1);
            EXPECT_TRUE(
                std::ranges::any_of(route.request(), [&](const codec::Field& field) { return field.name == name; }))
                << route.operation << " " << name;
        }
    }
    EXPECT_GE(paths.size(), 45U);
}

// The routes whose responses ResponseCache stores. A route joins or leaves the list by the ports of its operation.
TEST(Routes, AreCacheableIfTheyArePublicAndAllTheirReadsAreRecorded)
{
    std::set<std::string_view> cacheable;
    for (const Route& route : all_routes()) {
        if (route.cacheable)
            cacheable.insert(route.operation);
        EXPECT_TRUE(route.is_public || !route.cacheable) << route.operation;
    }
    EXPECT_EQ(cacheable, (std::set<std::string_view>{"get_book", "get_book_by_isbn", "get_shop"}));
}

using AnyResponse = ListOf<PageToken>;
template <class... Ports>
constexpr bool is_cacheable_with =
    detail::Signature<Task<Result<AnyResponse>> (*)(const Caller&, const Nothing&, Ports&...)>::cacheable;
static_assert(is_cacheable_with<TenantItems>);
static_assert(!is_cacheable_with<TenantItems, Clock>, "the response depends on the time");
static_assert(!is_cacheable_with<TenantItems, Random>);
static_assert(!is_cacheable_with<SearchIndex>, "the index has no partition versions");
static_assert(!is_cacheable_with<TenantItems, books::BookCache>, "a hit does not record its reads");
static_assert(!is_cacheable_with<TenantItems, IdempotencyGuard<AnyResponse>>, "a write");

TEST(IdempotencyGuard, DistinguishesItsRecordFromOtherFailedActions)
{
    const auto failed_at = [](std::size_t index) {
        return StoreError{.code = StoreError::Code::condition_failed, .failed = {{.index = index, .current = {}}}};
    };
    IdempotencyGuard<int> guard([](int) { return Item{{"pk", "IDEMPOTENCY#a#b"}, {"sk", "IDEMPOTENCY"}}; });
    std::vector<Action> actions{Delete{.table = Table::books, .key = {"a", "b"}}};
    ASSERT_NE(guard.add_record_to(actions, Table::books, 1), nullptr);
    ASSERT_EQ(actions.size(), 2U);
    EXPECT_FALSE(guard.is_recorded_by_another(failed_at(0)));
    EXPECT_TRUE(guard.is_recorded_by_another(failed_at(1)));

    IdempotencyGuard<int> without_key;
    EXPECT_EQ(without_key.add_record_to(actions, Table::books, 1), nullptr);
    EXPECT_EQ(actions.size(), 2U);
    EXPECT_FALSE(without_key.is_recorded_by_another(failed_at(1)));
}

TEST(Problems, ListEveryInvalidFieldInThePreferredLanguage)
{
    const Error error =
        invalid({{"/a", "required", {"es obligatorio", "is required"}}, {"/b\"", "too_long", {"largo", "long"}}})
            .error();
    const auto response = problem(error, Language::en, "trace");
    EXPECT_EQ(response.status, 400);
    const auto body = json::parse(response.body);
    ASSERT_TRUE(body) << response.body;
    const auto& faults = *find(*body->if_map(), "errors")->if_list();
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(text_of(*faults[0].if_map(), "reason"), "is required");
    EXPECT_EQ(text_of(*faults[1].if_map(), "pointer"), "/b\"");
}

} // namespace
} // namespace estante
