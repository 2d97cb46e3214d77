#include "processors/search/expected_documents.hpp"
#include "processors/search/rebuild_search_index.hpp"
#include "processors/search/verify_search_index.hpp"
#include "support/bookshop_test.hpp"
#include "unit/processors/recording_index.hpp"

#include <functional>

namespace estante {
namespace {

using Differences = std::map<std::string, IndexStatus>;

// A shop of three books whose index matches the store at first.
class VerifySearchIndex : public BookshopTest {
protected:
    const TenantId acme{"acme"};
    BookId nada, todo, sombra;

    void SetUp() override
    {
        BookshopTest::SetUp();
        nada = create(full_entry("Nada")).value().book_id;
        todo = given_book("Todo").book_id;
        sombra = given_book("La sombra").book_id;
        create(new_book(entry("Ajeno")), "northwind").value();
        update_index();
    }

    static books::CreateBook full_entry(std::string title)
    {
        auto book = entry(std::move(title));
        book.contributors.push_back({.name = {"Carmen Laforet"}, .role = {ContributorRole::translator}});
        book.description = Text<1, 10000>{"Una novela de Barcelona, de una ciudad"};
        book.language = LanguageCode{"es"};
        book.isbn = isbn("9780439023481");
        book.rating = Rating{434};
        book.publication_year = whole<-3000, 2200>(1945);
        return new_book(book);
    }

    CatchUp catch_up()
    {
        return [this] {
            update_index();
            return true;
        };
    }
    Result<Drift> verify() { return run(verify_search_index(all, acme, *index, catch_up())); }
    Result<Drift> verify(CatchUp wait) { return run(verify_search_index(all, acme, *index, std::move(wait))); }
    Differences differences() { return verify().value().differences; }
    // Verifies, repairs, and verifies that no drift remains.
    RepairResult repair()
    {
        auto drift = verify().value();
        EXPECT_FALSE(drift.is_none());
        const auto repaired = run(repair_search_index(all, acme, *index, catch_up(), std::move(drift))).value();
        EXPECT_TRUE(repaired.remaining.is_none());
        EXPECT_EQ(differences(), Differences());
        return repaired;
    }

    IndexChange expected(const BookId& book) { return run(read_expected_documents(items, {book})).value().books.at(0); }
    void write(IndexChange change) { run(index->apply(acme, {std::move(change)})).value(); }
    // Rebuilds the index with one document that `alter` has changed under the same version.
    void given_altered(const BookId& book, const std::function<void(SearchDocument&)>& alter)
    {
        std::vector<SearchDocument> documents;
        for (IndexChange& change : run(read_expected_documents(items, {nada, todo, sombra})).value().books) {
            if (change.book_id == book.value)
                alter(*change.document);
            documents.push_back(std::move(*change.document));
        }
        run(index->rebuild(acme, std::move(documents))).value();
    }
    // Skips the changes since the last acknowledged one.
    void skip_changes()
    {
        const auto newest = run(memory->changes().newest()).value();
        run(memory->changes().acknowledge("books_stream", newest)).value();
    }
};

TEST_F(VerifySearchIndex, FindsNoDriftInAMatchingIndex)
{
    const auto drift = verify().value();
    EXPECT_TRUE(drift.is_none());
    EXPECT_EQ(drift.books, 3U);
}

TEST_F(VerifySearchIndex, FindsAMissingBookAndWritesIt)
{
    const auto missing = given_book("Perdido").book_id;
    skip_changes();
    EXPECT_EQ(differences(), (Differences{{missing.value, IndexStatus::missing}}));

    const auto repaired = repair();
    EXPECT_EQ(repaired.written, 1U);
    EXPECT_FALSE(repaired.rebuilt);
}

TEST_F(VerifySearchIndex, RebuildsWhenTheIndexHasAFalseRemoval)
{
    write({.book_id = todo.value, .version = std::uint64_t{1} << 62, .document = std::nullopt});
    EXPECT_EQ(differences(), (Differences{{todo.value, IndexStatus::missing}}));
    EXPECT_TRUE(repair().rebuilt);
}

TEST_F(VerifySearchIndex, FindsAnOrphanedBookAndRemovesIt)
{
    write({.book_id = "book_ghost", .version = 7, .document = SearchDocument{.book_id = "book_ghost", .version = 7}});
    EXPECT_EQ(differences(), (Differences{{"book_ghost", IndexStatus::orphaned}}));
    EXPECT_FALSE(repair().rebuilt);
}

TEST_F(VerifySearchIndex, FindsAnOlderVersionAndWritesTheCurrentOne)
{
    set_price(todo, Money{1'00});
    skip_changes();
    EXPECT_EQ(differences(), (Differences{{todo.value, IndexStatus::stale}}));
    EXPECT_FALSE(repair().rebuilt);
}

TEST_F(VerifySearchIndex, FindsAHigherVersionThanTheStoresAndRebuilds)
{
    auto ahead = expected(todo);
    ahead.version += 50;
    write(std::move(ahead));
    EXPECT_EQ(differences(), (Differences{{todo.value, IndexStatus::stale}}));
    EXPECT_TRUE(repair().rebuilt);
}

TEST_F(VerifySearchIndex, FindsOtherContentsUnderTheSameVersionAndRebuilds)
{
    const std::map<std::string, std::function<void(SearchDocument&)>> alterations{
        {"title", [](auto& book) { book.title = "Nadie"; }},
        {"title in other letters", [](auto& book) { book.title = "NADA"; }},
        {"author", [](auto& book) { book.author = "Nadie"; }},
        {"a word of the description", [](auto& book) { book.description = "Una novela de Madrid, de una ciudad"; }},
        {"how often a word occurs",
         [](auto& book) { book.description = "Una novela de Barcelona, una ciudad ciudad"; }},
        {"category", [](auto& book) { book.category = "Arte"; }},
        {"language", [](auto& book) { book.language = ""; }},
        {"a contributor more", [](auto& book) { book.contributors.emplace_back("Alguien"); }},
        {"a contributor less", [](auto& book) { book.contributors.pop_back(); }},
        {"no ISBN", [](auto& book) { book.isbn = ""; }},
        {"another ISBN", [](auto& book) { book.isbn = "9780439554930"; }},
        {"price", [](auto& book) { book.price_cents = 1; }},
        {"rating", [](auto& book) { book.rating = 1; }},
        {"year", [](auto& book) { book.publication_year.reset(); }},
        {"stock", [](auto& book) { book.in_stock = !book.in_stock; }},
        {"time", [](auto& book) { ++book.updated_ms; }},
    };
    for (const auto& [what, alter] : alterations) {
        given_altered(nada, alter);
        EXPECT_EQ(differences(), (Differences{{nada.value, IndexStatus::content_mismatch}})) << what;
        EXPECT_TRUE(repair().rebuilt) << what;
    }
}

TEST_F(VerifySearchIndex, FindsAnExtraValueInASmallerDocument)
{
    given_altered(todo, [](auto& book) { book.isbn = "9780439554930"; });
    EXPECT_EQ(differences(), (Differences{{todo.value, IndexStatus::content_mismatch}}));
}

TEST_F(VerifySearchIndex, RepairsSeveralKindsOfDriftTogether)
{
    const auto missing = given_book("Perdido").book_id;
    set_price(todo, Money{1'00});
    skip_changes();
    delete_book(sombra);
    skip_changes();
    EXPECT_EQ(differences(), (Differences{{missing.value, IndexStatus::missing},
                                          {todo.value, IndexStatus::stale},
                                          {sombra.value, IndexStatus::orphaned}}));
    const auto repaired = repair();
    EXPECT_EQ(repaired.written, 3U);
    EXPECT_FALSE(repaired.rebuilt);
}

TEST_F(VerifySearchIndex, RebuildsWhenVeryManyBooksDiffer)
{
    for (int number = 0; number < 1'001; ++number)
        given_book("Libro");
    skip_changes();
    const auto repaired = repair();
    EXPECT_TRUE(repaired.rebuilt);
    EXPECT_EQ(repaired.written, 0U);
    EXPECT_EQ(repaired.remaining.books, 1'004U);
}

TEST_F(VerifySearchIndex, IgnoresChangesInFlight)
{
    given_book("En camino");
    set_price(todo, Money{1'00});
    delete_book(sombra);
    EXPECT_TRUE(verify().value().is_none());
}

TEST_F(VerifySearchIndex, ChecksABookAgainThatChangesDuringTheCheck)
{
    set_price(todo, Money{1'00});
    int checks = 0;
    const auto drift = verify([&] {
        if (++checks <= 3)
            set_price(todo, Money{2'00 + checks});
        update_index();
        return true;
    });
    EXPECT_TRUE(drift.value().is_none());
    EXPECT_GT(checks, 1);
}

TEST_F(VerifySearchIndex, FailsForABookThatChangesContinuously)
{
    set_price(todo, Money{1'00});
    std::int64_t cents = 0;
    EXPECT_EQ(code_of(verify([&] {
                  set_price(todo, Money{++cents});
                  return true;
              })),
              Errc::unavailable);
}

TEST_F(VerifySearchIndex, FailsWhenTheStreamDoesNotCatchUp)
{
    set_price(todo, Money{1'00});
    EXPECT_EQ(code_of(verify([] { return false; })), Errc::unavailable);
}

TEST_F(VerifySearchIndex, ReportsADamagedBookAndKeepsItsDocument)
{
    run(items.update({.table = Table::books, .key = entry_key(todo, std::nullopt), .remove = {"title"}})).value();
    skip_changes();
    const auto drift = verify().value();
    EXPECT_EQ(drift.differences, Differences());
    ASSERT_EQ(drift.damaged.size(), 1U);
    EXPECT_NE(drift.damaged.at(todo.value).find("title"), std::string::npos);
}

TEST_F(VerifySearchIndex, FailsWhileTheIndexIsUnavailable)
{
    RecordingIndex unavailable;
    unavailable.outage = Errc::unavailable;
    EXPECT_EQ(code_of(run(verify_search_index(all, acme, unavailable, [] { return true; }))), Errc::unavailable);
}

TEST_F(VerifySearchIndex, RepairsTheRestWhenTheIndexRejectsOneBook)
{
    RecordingIndex rejecting;
    rejecting.rejected.insert(todo.value);
    auto drift = run(verify_search_index(all, acme, rejecting, [] { return true; })).value();
    EXPECT_EQ(drift.differences.size(), 3U);
    const auto repaired = run(repair_search_index(all, acme, rejecting, [] { return true; }, std::move(drift))).value();
    EXPECT_EQ(repaired.written, 2U);
    EXPECT_EQ(repaired.remaining.is_none(), repaired.rebuilt);
}

} // namespace
} // namespace estante
