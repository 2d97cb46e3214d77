// Reports and live sales through the gateway.
#include "codec/csv_cells.hpp"
#include "gateway/exports.hpp"
#include "unit/gateway/managed_shop_test.hpp"

#include <chrono>

namespace estante {
namespace {

class AnalyticsRoutes : public ManagedShopTest {
protected:
    HttpResponse get(std::string_view target, std::string_view accept = "", std::string_view last_event_id = "")
    {
        HttpRequest request{.method = Method::get, .target = target};
        request.accept = accept;
        request.accept_language = "en";
        request.authorization = token;
        request.last_event_id = last_event_id;
        return run(gateway.handle(request, "trace"));
    }
    static std::string piece(const HttpResponse& response)
    {
        return run(response.events->next(std::chrono::milliseconds(0))).value_or("(end)");
    }
};

TEST_F(AnalyticsRoutes, AListIsCsvOrParquetByParameterOrAcceptHeader)
{
    analytics.put({"acme"}, purchase(12'50));
    const auto csv = get("/v1/analytics/top-books?format=csv");
    EXPECT_EQ(csv.status, 200) << csv.body;
    EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8");
    EXPECT_EQ(header_of(csv, "Content-Disposition"), "attachment; filename=\"top-books_2026-01-02_2026-01-31.csv\"");
    EXPECT_TRUE(csv.body.starts_with("rank,category,book_id,title,items,revenue,currency\r\n1,\"\",")) << csv.body;
    EXPECT_TRUE(csv.body.ends_with(",\"'=Nada, \"\"hoy\"\"\",1,12.50,\"EUR\"\r\n")) << csv.body;
    EXPECT_EQ(get("/v1/analytics/top-books", "text/csv").body, csv.body);

    const auto parquet = get("/v1/analytics/daily", "application/vnd.apache.parquet");
    EXPECT_EQ(parquet.content_type, "application/vnd.apache.parquet");
    EXPECT_EQ(parquet.body, "30 begin purchases items revenue currency");
    EXPECT_EQ(get("/v1/analytics/customers?format=parquet").body, "1 user_id purchases items revenue currency");
    EXPECT_EQ(get("/v1/analytics/authors", "text/csv;q=0.5, application/json").content_type, "application/json");
    EXPECT_EQ(get("/v1/analytics/authors?format=json", "text/csv").content_type, "application/json");
    EXPECT_EQ(get("/v1/analytics/authors?format=xml").status, 400);
    EXPECT_EQ(get("/v1/analytics/authors", "image/png").status, 406);
    EXPECT_EQ(get("/v1/analytics/summary", "text/csv").status, 406) << "it is not a list";
}

TEST(Csv, PrefixesFormulasWithAnApostrophe)
{
    for (const std::string_view text : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"}) {
        std::string cell;
        add_csv_cell(cell, text);
        EXPECT_EQ(cell, "\"'" + std::string(text) + "\"");
    }
    std::string cell;
    add_csv_cell(cell, "a=1");
    EXPECT_EQ(cell, "\"a=1\"");
}

TEST(AcceptHeaders, SelectTheFormatOfAList)
{
    EXPECT_EQ(preferred_format(""), ListFormat::json);
    EXPECT_EQ(preferred_format("*/*"), ListFormat::json);
    EXPECT_EQ(preferred_format("text/csv"), ListFormat::csv);
    EXPECT_EQ(preferred_format("text/*"), ListFormat::csv);
    EXPECT_EQ(preferred_format("application/*"), ListFormat::json);
    EXPECT_EQ(preferred_format("text/html, text/csv;q=0.9"), ListFormat::csv);
    EXPECT_EQ(preferred_format("application/json;q=0.1, text/csv; q=0.2, application/vnd.apache.parquet;q=0.3"),
              ListFormat::parquet);
    EXPECT_EQ(preferred_format("application/json, text/csv"), ListFormat::json);
}

TEST_F(AnalyticsRoutes, AStreamSendsTheDayAndThenEachSale)
{
    sell("acme", 5'00);
    const auto stream = get("/v1/analytics/live");
    ASSERT_EQ(stream.status, 200) << stream.body;
    EXPECT_EQ(stream.content_type, "text/event-stream");
    ASSERT_TRUE(stream.events);
    const auto begin = piece(stream);
    EXPECT_TRUE(begin.contains("event: today\ndata: {\"day\":\"2026-01-31\",\"purchases\":1,")) << begin;
    EXPECT_FALSE(begin.contains("event: sale")) << begin;
    sell("northwind", 9'00);
    EXPECT_EQ(piece(stream), "");
    sell("acme", 7'00);
    const auto sale = piece(stream);
    EXPECT_TRUE(sale.starts_with("event: sale\ndata: {\"purchase_id\":")) << sale;
    EXPECT_TRUE(sale.contains("event: today\ndata: {\"day\":\"2026-01-31\",\"purchases\":2,\"items\":2,"
                              "\"revenue\":12.00,"))
        << sale;
}

TEST_F(AnalyticsRoutes, AStreamContinuesAfterLastEventId)
{
    const auto first = get("/v1/analytics/live");
    const auto begin = piece(first);
    const auto at = begin.rfind("id: ") + 4;
    const auto place = begin.substr(at, begin.find('\n', at) - at);
    sell("acme", 3'00);
    const auto second = get("/v1/analytics/live", "text/event-stream", place);
    const auto caught_up = piece(second);
    EXPECT_EQ(caught_up.find("event: sale"), caught_up.rfind("event: sale")) << caught_up;
    EXPECT_TRUE(caught_up.contains("\"total_amount\":3.00")) << caught_up;
    EXPECT_EQ(piece(second), "") << "each sale is sent once";
    EXPECT_EQ(get("/v1/analytics/live", "", "nonsense'--").status, 400);
}

TEST_F(AnalyticsRoutes, AStreamReloadsLostEventsFromTheTableAfterAGap)
{
    const auto stream = get("/v1/analytics/live");
    piece(stream);
    for (int i = 0; i < 8; ++i)
        sell("acme", 1'00);
    const auto told = piece(stream);
    EXPECT_TRUE(told.starts_with("event: gap\n")) << told;
    std::size_t sales = 0;
    for (std::size_t at = 0; (at = told.find("event: sale\n", at)) != told.npos; ++at)
        ++sales;
    EXPECT_EQ(sales, 8U) << told;
    EXPECT_TRUE(told.contains("\"purchases\":8,")) << told;
}

TEST_F(AnalyticsRoutes, AnIdleStreamSendsHeartbeats)
{
    const auto stream = get("/v1/analytics/live");
    piece(stream);
    EXPECT_EQ(piece(stream), "");
    clock.advance(10'000);
    EXPECT_EQ(piece(stream), ":\n\n");
    EXPECT_EQ(piece(stream), "");
}

TEST_F(AnalyticsRoutes, AStreamEndsWhenTheCallerMayNoLongerWatch)
{
    const auto ends = [this](std::string_view reason, const std::function<void()>& event) {
        const auto stream = get("/v1/analytics/live");
        ASSERT_TRUE(stream.events) << stream.body;
        piece(stream);
        event();
        sell("acme", 1'00); // not sent any more
        EXPECT_EQ(piece(stream), "event: end\ndata: {\"reason\":\"" + std::string(reason) + "\"}\n\n");
        EXPECT_EQ(piece(stream), "(end)");
    };
    ends("forbidden", [this] { becomes(Role::customer); });
    becomes(Role::manager);
    ends("suspended", [this] { becomes(TenantStatus::suspended); });
    becomes(TenantStatus::active);
    ends("token_expired", [this] { clock.advance(15 * 60 * 1000LL); });
    clock.set(ManualClock::start_ms);
    ends("session_ended", [this] {
        auto items = all.of(TenantId{"acme"});
        run(items.remove({.table = Table::users, .key = {user.value, "SESSION#" + claim("session")}})).value();
    });
}

TEST_F(AnalyticsRoutes, StreamsAreLimitedAndAClosedOneFreesItsSlot)
{
    auto first = get("/v1/analytics/live");
    const auto second = get("/v1/analytics/live");
    const auto third = get("/v1/analytics/live");
    EXPECT_EQ(third.status, 429) << third.body;
    EXPECT_TRUE(third.body.contains("rate_limited")) << third.body;
    EXPECT_FALSE(header_of(third, "Retry-After").empty());
    EXPECT_EQ(get("/v1/analytics/live?since=2026-01-31").status, 200) << "a page does not hold a connection";
    first.events.reset();
    EXPECT_EQ(get("/v1/analytics/live").status, 200);
}

TEST_F(AnalyticsRoutes, ARequestWithSinceReturnsOnePage)
{
    sell("acme", 4'00);
    for (const auto* accept : {"", "*/*", "application/json"}) {
        const auto page = get("/v1/analytics/live?since=2026-01-31", accept);
        EXPECT_EQ(page.content_type, "application/json");
        EXPECT_TRUE(page.body.contains("\"total_amount\":4.00")) << page.body;
    }
    EXPECT_TRUE(get("/v1/analytics/live?since=2026-01-31", "text/event-stream").events);
    EXPECT_EQ(get("/v1/analytics/live?since=yesterday").status, 400);
    EXPECT_EQ(get("/v1/analytics/live", "application/json").content_type, "application/json");
}

} // namespace
} // namespace estante
