#include "reference_search.hpp"

#include "analysis/title_collation.hpp"
#include "analysis/analyzer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>

namespace estante::search {
namespace {

using Terms = std::vector<std::string>;

Terms analyze(const std::string& text, const ReferenceRules& rules)
{
    Terms terms;
    analysis::SpanishTerms words(text);
    for (std::string_view term; words.next(term);)
        if (std::ranges::find(rules.more_stop_words, term) == rules.more_stop_words.end())
            terms.emplace_back(term);
    return terms;
}

// "Values below 24 as they are, then 4 significant bits of (dl − 24)."
float quantized(std::size_t length)
{
    if (length < 24)
        return static_cast<float>(length);
    auto rest = length - 24;
    std::size_t scale = 1;
    while (rest >= 16) {
        rest /= 2;
        scale *= 2;
    }
    return static_cast<float>(24 + rest * scale);
}

struct Scored {
    const SearchDocument* book = nullptr;
    float score = 0;
};

std::vector<Scored> score_all(const std::map<std::string, SearchDocument>& books, const std::string& text,
                              const ReferenceRules& rules)
{
    std::vector<std::pair<std::string, int>> query;
    for (const auto& term : analyze(text, rules)) {
        const auto known = std::ranges::find(query, term, &std::pair<std::string, int>::first);
        if (known == query.end())
            query.emplace_back(term, 1);
        else
            ++known->second;
    }

    std::vector<std::array<Terms, 3>> fields;
    std::array<double, 3> documents{};
    std::array<double, 3> lengths{};
    for (const auto& [id, book] : books) {
        fields.push_back({analyze(book.title, rules), analyze(book.author, rules), analyze(book.description, rules)});
        for (std::size_t field = 0; field < 3; ++field) {
            documents[field] += fields.back()[field].empty() ? 0 : 1;
            lengths[field] += static_cast<double>(fields.back()[field].size());
        }
    }

    std::vector<Scored> found;
    for (std::size_t number = 0; const auto& [id, book] : books) {
        const auto& own = fields[number++];
        std::array<double, 3> sums{};
        bool matches = false;
        for (const auto& [term, occurrences] : query)
            for (std::size_t field = 0; field < 3; ++field) {
                const auto frequency = std::ranges::count(own[field], term);
                if (frequency == 0)
                    continue;
                const auto containing = static_cast<double>(std::ranges::count_if(fields, [&](const auto& other) {
                    return std::ranges::find(other[field], term) != other[field].end();
                }));
                const auto idf =
                    static_cast<float>(std::log(1 + (documents[field] - containing + 0.5) / (containing + 0.5)));
                const auto average = static_cast<float>(lengths[field] / documents[field]);
                const float inverse = 1.0F / (1.2F * ((1.0F - 0.75F) + 0.75F * quantized(own[field].size()) / average));
                const float weight = rules.boosts[field] * static_cast<float>(occurrences) * idf;
                sums[field] += static_cast<double>(weight - weight / (1.0F + static_cast<float>(frequency) * inverse));
                matches = true;
            }
        if (matches) {
            const auto should = static_cast<float>(static_cast<double>(static_cast<float>(sums[0])) +
                                                   static_cast<double>(static_cast<float>(sums[1])) + sums[2]);
            found.push_back({&book, 1.0F + should});
        }
    }
    return found;
}

bool passes(const SearchDocument& book, const SearchQuery& query)
{
    const auto& names = book.contributors;
    return (!query.category || book.category == *query.category) &&
           (!query.language || book.language == *query.language) && (!query.isbn || book.isbn == *query.isbn) &&
           (!query.author || std::ranges::find(names, *query.author) != names.end()) &&
           (!query.min_price_cents || (book.price_cents && *book.price_cents >= *query.min_price_cents)) &&
           (!query.max_price_cents || (book.price_cents && *book.price_cents <= *query.max_price_cents)) &&
           (!query.year_from || (book.publication_year && *book.publication_year >= *query.year_from)) &&
           (!query.year_to || (book.publication_year && *book.publication_year <= *query.year_to)) &&
           (!query.in_stock || book.in_stock == *query.in_stock) &&
           (!query.updated_since_ms || book.updated_ms >= *query.updated_since_ms);
}

using SortKey = std::tuple<double, std::string, double, std::string>;

SortKey key_of(const Scored& scored, const SearchQuery& query)
{
    static const analysis::TitleCollation collation;
    constexpr auto last = std::numeric_limits<double>::infinity();
    const auto& book = *scored.book;
    const auto price = book.price_cents ? static_cast<double>(*book.price_cents) : last;
    switch (query.sort) {
    case SearchSort::relevance:
        return {query.text.empty() ? 0 : -static_cast<double>(scored.score), "", -book.rating, book.book_id};
    case SearchSort::rating:
        return {-book.rating, "", 0, book.book_id};
    case SearchSort::price:
        return {price, "", 0, book.book_id};
    case SearchSort::price_descending:
        return {book.price_cents ? -price : last, "", 0, book.book_id};
    case SearchSort::year:
        return {book.publication_year ? *book.publication_year : last, "", 0, book.book_id};
    case SearchSort::title:
        return {0, collation.key_of(book.title), 0, book.book_id};
    case SearchSort::updated:
        return {static_cast<double>(book.updated_ms), "", 0, book.book_id};
    }
    return {};
}

} // namespace

ReferenceAnswer reference_search(const std::map<std::string, SearchDocument>& books, const SearchQuery& query,
                                 const ReferenceRules& rules)
{
    std::vector<Scored> found;
    if (query.text.empty())
        for (const auto& [id, book] : books)
            found.push_back({&book, 0});
    else
        found = score_all(books, query.text, rules);
    std::erase_if(found, [&query](const Scored& scored) { return !passes(*scored.book, query); });
    std::ranges::sort(found, {}, [&query](const Scored& scored) { return key_of(scored, query); });

    ReferenceAnswer answer;
    std::map<std::string, std::uint64_t> categories;
    std::map<std::string, std::uint64_t> languages;
    std::map<int, std::uint64_t> decades;
    std::map<std::int64_t, std::uint64_t> bands;
    for (const auto& [book, score] : found) {
        answer.hits.push_back({book->book_id, score});
        if (!book->category.empty())
            ++categories[book->category];
        if (!book->language.empty())
            ++languages[book->language];
        if (book->publication_year)
            ++decades[static_cast<int>(std::floor(*book->publication_year / 10.0)) * 10];
        if (book->price_cents) {
            std::int64_t band = 0;
            for (const auto begin : {5, 10, 20, 30, 50})
                band = *book->price_cents >= begin * 100 ? begin : band;
            ++bands[band];
        }
        answer.facets.in_stock += book->in_stock ? 1 : 0;
    }
    const auto most_first = [](const std::map<std::string, std::uint64_t>& counts) {
        std::vector<FacetCount> facets;
        for (const auto& [value, count] : counts)
            facets.push_back({value, count});
        std::ranges::sort(facets, {}, [](const FacetCount& facet) {
            return std::pair(-static_cast<std::int64_t>(facet.count), facet.value);
        });
        return facets;
    };
    answer.facets.categories = most_first(categories);
    answer.facets.languages = most_first(languages);
    for (const auto& [decade, count] : decades)
        answer.facets.decades.push_back({std::to_string(decade), count});
    for (const auto& [band, count] : bands)
        answer.facets.price_bands.push_back({std::to_string(band), count});
    return answer;
}

} // namespace estante::search
