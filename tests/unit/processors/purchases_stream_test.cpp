#include "adapters/filesystem/filesystem_objects.hpp"
#include "adapters/memory/buffered_counters.hpp"
#include "codec/gzip.hpp"
#include "operations/purchases/cancel_purchase.hpp"
#include "processors/figures/purchases_stream.hpp"
#include "processors/lake/summary_object.hpp"
#include "records/lake_objects.hpp"
#include "records/purchases.hpp"
#include "records/summaries.hpp"
#include "records/users.hpp"
#include "support/checkout_test.hpp"
#include "support/temporary_folder.hpp"
#include "unit/processors/lost_response_store.hpp"
#include "unit/processors/markerless_store.hpp"

#include <map>
#include <random>
#include <utility>

namespace estante {
namespace {

class PurchasesStream : public CheckoutTest {
protected:
    TemporaryFolder folder;
    std::unique_ptr<ObjectStore> lake = create_filesystem_objects(folder / "lake");
    BufferedCounters counters{clock};
    const TenantId acme{"acme"};
    const Day today = day_of(ManualClock::start_ms);

    std::vector<Change> all_changes() { return run(memory->changes().next("a new processor", 100'000)).value(); }
    Result<std::vector<PoisonRecord>> process(std::vector<Change> changes) { return process(all, std::move(changes)); }
    Result<std::vector<PoisonRecord>> process(AllItems from, std::vector<Change> changes)
    {
        return run(purchases_stream(from, *lake, counters, std::move(changes)));
    }
    // False when the batch failed after this number of writes.
    bool process_with(std::size_t writes, const std::vector<Change>& changes)
    {
        store.fail_after(writes);
        const auto processed = process(changes);
        store.fail_after(std::nullopt);
        return processed.has_value();
    }
    DaySummary summary() { return run(read_day_summary(items, today)).value(); }
    std::string object(const std::string& key)
    {
        const auto found = run(lake->get(key)).value();
        return found ? found->bytes : "";
    }
    std::map<std::string, std::string> lake_contents()
    {
        std::map<std::string, std::string> contents;
        for (const ObjectInfo& info : run(lake->list("", std::nullopt, 1000)).value().objects)
            contents.emplace(info.key, object(info.key));
        return contents;
    }
    // The new counts since the last call.
    std::uint64_t new_counts(BusinessCounter counter)
    {
        for (const BusinessCount& one : counters.take())
            unread[one.counter] += one.count;
        return std::exchange(unread[counter], 0);
    }
    std::map<BusinessCounter, std::uint64_t> unread;
    void cancel(const Caller& caller, const PurchaseId& purchase)
    {
        IdempotencyGuard<purchases::PurchaseView> no_key;
        run(purchases::cancel_purchase(caller, {purchase}, items, clock, no_key)).value();
    }
    void move_to_category(const BookId& book, std::string category)
    {
        books::UpdateBook request{.book_id = book};
        request.category = Text<1, 100>{std::move(category)};
        run(books::update_book(manager, request, items, clock)).value();
    }
    // Purchases of two shops, two of them cancelled.
    void given_history()
    {
        const auto nada = given_book("Nada", Money{20'00}, 50).book_id;
        const auto todo = create(new_book(entry("Todo", "Ensayo"), Money{7'35}, 50)).value().book_id;
        for (int number = 0; number < 4; ++number)
            given_purchase(customer, number % 2 == 0 ? nada : todo, number + 1);
        cancel(customer, given_purchase(customer, nada, 2).purchase_id);
        clock.advance(3'600'000);
        add(customer, nada, 1);
        const auto both = given_purchase(customer, todo, 3).purchase_id;
        given_purchase(customer, todo);
        move_to_category(todo, "Poesía");
        cancel(customer, both);
    }
    // Written directly into the store, for large batches.
    Purchase purchase_of(const BookId& book, std::int64_t cents)
    {
        Purchase purchase{.id = ids.make<PurchaseId>(), .user_id = customer.user, .number = "2026-000001"};
        purchase.lines = {{.book_id = book, .title = "Nada", .unit_price = {cents}, .subtotal = {cents}}};
        purchase.total = {cents};
        purchase.currency = "EUR";
        purchase.created_ms = purchase.updated_ms = clock.now_ms();
        return purchase;
    }
    void store_purchases(const std::vector<Purchase>& purchases)
    {
        std::vector<Action> puts;
        for (const Purchase& purchase : purchases)
            puts.emplace_back(Put{.table = Table::purchases, .item = to_item(purchase)});
        run(items.batch_write(std::move(puts))).value();
    }
};

TEST_F(PurchasesStream, PutsAPurchaseIntoTheLakeWithoutItsAddress)
{
    const auto book = create(new_book(entry("Nada «nueva»"), Money{20'50}, 5)).value().book_id;
    add(customer, book, 2);
    purchases::Checkout request;
    request.delivery = Delivery{.method = {DeliveryMethod::ship}, .address = Text<1, 500>{"Calle Mayor 1, Madrid"}};
    const auto bought = buy(customer, request).value();

    EXPECT_TRUE(process(all_changes()).value().empty());

    const auto key = "acme/purchases/year=2026/month=01/day=31/" + bought.purchase_id.value + ".json.gz";
    EXPECT_EQ(gunzip(object(key), 10'000).value(),
              R"({"purchase_id":")" + bought.purchase_id.value + R"(","tenant_id":"acme","user_id":")" +
                  customer.user.value + R"(","number":")" + bought.number +
                  R"(","status":"placed","total_amount":41.00,"currency":"EUR",)"
                  R"("created_at":"2026-01-31 09:30:00.000","updated_at":"2026-01-31 09:30:00.000",)"
                  R"("items":[{"book_id":")" +
                  book.value +
                  R"(","title":"Nada «nueva»","quantity":2,"unit_price":20.50,"subtotal":41.00,"vat_rate":4}],)"
                  R"("vat":[{"rate":4,"net":39.42,"tax":1.58}],"delivery_method":"ship","payment_method":"in_shop"})"
                  "\n");
    EXPECT_EQ(object(key).substr(4, 4), std::string(4, '\0')) << "no time in the gzip header";
}

TEST_F(PurchasesStream, CountsTheDayByCategoryAndHour)
{
    given_history();

    EXPECT_TRUE(process(all_changes()).value().empty());

    const DaySummary day = summary();
    EXPECT_EQ(day.total, (DaySales{.purchases = 5, .sold = {.items = 11, .revenue_cents = 4 * 20'00 + 7 * 7'35}}));
    // Counted after the move: all of Todo's are poetry.
    EXPECT_EQ(day.by_category, (std::map<std::string, SoldItems>{{"Novela", {.items = 4, .revenue_cents = 80'00}},
                                                                 {"Poesía", {.items = 7, .revenue_cents = 7 * 7'35}}}));
    EXPECT_EQ(day.by_hour[9].purchases, 4);
    EXPECT_EQ(day.by_hour[10], (DaySales{.purchases = 1, .sold = {.items = 1, .revenue_cents = 7'35}}));
    EXPECT_EQ(day.book_purchases, 7);
    EXPECT_EQ(day.average().cents, 26'29);
    EXPECT_EQ(day.currency, "EUR");
}

TEST_F(PurchasesStream, SubtractsACancellationFromTheCategoryItWasCountedIn)
{
    const auto book = given_book("Nada").book_id;
    const auto bought = given_purchase(customer, book, 2).purchase_id;
    ASSERT_TRUE(process(all_changes()));
    ASSERT_EQ(summary().by_category.at("Novela").items, 2);
    move_to_category(book, "Ensayo");
    cancel(customer, bought);

    ASSERT_TRUE(process(all_changes()));

    EXPECT_EQ(summary().by_category, (std::map<std::string, SoldItems>{}));
    EXPECT_EQ(summary().total, DaySales{});
    EXPECT_EQ(summary().book_purchases, 1);
    const auto json = gunzip(object(lake::purchase_key(acme, bought)), 10'000).value();
    EXPECT_TRUE(json.contains(R"("status":"cancelled")")) << json;
}

TEST_F(PurchasesStream, ReachesTheSameResultForRepeatedAndReorderedBatches)
{
    given_history();
    const auto changes = all_changes();
    ASSERT_TRUE(process(changes));
    const auto expected = summary();
    const auto objects = lake_contents();
    ASSERT_EQ(objects.size(), 8U);

    std::mt19937 random(7);
    for (int round = 0; round < 5; ++round) {
        auto shuffled = changes;
        shuffled.insert(shuffled.end(), changes.begin(), changes.end());
        std::ranges::shuffle(shuffled, random);
        while (!shuffled.empty()) {
            const auto size = std::min<std::size_t>(1 + random() % 9, shuffled.size());
            ASSERT_TRUE(process({shuffled.end() - static_cast<std::ptrdiff_t>(size), shuffled.end()}));
            shuffled.resize(shuffled.size() - size);
        }
    }
    EXPECT_EQ(summary(), expected);
    EXPECT_EQ(lake_contents(), objects);
}

TEST_F(PurchasesStream, CountsARepeatedBatchTwiceWithoutMarkers)
{
    given_history();
    MarkerlessStore without_markers(memory->items());
    ASSERT_TRUE(process(AllItems(without_markers), all_changes()));
    const auto first = summary();

    ASSERT_TRUE(process(AllItems(without_markers), all_changes()));

    EXPECT_NE(summary().total, first.total) << "the negative control of the tests above";
}

TEST_F(PurchasesStream, AddsEachPurchaseAndAccountToTheCountersOnce)
{
    given_history();
    User user{.id = ids.make<UserId>(), .email = {"a@example.com"}, .password_hash = "x"};
    user.created_ms = user.updated_ms = clock.now_ms();
    run(items.put({.table = Table::users, .item = to_item(user)})).value();
    const auto changes = all_changes();

    ASSERT_TRUE(process(changes));
    EXPECT_EQ(new_counts(BusinessCounter::book_purchases), 7U) << "a cancellation subtracts nothing";
    EXPECT_EQ(new_counts(BusinessCounter::new_user_registrations), 1U);
    for (int again = 0; again < 3; ++again)
        ASSERT_TRUE(process(changes));
    ASSERT_TRUE(process(all_changes())) << "with the changes that the processor made itself";
    EXPECT_EQ(new_counts(BusinessCounter::book_purchases), 0U);
    EXPECT_EQ(new_counts(BusinessCounter::new_user_registrations), 0U);

    MarkerlessStore without_markers(memory->items());
    ASSERT_TRUE(process(AllItems(without_markers), changes));
    EXPECT_EQ(new_counts(BusinessCounter::book_purchases), 0U) << "the markers exist";
}

TEST_F(PurchasesStream, AddsARepeatedBatchToTheCountersTwiceWithoutMarkers)
{
    given_history();
    MarkerlessStore without_markers(memory->items());
    ASSERT_TRUE(process(AllItems(without_markers), all_changes()));
    ASSERT_TRUE(process(AllItems(without_markers), all_changes()));
    EXPECT_EQ(new_counts(BusinessCounter::book_purchases), 14U) << "the negative control of the test above";
}

TEST_F(PurchasesStream, AddsAPurchaseToTheCountersInTheMinuteOfItsCreation)
{
    given_purchase(customer, given_book("Nada").book_id);
    clock.advance(3'600'000);
    ASSERT_TRUE(process(all_changes()));
    EXPECT_EQ(counters.take(),
              (std::vector<BusinessCount>{{acme, BusinessCounter::book_purchases, ManualClock::start_ms, 1}}));
}

TEST_F(PurchasesStream, AddsNothingToTheCountersWhenTheAnswerOfTheTransactionIsLost)
{
    given_history();
    const auto changes = all_changes();
    LostResponseStore losing_response(memory->items());
    ASSERT_FALSE(process(AllItems(losing_response), changes)) << "counted, but the response was lost";
    EXPECT_EQ(summary().book_purchases, 7);
    ASSERT_TRUE(process(changes));
    EXPECT_EQ(new_counts(BusinessCounter::book_purchases), 0U) << "at most once: the first time may have told of them";
}

TEST_F(PurchasesStream, RecoversFromAFailureAtAnyWrite)
{
    for (int day = 0; day < 4; ++day) {
        given_history();
        clock.advance(day_ms);
    }
    const auto changes = all_changes();
    int failures = 0;
    for (std::size_t writes = 0; !process_with(writes, changes); writes = 1)
        ++failures;
    EXPECT_EQ(failures, 4) << "the first attempt writes no day, each further one writes one more";
    const auto recovered = summary();
    const auto objects = lake_contents();

    ASSERT_TRUE(process(changes));

    EXPECT_EQ(summary(), recovered);
    EXPECT_EQ(recovered.total.purchases, 5);
    EXPECT_EQ(recovered.book_purchases, 7);
    EXPECT_EQ(lake_contents(), objects);
}

TEST_F(PurchasesStream, SplitsALargeBatchAndCompletesAPartialOne)
{
    const auto book = given_book("Nada").book_id;
    std::vector<Purchase> purchases;
    for (int number = 0; number < 230; ++number)
        purchases.push_back(purchase_of(book, 1'01 + number));
    store_purchases(purchases);
    auto changes = all_changes();
    store.fail_after(2); // of the three transactions
    ASSERT_FALSE(process(changes));
    store.fail_after(std::nullopt);
    const auto partial = summary().total.purchases;
    EXPECT_GT(partial, 0);
    EXPECT_LT(partial, 230);
    EXPECT_EQ(new_counts(BusinessCounter::book_purchases), static_cast<std::uint64_t>(partial));

    ASSERT_TRUE(process(std::move(changes)));

    EXPECT_EQ(new_counts(BusinessCounter::book_purchases), static_cast<std::uint64_t>(230 - partial));

    EXPECT_EQ(summary().total.purchases, 230);
    EXPECT_EQ(summary().total.sold.revenue_cents, 230 * 1'01 + 229 * 230 / 2);
}

TEST_F(PurchasesStream, LimitsTheNumberOfCategories)
{
    std::vector<Purchase> purchases;
    for (std::size_t number = 0; number < DaySummary::max_categories + 30; ++number) {
        const auto name = std::string(90, 'x') + std::to_string(number);
        const auto id = create(new_book(entry("Libro", name))).value().book_id;
        purchases.push_back(purchase_of(id, 2'00));
    }
    store_purchases(purchases);

    ASSERT_TRUE(process(all_changes()).value().empty());

    EXPECT_EQ(summary().by_category.size(), DaySummary::max_categories);
    EXPECT_EQ(summary().other_categories, (SoldItems{.items = 30, .revenue_cents = 60'00}));
    for (Purchase& purchase : purchases)
        purchase.status = PurchaseStatus::cancelled;
    store_purchases(purchases);
    ASSERT_TRUE(process(all_changes()).value().empty());
    EXPECT_EQ(summary().total, DaySales{});
    EXPECT_EQ(summary().other_categories, SoldItems{});
    EXPECT_TRUE(summary().by_category.empty());
}

TEST_F(PurchasesStream, CountsEachAccountOnceOnTheDayOfItsCreation)
{
    for (const char* email : {"a@example.com", "b@example.com"}) {
        User user{.id = ids.make<UserId>(), .email = {email}, .password_hash = "x"};
        user.created_ms = user.updated_ms = clock.now_ms();
        run(items.put({.table = Table::users, .item = to_item(user)})).value();
        user.email = {std::string("new-") + email}; // another key, the same account
        run(items.put({.table = Table::users, .item = to_item(user)})).value();
        clock.advance(day_ms);
    }
    ASSERT_TRUE(process(all_changes()).value().empty());
    ASSERT_TRUE(process(all_changes()).value().empty());

    EXPECT_EQ(summary().new_user_registrations, 1);
    EXPECT_EQ(run(read_day_summary(items, today + std::chrono::days(1))).value().new_user_registrations, 1);
    const auto days = run(read_day_summaries(items, {today - std::chrono::days(1), today + std::chrono::days(1)}));
    ASSERT_EQ(days.value().size(), 3U);
    EXPECT_EQ(days.value()[0], DaySummary{.day = today - std::chrono::days(1)});
    EXPECT_EQ(days.value()[1], summary());
}

TEST_F(PurchasesStream, ReturnsADamagedPurchaseAsPoisonAndProcessesTheRest)
{
    const auto book = given_book("Nada").book_id;
    const auto good = purchase_of(book, 5'00);
    Item damaged = to_item(purchase_of(book, 6'00));
    damaged.insert_or_assign("status", Value("bought"));
    const auto damaged_key = key_of(damaged).sk;
    run(items.put({.table = Table::purchases, .item = std::move(damaged)})).value();
    store_purchases({good});

    const auto poison = process(all_changes()).value();

    ASSERT_EQ(poison.size(), 1U);
    EXPECT_EQ(poison[0].change.key.sk, damaged_key);
    EXPECT_TRUE(poison[0].reason.contains("status")) << poison[0].reason;
    EXPECT_EQ(summary().total.sold.revenue_cents, 5'00);
    EXPECT_NE(object(lake::purchase_key(acme, good.id)), "");
}

TEST_F(PurchasesStream, NeverReplacesASummaryObjectByAnOlderOne)
{
    given_history();
    ASSERT_TRUE(process(all_changes()));
    const auto newest = object(lake::summary_key(acme, today));
    ASSERT_TRUE(newest.contains(R"("count":5,)")) << newest;
    auto older = summary();
    older.total = {};
    --older.version;

    ASSERT_TRUE(run(put_summary_object(*lake, acme, older)));
    EXPECT_EQ(object(lake::summary_key(acme, today)), newest);

    auto newer = summary();
    newer.search_queries = 7;
    ++newer.version;
    ASSERT_TRUE(run(put_summary_object(*lake, acme, newer)));
    EXPECT_TRUE(object(lake::summary_key(acme, today)).contains(R"("search_queries":7,)"));
}

} // namespace
} // namespace estante
