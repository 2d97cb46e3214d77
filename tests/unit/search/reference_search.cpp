#include "reference_search.hpp"

#include "analysis/accent_folding.hpp"
#include "analysis/analyzer.hpp"
#include "analysis/title_collation.hpp"
#include "analysis/utf8.hpp"

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
    analysis::SpanishAnalyzer words(text);
    for (std::string_view term; words.next(term);)
        if (std::ranges::find(rules.more_stop_words, term) == rules.more_stop_words.end())
            terms.emplace_back(term);
    return terms;
}

// Values below 24 are exact; above, 4 significant bits of (length − 24).
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

using Occurrences = std::vector<std::pair<std::string, int>>;

Occurrences count(const Terms& terms)
{
    Occurrences counts;
    for (const auto& term : terms) {
        const auto known = std::ranges::find(counts, term, &Occurrences::value_type::first);
        if (known == counts.end())
            counts.emplace_back(term, 1);
        else
            ++known->second;
    }
    return counts;
}

Terms fold_accents(Terms terms)
{
    for (auto& term : terms)
        term = analysis::fold_accents(term);
    return terms;
}

std::u32string letters_of(const std::string& text)
{
    std::u32string letters;
    for (std::size_t at = 0; at < text.size();)
        letters += static_cast<char32_t>(analysis::next_code_point(text, at));
    return letters;
}

// Optimal string alignment, with the full table.
std::size_t edits_between(const std::u32string& left, const std::u32string& right)
{
    std::vector<std::vector<std::size_t>> table(left.size() + 1, std::vector<std::size_t>(right.size() + 1));
    for (std::size_t i = 0; i <= left.size(); ++i)
        for (std::size_t j = 0; j <= right.size(); ++j) {
            auto& cell = table[i][j];
            if (i == 0 || j == 0) {
                cell = i + j;
                continue;
            }
            cell = std::min({table[i - 1][j] + 1, table[i][j - 1] + 1,
                             table[i - 1][j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                cell = std::min(cell, table[i - 2][j - 2] + 1);
        }
    return table[left.size()][right.size()];
}

// One edit from 4 letters on, two from 8, and an equal first letter.
bool is_fuzzy_match(const std::string& typed, const std::string& term)
{
    const auto left = letters_of(typed);
    const auto right = letters_of(term);
    const std::size_t allowed = left.size() < 4 ? 0 : left.size() < 8 ? 1 : 2;
    return allowed > 0 && left.front() == right.front() && edits_between(left, right) <= allowed;
}

using Fields = std::array<Terms, 3>;

// The contribution of each field of a book, and whether any term matched.
struct Sums {
    std::array<double, 3> sums{};
    bool matches = false;
};

std::vector<Sums> sums_of(const std::vector<Fields>& books, const Occurrences& query,
                          const std::array<float, 3>& boosts)
{
    std::array<double, 3> documents{};
    std::array<double, 3> lengths{};
    for (const auto& fields : books)
        for (std::size_t field = 0; field < 3; ++field) {
            documents[field] += fields[field].empty() ? 0 : 1;
            lengths[field] += static_cast<double>(fields[field].size());
        }

    std::vector<Sums> sums(books.size());
    for (const auto& [term, occurrences] : query)
        for (std::size_t field = 0; field < 3; ++field) {
            std::vector<std::ptrdiff_t> frequencies;
            double containing = 0;
            for (const auto& own : books) {
                frequencies.push_back(std::ranges::count(own[field], term));
                containing += frequencies.back() > 0 ? 1 : 0;
            }
            const auto idf =
                static_cast<float>(std::log(1 + (documents[field] - containing + 0.5) / (containing + 0.5)));
            const auto average = static_cast<float>(lengths[field] / documents[field]);
            const float weight = boosts[field] * static_cast<float>(occurrences) * idf;
            for (std::size_t book = 0; book < books.size(); ++book) {
                if (frequencies[book] == 0)
                    continue;
                const auto length = quantized(books[book][field].size());
                const float inverse = 1.0F / (1.2F * ((1.0F - 0.75F) + 0.75F * length / average));
                const auto frequency = static_cast<float>(frequencies[book]);
                sums[book].sums[field] += static_cast<double>(weight - weight / (1.0F + frequency * inverse));
                sums[book].matches = true;
            }
        }
    return sums;
}

std::vector<Scored> score_all(const std::map<std::string, SearchDocument>& books, const SearchQuery& query,
                              const ReferenceRules& rules)
{
    const auto terms = analyze(query.text, rules);
    std::vector<Fields> fields;
    std::vector<Fields> plain_fields;
    for (const auto& [id, book] : books) {
        fields.push_back({analyze(book.title, rules), analyze(book.author, rules), analyze(book.description, rules)});
        plain_fields.push_back(fields.back());
        for (auto& field : plain_fields.back())
            field = fold_accents(std::move(field));
    }
    const auto as_spelled = sums_of(fields, count(terms), rules.boosts);
    const bool tolerant = query.matching == Matching::tolerant;
    const auto folded_terms = tolerant ? count(fold_accents(terms)) : Occurrences();
    const auto accentless = sums_of(plain_fields, folded_terms, {1.5F, 1.25F, 0.5F});

    std::map<std::pair<std::string, std::string>, bool> known;
    const auto is_near = [&known](const std::string& typed, const std::string& term) {
        const auto [at, is_new] = known.try_emplace({typed, term});
        return is_new ? at->second = is_fuzzy_match(typed, term) : at->second;
    };
    std::vector<Scored> found;
    for (std::size_t number = 0; const auto& [id, book] : books) {
        const auto at = number++;
        double near = 0;
        for (const auto& [typed, occurrences] : folded_terms)
            for (std::size_t field = 0; field < 2; ++field)
                if (std::ranges::any_of(plain_fields[at][field],
                                        [&](const auto& term) { return is_near(typed, term); }))
                    near += field == 0 ? 0.5 : 0.25;
        if (!as_spelled[at].matches && !accentless[at].matches && near == 0)
            continue;
        const auto rounded = [](double sum) { return static_cast<double>(static_cast<float>(sum)); };
        const auto& spelled = as_spelled[at].sums;
        const auto& plain = accentless[at].sums;
        const double sum = rounded(spelled[0]) + rounded(spelled[1]) + spelled[2] + rounded(plain[0]) +
                           rounded(plain[1]) + rounded(plain[2]) + near;
        found.push_back({&book, 1.0F + static_cast<float>(sum)});
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

ReferencePage reference_search(const std::map<std::string, SearchDocument>& books, const SearchQuery& query,
                               const ReferenceRules& rules)
{
    std::vector<Scored> found;
    if (query.text.empty())
        for (const auto& [id, book] : books)
            found.push_back({&book, 0});
    else
        found = score_all(books, query, rules);
    std::erase_if(found, [&query](const Scored& scored) { return !passes(*scored.book, query); });
    std::ranges::sort(found, {}, [&query](const Scored& scored) { return key_of(scored, query); });

    ReferencePage page;
    std::map<std::string, std::uint64_t> categories;
    std::map<std::string, std::uint64_t> languages;
    std::map<int, std::uint64_t> decades;
    std::map<std::int64_t, std::uint64_t> bands;
    for (const auto& [book, score] : found) {
        page.hits.push_back({book->book_id, score});
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
        page.facets.in_stock += book->in_stock ? 1 : 0;
    }
    const auto descending = [](const std::map<std::string, std::uint64_t>& counts) {
        std::vector<FacetCount> facets;
        for (const auto& [value, count] : counts)
            facets.push_back({value, count});
        std::ranges::sort(facets, {}, [](const FacetCount& facet) {
            return std::pair(-static_cast<std::int64_t>(facet.count), facet.value);
        });
        return facets;
    };
    page.facets.categories = descending(categories);
    page.facets.languages = descending(languages);
    for (const auto& [decade, count] : decades)
        page.facets.decades.push_back({std::to_string(decade), count});
    for (const auto& [band, count] : bands)
        page.facets.price_bands.push_back({std::to_string(band), count});
    return page;
}

} // namespace estante::search
