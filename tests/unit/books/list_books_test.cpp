#include "adapters/memory/buffered_counters.hpp"
#include "operations/books/list_books.hpp"
#include "operations/books/list_categories.hpp"
#include "operations/books/search_books.hpp"
#include "operations/books/suggest_books.hpp"
#include "support/bookshop_test.hpp"

namespace estante {
namespace {

using Titles = std::vector<std::string>;

template <class View> Titles titles_of(const std::vector<View>& views)
{
    Titles titles;
    for (const auto& view : views)
        titles.push_back(view.title.value);
    return titles;
}

Titles titles_of(const std::vector<books::FoundBook>& found)
{
    Titles titles;
    for (const auto& item : found)
        titles.push_back(item.book->title.value);
    return titles;
}

class ListBooks : public BookshopTest {
protected:
    Result<ListOf<books::BookView>> list(const books::ListBooks& request)
    {
        return run(books::list_books(customer, request, items, *index));
    }
    Titles listed(const books::ListBooks& request) { return titles_of(list(request).value().items); }

    books::BookView given(std::string title, std::string category, std::string author = "Ana María Matute",
                          std::optional<Rating> rating = {}, Money price = {20'00})
    {
        auto wanted = entry(std::move(title), std::move(category), std::move(author));
        wanted.rating = rating;
        clock.advance(1);
        return create(new_book(wanted, price)).value();
    }
};

TEST_F(ListBooks, ByCategoryDistinguishesCFromCSharp)
{
    given("Kernighan y Ritchie", "C");
    given("C# en profundidad", "C#");
    given("Más C", "C");

    EXPECT_EQ(listed({.category = Text<1, 100>{"C"}}), (Titles{"Kernighan y Ritchie", "Más C"}));
    EXPECT_EQ(listed({.category = Text<1, 100>{"C#"}}), (Titles{"C# en profundidad"}));
    EXPECT_EQ(listed({.category = Text<1, 100>{"c"}}), (Titles{}));
}

TEST_F(ListBooks, ByAuthorFindsEveryContributorOnce)
{
    auto both = entry("Buenos presagios", "Fantasía", "Terry Pratchett");
    both.contributors.push_back({.name = {"Neil Gaiman"}, .role = {}});
    both.contributors.push_back({.name = {"Neil Gaiman"}, .role = {ContributorRole::narrator}});
    create(new_book(both)).value();
    clock.advance(1);
    given("Coraline", "Fantasía", "Neil Gaiman");

    EXPECT_EQ(listed({.author = Text<1, 200>{"Neil Gaiman"}}), (Titles{"Buenos presagios", "Coraline"}));
    EXPECT_EQ(listed({.author = Text<1, 200>{"Terry Pratchett"}}), (Titles{"Buenos presagios"}));
    EXPECT_EQ(listed({.author = Text<1, 200>{"Neil"}}), (Titles{}));
}

TEST_F(ListBooks, ByCategoryIsPaged)
{
    for (int i = 1; i <= 5; ++i)
        given("Libro " + std::to_string(i), "Novela");
    books::ListBooks request{.category = Text<1, 100>{"Novela"}};
    request.limit.value.value = 2;

    Titles all_pages;
    int pages = 0;
    do {
        const auto page = list(request).value();
        for (const auto& title : titles_of(page.items))
            all_pages.push_back(title);
        request.cursor = page.next_cursor.value;
        ++pages;
    } while (request.cursor);

    EXPECT_EQ(all_pages, (Titles{"Libro 1", "Libro 2", "Libro 3", "Libro 4", "Libro 5"}));
    EXPECT_EQ(pages, 3);
}

TEST_F(ListBooks, ByIdsKeepsTheOrderAndLeavesOutMissingBooks)
{
    const auto first = given("Uno", "Novela").book_id;
    const auto second = given("Dos", "Novela").book_id;
    const auto theirs = create(new_book(entry("Ajeno")), "northwind").value().book_id;

    EXPECT_EQ(listed({.ids = {second, BookId::from(Ulid{}), theirs, first, second}}), (Titles{"Dos", "Uno"}));
}

TEST_F(ListBooks, ByIdsCannotBeCombined)
{
    const auto id = given("Uno", "Novela").book_id;
    EXPECT_EQ(fault_of(list({.category = Text<1, 100>{"Novela"}, .ids = {id}})), "?ids");
    EXPECT_EQ(fault_of(list({.ids = {id}, .in_stock = true})), "?ids");
    EXPECT_EQ(fault_of(list({.ids = std::vector<BookId>(101, id)})), "?ids");
    EXPECT_TRUE(list({.ids = std::vector<BookId>(100, id)}));
}

TEST_F(ListBooks, WithoutFiltersReadsTheIndexByRatingThenId)
{
    given("Regular", "Novela", "A", Rating{300});
    given("Buena", "Novela", "B", Rating{450});
    given("Igual de buena", "Novela", "C", Rating{450});
    EXPECT_EQ(listed({}), (Titles{})); // the index is not updated yet

    update_index();
    EXPECT_EQ(listed({}), (Titles{"Buena", "Igual de buena", "Regular"}));
}

TEST_F(ListBooks, WithOtherFiltersAndSortsReadsTheIndex)
{
    const auto cheap = given("Barato", "Novela", "A", {}, {5'00});
    given("Caro", "Novela", "B", {}, {50'00});
    given("Ensayo", "Ensayo", "A", {}, {1'00});
    set_on_hand(cheap.book_id, 0);
    update_index();

    EXPECT_EQ(listed({.category = Text<1, 100>{"Novela"}, .sort = {books::BookSort::price}}),
              (Titles{"Barato", "Caro"}));
    EXPECT_EQ(listed({.category = Text<1, 100>{"Novela"}, .sort = {books::BookSort::minus_price}}),
              (Titles{"Caro", "Barato"}));
    EXPECT_EQ(listed({.category = Text<1, 100>{"Novela"}, .in_stock = true}), (Titles{"Caro"}));
    EXPECT_EQ(listed({.category = Text<1, 100>{"Novela"}, .author = Text<1, 200>{"A"}}), (Titles{"Barato"}));
    EXPECT_EQ(listed({.author = Text<1, 200>{"A"}, .sort = {books::BookSort::title}}), (Titles{"Barato", "Ensayo"}));
}

TEST_F(ListBooks, SinceATimeReturnsBooksChangedLater)
{
    given("Viejo", "Novela");
    const auto cheaper = given("Rebajado", "Novela");
    clock.advance(1000);
    const auto since = clock.now_ms();
    set_price(cheaper.book_id, Money{1'00});
    update_index();

    EXPECT_EQ(listed({.updated_since = Timestamp{since}}), (Titles{"Rebajado"}));
}

TEST_F(ListBooks, FromTheIndexIsPaged)
{
    for (int i = 1; i <= 5; ++i)
        given("Libro " + std::to_string(i), "Novela", "A", Rating{500 - i});
    update_index();
    books::ListBooks request;
    request.limit.value.value = 2;

    Titles all_pages;
    do {
        const auto page = list(request).value();
        for (const auto& title : titles_of(page.items))
            all_pages.push_back(title);
        request.cursor = page.next_cursor.value;
    } while (request.cursor);

    EXPECT_EQ(all_pages, (Titles{"Libro 1", "Libro 2", "Libro 3", "Libro 4", "Libro 5"}));
}

class SearchBooks : public ListBooks {
protected:
    BufferedCounters counters{clock};
    books::BookCache known{partition_versions};

    Result<books::FoundBooks> search(const books::SearchBooks& request)
    {
        return run(books::search_books(customer, request, items, known, *index, counters));
    }
};

TEST_F(SearchBooks, CountsEachAnsweredQueryButNotItsFurtherPages)
{
    given("Nada", "Novela");
    given("Nada menos", "Novela");
    update_index();

    books::SearchBooks request{.q = Text<1, 200>{"nada"}};
    request.limit.value.value = 1;
    request.cursor = search(request).value().next_cursor.value;
    ASSERT_TRUE(request.cursor);
    EXPECT_TRUE(search(request));
    EXPECT_FALSE(search({.min_price = Money{2'00}, .max_price = Money{1'00}}));
    EXPECT_TRUE(search({.q = Text<1, 200>{"algo"}}));

    const auto counts = counters.take();
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts[0].tenant, customer.tenant);
    EXPECT_EQ(counts[0].counter, BusinessCounter::search_queries);
    EXPECT_EQ(counts[0].count, 2U);
}

TEST_F(SearchBooks, FindsByWordsAndCountsByCategory)
{
    given("Cien años de soledad", "Novela", "Gabriel García Márquez");
    given("La soledad era esto", "Novela", "Juan José Millás");
    given("El laberinto de la soledad", "Ensayo", "Octavio Paz");
    given("Rayuela", "Novela", "Julio Cortázar");
    update_index();

    const auto found = search({.q = Text<1, 200>{"soledad"}}).value();
    EXPECT_EQ(found.total, 3U);
    EXPECT_EQ(found.items.size(), 3U);
    EXPECT_EQ(found.facets.categories, (std::vector<books::CategoryCount>{{"Novela", 2}, {"Ensayo", 1}}));
    EXPECT_FALSE(found.next_cursor.value);

    EXPECT_EQ(titles_of(search({.q = Text<1, 200>{"soledad"}, .category = Text<1, 100>{"Ensayo"}}).value().items),
              (Titles{"El laberinto de la soledad"}));
    EXPECT_EQ(search({.q = Text<1, 200>{"quijote"}}).value().total, 0U);
}

TEST_F(SearchBooks, CountsByEveryFacet)
{
    auto classic = entry("Cien años de soledad");
    classic.language = LanguageCode{"es"};
    classic.publication_year = whole<-3000, 2200>(1967);
    create(new_book(classic, Money{20'00})).value();
    auto novel = classic;
    novel.title = {"La soledad era esto"};
    novel.publication_year = whole<-3000, 2200>(1990);
    create(new_book(novel, Money{60'00}, 0)).value();
    given("Rayuela", "Cuentos", "Julio Cortázar"); // not a match
    create(new_book(entry("Soledad sin precio"), std::nullopt)).value();
    update_index();

    const auto facets = search({.q = Text<1, 200>{"soledad"}}).value().facets;
    EXPECT_EQ(facets.in_stock, 2U);
    EXPECT_EQ(facets.out_of_stock, 1U);
    EXPECT_EQ(facets.categories, (std::vector<books::CategoryCount>{{"Novela", 3}}));
    EXPECT_EQ(facets.languages, (std::vector<books::LanguageCount>{{"es", 2}}));
    EXPECT_EQ(facets.decades, (std::vector<books::DecadeCount>{{1960, 1}, {1990, 1}}));
    EXPECT_EQ(facets.prices, (std::vector<books::PriceBandCount>{{{20'00}, Money{30'00}, 1}, {{50'00}, {}, 1}}));
}

TEST_F(SearchBooks, IgnoresAccentsAndMisspellingsIfTolerant)
{
    given("Cien años de soledad", "Novela", "Gabriel García Márquez");
    given("Rayuela", "Novela", "Julio Cortázar");
    update_index();
    const auto found = [&](const char* text, bool tolerant) {
        return titles_of(search({.q = Text<1, 200>{text}, .tolerant = tolerant}).value().items);
    };
    EXPECT_EQ(found("anos", false), Titles{});
    EXPECT_EQ(found("anos", true), (Titles{"Cien años de soledad"}));
    EXPECT_EQ(found("cortasar", false), Titles{});
    EXPECT_EQ(found("cortasar", true), (Titles{"Rayuela"}));
}

TEST_F(SearchBooks, SuggestsACorrectedQuery)
{
    given("Cien años de soledad", "Novela", "Gabriel García Márquez");
    given("Rayuela", "Novela", "Julio Cortázar");
    update_index();
    const auto correction = [&](const char* text) { return search({.q = Text<1, 200>{text}}).value().did_you_mean; };
    EXPECT_EQ(correction("Raiuela"), "rayuela");
    EXPECT_EQ(correction("solead de cien"), "soledad de cien");
    EXPECT_EQ(correction("soledad"), std::nullopt);
    EXPECT_EQ(correction("anos"), "años");
    EXPECT_EQ(correction("xylophon"), std::nullopt);
}

TEST_F(SearchBooks, DoesNotCorrectAWordThatSomeBookHas)
{
    given("Cien años de soledad", "Novela", "Gabriel García Márquez");
    given("Sociedad", "Ensayo", "Ana Bono");
    update_index();
    const auto correction = [&](const char* text) {
        return search({.q = Text<1, 200>{text}, .category = Text<1, 100>{"Ensayo"}}).value().did_you_mean;
    };
    EXPECT_EQ(correction("soledad"), std::nullopt); // no hit has it, but another book
    EXPECT_EQ(correction("solead"), "soledad");
    EXPECT_EQ(correction("soledad sociedat"), "soledad sociedad");
}

TEST_F(SearchBooks, HighlightsMatchesInEscapedHtml)
{
    given("Soledad <b>& compañía</b>", "Novela", "Julio Cortázar");
    update_index();
    const auto marked = [&](const char* text, bool tolerant) {
        return search({.q = Text<1, 200>{text}, .tolerant = tolerant, .highlight = true})
            .value()
            .items.at(0)
            .highlighted.value();
    };
    EXPECT_EQ(marked("soledad", false).title, "<em>Soledad</em> &lt;b&gt;&amp; compañía&lt;/b&gt;");
    EXPECT_EQ(marked("soledad", false).contributors, std::nullopt);
    EXPECT_EQ(marked("cortasar", true).contributors, "Julio <em>Cortázar</em>");
    EXPECT_FALSE(search({.q = Text<1, 200>{"soledad"}}).value().items.at(0).highlighted);
}

TEST_F(SearchBooks, FindsAnIsbnInAnyFormat)
{
    auto wanted = entry("Cien años de soledad");
    wanted.isbn = Isbn::parse("9788437604572");
    create(new_book(wanted)).value();
    given("Rayuela", "Novela");
    update_index();
    for (const char* text :
         {"9788437604572", "978-84-376-0457-2", "978 84 376 0457 2", "ISBN 84-376-0457-5", "8437604575"})
        EXPECT_EQ(titles_of(search({.q = Text<1, 200>{text}}).value().items), (Titles{"Cien años de soledad"})) << text;
    EXPECT_EQ(search({.q = Text<1, 200>{"9780306406157"}}).value().total, 0U);
}

TEST_F(SearchBooks, ShowsBooksAsTheStoreHasThemNow)
{
    const auto kept = given("Cien años de soledad", "Novela");
    const auto gone = given("La soledad era esto", "Novela");
    update_index();
    set_price(kept.book_id, Money{9'99});
    delete_book(gone.book_id);

    const auto found = search({.q = Text<1, 200>{"soledad"}}).value();

    ASSERT_EQ(found.items.size(), 1U);
    EXPECT_EQ(*found.items[0].book, book(kept.book_id).value());
    EXPECT_EQ(found.items[0].book->price, Money{9'99});
}

TEST_F(SearchBooks, ShowsChangesAfterABookWasCached)
{
    const auto kept = given("Cien años de soledad", "Novela");
    const auto gone = given("La soledad era esto", "Novela");
    update_index();
    const auto price = [&] { return search({.q = Text<1, 200>{"cien"}}).value().items.at(0).book->price; };
    EXPECT_EQ(price(), Money{20'00});
    EXPECT_EQ(search({.q = Text<1, 200>{"soledad"}}).value().items.size(), 2U);

    set_price(kept.book_id, Money{9'99});
    delete_book(gone.book_id);

    EXPECT_EQ(price(), Money{9'99});
    EXPECT_EQ(search({.q = Text<1, 200>{"soledad"}}).value().items.size(), 1U);
}

TEST_F(SearchBooks, ShowsTheShopsCurrentCurrency)
{
    given("Cien años de soledad", "Novela");
    given("La soledad era esto", "Novela");
    update_index();
    const auto currency = [&](const char* text) {
        return search({.q = Text<1, 200>{text}}).value().items.at(0).book->currency;
    };
    EXPECT_EQ(currency("cien"), Currency{"EUR"});
    given_shop("acme", {.name = {"Librería"}, .currency = {"USD"}, .delivery = {}});
    EXPECT_EQ(currency("cien"), Currency{"USD"}); // a cached book
    EXPECT_EQ(currency("era"), Currency{"USD"});  // a book that is not cached
}

TEST_F(SearchBooks, ReadsABookOnceWhileItsPartitionIsUnchanged)
{
    const auto kept = given("Cien años de soledad", "Novela");
    update_index();
    const PartitionVersions never_advanced;
    books::BookCache stale(never_advanced);
    const auto price = [&](books::BookCache& cache) {
        const auto found = run(cache.find_views(items, {kept.book_id})).value();
        return found.at(0)->price;
    };
    EXPECT_EQ(price(stale), Money{20'00});
    EXPECT_EQ(price(known), Money{20'00});
    set_price(kept.book_id, Money{9'99});
    EXPECT_EQ(price(stale), Money{20'00}); // it was not read again
    EXPECT_EQ(price(known), Money{9'99});
}

TEST_F(SearchBooks, FindsOnlyBooksOfItsShop)
{
    create(new_book(entry("Soledad ajena")), "northwind").value();
    update_index();
    EXPECT_EQ(search({.q = Text<1, 200>{"soledad"}}).value().total, 0U);
}

TEST_F(SearchBooks, FiltersByPriceYearLanguageAndStock)
{
    auto wanted = entry("Nada");
    wanted.language = LanguageCode{"es"};
    wanted.publication_year = whole<-3000, 2200>(1945);
    create(new_book(wanted, Money{10'00})).value();
    update_index();
    const auto total = [&](const books::SearchBooks& request) { return search(request).value().total; };

    EXPECT_EQ(total({.min_price = Money{10'00}, .max_price = Money{10'00}}), 1U);
    EXPECT_EQ(total({.min_price = Money{10'01}}), 0U);
    EXPECT_EQ(total({.max_price = Money{9'99}}), 0U);
    EXPECT_EQ(total({.year_from = whole<-3000, 2200>(1945), .year_to = whole<-3000, 2200>(1945)}), 1U);
    EXPECT_EQ(total({.year_from = whole<-3000, 2200>(1946)}), 0U);
    EXPECT_EQ(total({.language = LanguageCode{"es"}}), 1U);
    EXPECT_EQ(total({.language = LanguageCode{"ca"}}), 0U);
    EXPECT_EQ(total({.in_stock = true}), 1U);
    EXPECT_EQ(total({.in_stock = false}), 0U);
}

TEST_F(SearchBooks, RefusesRangesWithTheEndBelowTheStart)
{
    const auto refused = search({.min_price = Money{10'00},
                                 .max_price = Money{9'99},
                                 .year_from = whole<-3000, 2200>(2000),
                                 .year_to = whole<-3000, 2200>(1999)});
    EXPECT_EQ(code_of(refused), Errc::invalid);
    ASSERT_EQ(refused.error().faults.size(), 2U);
    EXPECT_EQ(refused.error().faults[0].pointer, "?max_price");
    EXPECT_EQ(refused.error().faults[1].pointer, "?year_to");
}

TEST_F(SearchBooks, SuggestsTitlesAndListsCategories)
{
    given("Cien años de soledad", "Novela");
    given("Ciencia para todos", "Divulgación");
    update_index();

    const auto suggested = run(books::suggest_books(customer, {.prefix = {"cien"}}, *index)).value();
    EXPECT_EQ(suggested.items.size(), 2U);
    const auto categories = run(books::list_categories(customer, {}, *index)).value();
    EXPECT_EQ(categories.items, (std::vector<books::CategoryCount>{{"Divulgación", 1}, {"Novela", 1}}));
}

} // namespace
} // namespace estante
