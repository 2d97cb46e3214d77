#include "operations/books/put_book_by_isbn.hpp"
#include "support/bookshop_test.hpp"

namespace estante {
namespace {

class PutBookByIsbn : public BookshopTest {
protected:
    Result<books::PutBook> put(BookEntry entry, std::optional<Money> price = {}, std::optional<IfMatch> if_match = {})
    {
        books::PutBookByIsbn request;
        static_cast<BookEntry&>(request) = std::move(entry);
        request.isbn = isbn("9780439023481");
        request.price = price;
        request.if_match = std::move(if_match);
        return run(books::put_book_by_isbn(manager, request, items, clock, ids));
    }
};

TEST_F(PutBookByIsbn, CreatesTheBookAndThenReplacesIt)
{
    const auto created = put(entry("Nada"), Money{20'00}).value();
    EXPECT_EQ(created.status_code(), 201);
    EXPECT_FALSE(created.in_stock);

    auto better = entry("Nada", "Clásicos", "Carmen Laforet");
    better.pages.emplace().value = 300;
    const auto replaced = put(better).value();

    EXPECT_EQ(replaced.status_code(), 200);
    EXPECT_EQ(replaced.book_id, created.book_id);
    EXPECT_EQ(replaced.contributors, better.contributors);
    EXPECT_EQ(replaced.price, Money{20'00}); // unchanged, since the request has none
    EXPECT_EQ(replaced.etag(), "2.1");
    EXPECT_EQ(static_cast<const books::BookView&>(replaced), book(created.book_id).value());
}

TEST_F(PutBookByIsbn, ChangesNothingIfRepeated)
{
    const auto created = put(entry("Nada"), Money{20'00}).value();
    const auto before = everything();
    clock.advance(1000);

    EXPECT_EQ(put(entry("Nada"), Money{20'00}).value().etag(), created.etag());
    EXPECT_EQ(everything(), before);
}

TEST_F(PutBookByIsbn, DistinguishesNewFromUsedBooks)
{
    const auto fresh = put(entry("Nada")).value();
    auto old = entry("Nada");
    old.condition.value = BookCondition::used;
    const auto used = put(old, Money{5'00}).value();

    EXPECT_EQ(used.status_code(), 201);
    EXPECT_NE(used.book_id, fresh.book_id);
}

TEST_F(PutBookByIsbn, KeepsTheCopiesOnHand)
{
    const auto created = put(entry("Nada"), Money{20'00}).value();
    set_on_hand(created.book_id, 4);
    put(entry("Nada"), Money{18'00}).value();
    EXPECT_EQ(stock(created.book_id).on_hand, 4);
    EXPECT_EQ(stock(created.book_id).price, Money{18'00});
}

TEST_F(PutBookByIsbn, IsAMismatchIfIfMatchNamesAMissingBookOrAnOldVersion)
{
    EXPECT_EQ(code_of(put(entry("Nada"), {}, IfMatch{"*"})), Errc::version_mismatch);
    put(entry("Nada")).value();
    EXPECT_EQ(code_of(put(entry("Otra"), {}, IfMatch{"9.9"})), Errc::version_mismatch);
    EXPECT_TRUE(put(entry("Otra"), {}, IfMatch{"1.1"}));
}

TEST_F(PutBookByIsbn, IsAConflictIfAnotherRequestWasFirst)
{
    store.before_next_write([&] { put(entry("La otra")).value(); });
    EXPECT_EQ(code_of(put(entry("La mía"))), Errc::conflict);
    EXPECT_EQ(put(entry("La otra")).value().status_code(), 200);
}

} // namespace
} // namespace estante
