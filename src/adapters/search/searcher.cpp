#include "adapters/search/searcher.hpp"

#include "adapters/search/facet_counts.hpp"
#include "adapters/search/match_set.hpp"
#include "adapters/search/max_score_ranking.hpp"
#include "adapters/search/relevance_ranking.hpp"
#include "adapters/search/search_cursor.hpp"
#include "adapters/search/text_query.hpp"
#include "adapters/search/top_field_collector.hpp"
#include "adapters/search/top_score_collector.hpp"
#include "analysis/completion_analysis.hpp"
#include "ports/rules/search_rules.hpp"

#include <algorithm>
#include <optional>

namespace estante::search {
namespace {

// Computes total and facets, and passes the matches of each segment to `rank`.
template <class Rank>
void count_and_rank(const Snapshot& snapshot, const SearchQuery& query, const TextQuery* text, SearchPage& page,
                    Rank&& rank)
{
    FacetCounter counts;
    for (std::uint32_t segment = 0; segment < snapshot.segments.size(); ++segment) {
        const auto matches = find_matches(snapshot.segments[segment], query, text, segment);
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

SearchHit to_hit(const Snapshot& snapshot, std::uint32_t segment, DocId document, float score)
{
    return {std::string(snapshot.segments[segment].segment->id_of(document)), score};
}

Result<SearchPage> search_by_relevance(const Snapshot& snapshot, const SearchQuery& query, const TextQuery& text,
                                       Ranking ranking)
{
    std::optional<RelevanceCursor> after;
    if (query.after) {
        after = decode_relevance_cursor(*query.after);
        if (!after)
            return unknown_cursor();
    }

    SearchPage page;
    page.unknown_terms = text.unknown_terms();
    TopScoreCollector top(snapshot, query.limit + 1, after);
    count_and_rank(snapshot, query, &text, page, [&](std::uint32_t segment, const BitSet& matches) {
        const auto rank = ranking == Ranking::exhaustive  ? rank_exhaustively
                          : ranking == Ranking::max_score ? rank_with_max_score
                                                          : rank_by_relevance;
        rank(snapshot, text, segment, matches, top);
    });
    auto best = top.take();
    if (best.size() > query.limit) {
        best.pop_back();
        const auto& last = best.back();
        const auto& books = snapshot.segments[last.segment].segment->columns;
        page.next =
            encode(RelevanceCursor{last.score, books.ratings[last.document], std::string(books.ids[last.document])});
    }
    for (const auto& book : best)
        page.hits.push_back(to_hit(snapshot, book.segment, book.document, book.score));
    return page;
}

Result<SearchPage> search_in_order(const Snapshot& snapshot, const SearchQuery& query, SearchSort sort,
                                   const TextQuery* text, const analysis::TitleCollation& collation)
{
    std::optional<SortCursor> after;
    if (query.after) {
        after = decode_sort_cursor(sort, *query.after);
        if (!after)
            return unknown_cursor();
    }

    SearchPage page;
    if (text != nullptr)
        page.unknown_terms = text->unknown_terms();
    TopFieldCollector sorted(snapshot, collation, sort, query.limit + 1, after);
    count_and_rank(snapshot, query, text, page,
                   [&](std::uint32_t segment, const BitSet& matches) { sorted.collect(segment, matches); });
    auto books = sorted.take();
    if (books.size() > query.limit) {
        books.pop_back();
        page.next = encode(sort, sorted.cursor_for(books.back()));
    }
    for (const auto& book : books) {
        const auto score = text == nullptr ? 0.0F : score_document(snapshot, *text, book.segment, book.document);
        page.hits.push_back(to_hit(snapshot, book.segment, book.document, score));
    }
    return page;
}

// Adds the best documents that `find` returns for each segment, until there are `limit` suggestions.
template <class Find>
void add_best(std::vector<Suggestion>& suggestions, const Snapshot& snapshot, std::size_t limit, Find&& find)
{
    std::vector<analysis::SuggestionCandidate> titles;
    for (const auto& live : snapshot.segments)
        for (const auto document : find(live.segment->completions, limit - suggestions.size(), live.deleted.get())) {
            const auto& books = live.segment->columns;
            titles.push_back(
                {analysis::completion_weight(books.ratings[document]), books.titles[document], books.ids[document]});
        }
    std::ranges::sort(titles, analysis::ranks_before);
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

Result<std::vector<Suggestion>> suggest_titles(const Snapshot& snapshot, std::string_view prefix, std::size_t limit)
{
    if (auto allowed = check_limit(limit, max_suggestions); !allowed)
        return std::unexpected(allowed.error());
    std::vector<Suggestion> suggestions;
    const auto key = analysis::completion_key(prefix);
    if (key.empty())
        return suggestions;
    add_best(suggestions, snapshot, limit,
             [&key](const CompletionIndex& completions, std::size_t max_count, const BitSet* deleted) {
                 return completions.prefix_matches(key, max_count, deleted);
             });
    if (suggestions.size() < limit)
        add_best(suggestions, snapshot, limit,
                 [&key](const CompletionIndex& completions, std::size_t max_count, const BitSet* deleted) {
                     return completions.fuzzy_prefix_matches(key, max_count, deleted);
                 });
    return suggestions;
}

} // namespace estante::search
