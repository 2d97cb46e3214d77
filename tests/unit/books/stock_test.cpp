#include "operations/books/adjust_stock.hpp"
#include "support/bookshop_test.hpp"

namespace estante {
namespace {

class StockOperations : public BookshopTest {
protected:
    Result<books::StockView> set(const BookId& id, std::string etag, std::int64_t on_hand)
    {
        books::SetStock request{.book_id = id, .if_match = {std::move(etag)}, .on_hand = {}};
        request.on_hand.value = on_hand;
        return run(books::set_stock(manager, request, items));
    }
    Result<books::StockView> adjust(const BookId& id, std::int64_t delta,
                                    IdempotencyGuard<books::StockView> idempotency = {})
    {
        books::AdjustStock request{.book_id = id, .delta = {}, .reason = {"recuento"}};
        request.delta.value = delta;
        return run(books::adjust_stock(manager, request, items, clock, idempotency));
    }
    std::int64_t availability(const BookId& id) { return book(id).value().availability_version; }
};

TEST_F(StockOperations, SetTheCountAtTheVersionThatWasRead)
{
    const auto id = given_book("Nada", Money{20'00}, 10).book_id;
    const auto counted = set(id, "1", 7).value();

    EXPECT_EQ(counted.on_hand, 7);
    EXPECT_EQ(counted.etag(), "2");
    EXPECT_EQ(counted, stock(id));
}

TEST_F(StockOperations, RefuseACountOfAnOldVersion)
{
    const auto id = given_book("Nada").book_id;
    set(id, "1", 7).value();
    const auto before = everything();

    EXPECT_EQ(code_of(set(id, "1", 9)), Errc::version_mismatch);
    EXPECT_EQ(everything(), before);
}

TEST_F(StockOperations, RefuseACountIfASaleWasFirst)
{
    const auto id = given_book("Nada").book_id;
    store.before_next_write([&] { adjust(id, -1).value(); });
    EXPECT_EQ(code_of(set(id, "1", 7)), Errc::version_mismatch);
    EXPECT_EQ(stock(id).on_hand, 9);
}

TEST_F(StockOperations, AdvanceTheAvailabilityWheneverZeroIsCrossed)
{
    const auto id = given_book("Nada", Money{20'00}, 1).book_id;
    EXPECT_EQ(availability(id), 1);
    set_on_hand(id, 0);
    EXPECT_EQ(availability(id), 2);
    EXPECT_FALSE(book(id).value().in_stock);
    set_on_hand(id, 0);
    EXPECT_EQ(availability(id), 2);
    adjust(id, 5).value();
    EXPECT_EQ(availability(id), 3);
    adjust(id, -4).value();
    EXPECT_EQ(availability(id), 3);
    adjust(id, -1).value();
    EXPECT_EQ(availability(id), 4);
    set_on_hand(id, 12);
    EXPECT_EQ(availability(id), 5);
}

TEST_F(StockOperations, AdjustAndStoreTheReasonAndTheUser)
{
    const auto id = given_book("Nada", Money{20'00}, 10).book_id;
    const auto adjusted = adjust(id, -3).value();

    EXPECT_EQ(adjusted.on_hand, 7);
    EXPECT_EQ(adjusted, stock(id));
    EXPECT_EQ(adjusted.last_adjustment, (books::AdjustmentView{-3, "recuento", manager.user, {clock.now_ms()}}));
}

TEST_F(StockOperations, NeverGoBelowZeroAndNameTheBook)
{
    const auto id = given_book("Nada", Money{20'00}, 2).book_id;
    const auto before = everything();

    const auto refused = adjust(id, -3);

    EXPECT_EQ(code_of(refused), Errc::out_of_stock);
    ASSERT_EQ(refused.error().lines.size(), 1U);
    EXPECT_EQ(refused.error().lines[0].book_id, id.value);
    EXPECT_EQ(refused.error().lines[0].title, "Nada");
    EXPECT_NE(refused.error().detail.es.find("Nada"), std::string::npos);
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(adjust(id, -2).value().on_hand, 0);
}

TEST_F(StockOperations, RefuseAnAdjustmentByZeroOrBeyondTheLimit)
{
    const auto id = given_book("Nada", Money{20'00}, 2).book_id;
    const auto before = everything();

    EXPECT_EQ(fault_of(adjust(id, 0)), "/delta");
    EXPECT_EQ(fault_of(adjust(id, Stock::max_on_hand)), "/delta");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(adjust(id, Stock::max_on_hand - 2).value().on_hand, Stock::max_on_hand);
}

TEST_F(StockOperations, AdjustOnceUnderOneIdempotencyKey)
{
    const auto id = given_book("Nada", Money{20'00}, 10).book_id;
    adjust(id, -3, idempotency<books::StockView>("k")).value();
    EXPECT_EQ(code_of(adjust(id, -3, idempotency<books::StockView>("k"))), Errc::conflict);
    EXPECT_EQ(stock(id).on_hand, 7);
}

TEST_F(StockOperations, RetryWithTheNewStockAfterAConcurrentChange)
{
    const auto id = given_book("Nada", Money{20'00}, 10).book_id;
    store.before_next_write([&] { adjust(id, -9).value(); });
    EXPECT_EQ(adjust(id, 5).value().on_hand, 6);
    EXPECT_EQ(stock(id).on_hand, 6);

    store.before_next_write([&] { adjust(id, -6).value(); });
    EXPECT_EQ(code_of(adjust(id, -1)), Errc::out_of_stock);
    EXPECT_EQ(stock(id).on_hand, 0);
}

TEST_F(StockOperations, SucceedDuringContinuousSales)
{
    const auto id = given_book("Nada", Money{20'00}, 500).book_id;
    // Another sale comes before every write, as in a run of sales.
    int sales = 0;
    std::function<void()> sell = [&] {
        ++sales;
        const auto seen = stock_from(*run(items.get(Table::books, stock_key(id))).value()).stock;
        run(TenantItems(TenantId{"acme"}, memory->items()).update(sale_update(id, seen, Money{20'00}, 1))).value();
        store.before_next_write(sell);
    };
    store.before_next_write(sell);

    EXPECT_TRUE(adjust(id, 100));
    EXPECT_GT(sales, 1);
    EXPECT_EQ(stock(id).on_hand, 600 - sales);
}

TEST_F(StockOperations, AreNotFoundForAMissingBook)
{
    const auto theirs = create(new_book(entry("Nada")), "northwind").value().book_id;
    for (const auto& id : {BookId::from(Ulid{}), theirs}) {
        EXPECT_EQ(code_of(run(books::get_stock(manager, {id}, items))), Errc::not_found);
        EXPECT_EQ(code_of(set(id, "1", 3)), Errc::not_found);
        EXPECT_EQ(code_of(adjust(id, 3)), Errc::not_found);
    }
}

} // namespace
} // namespace estante
