#include "queries.hpp"

#include "analysis/accent_folding.hpp"
#include "analysis/standard_tokenizer.hpp"
#include "analysis/utf8.hpp"

#include <algorithm>

namespace estante::parity {

namespace {

std::vector<std::string> words_of(std::string_view text)
{
    std::vector<std::string> words;
    analysis::StandardTokenizer splitter(text);
    for (std::string_view word; splitter.next(word);)
        words.emplace_back(word);
    return words;
}

std::u32string letters_of(std::string_view text)
{
    std::u32string letters;
    for (std::size_t at = 0; at < text.size();)
        letters += static_cast<char32_t>(analysis::next_code_point(text, at));
    return letters;
}

std::string text_of(const std::u32string& letters)
{
    std::string text;
    for (const char32_t letter : letters)
        analysis::append_code_point(text, static_cast<UChar32>(letter));
    return text;
}

} // namespace

QueryMaker::QueryMaker(const std::vector<SearchDocument>& documents, std::uint64_t seed)
    : documents_(documents), random_(seed)
{
}

std::string QueryMaker::misspelled(std::string word)
{
    auto letters = letters_of(word);
    for (std::size_t edits = 1 + below(2); edits > 0 && letters.size() > 2; --edits) {
        const auto at = 1 + below(letters.size() - 1);
        switch (below(4)) {
        case 0:
            letters.erase(at, 1);
            break;
        case 1:
            letters.insert(at, 1, static_cast<char32_t>('a' + below(26)));
            break;
        case 2:
            letters[at] = static_cast<char32_t>('a' + below(26));
            break;
        default:
            if (at + 1 < letters.size())
                std::swap(letters[at], letters[at + 1]);
        }
    }
    return text_of(letters);
}

// One to eight words, of one book or of several.
std::vector<std::string> QueryMaker::words()
{
    constexpr std::size_t max_words = 8;
    std::vector<std::string> chosen;
    const auto& book = random_document();
    switch (below(5)) {
    case 0:
        chosen = words_of(book.title);
        break;
    case 1:
        chosen = words_of(book.author);
        break;
    case 2:
        chosen = words_of(book.title + ' ' + book.author);
        std::ranges::shuffle(chosen, random_);
        break;
    case 3:
        chosen = words_of(book.description.empty() ? book.title : book.description);
        std::rotate(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(below(chosen.size() + 1)),
                    chosen.end());
        break;
    default:
        for (std::size_t count = 1 + below(max_words); count > 0; --count)
            if (const auto some = words_of(random_document().title); !some.empty())
                chosen.push_back(some[below(some.size())]);
    }
    if (chosen.size() > 1)
        chosen.resize(1 + below(std::min(chosen.size(), max_words)));
    return chosen;
}

std::string QueryMaker::text()
{
    if (one_in(60)) {
        static const std::vector<std::string> unusual{
            "el la de que",  "!!! ... ---",      "title:quijote AND (author:\"x\" OR *)",
            "שלום עולם",     "📚 libro",         "日本の歴史",
            "xqzzyv kwxqzj", "no tal palabraaa", "a b c d e f g h"};
        return unusual[below(unusual.size())];
    }
    std::string text;
    for (auto& word : words()) {
        switch (below(8)) {
        case 0:
            word = misspelled(std::move(word));
            break;
        case 1:
            word = analysis::fold_accents(word);
            break;
        case 2:
            word += word.empty() || std::string_view("aeiou").find(word.back()) == std::string_view::npos ? "es" : "s";
            break;
        default:
            break;
        }
        (text += text.empty() ? "" : " ") += word;
    }
    return text;
}

void QueryMaker::add_filter(SearchQuery& query)
{
    const auto& book = random_document();
    switch (below(8)) {
    case 0:
        query.category = book.category;
        break;
    case 1:
        query.language = book.language.empty() ? "es" : book.language;
        break;
    case 2:
        if (!book.contributors.empty())
            query.author = book.contributors.front();
        break;
    case 3:
        query.min_price_cents = static_cast<std::int64_t>(below(4'000));
        break;
    case 4:
        query.max_price_cents = static_cast<std::int64_t>(below(4'000));
        break;
    case 5:
        query.year_from = static_cast<int>(1800 + below(220));
        break;
    case 6:
        query.in_stock = one_in(2);
        break;
    default:
        if (!book.isbn.empty())
            query.isbn = book.isbn;
        query.year_to = static_cast<int>(1900 + below(120));
    }
}

SearchQuery QueryMaker::next()
{
    SearchQuery query{.limit = 10};
    if (!one_in(30))
        query.text = text();
    if (one_in(3))
        query.matching = Matching::tolerant;
    while (one_in(4))
        add_filter(query);
    if (one_in(8)) {
        constexpr SearchSort sorts[] = {SearchSort::rating, SearchSort::price, SearchSort::price_descending,
                                        SearchSort::year,   SearchSort::title, SearchSort::updated};
        query.sort = sorts[below(std::size(sorts))];
    }
    return query;
}

std::string QueryMaker::next_prefix()
{
    auto letters = letters_of(random_document().title);
    letters.resize(std::min(letters.size(), 1 + below(12)));
    auto prefix = text_of(letters);
    return one_in(3) ? misspelled(std::move(prefix)) : prefix;
}

IndexChange QueryMaker::next_change(std::uint64_t version)
{
    auto document = random_document();
    if (one_in(4))
        return {.book_id = document.book_id, .version = version};
    if (one_in(2))
        document.title += ' ' + text();
    if (one_in(4))
        document.description = random_document().description;
    document.rating = static_cast<double>(below(501)) / 100;
    document.price_cents = static_cast<std::int64_t>(below(6'000));
    document.in_stock = one_in(2);
    document.version = version;
    return {.book_id = document.book_id, .version = version, .document = std::move(document)};
}

} // namespace estante::parity
