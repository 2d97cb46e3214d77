// A shop that is being moved: reads succeed, and every change is refused until the move has ended.
#include "unit/gateway/gateway_test.hpp"

namespace estante {
namespace {

class MovingShop : public GatewayTest {
protected:
    static void expect_refused(const HttpResponse& response)
    {
        EXPECT_EQ(response.status, 503) << response.body;
        EXPECT_EQ(header_of(response, "Retry-After"), "5");
        EXPECT_TRUE(response.body.contains(R"("code":"unavailable")")) << response.body;
        EXPECT_TRUE(response.body.contains("being moved")) << response.body;
    }
};

TEST_F(MovingShop, IsReadOnly)
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

TEST_F(MovingShop, IsWritableAsSoonAsTheMoveEnds)
{
    const auto token = registered();
    EXPECT_EQ(send(Method::delete_, "/v1/cart", {}, token).status, 204);
    becomes(TenantStatus::moving);
    expect_refused(send(Method::delete_, "/v1/cart", {}, token));
    becomes(TenantStatus::active);
    EXPECT_EQ(send(Method::delete_, "/v1/cart", {}, token).status, 204);
}

TEST_F(MovingShop, IsNotSuspended)
{
    const auto token = registered();
    EXPECT_EQ(send(Method::get, "/v1/cart", {}, token).status, 200);
    becomes(TenantStatus::suspended);
    for (const auto& response : {send(Method::get, "/v1/shop"), send(Method::get, "/v1/cart", {}, token),
                                 send(Method::delete_, "/v1/cart", {}, token)}) {
        EXPECT_EQ(response.status, 403) << response.body;
        EXPECT_TRUE(response.body.contains("suspended")) << response.body;
    }
}

} // namespace
} // namespace estante
