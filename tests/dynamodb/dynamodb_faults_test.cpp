// The store with a DynamoDB that fails: the right error code, bounded attempts, no write applied twice, no leaked
// connection.
#include "dynamodb/dynamodb_engines.hpp"
#include "ports/rules/item_rules.hpp"
#include "support/fault_server.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <random>

namespace estante {

namespace {

aws::ClientOptions short_timeouts()
{
    return {.max_connections = 8,
            .response_timeout = std::chrono::milliseconds(400),
            .backoff_base = std::chrono::milliseconds(1),
            .backoff_cap = std::chrono::milliseconds(4)};
}

std::string code_of(const StoreError& error)
{
    constexpr const char* names[] = {"condition_failed", "conflict",  "token_mismatch",
                                     "invalid",          "too_large", "unavailable"};
    return names[static_cast<std::size_t>(error.code)];
}
template <class T> std::string outcome(const StoreResult<T>& response)
{
    return response ? "ok" : code_of(response.error());
}

class Faults : public testing::TestWithParam<DynamoDbEngine> {
protected:
    FaultServer proxy_{{.upstream_port = GetParam().port()}};
    DynamoDbUnderTest engine_{proxy_.url(), {}, short_timeouts()};
    ItemStore& store_ = engine_.store().items();
    std::size_t seen_before_ = proxy_.seen().size();

    std::size_t seen() const { return proxy_.seen().size() - seen_before_; }

    static Item item(std::string_view sk, std::int64_t n) { return {{"pk", "shop#one"}, {"sk", sk}, {"n", n}}; }
    StoreResult<void> put(Item whole, Conditions conditions = {})
    {
        return run(store_.put({.table = Table::books, .item = std::move(whole), .conditions = std::move(conditions)}));
    }
    std::optional<Item> get(std::string_view sk, Table table = Table::books)
    {
        auto found = run(store_.get(table, {"shop#one", std::string(sk)}));
        EXPECT_EQ(outcome(found), "ok");
        return found ? std::move(*found) : std::nullopt;
    }
    std::vector<Action> purchase(const std::string& id)
    {
        return {Update{.table = Table::books,
                       .key = {"shop#one", "STOCK"},
                       .add = {{"on_hand", -1}},
                       .conditions = {AtLeast{"on_hand", 1}}},
                Put{.table = Table::purchases,
                    .item = {{"pk", "shop#one"}, {"sk", "PURCHASE#" + id}},
                    .conditions = {Absent{}}}};
    }

    void TearDown() override { EXPECT_EQ(engine_.client().counters().connections_in_use, 0U) << "a connection leaked"; }
};

TEST_P(Faults, TransientThrottlingAndServerErrorsAreRetried)
{
    proxy_.next(fault::throttled(), 2);
    EXPECT_EQ(outcome(put(item("A", 1))), "ok");
    proxy_.next(fault::error(500, "InternalServerError"), 2);
    EXPECT_EQ(outcome(put(item("B", 1))), "ok");
    EXPECT_EQ(seen(), 6U);
    EXPECT_TRUE(get("A") && get("B"));
}

TEST_P(Faults, PersistentFaultsAreUnavailableAfterThreeAttempts)
{
    for (const auto& fault : {fault::throttled(), fault::error(503, "ServiceUnavailable"), fault::html(502),
                              fault::html(200), fault::cut(), fault::silence()}) {
        seen_before_ = proxy_.seen().size();
        proxy_.next(fault, 3);
        EXPECT_EQ(outcome(run(store_.get(Table::books, {"shop#one", "A"}))), "unavailable");
        EXPECT_EQ(seen(), 3U);
    }
}

TEST_P(Faults, APurchaseWhoseResponseIsLostIsPlacedOnce)
{
    ASSERT_EQ(outcome(put({{"pk", "shop#one"}, {"sk", "STOCK"}, {"on_hand", 10}})), "ok");
    for (const auto& fault : {fault::done_and_unanswered(), fault::done_and_cut(20), fault::done_and_silent()}) {
        proxy_.next(fault, 2);
        EXPECT_EQ(outcome(run(store_.transact(purchase(std::to_string(seen())), {}))), "ok");
    }
    EXPECT_EQ(int_of(*get("STOCK"), "on_hand"), 7);
}

TEST_P(Faults, APurchaseWithAnUnknownOutcomeIsUnavailableAndPlacedAtMostOnce)
{
    ASSERT_EQ(outcome(put({{"pk", "shop#one"}, {"sk", "STOCK"}, {"on_hand", 10}})), "ok");
    proxy_.next(fault::done_and_cut(20), 3);
    EXPECT_EQ(outcome(run(store_.transact(purchase("1"), {}))), "unavailable");
    EXPECT_EQ(int_of(*get("STOCK"), "on_hand"), 9);
}

TEST_P(Faults, ANonIdempotentWriteIsNotRetriedAfterALostResponse)
{
    ASSERT_EQ(outcome(put(item("A", 1))), "ok");
    seen_before_ = proxy_.seen().size();
    proxy_.next(fault::done_and_unanswered());
    const auto added =
        run(store_.update({.table = Table::books, .key = {"shop#one", "A"}, .set = {}, .add = {{"n", 1}}}));
    EXPECT_EQ(outcome(added), "unavailable");
    EXPECT_EQ(seen(), 1U);
    EXPECT_EQ(get("A"), item("A", 2));

    proxy_.next(fault::done_and_unanswered());
    EXPECT_EQ(outcome(put(item("B", 1), {Absent{}})), "unavailable")
        << "not condition_failed, which its own effect would cause";
    EXPECT_EQ(get("B"), item("B", 1));
}

TEST_P(Faults, ManyPurchasesWithRandomFaultsAddUp)
{
    constexpr int copies = 200;
    ASSERT_EQ(outcome(put({{"pk", "shop#one"}, {"sk", "STOCK"}, {"on_hand", copies}})), "ok");
    std::mt19937 chance(7);
    const InjectedFault faults[] = {fault::throttled(),
                                    fault::error(500, "InternalServerError"),
                                    fault::html(502),
                                    fault::closed_unanswered(),
                                    fault::done_and_unanswered(),
                                    fault::done_and_cut(40),
                                    fault::cut()};
    std::vector<std::string> acknowledged;
    for (int i = 0; i < 120; ++i) {
        for (auto count = chance() % 4; count > 0; --count)
            proxy_.next(faults[chance() % std::size(faults)]);
        const auto id = std::to_string(i);
        const auto done = run(store_.transact(purchase(id), {}));
        if (done)
            acknowledged.push_back(id);
        else
            EXPECT_EQ(outcome(done), "unavailable");
    }
    const auto placed = run(store_.query({.table = Table::purchases, .partition = "shop#one", .limit = 1000}));
    ASSERT_EQ(outcome(placed), "ok");
    EXPECT_EQ(static_cast<std::int64_t>(placed->items.size()), copies - int_of(*get("STOCK"), "on_hand"));
    EXPECT_GT(acknowledged.size(), 30U);
    for (const auto& id : acknowledged)
        EXPECT_TRUE(get("PURCHASE#" + id, Table::purchases)) << "an acknowledged purchase is lost";
}

TEST_P(Faults, ConflictingTransactionsAreRetried)
{
    const auto conflict = fault::json(
        400, R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"cancelled",)"
             R"("CancellationReasons":[{"Code":"TransactionConflict","Message":"busy"},{"Code":"None"}]})");
    ASSERT_EQ(outcome(put({{"pk", "shop#one"}, {"sk", "STOCK"}, {"on_hand", 1}})), "ok");
    seen_before_ = proxy_.seen().size();
    proxy_.next(conflict, 4);
    EXPECT_EQ(outcome(run(store_.transact(purchase("1"), {}))), "ok");
    EXPECT_EQ(seen(), 5U);

    seen_before_ = proxy_.seen().size();
    proxy_.next(conflict, 12);
    EXPECT_EQ(outcome(run(store_.transact(purchase("2"), {}))), "conflict") << "not sold out";
    EXPECT_EQ(seen(), 12U) << "the attempts are bounded";
}

TEST_P(Faults, UnprocessedItemsOfABatchAreRetried)
{
    const auto table = "bookstore-books-" + engine_.stage();
    proxy_.next(
        fault::json(200, R"({"UnprocessedItems":{")" + table +
                             R"(":[{"PutRequest":{"Item":{"pk":{"S":"shop#one"},"sk":{"S":"A"},"n":{"N":"1"}}}}]}})"));
    EXPECT_EQ(outcome(run(store_.batch_write({Put{.table = Table::books, .item = item("A", 1)}}))), "ok");
    EXPECT_EQ(get("A"), item("A", 1));

    proxy_.next(fault::json(200, R"({"UnprocessedItems":{")" + table +
                                     R"(":[{"PutRequest":{"Item":{"pk":{"S":"shop#one"},"sk":{"S":"B"}}}}]}})"),
                10);
    EXPECT_EQ(outcome(run(store_.batch_write({Put{.table = Table::books, .item = item("B", 1)}}))), "unavailable");
}

TEST_P(Faults, ABatchGetLargerThanOneResponseIsReadCompletely)
{
    std::vector<Action> puts;
    std::vector<Key> keys;
    for (int i = 0; i < 60; ++i) {
        Item large = item("L" + std::to_string(i), i);
        large.insert_or_assign("text", std::string(390 * 1024, 'x'));
        keys.push_back(key_of(large));
        puts.emplace_back(Put{.table = Table::books, .item = std::move(large)});
    }
    DynamoDbUnderTest patient(GetParam().url);
    ItemStore& store = patient.store().items();
    ASSERT_EQ(outcome(run(store.batch_write(std::move(puts)))), "ok");
    const auto before = patient.client().counters().attempts;
    const auto items = run(store.batch_get(Table::books, keys));
    ASSERT_EQ(outcome(items), "ok");
    EXPECT_TRUE(std::ranges::all_of(*items, [](const auto& found) { return found.has_value(); }));
    EXPECT_GT(patient.client().counters().attempts - before, 1U) << "60 × 390 KB exceed one response of 16 MB";
}

TEST_P(Faults, ASkewedClockIsCorrectedAndAnExpiredKeyIsUnavailable)
{
    proxy_.next(fault::error(400, "InvalidSignatureException",
                             "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z",
                             "Date: Thu, 01 Jan 2026 00:15:00 GMT\r\n"));
    EXPECT_EQ(outcome(put(item("A", 1))), "ok");
    proxy_.next(fault::error(400, "ExpiredTokenException", "expired"));
    EXPECT_EQ(outcome(put(item("B", 1))), "unavailable") << "the static key of these tests cannot be refreshed";
    EXPECT_FALSE(get("B"));
}

TEST_P(Faults, ConsumedCapacityIsCountedByOperationAndTenant)
{
    ASSERT_EQ(outcome(put(item("A", 1))), "ok");
    ASSERT_TRUE(get("A"));
    const auto units = engine_.store().consumed_capacity().units();
    EXPECT_GE(units.at({"PutItem", "shop"}), 1.0);
    EXPECT_GE(units.at({"GetItem", "shop"}), 1.0);
}

} // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Faults);
INSTANTIATE_TEST_SUITE_P(DynamoDb, Faults, testing::ValuesIn(dynamodb_engines()),
                         [](const auto& info) { return info.param.name; });

} // namespace estante
