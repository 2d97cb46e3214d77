#include "operations/books/search_books.hpp"

#include "analysis/highlighter.hpp"
#include "analysis/query_correction.hpp"
#include "operations/books/detail/search_hits.hpp"
#include "ports/rules/search_rules.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace estante::books {

namespace {

Result<void> check(const SearchBooks& request)
{
    std::vector<Fault> faults;
    const auto add_range_fault = [&](std::string pointer, std::string_view from) {
        faults.push_back({std::move(pointer),
                          "out_of_range",
                          {"Es menor que «" + std::string(from) + "»: intercambie los dos valores.",
                           "It is less than “" + std::string(from) + "”: swap the two values."}});
    };
    if (request.min_price && request.max_price && *request.max_price < *request.min_price)
        add_range_fault("?max_price", "min_price");
    if (request.year_from && request.year_to && request.year_to->value < request.year_from->value)
        add_range_fault("?year_to", "year_from");
    if (!faults.empty())
        return invalid(std::move(faults));
    return {};
}

SearchQuery query_of(const SearchBooks& request)
{
    SearchQuery query{.matching = request.tolerant.value_or(false) ? Matching::tolerant : Matching::plain,
                      .in_stock = request.in_stock,
                      .sort = search_sort(request.sort.value),
                      .limit = static_cast<std::size_t>(request.limit.value.value)};
    if (const auto isbn = request.q ? Isbn::parse(request.q->value) : std::nullopt)
        query.isbn = isbn->value;
    else if (request.q)
        query.text = request.q->value;
    if (request.category)
        query.category = request.category->value;
    if (request.language)
        query.language = request.language->value;
    if (request.min_price)
        query.min_price_cents = request.min_price->cents;
    if (request.max_price)
        query.max_price_cents = request.max_price->cents;
    if (request.year_from)
        query.year_from = static_cast<int>(request.year_from->value);
    if (request.year_to)
        query.year_to = static_cast<int>(request.year_to->value);
    if (request.cursor)
        query.after = request.cursor->text;
    return query;
}

Facets facets_of(const SearchPage& page)
{
    constexpr auto to_number = [](const std::string& text) {
        std::int64_t number = 0;
        std::from_chars(text.data(), text.data() + text.size(), number);
        return number;
    };
    const auto& found = page.facets;
    Facets facets{.in_stock = found.in_stock, .out_of_stock = page.total - found.in_stock};
    for (const auto& [value, count] : found.categories)
        facets.categories.push_back({value, count});
    for (const auto& [value, count] : found.languages)
        facets.languages.push_back({value, count});
    for (const auto& [value, count] : found.decades)
        facets.decades.push_back({to_number(value), count});
    for (const auto& [value, count] : found.price_bands) {
        PriceBandCount band{.min_price = {to_number(value) * 100}, .below = {}, .count = count};
        const auto* const next = std::ranges::upper_bound(price_band_cents, band.min_price.cents);
        if (next != std::end(price_band_cents))
            band.below = Money{*next};
        facets.prices.push_back(band);
    }
    return facets;
}

std::string contributors_of(const BookEntry& book)
{
    std::string names;
    for (const Contributor& contributor : book.contributors)
        (names += names.empty() ? "" : ", ") += contributor.name.value;
    return names;
}

Highlight highlight_of(const BookView& book, const std::string& text, bool tolerant)
{
    analysis::Highlighter highlighter(text, tolerant);
    Highlight highlight{.title = highlighter.highlight(book.title.value),
                        .contributors = highlighter.highlight(contributors_of(book))};
    if (book.description)
        highlight.description = analysis::Highlighter(text, false).highlight_fragment(book.description->value);
    return highlight;
}

// Some engines do not report which words no book has. Then a word that none of the found books has still counts as
// known if another book of the shop has it.
Task<Result<void>> mark_words_of_other_books(const Caller& caller, analysis::QueryCorrection& correction,
                                             SearchIndex& index)
{
    constexpr std::size_t max_queries = 10; // further words count as known
    std::size_t queries = 0;
    for (const std::string& word : correction.unknown_words()) {
        if (++queries > max_queries) {
            correction.mark_known(word);
            continue;
        }
        const auto books = co_await index.search(caller.tenant, {.text = word, .limit = 1, .facets = false});
        if (!books)
            co_return std::unexpected(books.error());
        if (books->total > 0)
            correction.mark_known(word);
    }
    co_return Result<void>{};
}

// Looks for similar words only if no book of the shop has some word of the query.
Task<Result<std::optional<std::string>>> correction_of(const Caller& caller, const SearchQuery& query,
                                                       const SearchPage& page,
                                                       const std::vector<Shared<BookView>>& found, TenantItems& items,
                                                       BookCache& known, SearchIndex& index)
{
    constexpr std::size_t max_examined_books = 10;
    analysis::QueryCorrection correction(query.text);
    if (page.unknown_terms)
        correction.mark_known_except(*page.unknown_terms);
    if (!correction.has_unknown_words())
        co_return std::nullopt;
    for (const auto& book : found) {
        correction.mark_known(book->title.value);
        correction.mark_known(contributors_of(*book));
        if (book->description)
            correction.mark_known(book->description->value);
    }
    if (!page.unknown_terms) {
        if (auto marked = co_await mark_words_of_other_books(caller, correction, index); !marked)
            co_return std::unexpected(marked.error());
    }
    if (!correction.has_unknown_words())
        co_return std::nullopt;
    const auto similar = co_await index.search(
        caller.tenant,
        {.text = query.text, .matching = Matching::corrected, .limit = max_examined_books, .facets = false});
    if (!similar)
        co_return std::unexpected(similar.error());
    const auto views = co_await known.find_views(items, ids_of_hits(*similar));
    if (!views)
        co_return std::unexpected(views.error());
    for (const auto& book : *views) {
        correction.add_candidates(book->title.value);
        correction.add_candidates(contributors_of(*book));
    }
    co_return correction.corrected();
}

} // namespace

Task<Result<FoundBooks>> search_books(const Caller& caller, const SearchBooks& request, TenantItems& items,
                                      BookCache& known, SearchIndex& index, BusinessCounters& counters)
{
    if (auto allowed = check(request); !allowed)
        co_return std::unexpected(allowed.error());
    const auto query = query_of(request);
    const auto page = co_await index.search(caller.tenant, query);
    if (!page)
        co_return std::unexpected(page.error());
    auto views = co_await known.find_views(items, ids_of_hits(*page));
    if (!views)
        co_return std::unexpected(views.error());
    FoundBooks found{.total = page->total, .facets = facets_of(*page), .next_cursor = to_page_token(*page)};
    if (!query.text.empty() && !query.after) {
        auto corrected = co_await correction_of(caller, query, *page, *views, items, known, index);
        if (!corrected)
            co_return std::unexpected(corrected.error());
        found.did_you_mean = std::move(*corrected);
    }
    for (auto& view : *views) {
        FoundBook book{.book = std::move(view)};
        if (request.highlight.value_or(false) && !query.text.empty())
            book.highlighted = highlight_of(*book.book, query.text, query.matching == Matching::tolerant);
        found.items.push_back(std::move(book));
    }
    if (!query.after)
        counters.add(caller.tenant, BusinessCounter::search_queries);
    co_return found;
}

} // namespace estante::books
