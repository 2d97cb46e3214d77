#include "operations/purchases/cancel_purchase.hpp"
#include "operations/purchases/get_purchase.hpp"
#include "operations/purchases/list_purchases.hpp"
#include "operations/purchases/set_status.hpp"
#include "records/item_attributes.hpp"
#include "support/checkout_test.hpp"

namespace estante {
namespace {

class Purchases : public CheckoutTest {
protected:
    Caller other = caller_in("acme", Caller::Kind::customer);

    Result<purchases::PurchaseView> get(const Caller& caller, const PurchaseId& id)
    {
        auto for_tenant = items_of(caller.tenant.value);
        return run(purchases::get_purchase(caller, {id}, for_tenant));
    }
    Result<purchases::PurchaseView> cancel(const Caller& caller, const PurchaseId& id,
                                           IdempotencyGuard<purchases::PurchaseView> idempotency = {})
    {
        auto for_tenant = items_of(caller.tenant.value);
        return run(purchases::cancel_purchase(caller, {id}, for_tenant, clock, idempotency));
    }
    Result<purchases::PurchaseView> set(const PurchaseId& id, PurchaseStatus status,
                                        std::optional<IfMatch> if_match = {})
    {
        return run(
            purchases::set_status(manager, {.purchase_id = id, .if_match = if_match, .status = status}, items, clock));
    }
    Result<ListOf<purchases::PurchaseView>> list(const Caller& caller, const purchases::ListPurchases& request = {})
    {
        auto for_tenant = items_of(caller.tenant.value);
        return run(purchases::list_purchases(caller, request, for_tenant));
    }
    std::vector<std::string> numbers_of(const Caller& caller, purchases::ListPurchases request = {})
    {
        std::vector<std::string> found;
        do {
            const auto page = list(caller, request).value();
            for (const auto& purchase : page.items)
                found.push_back(purchase.number);
            request.cursor = page.next_cursor.value;
        } while (request.cursor);
        return found;
    }
    // Moves a purchase to a status by allowed transitions.
    void move_to(const PurchaseId& id, PurchaseStatus status)
    {
        using enum PurchaseStatus;
        if (status == cancelled || status == refunded)
            cancel(manager, id).value();
        if (status == collected)
            set(id, ready).value();
        if (status != placed && status != cancelled)
            set(id, status).value();
    }
};

TEST_F(Purchases, AreVisibleOnlyToTheirCustomerAndManagers)
{
    const auto id = given_book("Nada").book_id;
    const auto bought = given_purchase(customer, id);

    EXPECT_EQ(get(customer, bought.purchase_id).value(), bought);
    EXPECT_EQ(get(manager, bought.purchase_id).value(), bought);
    const auto foreign = get(other, bought.purchase_id);
    const auto absent = get(other, PurchaseId::from(Ulid{.time_ms = 1}));
    EXPECT_EQ(code_of(foreign), Errc::not_found);
    EXPECT_EQ(foreign.error().detail, absent.error().detail);
    EXPECT_EQ(code_of(get(manager, PurchaseId::from(Ulid{.time_ms = 1}))), Errc::not_found);
    EXPECT_EQ(code_of(get(caller_in("northwind", Caller::Kind::manager), bought.purchase_id)), Errc::not_found);
}

TEST_F(Purchases, AreListedNewestFirst)
{
    const auto id = given_book("Nada", Money{10'00}, 100).book_id;
    for (int i = 1; i <= 5; ++i) {
        given_purchase(i % 2 == 1 ? customer : other, id);
        clock.advance(1000);
    }
    EXPECT_EQ(numbers_of(customer), (std::vector<std::string>{"2026-000005", "2026-000003", "2026-000001"}));
    EXPECT_EQ(numbers_of(other), (std::vector<std::string>{"2026-000004", "2026-000002"}));
    purchases::ListPurchases by_two;
    by_two.limit.value.value = 2;
    EXPECT_EQ(numbers_of(manager, by_two),
              (std::vector<std::string>{"2026-000005", "2026-000004", "2026-000003", "2026-000002", "2026-000001"}));
    EXPECT_TRUE(numbers_of(caller_in("northwind", Caller::Kind::manager)).empty());
}

TEST_F(Purchases, AreListedByTimeFromInclusiveToExclusive)
{
    const auto id = given_book("Nada", Money{10'00}, 100).book_id;
    std::vector<std::int64_t> times;
    for (int i = 0; i < 4; ++i) {
        times.push_back(clock.now_ms());
        given_purchase(customer, id);
        clock.advance(1000);
    }
    for (const Caller& caller : {customer, manager}) {
        EXPECT_EQ(numbers_of(caller, {.from = Timestamp{times[1]}, .to = Timestamp{times[3]}}),
                  (std::vector<std::string>{"2026-000003", "2026-000002"}));
        EXPECT_EQ(numbers_of(caller, {.from = Timestamp{times[3]}}), (std::vector<std::string>{"2026-000004"}));
        EXPECT_EQ(numbers_of(caller, {.to = Timestamp{times[1]}}), (std::vector<std::string>{"2026-000001"}));
        EXPECT_EQ(fault_of(list(caller, {.from = Timestamp{times[1]}, .to = Timestamp{times[1]}})), "?to");
    }
}

TEST_F(Purchases, AreListedByStatusPageByPage)
{
    const auto id = given_book("Nada", Money{10'00}, 100).book_id;
    std::vector<std::string> paid;
    for (int i = 0; i < 9; ++i) {
        const auto bought = given_purchase(customer, id);
        clock.advance(1000);
        if (i % 3 == 0) {
            set(bought.purchase_id, PurchaseStatus::paid).value();
            paid.insert(paid.begin(), bought.number);
        }
    }
    for (const Caller& caller : {customer, manager}) {
        for (const std::int64_t limit : {1, 2, 3, 20}) {
            purchases::ListPurchases request{.status = PurchaseStatus::paid};
            request.limit.value.value = limit;
            EXPECT_EQ(numbers_of(caller, request), paid) << limit;
            EXPECT_LE(list(caller, request).value().items.size(), static_cast<std::size_t>(limit));
        }
        EXPECT_TRUE(numbers_of(caller, {.status = PurchaseStatus::refunded}).empty());
    }
}

TEST_F(Purchases, AreFilteredWithABoundedNumberOfReads)
{
    const auto id = given_book("Nada", Money{10'00}, 10'000).book_id;
    for (int i = 0; i < 1100; ++i) {
        given_purchase(customer, id);
        clock.advance(1);
    }
    const auto reads = store.reads();
    const auto page = list(customer, {.status = PurchaseStatus::paid}).value();
    EXPECT_EQ(store.reads() - reads, 10U);
    EXPECT_TRUE(page.items.empty());
    EXPECT_TRUE(page.next_cursor.value);
}

TEST_F(Purchases, ReturnTheirCopiesWhenCancelled)
{
    const auto nada = given_book("Nada", Money{10'00}, 2).book_id;
    const auto todo = given_book("Todo", Money{10'00}, 9).book_id;
    add(customer, nada, 2);
    const auto bought = given_purchase(customer, todo, 3);
    ASSERT_FALSE(book(nada).value().in_stock);
    clock.advance(1000);

    const auto cancelled = cancel(customer, bought.purchase_id).value();

    EXPECT_EQ(cancelled.status, PurchaseStatus::cancelled);
    EXPECT_EQ(cancelled.version, 2);
    EXPECT_EQ(cancelled.updated_at.ms, clock.now_ms());
    EXPECT_EQ(cancelled.items, bought.items);
    EXPECT_EQ(cancelled, get(customer, bought.purchase_id).value());
    EXPECT_EQ(stock(nada).on_hand, 2);
    EXPECT_EQ(stock(todo).on_hand, 9);
    EXPECT_EQ(book(nada).value().etag(), "1.3"); // on_hand crossed 0 twice
    EXPECT_EQ(book(todo).value().etag(), "1.1");
}

TEST_F(Purchases, ReturnCopiesOnlyToExistingBooks)
{
    const auto nada = given_book("Nada").book_id;
    const auto todo = given_book("Todo").book_id;
    add(customer, nada, 2);
    const auto bought = given_purchase(customer, todo, 3);
    delete_book(nada);

    EXPECT_TRUE(cancel(customer, bought.purchase_id));
    EXPECT_EQ(stock(todo).on_hand, 10);
    EXPECT_TRUE(sort_keys_of(nada.value).empty());
}

TEST_F(Purchases, ReturnTheOtherCopiesIfABookIsDeletedAtTheSameTime)
{
    const auto nada = given_book("Nada").book_id;
    const auto todo = given_book("Todo").book_id;
    add(customer, nada, 2);
    const auto bought = given_purchase(customer, todo, 3);
    store.before_next_write([&] { delete_book(nada); });

    EXPECT_TRUE(cancel(customer, bought.purchase_id));
    EXPECT_EQ(stock(todo).on_hand, 10);
    EXPECT_TRUE(sort_keys_of(nada.value).empty());
}

TEST_F(Purchases, AreCancelledOnce)
{
    const auto id = given_book("Nada").book_id;
    const auto bought = given_purchase(customer, id, 2);
    store.before_next_write([&] { cancel(manager, bought.purchase_id).value(); });

    EXPECT_EQ(code_of(cancel(customer, bought.purchase_id)), Errc::conflict);
    EXPECT_EQ(stock(id).on_hand, 10);
    const auto before = everything();
    EXPECT_EQ(code_of(cancel(customer, bought.purchase_id)), Errc::conflict);
    EXPECT_EQ(everything(), before);
}

TEST_F(Purchases, AreCancelledOnceUnderOneIdempotencyKey)
{
    const auto id = given_book("Nada").book_id;
    const auto bought = given_purchase(customer, id, 2);
    EXPECT_TRUE(cancel(customer, bought.purchase_id, idempotency<purchases::PurchaseView>("k")));
    EXPECT_EQ(code_of(cancel(customer, bought.purchase_id, idempotency<purchases::PurchaseView>("k"))), Errc::conflict);
    EXPECT_EQ(stock(id).on_hand, 10);
}

TEST_F(Purchases, CannotBeCancelledByOthers)
{
    const auto id = given_book("Nada").book_id;
    const auto bought = given_purchase(customer, id, 2);
    const auto before = everything();

    EXPECT_EQ(code_of(cancel(other, bought.purchase_id)), Errc::not_found);
    EXPECT_EQ(code_of(cancel(caller_in("northwind", Caller::Kind::manager), bought.purchase_id)), Errc::not_found);
    EXPECT_EQ(everything(), before);
    EXPECT_TRUE(cancel(manager, bought.purchase_id));
}

TEST_F(Purchases, CannotBeCancelledInLaterStates)
{
    using enum PurchaseStatus;
    const auto id = given_book("Nada", Money{10'00}, 100).book_id;
    for (const auto status : {shipped, collected, refunded}) {
        const auto bought = given_purchase(customer, id);
        move_to(bought.purchase_id, status);
        const auto before = everything();

        const auto refused = cancel(customer, bought.purchase_id);
        EXPECT_EQ(code_of(refused), Errc::conflict);
        for (const auto& detail : {refused.error().detail.es, refused.error().detail.en})
            EXPECT_TRUE(detail.contains(enum_text(status))) << detail;
        EXPECT_EQ(everything(), before);
    }
}

TEST_F(Purchases, AllowOnlyTheTransitionsOfTheirStates)
{
    using enum PurchaseStatus;
    const auto id = given_book("Nada", Money{10'00}, 1000).book_id;
    for (const auto from : {placed, paid, ready, shipped, collected, cancelled, refunded}) {
        for (const auto to : {placed, paid, ready, shipped, collected, cancelled, refunded}) {
            const auto bought = given_purchase(customer, id);
            move_to(bought.purchase_id, from);
            const auto before = everything();
            clock.advance(1000);

            const auto moved = set(bought.purchase_id, to);

            if (from == to) {
                EXPECT_EQ(moved.value().status, to);
                EXPECT_EQ(everything(), before); // a repeated PUT
            } else if (can_become(from, to)) {
                EXPECT_EQ(moved.value().status, to);
                EXPECT_EQ(moved.value(), get(customer, bought.purchase_id).value());
                EXPECT_EQ(moved.value().updated_at.ms, clock.now_ms());
            } else {
                EXPECT_EQ(code_of(moved), Errc::conflict);
                EXPECT_EQ(everything(), before);
            }
        }
    }
}

TEST_F(Purchases, ChangeTheirStatusAtTheVersionThatWasRead)
{
    const auto id = given_book("Nada").book_id;
    const auto bought = given_purchase(customer, id);

    EXPECT_EQ(code_of(set(bought.purchase_id, PurchaseStatus::paid, IfMatch{"7"})), Errc::version_mismatch);
    store.before_next_write([&] { set(bought.purchase_id, PurchaseStatus::ready).value(); });
    EXPECT_EQ(code_of(set(bought.purchase_id, PurchaseStatus::paid)), Errc::conflict);
    EXPECT_EQ(get(customer, bought.purchase_id).value().status, PurchaseStatus::ready);
    EXPECT_EQ(set(bought.purchase_id, PurchaseStatus::paid, IfMatch{"2"}).value().etag(), "3");
}

} // namespace
} // namespace estante
