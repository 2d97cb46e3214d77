#include "athena/athena_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>

namespace estante {

namespace {

const TenantId acme = *TenantId::parse("acme");

InjectedFault state(const std::string& state, const std::string& reason = "")
{
    return fault::json(200, R"({"QueryExecution":{"Status":{"State":")" + state + R"(","StateChangeReason":")" +
                                reason + R"("}}})");
}

std::string row(const std::vector<std::string>& cells)
{
    std::string text;
    for (const auto& cell : cells)
        text +=
            (text.empty() ? "" : ",") + (cell == "NULL" ? std::string("{}") : R"({"VarCharValue":")" + cell + R"("})");
    return R"({"Data":[)" + text + "]}";
}

InjectedFault page(const std::vector<std::vector<std::string>>& rows, const std::string& next = "")
{
    std::string text;
    for (const auto& cells : rows)
        text += (text.empty() ? "" : ",") + row(cells);
    return fault::json(200, R"({"ResultSet":{"Rows":[)" + text + "]}" +
                                (next.empty() ? "" : R"(,"NextToken":")" + next + '"') + "}");
}

class AthenaQueries : public testing::Test {
protected:
    FaultServer server_;
    AthenaFixture fixture_;
    std::unique_ptr<Analytics> reports_ =
        fixture_.reports(server_.url(), {.workgroup = "reports",
                                         .output = "s3://bucket/athena/",
                                         .query_timeout = std::chrono::milliseconds(300),
                                         .min_poll_delay = std::chrono::milliseconds(1),
                                         .max_poll_delay = std::chrono::milliseconds(3)});
    const Period january_{.first = day(2026, 1, 1), .last = day(2026, 1, 31)};

    void expect_start() { server_.next(fault::json(200, R"({"QueryExecutionId":"q-1"})")); }
    void expect_query(const std::vector<std::vector<std::string>>& rows)
    {
        expect_start();
        server_.next(state("SUCCEEDED"));
        server_.next(page(rows));
    }
    Map request(std::size_t n) const { return std::get<Map>(json::parse(server_.seen().at(n).body)->data); }
    std::string target(std::size_t n) const { return std::string(server_.seen().at(n).header("x-amz-target")); }
    static std::vector<std::string> parameters(const Map& request)
    {
        std::vector<std::string> texts;
        const Value* list = find(request, "ExecutionParameters");
        for (const Value& value : list ? *list->if_list() : List())
            texts.push_back(*value.if_string());
        return texts;
    }
    template <class T> std::string error_of(const Result<T>& response)
    {
        if (response)
            return "ok";
        return response.error().code == Errc::unavailable && response.error().retry_after_s > 0 ? "unavailable"
               : response.error().code == Errc::invalid                                         ? "invalid"
                                                                                                : "another";
    }
};

TEST_F(AthenaQueries, AReportStartsPollsAndReadsAQuery)
{
    expect_start();
    server_.next(state("QUEUED"));
    server_.next(state("RUNNING"), 2);
    server_.next(state("SUCCEEDED"));
    server_.next(page({{"_col0", "_col1", "_col2"}, {"3", "7", "12345"}}));
    const auto totals = run(reports_->totals(acme, january_));
    ASSERT_TRUE(totals) << fixture_.last_log_line();
    EXPECT_EQ(*totals, (Sales{.purchases = 3, .items = 7, .revenue_cents = 12345}));

    EXPECT_EQ(target(0), "AmazonAthena.StartQueryExecution");
    EXPECT_EQ(server_.seen()[0].header("content-type"), "application/x-amz-json-1.1");
    const auto start = request(0);
    EXPECT_EQ(text_of(start, "WorkGroup"), "reports");
    EXPECT_EQ(text_of(*find(start, "ResultConfiguration")->if_map(), "OutputLocation"), "s3://bucket/athena/");
    EXPECT_EQ(text_of(*find(start, "QueryExecutionContext")->if_map(), "Database"), "bookstore_dev");
    EXPECT_GE(text_of(start, "ClientRequestToken").size(), 32U);
    EXPECT_EQ(target(1), "AmazonAthena.GetQueryExecution");
    EXPECT_EQ(target(5), "AmazonAthena.GetQueryResults");
    EXPECT_EQ(text_of(request(5), "QueryExecutionId"), "q-1");
}

TEST_F(AthenaQueries, ValuesAreParametersAndEachTableIsRestrictedToOneTenant)
{
    fixture_.put_closed_days("acme", R"({"days":["2025-12-31","2026-01-01","2026-01-02","2026-01-03","2026-01-10"]})");
    expect_query({{"category"}});
    ASSERT_TRUE(run(reports_->top_books(acme, january_, true, 5))) << fixture_.last_log_line();
    const auto start = request(0);
    const std::string sql(text_of(start, "QueryString"));
    for (const auto* value : {"acme", "2026", "01-31", "01-10"})
        EXPECT_FALSE(sql.contains(value)) << value;
    const auto values = parameters(start);
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(sql, '?')), values.size());
    EXPECT_EQ(values, (std::vector<std::string>{"'acme'",       "'2026'",
                                                "'2026'",       "'2026-01-01'",
                                                "'2026-01-31'", // JSON
                                                "'2026-01-01'", "'2026-01-03'",
                                                "'2026-01-10'", "'2026-01-10'", // except these days
                                                "'acme'",       "'2026'",
                                                "'2026'",       "'2026-01-01'",
                                                "'2026-01-31'", // Parquet
                                                "'2026-01-01'", "'2026-01-03'",
                                                "'2026-01-10'", "'2026-01-10'", // these days
                                                "'acme'",       "5"}));
    std::size_t tables = 0;
    std::size_t tenants = 0;
    for (auto at = sql.find("FROM "); at != sql.npos; at = sql.find("FROM ", at + 1)) {
        const auto table = sql.substr(at + 5, sql.find_first_of(" )", at + 5) - at - 5);
        tables += table == "purchases" || table == "purchases_parquet" || table == "books" ? 1 : 0;
    }
    for (auto at = sql.find("tenant_id = ?"); at != sql.npos; at = sql.find("tenant_id = ?", at + 1))
        ++tenants;
    EXPECT_EQ(tables, 3U);
    EXPECT_EQ(tenants, 3U);
}

TEST_F(AthenaQueries, RowsAreReadPageByPage)
{
    expect_start();
    server_.next(state("SUCCEEDED"));
    server_.next(page({{"user_id", "p", "c", "r"}, {"user_1", "2", "3", "400"}}, "more"));
    server_.next(page({{"user_2", "1", "1", "300"}}, "again"));
    server_.next(page({{"user_3", "1", "1", "200"}}));
    const auto best = run(reports_->best_customers(acme, january_, 10));
    ASSERT_TRUE(best) << fixture_.last_log_line();
    ASSERT_EQ(best->size(), 3U);
    EXPECT_EQ((*best)[0],
              (CustomerSales{.user_id = "user_1", .sales = {.purchases = 2, .items = 3, .revenue_cents = 400}}));
    EXPECT_EQ((*best)[2].user_id, "user_3");
    EXPECT_EQ(text_of(request(3), "NextToken"), "more");
    EXPECT_EQ(text_of(request(4), "NextToken"), "again");
}

TEST_F(AthenaQueries, ASeriesHasEveryIntervalOfThePeriod)
{
    expect_query({{"begin", "p", "c", "r"}, {std::to_string(1767398400000), "1", "2", "300"}}); // 2026-01-03
    const auto days =
        run(reports_->series(acme, {.first = day(2026, 1, 2), .last = day(2026, 1, 4)}, Granularity::day));
    ASSERT_TRUE(days) << fixture_.last_log_line();
    ASSERT_EQ(days->size(), 3U);
    EXPECT_EQ((*days)[0].sales, Sales{});
    EXPECT_EQ((*days)[1],
              (SalesAt{.begin_ms = 1767398400000, .sales = {.purchases = 1, .items = 2, .revenue_cents = 300}}));

    expect_query({{"begin", "p", "c", "r"}});
    const auto months =
        run(reports_->series(acme, {.first = day(2025, 12, 30), .last = day(2026, 2, 1)}, Granularity::month));
    ASSERT_TRUE(months);
    EXPECT_EQ(months->size(), 3U);
    expect_query({{"begin", "p", "c", "r"}});
    const auto hours =
        run(reports_->series(acme, {.first = day(2026, 1, 1), .last = day(2026, 1, 2)}, Granularity::hour));
    ASSERT_TRUE(hours);
    EXPECT_EQ(hours->size(), 48U);
}

TEST_F(AthenaQueries, ResultsOfOtherReportsAreParsed)
{
    expect_query({{"c", "b", "t", "i", "r", "p"}, {"Poesía", "book_1", "Versos", "3", "2997", "1"}});
    const auto books = run(reports_->top_books(acme, january_, false, 10));
    ASSERT_TRUE(books) << fixture_.last_log_line();
    EXPECT_EQ(books->at(0), (BookSales{.category = "Poesía",
                                       .book_id = "book_1",
                                       .title = "Versos",
                                       .items = 3,
                                       .revenue_cents = 2997,
                                       .rank = 1}));
    expect_query({{"a", "i", "r"}, {"Rosalía de Castro", "3", "2997"}});
    const auto authors = run(reports_->authors(acme, january_, 10));
    ASSERT_TRUE(authors) << fixture_.last_log_line();
    EXPECT_EQ(authors->at(0), (AuthorSales{.author = "Rosalía de Castro", .items = 3, .revenue_cents = 2997}));
    expect_query({{"n", "r", "nc", "rc"}, {"1", "2", "100", "250"}});
    const auto kinds = run(reports_->customer_kinds(acme, january_));
    ASSERT_TRUE(kinds) << fixture_.last_log_line();
    EXPECT_EQ(
        *kinds,
        (CustomerKinds{
            .new_customers = 1, .returning_customers = 2, .new_revenue_cents = 100, .returning_revenue_cents = 250}));
    EXPECT_EQ(parameters(request(server_.seen().size() - 3)).at(3), "'2020-01-01'") << "from the first day of the lake";
}

TEST_F(AthenaQueries, AFailedQueryIsUnavailableAndTheLogHasTheReason)
{
    expect_start();
    server_.next(state("FAILED", "HIVE_BAD_DATA: a row"));
    EXPECT_EQ(error_of(run(reports_->totals(acme, january_))), "unavailable");
    EXPECT_TRUE(fixture_.last_log_line().contains("HIVE_BAD_DATA: a row"));
    expect_start();
    server_.next(state("CANCELLED"));
    EXPECT_EQ(error_of(run(reports_->totals(acme, january_))), "unavailable");
    server_.next(fault::json(400, R"({"__type":"InvalidRequestException","Message":"no such workgroup"})"));
    EXPECT_EQ(error_of(run(reports_->totals(acme, january_))), "unavailable");
    EXPECT_TRUE(fixture_.last_log_line().contains("no such workgroup"));
    for (const auto& rows : {std::vector<std::vector<std::string>>{{"a", "b", "c"}},
                             {{"a", "b", "c"}, {"1", "2"}},
                             {{"a", "b", "c"}, {"1", "NULL", "3"}},
                             {{"a", "b", "c"}, {"1", "2", "3.5"}}}) {
        expect_query(rows);
        EXPECT_EQ(error_of(run(reports_->totals(acme, january_))), "unavailable") << "rows of another shape";
        EXPECT_TRUE(fixture_.last_log_line().contains("unexpected result from Athena"));
    }
}

TEST_F(AthenaQueries, AQueryThatTimesOutIsStopped)
{
    expect_start();
    server_.otherwise(state("RUNNING"));
    EXPECT_EQ(error_of(run(reports_->totals(acme, january_))), "unavailable");
    const auto seen = server_.seen().size();
    EXPECT_EQ(target(seen - 1), "AmazonAthena.StopQueryExecution");
    EXPECT_EQ(text_of(request(seen - 1), "QueryExecutionId"), "q-1");
    EXPECT_LT(seen, 320U) << "poll delays increase";
    EXPECT_TRUE(fixture_.last_log_line().contains("longer than 300 ms"));
}

TEST_F(AthenaQueries, AQueryOfACancelledCallerIsStopped)
{
    expect_start();
    server_.otherwise(state("RUNNING"));
    const auto patient = fixture_.reports(server_.url(), {.min_poll_delay = std::chrono::milliseconds(1),
                                                          .max_poll_delay = std::chrono::milliseconds(1)});
    boost::asio::io_context loop;
    boost::asio::cancellation_signal cancel;
    bool ended = false;
    boost::asio::co_spawn(
        loop, patient->totals(acme, january_),
        boost::asio::bind_cancellation_slot(cancel.slot(), [&](const std::exception_ptr& error, auto) {
            ended = true;
            EXPECT_TRUE(error);
        }));
    while (server_.seen().size() < 3)
        loop.run_one();
    cancel.emit(boost::asio::cancellation_type::terminal);
    loop.run();
    EXPECT_TRUE(ended);
    const auto stopped = [this] {
        const auto seen = server_.seen();
        return std::ranges::any_of(
            seen, [](const auto& request) { return request.header("x-amz-target").ends_with("StopQueryExecution"); });
    };
    for (std::size_t requests = server_.seen().size(); !stopped(); ++requests)
        ASSERT_TRUE(server_.wait_for_seen(requests + 1));
    EXPECT_TRUE(stopped());
}

TEST_F(AthenaQueries, TransientFaultsAreRetriedWithoutStartingASecondQuery)
{
    server_.next(fault::json(400, R"({"__type":"TooManyRequestsException","Message":"slower"})"));
    server_.next(fault::cut());
    expect_query({{"a", "b", "c"}, {"0", "0", "0"}});
    ASSERT_TRUE(run(reports_->totals(acme, january_))) << fixture_.last_log_line();
    EXPECT_EQ(text_of(request(1), "ClientRequestToken"), text_of(request(2), "ClientRequestToken"));
    server_.otherwise(fault::json(500, R"({"__type":"InternalServerException","Message":"broken"})"));
    EXPECT_EQ(error_of(run(reports_->totals(acme, january_))), "unavailable");
    EXPECT_EQ(server_.seen().size(), 2U + 3U + 3U);
}

TEST_F(AthenaQueries, InvalidPeriodsAreRejectedWithoutAQuery)
{
    const Period backwards{.first = day(2026, 2, 1), .last = day(2026, 1, 1)};
    EXPECT_EQ(error_of(run(reports_->totals(acme, backwards))), "invalid");
    EXPECT_EQ(error_of(run(reports_->customer_kinds(acme, backwards))), "invalid");
    const Period ten_years{.first = day(2016, 1, 1), .last = day(2026, 12, 31)};
    EXPECT_EQ(error_of(run(reports_->top_books(acme, ten_years, true, 5))), "invalid");
    EXPECT_EQ(
        error_of(run(reports_->series(acme, {.first = day(2026, 1, 1), .last = day(2026, 2, 1)}, Granularity::hour))),
        "invalid");
    EXPECT_EQ(server_.seen().size(), 0U);
}

TEST_F(AthenaQueries, ADamagedListOfClosedDaysIsUnavailable)
{
    for (const auto* document : {"{", "[]", R"({"days":[7]})", R"({"days":["yesterday"]})"}) {
        fixture_.put_closed_days("acme", document);
        EXPECT_EQ(error_of(run(reports_->totals(acme, january_))), "unavailable") << document;
        EXPECT_TRUE(fixture_.last_log_line().contains("acme/closed_days.json"));
    }
    EXPECT_EQ(server_.seen().size(), 0U);
}

} // namespace

} // namespace estante
