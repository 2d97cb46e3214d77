#include "operations/purchases/checkout.hpp"
#include "processors/search/books_stream.hpp"
#include "processors/search/rebuild_search_index.hpp"
#include "support/checkout_test.hpp"
#include "unit/processors/recording_index.hpp"

#include <random>

namespace estante {
namespace {

class BooksStream : public CheckoutTest {
protected:
    RecordingIndex recorded;
    const TenantId acme{"acme"};

    std::vector<Change> all_changes() { return run(memory->changes().next("a new processor", 100'000)).value(); }
    Result<std::vector<PoisonRecord>> process(std::vector<Change> changes)
    {
        return run(books_stream(all, recorded, std::move(changes)));
    }
    // Books are created, changed, sold out, restocked and deleted.
    void given_history()
    {
        auto with_isbn = entry("Nada");
        with_isbn.isbn = isbn("9780439023481");
        const auto nada = create(new_book(with_isbn, Money{20'00}, 2)).value().book_id;
        const auto todo = given_book("Todo").book_id;
        const auto gone = given_book("Descatalogado").book_id;
        const auto sold_out = given_book("Agotado", Money{9'00}, 1).book_id;
        given_purchase(customer, nada, 2);
        set_on_hand(nada, 7);
        books::UpdateBook renamed{.book_id = nada};
        renamed.title = Text<1, 500>{"Nada (edición nueva)"};
        renamed.isbn = std::optional(isbn("9780439554930"));
        run(books::update_book(manager, renamed, items, clock)).value();
        set_price(todo, Money{1'00});
        set_price(todo, Money{2'00});
        given_purchase(customer, sold_out, 1);
        delete_book(gone);
        create(new_book(entry("Ajeno")), "northwind").value();
    }
};

TEST_F(BooksStream, IndexesTheCurrentStateOfABook)
{
    auto expected = entry("Buenos presagios", "Fantasía", "Terry Pratchett");
    expected.contributors.push_back({.name = {"Neil Gaiman"}, .role = {}});
    expected.contributors.push_back({.name = {"Alguien"}, .role = {ContributorRole::translator}});
    expected.description = Text<1, 10000>{"El fin del mundo"};
    expected.language = LanguageCode{"es"};
    expected.isbn = isbn("9780439023481");
    expected.subjects = {{"Humor"}};
    expected.rating = Rating{434};
    expected.publication_year = whole<-3000, 2200>(1990);
    const auto id = create(new_book(expected, Money{15'50}, 1)).value().book_id;

    EXPECT_TRUE(process(all_changes()).value().empty());

    const auto* document = recorded.document(acme, id);
    ASSERT_NE(document, nullptr);
    EXPECT_EQ(document->version, 2U);
    EXPECT_EQ(document->title, "Buenos presagios");
    EXPECT_EQ(document->author, "Terry Pratchett, Neil Gaiman");
    EXPECT_EQ(document->contributors, (std::vector<std::string>{"Terry Pratchett", "Neil Gaiman", "Alguien"}));
    EXPECT_EQ(document->description, "El fin del mundo");
    EXPECT_EQ(document->category, "Fantasía");
    EXPECT_EQ(document->language, "es");
    EXPECT_EQ(document->isbn, "9780439023481");
    EXPECT_EQ(document->subjects, std::vector<std::string>{"Humor"});
    EXPECT_EQ(document->price_cents, 15'50);
    EXPECT_EQ(document->rating, 4.34);
    EXPECT_EQ(document->publication_year, 1990);
    EXPECT_TRUE(document->in_stock);
    EXPECT_EQ(document->updated_ms, clock.now_ms());
}

TEST_F(BooksStream, ReachesTheSameIndexForRepeatedAndReorderedBatches)
{
    given_history();
    process(all_changes()).value();
    const auto expected = recorded.texts();
    ASSERT_EQ(expected.size(), 4U);

    std::mt19937 random(11);
    for (int round = 0; round < 20; ++round) {
        recorded.entries.clear();
        auto changes = all_changes();
        const auto twice = changes;
        changes.insert(changes.end(), twice.begin(), twice.end());
        std::ranges::shuffle(changes, random);
        while (!changes.empty()) {
            const auto size = std::min<std::size_t>(changes.size(), 1 + random() % 9);
            process({changes.end() - static_cast<std::ptrdiff_t>(size), changes.end()}).value();
            changes.resize(changes.size() - size);
        }
        EXPECT_EQ(recorded.texts(), expected);
    }
}

TEST_F(BooksStream, ReachesTheSameIndexAsARebuild)
{
    given_history();
    for (auto& change : all_changes())
        process({std::move(change)}).value();
    const auto followed = recorded.texts();

    recorded.entries.clear();
    for (const auto* tenant : {"acme", "northwind"})
        EXPECT_TRUE(run(rebuild_search_index(all, {tenant}, recorded)).value().damaged.empty());
    EXPECT_EQ(recorded.texts(), followed);
}

TEST_F(BooksStream, NeverIndexesADeletedBookAgain)
{
    const auto id = given_book("Nada").book_id;
    const auto early = all_changes();
    delete_book(id);
    process(all_changes()).value();
    process(early).value();

    EXPECT_EQ(recorded.document(acme, id), nullptr);
    EXPECT_EQ((recorded.entries[{acme, id.value}].version), std::uint64_t{1} << 62);
}

TEST_F(BooksStream, HandlesOnlyEntriesAndStock)
{
    const auto id = given_book("Nada").book_id;
    given_purchase(customer, id);
    auto changes = all_changes();
    const auto all_of_them = changes.size();
    std::erase_if(changes, [](const Change& change) {
        return change.table == Table::books && (change.key.sk.starts_with("BOOK#") || change.key.sk == "STOCK");
    });
    ASSERT_LT(changes.size(), all_of_them);
    ASSERT_FALSE(changes.empty());

    process(std::move(changes)).value();
    EXPECT_TRUE(recorded.applied.empty());
}

TEST_F(BooksStream, ReadsABookOnceForAllItsChangesInABatch)
{
    const auto id = given_book("Nada").book_id;
    for (int price = 1; price <= 10; ++price)
        set_price(id, Money{price});
    process(all_changes()).value();
    EXPECT_EQ(recorded.applied, std::vector<std::size_t>{1});
}

TEST_F(BooksStream, ProcessesMoreBooksThanOneReadReturns)
{
    for (int i = 0; i < 250; ++i)
        given_book("Libro");
    process(all_changes()).value();
    EXPECT_EQ(recorded.texts().size(), 250U);
}

TEST_F(BooksStream, ReturnsADamagedBookAsPoisonAndIndexesTheRest)
{
    const auto damaged = given_book("Roto").book_id;
    const auto intact = given_book("Sano").book_id;
    run(items.update({.table = Table::books, .key = entry_key(damaged, std::nullopt), .remove = {"title"}})).value();

    const auto poison = process(all_changes()).value();

    ASSERT_EQ(poison.size(), 1U);
    EXPECT_EQ(poison[0].change.key.pk, "acme#" + damaged.value);
    EXPECT_NE(poison[0].reason.find("title"), std::string::npos);
    EXPECT_NE(recorded.document(acme, intact), nullptr);
}

TEST_F(BooksStream, ReturnsARejectedBookAsPoisonAndIndexesTheRest)
{
    const auto rejected = given_book("Imposible").book_id;
    const auto intact = given_book("Sano").book_id;
    recorded.rejected.insert(rejected.value);

    const auto poison = process(all_changes()).value();

    ASSERT_EQ(poison.size(), 1U);
    EXPECT_EQ(poison[0].change.key.pk, "acme#" + rejected.value);
    EXPECT_NE(recorded.document(acme, intact), nullptr);
}

TEST_F(BooksStream, FailsWhileTheIndexIsUnavailable)
{
    given_book("Nada");
    recorded.outage = Errc::unavailable;
    EXPECT_EQ(code_of(process(all_changes())), Errc::unavailable);
    recorded.outage.reset();
    EXPECT_TRUE(process(all_changes()));
    EXPECT_EQ(recorded.texts().size(), 1U);
}

TEST_F(BooksStream, IndexesASaleOnlyWhenItIsOfTheLastCopy)
{
    const auto id = given_book("Nada", Money{20'00}, 2).book_id;
    process(all_changes()).value();
    const auto version = recorded.document(acme, id)->version;
    given_purchase(customer, id);
    process(all_changes()).value();
    EXPECT_EQ(recorded.document(acme, id)->version, version);
    given_purchase(customer, id);
    process(all_changes()).value();
    EXPECT_EQ(recorded.document(acme, id)->version, version + 1);
    EXPECT_FALSE(recorded.document(acme, id)->in_stock);
}

class RebuildSearchIndex : public BooksStream {};

TEST_F(RebuildSearchIndex, ReplacesTheIndexByTheBooksOfTheStore)
{
    recorded.entries[{acme, "book_ghost"}] = {5, SearchDocument{.book_id = "book_ghost", .version = 5}};
    for (int i = 0; i < 230; ++i)
        given_book("Libro");
    create(new_book(entry("Ajeno")), "northwind").value();

    const auto rebuilt = run(rebuild_search_index(all, acme, recorded)).value();
    EXPECT_EQ(rebuilt.books, 230U);
    EXPECT_EQ(recorded.entries.size(), 230U);
}

TEST_F(RebuildSearchIndex, LeavesOutADamagedBookAndReportsIt)
{
    const auto damaged = given_book("Roto").book_id;
    given_book("Sano");
    run(items.update({.table = Table::books, .key = stock_key(damaged), .remove = {"on_hand"}})).value();

    const auto rebuilt = run(rebuild_search_index(all, acme, recorded)).value();
    EXPECT_EQ(rebuilt.books, 1U);
    ASSERT_EQ(rebuilt.damaged.size(), 1U);
    EXPECT_NE(rebuilt.damaged[0].find(damaged.value), std::string::npos);
}

TEST_F(RebuildSearchIndex, MakesAnEmptyIndexForAnEmptyShop)
{
    EXPECT_EQ(run(rebuild_search_index(all, acme, recorded)).value().books, 0U);
}

TEST_F(RebuildSearchIndex, FailsWhileTheIndexIsUnavailable)
{
    given_book("Nada");
    recorded.outage = Errc::unavailable;
    EXPECT_EQ(code_of(run(rebuild_search_index(all, acme, recorded))), Errc::unavailable);
}

} // namespace
} // namespace estante
