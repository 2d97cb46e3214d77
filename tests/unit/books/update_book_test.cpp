#include "operations/books/get_book_by_isbn.hpp"
#include "support/bookshop_test.hpp"

namespace estante {
namespace {

class UpdateBook : public BookshopTest {
protected:
    Result<books::BookView> update(const books::UpdateBook& request)
    {
        return run(books::update_book(manager, request, items, clock));
    }
    static books::UpdateBook titled(const BookId& id, std::string title)
    {
        books::UpdateBook request{.book_id = id};
        request.title = Text<1, 500>{std::move(title)};
        return request;
    }
};

TEST_F(UpdateBook, ChangesTheGivenMembersAndKeepsTheOthers)
{
    auto original = entry("Nada");
    original.publisher = Text<1, 200>{"Destino"};
    original.rating = Rating{410};
    const auto created = create(new_book(original)).value();
    clock.advance(5000);

    books::UpdateBook request{.book_id = created.book_id};
    request.title = Text<1, 500>{"Nada (edición nueva)"};
    request.publisher.emplace(); // null clears it
    request.format = BookFormat::hardcover;
    const auto updated = update(request).value();

    auto expected = original;
    expected.title = {"Nada (edición nueva)"};
    expected.publisher.reset();
    expected.format.value = BookFormat::hardcover;
    EXPECT_EQ(static_cast<const BookEntry&>(updated), expected);
    EXPECT_EQ(updated, book(created.book_id).value());
    EXPECT_EQ(updated.etag(), "2.1");
    EXPECT_EQ(updated.updated_at.ms, clock.now_ms());
    EXPECT_EQ(updated.created_at, created.created_at);
}

TEST_F(UpdateBook, KeepsTheVersionIfNothingChanges)
{
    const auto created = given_book("Nada");
    const auto before = everything();
    clock.advance(5000);

    auto request = titled(created.book_id, "Nada");
    request.price = Money{20'00};
    EXPECT_EQ(update(request).value(), created);
    EXPECT_EQ(everything(), before);
}

TEST_F(UpdateBook, AdvancesTheAvailabilityWithThePrice)
{
    const auto created = given_book("Nada");

    books::UpdateBook request{.book_id = created.book_id};
    request.price = Money{18'00};
    const auto cheaper = update(request).value();
    EXPECT_EQ(cheaper.price, Money{18'00});
    EXPECT_EQ(cheaper.etag(), "2.2");
    EXPECT_EQ(cheaper, book(created.book_id).value());

    request.price = std::optional<Money>();
    const auto unpriced = update(request).value();
    EXPECT_FALSE(unpriced.price);
    EXPECT_EQ(unpriced.etag(), "3.3");

    request.price = Money{21'00};
    EXPECT_EQ(update(request).value().etag(), "4.4");
}

TEST_F(UpdateBook, ChecksVersionAndAvailabilityWithIfMatch)
{
    const auto created = given_book("Nada", Money{20'00}, 1);
    auto request = titled(created.book_id, "Otra");
    request.if_match = IfMatch{"1.1"};
    set_on_hand(created.book_id, 0); // availability 2
    const auto before = everything();

    EXPECT_EQ(code_of(update(request)), Errc::version_mismatch);
    EXPECT_EQ(everything(), before);
    request.if_match = IfMatch{"1.2"};
    EXPECT_EQ(update(request).value().etag(), "2.2");
    request.if_match = IfMatch{"*"};
    request.title = Text<1, 500>{"Y otra"};
    EXPECT_TRUE(update(request));
}

TEST_F(UpdateBook, ReportsAConcurrentChangeAsConflictOrMismatch)
{
    const auto created = given_book("Nada");
    const auto race = [&](std::optional<IfMatch> if_match) {
        auto request = titled(created.book_id, "La mía");
        request.if_match = std::move(if_match);
        static int others = 0;
        store.before_next_write([&] { update(titled(created.book_id, "Otra " + std::to_string(++others))).value(); });
        return code_of(update(request));
    };
    EXPECT_EQ(race(std::nullopt), Errc::conflict);
    EXPECT_EQ(race(IfMatch{"2.1"}), Errc::version_mismatch);
    EXPECT_TRUE(book(created.book_id).value().title.value.starts_with("Otra"));
}

TEST_F(UpdateBook, IsAMismatchIfTheStockRunsOutAtTheSameTime)
{
    const auto created = given_book("Nada", Money{20'00}, 1);
    auto request = titled(created.book_id, "Otra");
    request.if_match = IfMatch{"1.1"};
    store.before_next_write([&] { set_on_hand(created.book_id, 0); });

    EXPECT_EQ(code_of(update(request)), Errc::version_mismatch);
    EXPECT_EQ(book(created.book_id).value().title.value, "Nada");
}

TEST_F(UpdateBook, MovesTheEntryAndTheClaimWithTheIsbn)
{
    auto wanted = entry("Nada");
    wanted.isbn = isbn("9780439023481");
    const auto created = create(new_book(wanted)).value();

    books::UpdateBook request{.book_id = created.book_id};
    request.isbn = std::optional(isbn("9780439554930"));
    const auto moved = update(request).value();

    EXPECT_EQ(moved, book(created.book_id).value());
    EXPECT_EQ(moved.version, 2);
    EXPECT_EQ(sort_keys_of(created.book_id.value), (std::vector<std::string>{"BOOK#9780439554930", "STOCK"}));
    const auto by_isbn = [&](std::string_view text) {
        return run(books::get_book_by_isbn(customer, {isbn(text), {}}, items));
    };
    EXPECT_EQ(by_isbn("9780439554930").value().book_id, created.book_id);
    EXPECT_EQ(code_of(by_isbn("9780439023481")), Errc::not_found);

    request.isbn = std::optional<Isbn>();
    update(request).value();
    EXPECT_EQ(sort_keys_of(created.book_id.value), (std::vector<std::string>{"BOOK#-", "STOCK"}));
    EXPECT_EQ(code_of(by_isbn("9780439554930")), Errc::not_found);
}

TEST_F(UpdateBook, RefusesAnIsbnOfAnotherBook)
{
    auto wanted = entry("Nada");
    wanted.isbn = isbn("9780439023481");
    create(new_book(wanted)).value();
    const auto other = given_book("Otra");
    const auto before = everything();

    books::UpdateBook request{.book_id = other.book_id};
    request.isbn = wanted.isbn;
    EXPECT_EQ(code_of(update(request)), Errc::already_exists);
    EXPECT_EQ(everything(), before);
}

TEST_F(UpdateBook, KeepsOneItemForEachFurtherContributor)
{
    auto wanted = entry("Buenos presagios", "Fantasía", "Terry Pratchett");
    wanted.contributors.push_back({.name = {"Neil Gaiman"}, .role = {}});
    wanted.contributors.push_back({.name = {"Alguien"}, .role = {}});
    const auto created = create(new_book(wanted)).value();
    EXPECT_EQ(sort_keys_of(created.book_id.value),
              (std::vector<std::string>{"AUTHOR#2", "AUTHOR#3", "BOOK#-", "STOCK"}));

    books::UpdateBook request{.book_id = created.book_id};
    request.contributors = {{.name = {"Neil Gaiman"}, .role = {}}, {.name = {"Terry Pratchett"}, .role = {}}};
    update(request).value();
    EXPECT_EQ(sort_keys_of(created.book_id.value), (std::vector<std::string>{"AUTHOR#2", "BOOK#-", "STOCK"}));
}

TEST_F(UpdateBook, IsNotFoundForAMissingBook)
{
    EXPECT_EQ(code_of(update(titled(BookId::from(Ulid{}), "Nada"))), Errc::not_found);
    const auto theirs = create(new_book(entry("Nada")), "northwind").value();
    EXPECT_EQ(code_of(update(titled(theirs.book_id, "Mía"))), Errc::not_found);
}

class DeleteBook : public BookshopTest {};

TEST_F(DeleteBook, DeletesAllItemsOfTheBook)
{
    const auto before = everything();
    auto wanted = entry("Buenos presagios");
    wanted.contributors.push_back({.name = {"Neil Gaiman"}, .role = {}});
    wanted.isbn = isbn("9780439023481");
    const auto created = create(new_book(wanted)).value();

    delete_book(created.book_id);

    EXPECT_EQ(everything(), before);
    EXPECT_EQ(code_of(book(created.book_id)), Errc::not_found);
    EXPECT_TRUE(create(new_book(wanted))); // its ISBN is free again
}

TEST_F(DeleteBook, IsNotFoundForAMissingBook)
{
    EXPECT_EQ(code_of(run(books::delete_book(manager, {BookId::from(Ulid{}), std::nullopt}, items))), Errc::not_found);
}

TEST_F(DeleteBook, RefusesAnOldVersion)
{
    const auto created = given_book("Nada", Money{20'00}, 1);
    set_on_hand(created.book_id, 0);
    const auto before = everything();

    EXPECT_EQ(code_of(run(books::delete_book(manager, {created.book_id, IfMatch{"1.1"}}, items))),
              Errc::version_mismatch);
    EXPECT_EQ(everything(), before);
    EXPECT_TRUE(run(books::delete_book(manager, {created.book_id, IfMatch{"1.2"}}, items)));
}

TEST_F(DeleteBook, ReportsAConcurrentChangeAsConflict)
{
    const auto created = given_book("Nada");
    store.before_next_write([&] { set_price(created.book_id, Money{1'00}); });
    EXPECT_EQ(code_of(run(books::delete_book(manager, {created.book_id, std::nullopt}, items))), Errc::conflict);
    EXPECT_TRUE(book(created.book_id));
}

} // namespace
} // namespace estante
