#include "operations/books/get_book_by_isbn.hpp"
#include "support/bookshop_test.hpp"

namespace estante {
namespace {

class CreateBook : public BookshopTest {};

TEST_F(CreateBook, ReturnsTheBookAsItIsStored)
{
    auto wanted = entry("Olvidado rey Gudú");
    wanted.isbn = isbn("9780439023481");
    const auto created = create(new_book(wanted, Money{24'90}, 3)).value();

    EXPECT_EQ(created, book(created.book_id).value());
    EXPECT_EQ(static_cast<const BookEntry&>(created), wanted);
    EXPECT_EQ(created.price, Money{24'90});
    EXPECT_EQ(created.currency.value, "EUR");
    EXPECT_TRUE(created.in_stock);
    EXPECT_EQ(created.etag(), "1.1");
    EXPECT_EQ(created.location(), "/v1/books/" + created.book_id.value);
    EXPECT_EQ(created.isbn_hyphenated, "978-0-439-02348-1");
    EXPECT_EQ(created.created_at.ms, clock.now_ms());
    EXPECT_EQ(stock(created.book_id).on_hand, 3);
}

TEST_F(CreateBook, AcceptsABookWithoutIsbnPriceAndCopies)
{
    const auto created = create(new_book(entry("Lazarillo"), std::nullopt, 0)).value();

    EXPECT_FALSE(created.price);
    EXPECT_FALSE(created.in_stock);
    EXPECT_FALSE(created.isbn_hyphenated);
}

TEST_F(CreateBook, NamesTheBookThatHasTheIsbnAndChangesNothing)
{
    auto wanted = entry("Nada");
    wanted.isbn = isbn("9780439023481");
    const auto holder = create(new_book(wanted)).value();
    const auto before = everything();

    const auto again = create(new_book(wanted));

    EXPECT_EQ(code_of(again), Errc::already_exists);
    EXPECT_NE(again.error().detail.en.find(holder.book_id.value), std::string::npos);
    EXPECT_NE(again.error().detail.es.find(holder.book_id.value), std::string::npos);
    EXPECT_EQ(everything(), before);
}

TEST_F(CreateBook, AllowsAUsedAndANewBookWithOneIsbn)
{
    auto wanted = entry("Nada");
    wanted.isbn = isbn("9780439023481");
    const auto fresh = create(new_book(wanted)).value();
    wanted.condition.value = BookCondition::used;
    const auto used = create(new_book(wanted, Money{5'00})).value();

    const auto of = [&](BookCondition condition) {
        return run(books::get_book_by_isbn(customer, {*wanted.isbn, {condition}}, items)).value().book_id;
    };
    EXPECT_EQ(of(BookCondition::new_), fresh.book_id);
    EXPECT_EQ(of(BookCondition::used), used.book_id);
}

TEST_F(CreateBook, AllowsTheSameIsbnInAnotherShop)
{
    auto wanted = entry("Nada");
    wanted.isbn = isbn("9780439023481");
    create(new_book(wanted)).value();
    const auto theirs = create(new_book(wanted), "northwind").value();

    EXPECT_EQ(code_of(book(theirs.book_id)), Errc::not_found);
}

TEST_F(CreateBook, AcceptsAtMostFiftyContributorsAndFiftySubjects)
{
    auto wanted = entry("Enciclopedia");
    for (int i = 0; i < 49; ++i)
        wanted.contributors.push_back({.name = {"Autor " + std::to_string(i)}, .role = {}});
    wanted.subjects.assign(50, {"tema"});
    EXPECT_TRUE(create(new_book(wanted)));
    const auto before = everything();

    wanted.contributors.push_back({.name = {"Uno más"}, .role = {}});
    wanted.subjects.push_back({"uno más"});
    const auto refused = create(new_book(wanted));

    EXPECT_EQ(code_of(refused), Errc::invalid);
    ASSERT_EQ(refused.error().faults.size(), 2U);
    EXPECT_EQ(refused.error().faults[0].pointer, "/contributors");
    EXPECT_EQ(refused.error().faults[1].pointer, "/subjects");
    EXPECT_EQ(everything(), before);
}

TEST_F(CreateBook, HappensOnceUnderOneIdempotencyKey)
{
    create(new_book(entry("Nada")), "acme", idempotency<books::BookView>("k1")).value();
    const auto before = everything();

    EXPECT_EQ(code_of(create(new_book(entry("Nada")), "acme", idempotency<books::BookView>("k1"))), Errc::conflict);
    EXPECT_EQ(everything(), before);
}

TEST_F(CreateBook, IsUnavailableWhileTheStoreCannotWrite)
{
    store.fail_after(0);
    const auto refused = create(new_book(entry("Nada")));
    EXPECT_EQ(code_of(refused), Errc::unavailable);
    EXPECT_GT(refused.error().retry_after_s, 0);
}

TEST_F(CreateBook, HidesABookFromOtherShops)
{
    const auto theirs = create(new_book(entry("Nada")), "northwind").value();
    const auto never = BookId::from(Ulid{.time_ms = 1});

    const auto foreign = book(theirs.book_id);
    const auto absent = book(never);
    EXPECT_EQ(code_of(foreign), Errc::not_found);
    EXPECT_EQ(foreign.error().detail, absent.error().detail);
}

} // namespace
} // namespace estante
