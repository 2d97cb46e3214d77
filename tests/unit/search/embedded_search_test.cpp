#include "adapters/search/embedded_search.hpp"
#include "books.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace estante::search {
namespace {

const TenantId acme{"acme"};
const TenantId northwind{"northwind"};

void write(Task<Result<void>> task)
{
    EXPECT_TRUE(run(std::move(task)).has_value());
}

TEST(EmbeddedSearch, SeparatesShops)
{
    const auto index = create_search_index();
    write(index->apply(acme, {put(book("book_1", "uno de acme"))}));
    write(index->apply(northwind, {put(book("book_1", "otro"))}));
    EXPECT_EQ(run(index->search(acme, {.text = "acme"})).value().total, 1U);
    EXPECT_EQ(run(index->search(northwind, {.text = "acme"})).value().total, 0U);
    EXPECT_EQ(run(index->suggest(northwind, "uno", 5)).value().size(), 0U);
    write(index->drop(acme));
    EXPECT_EQ(run(index->search(acme, {})).value().total, 0U);
    EXPECT_EQ(run(index->search(northwind, {})).value().total, 1U);
}

TEST(EmbeddedSearch, IsEmptyForAShopWithoutBooks)
{
    const auto index = create_search_index();
    EXPECT_EQ(run(index->search(acme, {.text = "uno"})).value().total, 0U);
    EXPECT_TRUE(run(index->suggest(acme, "uno", 5)).value().empty());
    EXPECT_TRUE(run(index->categories(acme)).value().empty());
    write(index->drop(acme));
}

TEST(EmbeddedSearch, CountsAllLiveBooksByCategory)
{
    const auto index = create_search_index({.max_segment_documents = 2});
    std::vector<SearchDocument> documents;
    for (const auto* category : {"Poesía", "Novela", "Novela", "Ensayo", ""}) {
        documents.push_back(book("book_" + std::to_string(documents.size()), "uno"));
        documents.back().category = category;
    }
    write(index->rebuild(acme, documents));
    write(index->apply(acme, {removal("book_3")}));
    EXPECT_EQ(run(index->categories(acme)).value(), (std::vector<FacetCount>{{"Novela", 2}, {"Poesía", 1}}));
}

TEST(EmbeddedSearch, ReportsTermsThatNoBookHas)
{
    const auto index = create_search_index();
    write(index->apply(acme, {put(book("book_1", "Cien años", "Ana Bono", "la casa"))}));
    write(index->apply(acme, {put(book("book_2", "Rayuelas")), removal("book_2")}));
    const auto unknown = [&](SearchQuery query) {
        return run(index->search(acme, std::move(query))).value().unknown_terms;
    };
    using Terms = std::vector<std::string>;
    EXPECT_EQ(unknown({.text = "cien casa de Bono"}), Terms{});
    EXPECT_EQ(unknown({.text = "anos, anos y rayuelas"}), (Terms{"anos", "rayuel"}));
    EXPECT_EQ(unknown({.text = "anos", .matching = Matching::tolerant}), Terms{"anos"});
    EXPECT_EQ(unknown({.text = "cien casa", .category = "Ensayo", .sort = SearchSort::title}), Terms{});
    EXPECT_EQ(unknown({}), std::nullopt);
}

TEST(EmbeddedSearch, MatchesOnlyUnknownTermsFuzzilyWhenMended)
{
    const auto index = create_search_index();
    write(index->apply(acme, {put(book("book_1", "Harry Potter")), put(book("book_2", "Harry Porter")),
                              put(book("book_3", "Barry Potter")), put(book("book_4", "Cien años"))}));
    const auto total = [&](const char* text, Matching matching) {
        return run(index->search(acme, {.text = text, .matching = matching})).value().total;
    };
    EXPECT_EQ(total("potter", Matching::tolerant), 3U);
    EXPECT_EQ(total("potter", Matching::corrected), 2U); // Porter is within one edit, but Potter is known
    EXPECT_EQ(total("pottor", Matching::corrected), 2U);
    EXPECT_EQ(total("pooter", Matching::corrected), 3U);
    EXPECT_EQ(total("anos", Matching::corrected), 1U);
    EXPECT_EQ(total("anos", Matching::plain), 0U);
    const auto page = run(index->search(acme, {.text = "harry pottor", .matching = Matching::corrected})).value();
    EXPECT_EQ(page.total, 3U);
    EXPECT_EQ(page.hits.at(0).book_id, "book_1");
}

TEST(EmbeddedSearch, CountsFacetsOfLargeAndSmallSegmentsEqually)
{
    constexpr std::size_t books = 9'000;
    BookGenerator maker(11);
    std::vector<SearchDocument> documents;
    for (std::size_t number = 0; number < books; ++number)
        documents.push_back(maker.make(number));
    std::vector<IndexChange> removals;
    for (std::size_t number = 0; number < books; number += 7)
        removals.push_back(removal(documents[number].book_id));
    const auto large = create_search_index();
    const auto small = create_search_index({.max_segment_documents = 500});
    for (const auto& index : {large.get(), small.get()}) {
        write(index->rebuild(acme, documents));
        write(index->apply(acme, removals));
    }
    for (const auto* text : {"", "casa", "la casa de la noche", "jardín secreto", "el la amor mar viento luz paz"}) {
        const auto asked = [text](SearchIndex& index) { return run(index.search(acme, {.text = text})).value(); };
        const auto page = asked(*large);
        EXPECT_GT(page.total, 0U) << text;
        EXPECT_EQ(page.total, asked(*small).total) << text;
        EXPECT_EQ(page.facets, asked(*small).facets) << text;
    }
}

std::vector<std::string> odd_texts()
{
    std::string words;
    for (int word = 0; word < 500; ++word)
        words += "palabra" + std::to_string(word % 130) + ' ';
    return {"",
            " ",
            std::string(10'000, 'x'),
            words,
            "el la de que y a",
            "ספר עברי כתב",
            "كتاب العربية",
            "👩‍👩‍👧‍👦 ☺ ★",
            "\xFF\xFE roto \xC3",
            std::string("nulo\0byte", 9),
            "\xED\xA0\x80",
            "%_*?\"'\\()[]{}",
            "\u202E derecha",
            "日本語"};
}

TEST(EmbeddedSearch, AcceptsAnyTextInBooksAndQueries)
{
    const auto index = create_search_index();
    std::vector<IndexChange> changes;
    for (const auto& text : odd_texts()) {
        auto document = book("book_" + std::to_string(changes.size()), text, text, text);
        document.category = text;
        document.contributors = {text, text};
        changes.push_back(put(std::move(document)));
    }
    write(index->apply(acme, changes));
    EXPECT_EQ(run(index->search(acme, {})).value().total, odd_texts().size());
    for (const auto& text : odd_texts()) {
        for (const auto sort : {SearchSort::relevance, SearchSort::title, SearchSort::price}) {
            const auto page = run(index->search(acme, {.text = text, .category = std::nullopt, .sort = sort}));
            ASSERT_TRUE(page.has_value());
            EXPECT_LE(page->hits.size(), page->total);
        }
        EXPECT_TRUE(run(index->suggest(acme, text, 10)).has_value());
        if (!text.empty())
            EXPECT_EQ(run(index->search(acme, {.category = text})).value().total, 1U);
    }
    EXPECT_EQ(run(index->search(acme, {.text = "roto"})).value().hits.at(0).book_id, "book_8");
    EXPECT_EQ(run(index->search(acme, {.text = "nulo"})).value().hits.at(0).book_id, "book_9");
}

TEST(EmbeddedSearch, ShowsAnUpdateToEverySearchThatStartsAfterTheWriteReturned)
{
    const auto index = create_search_index({.max_segment_documents = 64, .max_inline_merge = 8});
    for (std::uint64_t version = 1; version <= 300; ++version) {
        auto document = book("book_" + std::to_string(version % 40), "versión" + std::to_string(version));
        document.version = version;
        write(index->apply(acme, {put(document)}));
        const auto page = run(index->search(acme, {.text = document.title})).value();
        ASSERT_EQ(page.total, 1U);
        ASSERT_EQ(page.hits[0].book_id, document.book_id);
    }
}

// Every book contains a word for its current state. Every snapshot holds all books, each in exactly one state.
TEST(EmbeddedSearch, GivesReadersConsistentSnapshotsDuringWrites)
{
    constexpr std::size_t books = 60;
    const auto index = create_search_index({.max_segment_documents = 40, .max_inline_merge = 8});
    const auto state = [](std::size_t number, std::uint64_t version) {
        auto document =
            book("book_" + std::to_string(number), version % 2 == 0 ? "todos par" : "todos impar", "Autora");
        document.version = version;
        document.category = version % 2 == 0 ? "par" : "impar";
        document.rating = static_cast<double>(number % 6);
        return document;
    };
    std::vector<SearchDocument> first;
    for (std::size_t number = 0; number < books; ++number)
        first.push_back(state(number, 1));
    write(index->rebuild(acme, first));

    std::atomic<bool> writing = true;
    std::atomic<std::size_t> searches = 0;
    std::vector<std::thread> readers;
    for (int reader = 0; reader < 3; ++reader)
        readers.emplace_back([&] {
            while (writing || searches < 20) {
                const auto page = run(index->search(acme, {.text = "todos", .limit = 100})).value();
                EXPECT_EQ(page.total, books);
                EXPECT_EQ(page.hits.size(), books);
                std::uint64_t sum = 0;
                for (const auto& facet : page.facets.categories)
                    sum += facet.count;
                EXPECT_EQ(sum, books);
                EXPECT_EQ(run(index->suggest(acme, "todos", 10)).value().size(), 10U);
                ++searches;
            }
        });
    std::thread rebuilder([&] {
        for (std::uint64_t round = 0; round < 5; ++round)
            write(index->rebuild(acme, first));
    });
    for (std::uint64_t version = 2; version < 40; ++version) {
        std::vector<IndexChange> changes;
        for (std::size_t number = version % 3; number < books; number += 3)
            changes.push_back(put(state(number, version)));
        write(index->apply(acme, changes));
    }
    rebuilder.join();
    writing = false;
    for (auto& reader : readers)
        reader.join();
    EXPECT_GE(searches, 20U);
}

// A rebuild with old documents runs concurrently with changes. The newest version of each book must win.
TEST(EmbeddedSearch, KeepsChangesThatArriveDuringARebuild)
{
    constexpr std::size_t books = 400;
    for (int round = 0; round < 5; ++round) {
        const auto index = create_search_index();
        std::vector<SearchDocument> old;
        for (std::size_t number = 0; number < books; ++number)
            old.push_back(book("book_" + std::to_string(number), "viejo"));
        std::atomic<std::size_t> done = 0;
        std::thread rebuilder([&] {
            for (; done < 3; ++done)
                write(index->rebuild(acme, old));
        });
        std::size_t last = 0;
        std::uint64_t version = 1;
        while (done < 3) {
            auto document = book("book_" + std::to_string(last % books), "nuevo");
            document.version = ++version;
            write(index->apply(acme, {put(document)}));
            ++last;
        }
        rebuilder.join();
        auto after = book("book_0", "nuevo");
        after.version = ++version;
        write(index->apply(acme, {put(after)}));
        EXPECT_EQ(run(index->search(acme, {})).value().total, books);
        EXPECT_GE(run(index->search(acme, {.text = "nuevo"})).value().total, 1U);
    }
}

} // namespace
} // namespace estante::search
