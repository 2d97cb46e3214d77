#include "unit/analytics/figures_test.hpp"

#include "codec/described.hpp"
#include "operations/analytics/best_customers.hpp"
#include "operations/analytics/daily_sales.hpp"
#include "operations/analytics/detail/report_period.hpp"
#include "operations/analytics/sales_summary.hpp"
#include "operations/analytics/top_authors.hpp"
#include "operations/analytics/top_books.hpp"

namespace estante {
namespace {

using namespace analytics;

TEST_F(Figures, SummaryComparesTheLastThirtyDaysWithTheThirtyBefore)
{
    const auto summary = run(sales_summary(manager, {}, items, analytics, clock)).value();
    EXPECT_EQ(
        codec::to_json(summary),
        R"({"currency":"EUR",)"
        R"("period":{"from":"2026-01-02","to":"2026-01-31","purchases":3,"items":6,"revenue":50.00,)"
        R"("average_order_value":16.67},)"
        R"("customers":{"new_customers":1,"returning_customers":1,"new_revenue":15.00,"returning_revenue":35.00},)"
        R"("before":{"from":"2025-12-03","to":"2026-01-01","purchases":1,"items":1,"revenue":10.00,)"
        R"("average_order_value":10.00},)"
        R"("change":{"purchases":2,"items":5,"revenue":40.00,"revenue_percent":400}})");
}

TEST_F(Figures, ShopWithoutSalesHasZerosAndNoAverage)
{
    given_shop("empty");
    auto empty = items_of("empty");
    const auto caller = caller_in("empty", Caller::Kind::manager);
    const auto summary = run(sales_summary(caller, {}, empty, analytics, clock)).value();
    EXPECT_EQ(summary.period.purchases, 0U);
    EXPECT_EQ(summary.period.revenue, Money{0});
    EXPECT_FALSE(summary.period.average_order_value.value);
    EXPECT_FALSE(summary.change.revenue_percent.value);
    EXPECT_TRUE(run(top_books(caller, {}, empty, analytics, clock)).value().items.empty());
    EXPECT_EQ(run(daily_sales(caller, {}, empty, analytics, clock)).value().items.size(), 30U);
}

TEST_F(Figures, DecreaseIsANegativeChange)
{
    const auto summary =
        run(sales_summary(manager, {.from = date("2026-01-11"), .to = date("2026-01-11")}, items, analytics, clock))
            .value();
    EXPECT_EQ(summary.before.revenue, Money{35'00});
    EXPECT_EQ(summary.change.purchases, -1);
    EXPECT_EQ(summary.change.revenue, Money{-20'00});
    EXPECT_EQ(summary.change.revenue_percent.value, -57); // 57.14
}

TEST_F(Figures, SeriesByHourHasEachHourOfThePeriod)
{
    DailySales request{.from = date("2026-01-10"), .to = date("2026-01-11")};
    request.by.value = Granularity::hour;
    const auto series = run(daily_sales(manager, request, items, analytics, clock)).value();
    ASSERT_EQ(series.items.size(), 48U);
    EXPECT_EQ(codec::to_json(series.items[9]),
              R"({"begin":"2026-01-10T09:00:00.000Z","purchases":2,"items":3,"revenue":35.00})");
    EXPECT_EQ(series.items[10].purchases, 0U) << "cancelled and refunded";
    EXPECT_EQ(series.items[24].revenue, Money{15'00}) << "the first millisecond of a day is in that day";
    EXPECT_EQ(series.items[23].purchases, 0U);
}

TEST_F(Figures, SeriesByMonthHasOnlyTheSalesInThePeriod)
{
    DailySales request{.from = date("2025-12-31"), .to = date("2026-02-01")};
    request.by.value = Granularity::month;
    const auto series = run(daily_sales(manager, request, items, analytics, clock)).value();
    ASSERT_EQ(series.items.size(), 3U);
    EXPECT_EQ(codec::to_json(series.items[0]),
              R"({"begin":"2025-12-01T00:00:00.000Z","purchases":1,"items":1,"revenue":10.00})");
    EXPECT_EQ(series.items[1].revenue, Money{50'00});
    EXPECT_EQ(series.items[2].revenue, Money{27'00});
}

TEST_F(Figures, TopBooksAreRankedByCopies)
{
    const auto top = run(top_books(manager, {}, items, analytics, clock)).value();
    ASSERT_EQ(top.items.size(), 3U);
    EXPECT_EQ(top.items[0].title, "Mapa");
    EXPECT_EQ(top.items[0].category, "") << "the book is not in the catalogue";
    EXPECT_EQ(top.items[1].title, "Nada");
    EXPECT_EQ(top.items[1].items, 2U);
    EXPECT_EQ(top.items[2].rank, 3);
}

TEST_F(Figures, TopBooksAreRankedWithinEachCategory)
{
    TopBooks request{.from = date("2026-01-01"), .to = date("2026-02-28")};
    request.by.value = Ranking::category;
    const auto top = run(top_books(manager, request, items, analytics, clock)).value();
    ASSERT_EQ(top.items.size(), 3U);
    EXPECT_EQ(top.items[0].title, "Mapa");
    EXPECT_EQ(top.items[1].title, "Nada, corregida") << "as in its last sale";
    EXPECT_EQ(top.items[1].items, 3U);
    EXPECT_EQ(top.items[1].rank, 1);
    EXPECT_EQ(top.items[2].title, "Todo");
    EXPECT_EQ(top.items[2].rank, 2);
    request.limit.value.value = 1;
    EXPECT_EQ(run(top_books(manager, request, items, analytics, clock)).value().items.size(), 2U);
}

TEST_F(Figures, EachAuthorHasTheWholeRevenueOfABook)
{
    const auto top =
        run(top_authors(manager, {.from = date("2026-01-01"), .to = date("2026-02-28")}, items, analytics, clock))
            .value();
    EXPECT_EQ(codec::to_json(top.items), R"([{"author":"Laforet","items":5,"revenue":62.00},)"
                                         R"({"author":"Matute","items":2,"revenue":30.00},)"
                                         R"({"author":"","items":3,"revenue":15.00}])");
}

TEST_F(Figures, BestCustomersAreRankedByRevenue)
{
    const auto best = run(best_customers(manager, {}, items, analytics, clock)).value();
    ASSERT_EQ(best.items.size(), 2U);
    EXPECT_EQ(best.items[0].user_id, ana.value);
    EXPECT_EQ(best.items[0].revenue, Money{35'00});
    EXPECT_EQ(best.items[0].purchases, 2U);
    EXPECT_EQ(best.items[1].user_id, luis.value);
}

TEST_F(Figures, PeriodMustNotBeReversedOrTooLong)
{
    const auto request_period = [this](std::string_view from, std::string_view to, Granularity by) {
        DailySales request{.from = date(from), .to = date(to)};
        request.by.value = by;
        return run(daily_sales(manager, request, items, analytics, clock));
    };
    using enum Granularity;
    EXPECT_EQ(fault_of(request_period("2026-01-02", "2026-01-01", day)), "?from");
    EXPECT_EQ(fault_of(request_period("2026-01-01", "2026-02-01", hour)), "?from") << "32 days";
    EXPECT_TRUE(request_period("2026-01-01", "2026-01-31", hour));
    EXPECT_EQ(fault_of(request_period("2016-01-01", "2026-01-08", day)), "?from") << "3,661 days";
    EXPECT_TRUE(request_period("2016-01-01", "2026-01-07", day));
    EXPECT_EQ(fault_of(request_period("2016-01-01", "2026-01-01", hour)), "?from");
    const auto refused = request_period("2016-01-01", "2026-01-01", hour).error().faults.front().reason;
    EXPECT_TRUE(refused.en.contains("3654 days and the limit by hour is 31: set 2025-12-02 or a later day"))
        << refused.en;
    EXPECT_TRUE(refused.es.contains("3654 días y el límite por horas es de 31: indique 2025-12-02 o un día posterior"))
        << refused.es;
}

TEST_F(Figures, PeriodWithOneEndHasThirtyDaysOrEndsToday)
{
    const auto period = [this](const std::optional<CalendarDate>& from, const std::optional<CalendarDate>& to) {
        const auto resolved = report_period(from, to, clock).value();
        return CalendarDate::of(resolved.first).value + " " + CalendarDate::of(resolved.last).value;
    };
    EXPECT_EQ(period({}, {}), "2026-01-02 2026-01-31");
    EXPECT_EQ(period(date("2025-12-31"), {}), "2025-12-31 2026-01-31");
    EXPECT_EQ(period({}, date("2024-03-01")), "2024-02-01 2024-03-01") << "a leap year";
    EXPECT_FALSE(report_period(date("2026-02-01"), {}, clock)) << "it would begin tomorrow and end today";
}

TEST(CalendarDates, AreParsedStrictly)
{
    for (const char* good : {"1970-01-01", "2024-02-29", "2999-12-31"}) {
        ASSERT_TRUE(CalendarDate::parse(good)) << good;
        EXPECT_EQ(CalendarDate::of(CalendarDate::parse(good)->day()).value, good);
    }
    for (const char* bad :
         {"", "2026", "2026-1-1", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-32", "1969-12-31", "3000-01-01",
          "2026/01/01", "2026-01-01T00:00:00Z", "2026-01-01 ", "+026-01-01", "2026-01-0x", "../01-01-0", "2026-01-'1"})
        EXPECT_FALSE(CalendarDate::parse(bad)) << bad;
}

} // namespace
} // namespace estante
