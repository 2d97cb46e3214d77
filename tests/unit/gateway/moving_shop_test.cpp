// A shop that is being moved: it can be read, and every change is refused until it is open again.
#include "adapters/search/search_index.hpp"
#include "gateway/gateway.hpp"
#include "gateway/keys.hpp"
#include "gateway/tokens.hpp"
#include "operations/tenants/create_tenant.hpp"
#include "records/tenants.hpp"
#include "unit/users/platform_test.hpp"

namespace estante {
namespace {

class NoImports final : public ImportJobs {
public:
    Task<void> start(TenantId, ImportId, Upload) override { co_return; }
};

class MovingShop : public testing::Test {
protected:
    ManualClock clock;
    SeededRandom random;
    CountingIds ids{clock};
    PlainHasher hasher;
    Keys keys{{{"k1", std::string(32, 's')}}};
    Stamps stamps;
    std::unique_ptr<Store> store = create_memory_store(clock, &stamps);
    std::unique_ptr<TokenSigner> signer = create_token_signer(keys, clock, random);
    std::unique_ptr<SearchIndex> index = search::create_search_index();
    NoImports imports;
    purchases::PurchaseNumbers numbers;
    Ports ports{store->items(), clock, ids, random, hasher, *signer, *index, imports, numbers};
    Gateway gateway{ports, keys, stamps, {}};
    AllItems all{store->items()};

    void SetUp() override
    {
        const Tenant shop{.id = {"acme"}, .settings = {.name = {"Librería"}, .delivery = {}}};
        run(store->items().put({.table = Table::users, .item = to_item(shop)})).value();
    }
    void becomes(TenantStatus status)
    {
        auto items = all.of(TenantId{"acme"});
        run(items.update(with_status(status, clock.now_ms()))).value();
    }
    HttpAnswer send(Method method, std::string_view target, std::string_view body = {}, std::string_view token = {})
    {
        HttpRequest request{.method = method, .target = target, .body = body};
        request.content_type = body.empty() ? "" : "application/json";
        request.authorization = token;
        request.accept_language = "en";
        if (token.empty())
            request.tenant = "acme";
        if (const HttpAnswer* kept = gateway.kept(request))
            return *kept;
        return run(gateway.handle(request, "trace"));
    }
    std::string registered()
    {
        const auto answer = send(Method::post, "/v1/users/register",
                                 R"({"tenant_id":"acme","email":"ana@example.com","password":"a good password"})");
        EXPECT_EQ(answer.status, 201) << answer.body;
        const auto body = json::parse(answer.body);
        return "Bearer " + std::string(text_of(*body->if_map(), "token"));
    }
    static std::string retry_after(const HttpAnswer& answer)
    {
        for (const auto& [name, value] : answer.headers) {
            if (name == "Retry-After")
                return value;
        }
        return "";
    }
    static void expect_refused(const HttpAnswer& answer)
    {
        EXPECT_EQ(answer.status, 503) << answer.body;
        EXPECT_EQ(retry_after(answer), "5");
        EXPECT_TRUE(answer.body.contains(R"("code":"unavailable")")) << answer.body;
        EXPECT_TRUE(answer.body.contains("being moved")) << answer.body;
    }
};

TEST_F(MovingShop, CanBeReadByAllAndChangedByNobody)
{
    const auto token = registered();
    becomes(TenantStatus::moving);
    EXPECT_EQ(send(Method::get, "/v1/shop").status, 200);
    EXPECT_EQ(send(Method::head, "/v1/shop").status, 200);
    EXPECT_EQ(send(Method::get, "/v1/users/me", {}, token).status, 200);
    EXPECT_EQ(send(Method::get, "/v1/cart", {}, token).status, 200);

    expect_refused(send(Method::post, "/v1/purchases", "{}", token));
    expect_refused(send(Method::delete_, "/v1/cart", {}, token));
    expect_refused(send(Method::patch, "/v1/users/me", "{}", token));
    expect_refused(send(Method::delete_, "/v1/cart")); // a guest
    expect_refused(send(Method::post, "/v1/users/login",
                        R"({"tenant_id":"acme","email":"ana@example.com","password":"a good password"})"));
}

TEST_F(MovingShop, IsOpenAgainAtOnce)
{
    const auto token = registered();
    EXPECT_EQ(send(Method::delete_, "/v1/cart", {}, token).status, 204);
    becomes(TenantStatus::moving);
    expect_refused(send(Method::delete_, "/v1/cart", {}, token));
    becomes(TenantStatus::active);
    EXPECT_EQ(send(Method::delete_, "/v1/cart", {}, token).status, 204);
}

TEST_F(MovingShop, IsNotASuspendedOne)
{
    const auto token = registered();
    EXPECT_EQ(send(Method::get, "/v1/cart", {}, token).status, 200);
    becomes(TenantStatus::suspended);
    for (const auto& answer : {send(Method::get, "/v1/shop"), send(Method::get, "/v1/cart", {}, token),
                               send(Method::delete_, "/v1/cart", {}, token)}) {
        EXPECT_EQ(answer.status, 403) << answer.body;
        EXPECT_TRUE(answer.body.contains("suspended")) << answer.body;
    }
}

} // namespace
} // namespace estante
