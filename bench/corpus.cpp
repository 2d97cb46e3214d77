#include "corpus.hpp"

#include "analysis/standard_tokenizer.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace estante::bench {

namespace {

void assign_ids(std::vector<SearchDocument>& documents)
{
    for (std::size_t number = 0; number < documents.size(); ++number)
        documents[number].book_id = fmt::format("book_{:026}", number);
}

std::string random_word(const std::vector<SearchDocument>& works, std::mt19937_64& random)
{
    const auto& title = works[random() % works.size()].title;
    std::vector<std::string_view> words;
    analysis::StandardTokenizer splitter(title);
    for (std::string_view word; splitter.next(word);)
        words.push_back(word);
    return words.empty() ? title : std::string(words[random() % words.size()]);
}

std::string varied_title(const std::string& title, const std::vector<SearchDocument>& works, std::mt19937_64& random)
{
    constexpr std::size_t replaced_one_in = 3;
    std::string varied;
    analysis::StandardTokenizer splitter(title);
    for (std::string_view word; splitter.next(word);) {
        varied += varied.empty() ? "" : " ";
        varied += random() % replaced_one_in == 0 ? random_word(works, random) : std::string(word);
    }
    return varied + " " + random_word(works, random);
}

} // namespace

std::vector<SearchDocument> load_works()
{
    auto works = parity::goodbooks().documents;
    auto more = parity::gutenberg(ESTANTE_BENCH_DATA "/gutenberg_all.csv.gz").documents;
    works.insert(works.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    assign_ids(works);
    return works;
}

std::vector<SearchDocument> make_books(const std::vector<SearchDocument>& works, std::size_t count,
                                       std::mt19937_64& random)
{
    std::vector<SearchDocument> books;
    books.reserve(count);
    while (books.size() < count) {
        auto& book = books.emplace_back(works[books.size() % works.size()]);
        if (books.size() <= works.size())
            continue;
        book.title = varied_title(book.title, works, random);
        if (random() % 3 == 0) {
            const auto& other = works[random() % works.size()];
            book.author = other.author;
            book.contributors = other.contributors;
        }
        book.rating = static_cast<double>(random() % 501) / 100;
        book.price_cents = static_cast<std::int64_t>(300 + random() % 6'000);
        book.publication_year = static_cast<int>(1'700 + random() % 325);
        book.in_stock = random() % 5 != 0;
    }
    assign_ids(books);
    return books;
}

std::vector<std::string> make_query_texts(const std::vector<SearchDocument>& works, std::size_t count)
{
    parity::QueryMaker maker(works, corpus_seed);
    std::vector<std::string> texts;
    while (texts.size() < count) {
        if (auto text = maker.next().text; !text.empty())
            texts.push_back(std::move(text));
    }
    return texts;
}

} // namespace estante::bench
