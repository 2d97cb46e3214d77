#include "records/books.hpp"
#include "records/stock.hpp"
#include "support/bookshop_test.hpp"

namespace estante {
namespace {

const BookId id = BookId::from(Ulid{.time_ms = 1});
const std::string book_1 = id.value;

Book full_book()
{
    Book book{.id = id,
              .entry = {},
              .version = 7,
              .created_ms = 1'700'000'000'123,
              .updated_ms = 1'700'000'001'000,
              .source = "gutenberg:320"};
    BookEntry& entry = book.entry;
    entry.title = {"C# en 5 días"};
    entry.original_title = Text<1, 500>{"C# in 5 days"};
    entry.contributors = {{.name = {"Ana Pérez"}, .role = {}},
                          {.name = {"100% Luis"}, .role = {ContributorRole::editor}},
                          {.name = {"Ana Pérez"}, .role = {ContributorRole::translator}}};
    entry.publisher = Text<1, 200>{"Anagrama"};
    entry.language = LanguageCode{"es"};
    entry.publication_year.emplace().value = -400;
    entry.description = Text<1, 10000>{"Un libro"};
    entry.category = {"C#"};
    entry.subjects = {{"Programación"}, {"Lenguajes"}};
    entry.isbn = isbn("978-0-439-02348-1");
    entry.condition.value = BookCondition::used;
    entry.rating = Rating{434};
    entry.format.value = BookFormat::hardcover;
    entry.pages.emplace().value = 321;
    return book;
}

TEST(BookRecord, BecomesAnItemAndBack)
{
    EXPECT_EQ(book_from(to_item(full_book())), full_book());

    Book sparse{.id = id, .entry = {}};
    sparse.entry.title = {"T"};
    sparse.entry.category = {"C"};
    EXPECT_EQ(book_from(to_item(sparse)), sparse);
}

TEST(BookRecord, HasTheKeysOfTheTable)
{
    const auto items = items_of(full_book());

    ASSERT_EQ(items.size(), 4U);
    EXPECT_EQ(key_of(items[0]), (Key{book_1, "BOOK#9780439023481"}));
    EXPECT_EQ(index_key_of(items[0], Index::gsi1), (Key{"CATEGORY", "C%23#" + book_1}));
    EXPECT_EQ(index_key_of(items[0], Index::gsi2), (Key{"AUTHOR", "Ana Pérez#" + book_1}));
    EXPECT_EQ(key_of(items[1]), (Key{book_1, "AUTHOR#2"}));
    EXPECT_EQ(index_key_of(items[1], Index::gsi2), (Key{"AUTHOR", "100%25 Luis#" + book_1}));
    EXPECT_EQ(index_key_of(items[1], Index::gsi1), std::nullopt);
    EXPECT_EQ(key_of(items[2]), (Key{"ISBN#9780439023481#used", "CLAIM"}));
    EXPECT_EQ(key_of(items[3]), (Key{"SOURCE#gutenberg:320", "CLAIM"}));
    EXPECT_EQ(claimed_book(items[2]), id);
    EXPECT_EQ(claimed_book(items[3]), id);
}

TEST(BookRecord, IsOneItemWithoutIsbnAndContributors)
{
    Book book{.id = id, .entry = {}};
    book.entry.title = {"Anónimo"};
    book.entry.category = {"Poesía"};

    const auto items = items_of(book);

    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(key_of(items[0]), (Key{book_1, "BOOK#-"}));
    EXPECT_EQ(index_key_of(items[0], Index::gsi2), std::nullopt);
}

TEST(BookRecord, KeepsAmountsAndRatingsAsExactNumbers)
{
    const auto item = to_item(full_book());
    EXPECT_EQ(*find(item, "rating"), Value(*Number::parse("4.34")));
    EXPECT_EQ(text_of(item, "created_at"), "2023-11-14T22:13:20.123Z");

    const auto stock = to_item(StockRecord{.book_id = id, .stock = {.on_hand = 3, .price = Money{19'90}}});
    EXPECT_EQ(*find(stock, "price"), Value(*Number::parse("19.9")));
    EXPECT_EQ(*find(stock, "on_hand"), Value(3));
}

TEST(BookRecord, IsDamagedWithoutATitle)
{
    auto item = to_item(full_book());
    item.erase("title");
    EXPECT_THROW(book_from(item), std::runtime_error);
}

TEST(StockRecord, BecomesAnItemAndBack)
{
    const StockRecord full{.book_id = id,
                           .stock = {.on_hand = 3, .price = Money{19'90}, .availability_version = 4, .version = 9},
                           .isbn = isbn("9780439023481"),
                           .adjustment = Adjustment{-2, "rotos", UserId::from(Ulid{}), 1'700'000'000'000}};
    EXPECT_EQ(stock_from(to_item(full)), full);
    EXPECT_EQ(key_of(to_item(full)), (Key{book_1, "STOCK"}));

    const StockRecord bare{.book_id = id, .stock = {}};
    EXPECT_EQ(stock_from(to_item(bare)), bare);
}

// Applies an update to a stored stock; nothing if its conditions fail.
class StockUpdates : public BookshopTest {
protected:
    std::optional<Stock> applied(const Stock& stored, const Update& update)
    {
        run(items.put({.table = Table::books, .item = to_item(StockRecord{.book_id = id, .stock = stored})})).value();
        const auto then = run(items.update(update));
        if (!then)
            return std::nullopt;
        return stock_from(*then).stock;
    }
    static Stock copies(std::int64_t on_hand, std::int64_t availability = 5)
    {
        return {.on_hand = on_hand, .price = Money{10'00}, .availability_version = availability, .version = 8};
    }
};

TEST_F(StockUpdates, SaleAdvancesTheAvailabilityExactlyWithTheLastCopy)
{
    for (std::int64_t on_hand = 1; on_hand <= 6; ++on_hand) {
        for (std::int64_t sold = 1; sold <= on_hand; ++sold) {
            const auto then = applied(copies(on_hand), sale_update(id, copies(on_hand), Money{10'00}, sold));
            ASSERT_TRUE(then) << on_hand << " − " << sold;
            EXPECT_EQ(then->on_hand, on_hand - sold);
            EXPECT_EQ(then->availability_version, sold == on_hand ? 6 : 5);
            EXPECT_EQ(then->version, 9);
        }
    }
}

TEST_F(StockUpdates, SaleNeverCrossesZeroUnnoticed)
{
    int applied_updates = 0;
    for (std::int64_t seen = 1; seen <= 5; ++seen) {
        for (std::int64_t stored = 0; stored <= 5; ++stored) {
            for (std::int64_t sold = 1; sold <= seen; ++sold) {
                const auto then = applied(copies(stored), sale_update(id, copies(seen), Money{10'00}, sold));
                if (!then)
                    continue;
                ++applied_updates;
                EXPECT_GE(then->on_hand, 0);
                EXPECT_EQ(then->availability_version, then->on_hand == 0 ? 6 : 5) << seen << stored << sold;
            }
        }
    }
    EXPECT_EQ(applied_updates, 35);
}

TEST_F(StockUpdates, SaleSucceedsAfterOtherSalesIfEnoughCopiesAreLeft)
{
    EXPECT_TRUE(applied(copies(3), sale_update(id, copies(9), Money{10'00}, 2)));
    EXPECT_FALSE(
        applied(copies(2), sale_update(id, copies(9), Money{10'00}, 2))); // the next attempt sells the last copies
}

TEST_F(StockUpdates, SaleRequiresThePrice)
{
    EXPECT_FALSE(applied(copies(5), sale_update(id, copies(5), Money{9'99}, 1)));
}

TEST_F(StockUpdates, ArrivalAdvancesTheAvailabilityExactlyFromZero)
{
    const auto first = applied(copies(0), arrival_update(id, copies(0), 3));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->on_hand, 3);
    EXPECT_EQ(first->availability_version, 6);
    EXPECT_EQ(applied(copies(2), arrival_update(id, copies(7), 3))->availability_version, 5);
    EXPECT_FALSE(applied(copies(0), arrival_update(id, copies(7), 3)));
    EXPECT_FALSE(applied(copies(7), arrival_update(id, copies(0), 3)));
}

TEST_F(StockUpdates, PriceChangeDoesNotConflictWithSales)
{
    Update cheaper = stock_update(id);
    estante::set_price(cheaper, copies(9), Money{8'00});
    const auto then = applied(copies(2), cheaper);
    ASSERT_TRUE(then);
    EXPECT_EQ(then->price, Money{8'00});
    EXPECT_EQ(then->on_hand, 2);
    EXPECT_EQ(then->availability_version, 6);

    Update outdated = stock_update(id);
    auto seen = copies(9);
    seen.price = Money{7'00};
    estante::set_price(outdated, seen, Money{8'00});
    EXPECT_FALSE(applied(copies(2), outdated));
}

} // namespace
} // namespace estante
