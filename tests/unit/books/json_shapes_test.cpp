// The requests and responses of the catalogue in JSON.
#include "codec/described.hpp"
#include "operations/books/list_books.hpp"
#include "operations/books/put_book_by_isbn.hpp"
#include "operations/books/search_books.hpp"
#include "support/bookshop_test.hpp"

#include <set>

namespace estante {
namespace {

class JsonShapes : public BookshopTest {
protected:
    template <class T> static T read(std::string_view text)
    {
        codec::Reader reader;
        T request{};
        codec::read(reader, json::parse(text).value(), request);
        EXPECT_TRUE(reader.faults.empty());
        return request;
    }
    static std::set<std::string> members_of(std::string_view text)
    {
        std::set<std::string> names;
        const auto value = json::parse(text).value();
        for (const auto& [name, member] : *value.if_map())
            names.insert(name);
        return names;
    }
};

TEST_F(JsonShapes, BookHasItsEntryAndItsOffer)
{
    auto wanted = entry("Nada");
    wanted.isbn = isbn("9780439023481");
    const auto view = create(new_book(wanted, Money{24'90}, 1)).value();
    const auto text = codec::to_json(view);

    EXPECT_EQ(members_of(text),
              (std::set<std::string>{"book_id", "title", "contributors", "category", "subjects", "isbn",
                                     "isbn_hyphenated", "condition", "format", "price", "currency", "in_stock",
                                     "version", "availability_version", "created_at", "updated_at"}));
    EXPECT_NE(text.find(R"("price":24.90)"), std::string::npos);
    EXPECT_NE(text.find(R"("condition":"new")"), std::string::npos);
    EXPECT_EQ(text.find("on_hand"), std::string::npos);
    EXPECT_EQ(members_of(codec::to_json(books::PutBook{view, true})), members_of(text));
}

TEST_F(JsonShapes, NewBookIsItsEntryWithPriceAndCopies)
{
    const auto request = read<books::CreateBook>(
        R"({"title": "Nada", "category": "Novela", "contributors": [{"name": "Carmen Laforet"}],
            "isbn": "978-0-439-02348-1", "condition": "used", "price": 9.5, "on_hand": 3})");
    EXPECT_EQ(request.isbn->value, "9780439023481");
    EXPECT_EQ(request.condition.value, BookCondition::used);
    EXPECT_EQ(request.price, Money{9'50});
    EXPECT_EQ(request.on_hand.value.value, 3);
}

TEST_F(JsonShapes, ChangeDistinguishesAbsentFromNull)
{
    const auto request =
        read<books::UpdateBook>(R"({"book_id": "book_01KG9P6JE00000000000000004", "publisher": null, "price": null})");
    EXPECT_TRUE(request.publisher.has_value());
    EXPECT_FALSE(request.publisher->has_value());
    EXPECT_TRUE(request.price.has_value());
    EXPECT_FALSE(request.price->has_value());
    EXPECT_FALSE(request.description.has_value());
}

TEST_F(JsonShapes, SortsDescendingWithAMinus)
{
    EXPECT_EQ(read<books::ListBooks>(R"({"sort": "-price"})").sort.value, books::BookSort::minus_price);
    EXPECT_EQ(read<books::SearchBooks>(R"({"sort": "year"})").sort.value, books::BookSort::year);
}

} // namespace
} // namespace estante
