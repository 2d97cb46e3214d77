#include "adapters/search/searcher.hpp"

#include "adapters/search/matches.hpp"
#include "adapters/search/page_place.hpp"
#include "adapters/search/relevance.hpp"
#include "adapters/search/sorted_hits.hpp"
#include "adapters/search/text_query.hpp"
#include "adapters/search/top_hits.hpp"
#include "analysis/completion_form.hpp"
#include "ports/rules/search_rules.hpp"

#include <algorithm>
#include <optional>

namespace estante::search {
namespace {

// What all pages of a search share: total and facets, and the matches of each segment on the way to the hits.
template <class Rank>
void count_and_rank(const Snapshot& snapshot, const SearchQuery& query, const TextQuery* text, SearchPage& page,
                    Rank&& rank)
{
    FacetCounts counts;
    for (std::uint32_t segment = 0; segment < snapshot.segments.size(); ++segment) {
        const auto matches = matches_in(snapshot.segments[segment], query, text, segment);
        const auto count = matches.count();
        if (count == 0)
            continue;
        page.total += count;
        if (query.facets)
            counts.add(*snapshot.segments[segment].segment, matches, count);
        rank(segment, matches);
    }
    page.facets = counts.facets();
}

SearchHit hit_of(const Snapshot& snapshot, std::uint32_t segment, DocumentNumber document, float score)
{
    return {std::string(snapshot.segments[segment].segment->id_of(document)), score};
}

Result<SearchPage> search_by_relevance(const Snapshot& snapshot, const SearchQuery& query, const TextQuery& text,
                                       Ranking ranking)
{
    std::optional<RelevancePlace> after;
    if (query.after) {
        after = decode_relevance(*query.after);
        if (!after)
            return unknown_cursor();
    }

    SearchPage page;
    page.unknown_terms = text.unknown_terms();
    TopHits top(snapshot, query.limit + 1, after);
    count_and_rank(snapshot, query, &text, page, [&](std::uint32_t segment, const Bits& matches) {
        const auto rank = ranking == Ranking::exhaustive ? rank_all
                          : ranking == Ranking::pruned   ? rank_pruned
                                                         : rank_matches;
        rank(snapshot, text, segment, matches, top);
    });
    auto best = top.take();
    if (best.size() > query.limit) {
        best.pop_back();
        const auto& last = best.back();
        const auto& books = snapshot.segments[last.segment].segment->columns;
        page.next =
            encode(RelevancePlace{last.score, books.ratings[last.document], std::string(books.ids[last.document])});
    }
    for (const auto& book : best)
        page.hits.push_back(hit_of(snapshot, book.segment, book.document, book.score));
    return page;
}

Result<SearchPage> search_in_order(const Snapshot& snapshot, const SearchQuery& query, SearchSort sort,
                                   const TextQuery* text, const analysis::TitleCollation& collation)
{
    std::optional<SortedPlace> after;
    if (query.after) {
        after = decode_sorted(sort, *query.after);
        if (!after)
            return unknown_cursor();
    }

    SearchPage page;
    if (text != nullptr)
        page.unknown_terms = text->unknown_terms();
    SortedHits sorted(snapshot, collation, sort, query.limit + 1, after);
    count_and_rank(snapshot, query, text, page,
                   [&](std::uint32_t segment, const Bits& matches) { sorted.add(segment, matches); });
    auto books = sorted.take();
    if (books.size() > query.limit) {
        books.pop_back();
        page.next = encode(sort, sorted.place_of(books.back()));
    }
    for (const auto& book : books) {
        const auto score = text == nullptr ? 0.0F : score_book(snapshot, *text, book.segment, book.document);
        page.hits.push_back(hit_of(snapshot, book.segment, book.document, score));
    }
    return page;
}

// Adds the best of what `find` answers for each segment, up to `limit` in all.
template <class Find>
void add_best(std::vector<Suggestion>& suggestions, const Snapshot& snapshot, std::size_t limit, Find&& find)
{
    std::vector<analysis::WeighedTitle> titles;
    for (const auto& live : snapshot.segments)
        for (const auto document : find(live.segment->completions, limit - suggestions.size(), live.deleted.get())) {
            const auto& books = live.segment->columns;
            titles.push_back(
                {analysis::completion_weight(books.ratings[document]), books.titles[document], books.ids[document]});
        }
    std::ranges::sort(titles, analysis::suggested_first);
    titles.resize(std::min(titles.size(), limit - suggestions.size()));
    for (const auto& title : titles)
        suggestions.push_back({std::string(title.title), std::string(title.book_id)});
}

} // namespace

Result<SearchPage> search_snapshot(const Snapshot& snapshot, const SearchQuery& query,
                                   const analysis::TitleCollation& collation, Ranking ranking)
{
    if (auto allowed = check_limit(query.limit, max_hits); !allowed)
        return std::unexpected(allowed.error());

    std::optional<TextQuery> text;
    if (!query.text.empty())
        text.emplace(snapshot, query.text, query.matching);
    if (text && query.sort == SearchSort::relevance)
        return search_by_relevance(snapshot, query, *text, ranking);
    const auto sort = query.sort == SearchSort::relevance ? SearchSort::rating : query.sort;
    return search_in_order(snapshot, query, sort, text ? &*text : nullptr, collation);
}

Result<std::vector<Suggestion>> suggest_from(const Snapshot& snapshot, std::string_view prefix, std::size_t limit)
{
    if (auto allowed = check_limit(limit, max_suggestions); !allowed)
        return std::unexpected(allowed.error());
    std::vector<Suggestion> suggestions;
    const auto form = analysis::completion_form(prefix);
    if (form.empty())
        return suggestions;
    add_best(suggestions, snapshot, limit,
             [&form](const Completions& completions, std::size_t most, const Bits* deleted) {
                 return completions.beginning_with(form, most, deleted);
             });
    if (suggestions.size() < limit)
        add_best(suggestions, snapshot, limit,
                 [&form](const Completions& completions, std::size_t most, const Bits* deleted) {
                     return completions.nearly_beginning_with(form, most, deleted);
                 });
    return suggestions;
}

} // namespace estante::search
