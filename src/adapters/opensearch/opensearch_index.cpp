#include "adapters/opensearch/opensearch_index.hpp"

#include "adapters/opensearch/api.hpp"
#include "adapters/opensearch/bulk.hpp"
#include "adapters/opensearch/contents.hpp"
#include "adapters/opensearch/search_request.hpp"
#include "adapters/opensearch/shop_indexes.hpp"
#include "adapters/opensearch/suggest_request.hpp"
#include "analysis/completion_analysis.hpp"
#include "analysis/utf8.hpp"
#include "ports/rules/search_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace estante {

namespace opensearch {

namespace {

// How often a write or a search looks again when indexes are changed beneath it.
constexpr int looks = 5;
constexpr std::int64_t left_over_ms = 24L * 3600 * 1000; // a rebuild that is older was interrupted
constexpr std::size_t documents_at_once = 100;
constexpr std::size_t few_titles = 64;
constexpr std::size_t most_titles = 10'000; // that the engine suggests

std::size_t letters_of(std::string_view form)
{
    std::size_t letters = 0;
    for (std::size_t at = 0; at < form.size(); ++letters)
        analysis::next_code_point(form, at);
    return letters;
}

// The best `limit` are known: the engine gave all there are, or the last it gave weighs less than they do.
bool is_settled(const std::vector<Suggested>& sorted, std::size_t limit, std::size_t asked)
{
    return sorted.size() < asked || sorted.back().weight < sorted[limit - 1].weight;
}

class OnOpenSearch final : public SearchIndex {
public:
    OnOpenSearch(aws::Client& client, std::shared_ptr<aws::Credentials> credentials, Clock& clock,
                 OpenSearchOptions options)
        : clock_(clock),
          options_(std::move(options)),
          api_(client, std::move(credentials), options_.region, options_.authorization)
    {
    }

    Task<Result<SearchPage>> search(TenantId tenant, SearchQuery query) override
    {
        const auto place = place_of(tenant);
        const auto factor = co_await api_.score_factor(place.endpoint);
        if (!factor)
            co_return away("ask for the version", factor.error());
        auto body = search_body(tenant, query, *factor);
        if (!body)
            co_return std::unexpected(body.error());
        const auto answer = co_await ask(place, std::move(*body));
        if (!answer)
            co_return away("search", answer.error());
        if (answer->empty())
            co_return SearchPage{};
        auto page = page_of(*answer, query, *factor);
        if (!page)
            co_return half("search");
        co_return std::move(*page);
    }

    Task<Result<std::vector<Suggestion>>> suggest(TenantId tenant, std::string prefix, std::size_t limit) override
    {
        if (auto allowed = check_limit(limit, max_suggestions); !allowed)
            co_return std::unexpected(allowed.error());
        const auto place = place_of(tenant);
        const auto form = analysis::completion_key(prefix);
        std::vector<Suggestion> suggestions;
        if (form.empty())
            co_return suggestions;
        auto titles = co_await titles_for(place, form, few_titles, 0);
        if (titles && !is_settled(*titles, limit, few_titles))
            titles = co_await titles_for(place, form, most_titles, 0);
        if (!titles)
            co_return std::unexpected(titles.error());
        const auto add = [&suggestions, limit](std::vector<Suggested>& found) {
            for (auto& title : found)
                if (suggestions.size() < limit &&
                    std::ranges::find(suggestions, title.book_id, &Suggestion::book_id) == suggestions.end())
                    suggestions.push_back({std::move(title.title), std::move(title.book_id)});
        };
        add(*titles);
        const auto edits = analysis::completion_fuzziness(letters_of(form));
        if (suggestions.size() == limit || edits == 0)
            co_return suggestions;
        auto near = co_await titles_for(place, form, most_titles, edits);
        if (!near)
            co_return std::unexpected(near.error());
        add(*near);
        co_return suggestions;
    }

    Task<Result<std::vector<FacetCount>>> categories(TenantId tenant) override
    {
        const auto answer = co_await ask(place_of(tenant), categories_body(tenant));
        if (!answer)
            co_return away("count categories", answer.error());
        if (answer->empty())
            co_return std::vector<FacetCount>{};
        auto counts = categories_of(*answer);
        if (!counts)
            co_return half("count categories");
        co_return std::move(*counts);
    }

    // To the index that serves, which is made if need be, and to those in the making. When an index is swapped or made
    // meanwhile, all come again: a repeated write changes nothing.
    Task<Result<void>> apply(TenantId tenant, std::vector<IndexChange> changes) override
    {
        if (changes.empty())
            co_return Result<void>{};
        const auto place = place_of(tenant);
        for (int look = 0; look < looks; ++look) {
            const auto indexes = co_await find_indexes(api_, place);
            if (!indexes)
                co_return away("find the indexes", indexes.error());
            if (indexes->serving.empty()) {
                // Fails when another was quicker; the next look tells.
                co_await make_index(api_, place, clock_.now_ms(), false, options_.replicas);
                continue;
            }
            auto aliases = indexes->next_aliases;
            aliases.insert(aliases.begin(), place.alias);
            BulkOutcome outcome;
            for (const auto& alias : aliases) {
                outcome = co_await send(place, alias, tenant, changes, true);
                if (outcome.kind != BulkOutcome::Kind::done)
                    break;
            }
            if (outcome.kind == BulkOutcome::Kind::done)
                co_return Result<void>{};
            if (outcome.kind != BulkOutcome::Kind::absent)
                co_return failed("write", outcome);
        }
        co_return failed("write", {.kind = BulkOutcome::Kind::absent, .reason = "the indexes change all the time"});
    }

    Task<Result<void>> rebuild(TenantId tenant, std::vector<SearchDocument> documents) override
    {
        const auto place = place_of(tenant);
        const auto now_ms = clock_.now_ms();
        const auto indexes = co_await find_indexes(api_, place);
        if (!indexes)
            co_return away("find the indexes", indexes.error());
        co_await remove_indexes(api_, place, left_over(place, *indexes, now_ms));
        const auto made = co_await make_index(api_, place, now_ms, true, options_.replicas);
        if (!made)
            co_return away("make an index", made.error());
        auto done = co_await fill_and_swap(place, *made, tenant, std::move(documents));
        if (!done)
            co_await remove_indexes(api_, place, {place.index(*made)});
        co_return done;
    }

    Task<Result<void>> drop(TenantId tenant) override
    {
        const auto place = place_of(tenant);
        const auto indexes = co_await find_indexes(api_, place);
        if (!indexes)
            co_return away("find the indexes", indexes.error());
        const auto removed = co_await remove_indexes(api_, place, indexes->all);
        if (!removed)
            co_return away("remove the indexes", removed.error());
        co_return Result<void>{};
    }

    Task<Result<bool>> has_saved_index(TenantId tenant) override
    {
        const auto indexes = co_await find_indexes(api_, place_of(tenant));
        if (!indexes)
            co_return away("find the indexes", indexes.error());
        co_return !indexes->serving.empty();
    }

    Task<Result<std::vector<std::string>>> book_ids(TenantId tenant, std::string after, std::size_t limit) override
    {
        const auto answer = co_await ask(place_of(tenant), ids_body(tenant, after, limit));
        if (!answer)
            co_return away("list books", answer.error());
        if (answer->empty())
            co_return std::vector<std::string>{};
        auto ids = ids_of(*answer);
        if (!ids)
            co_return half("list books");
        co_return std::move(*ids);
    }

    Task<Result<std::vector<IndexStatus>>> check(TenantId tenant, std::vector<IndexChange> wanted) override
    {
        std::vector<IndexStatus> states;
        for (std::size_t first = 0; first < wanted.size(); first += documents_at_once) {
            const auto some = std::span(wanted).subspan(first, std::min(documents_at_once, wanted.size() - first));
            const auto checked = co_await check_some(place_of(tenant), tenant, some);
            if (!checked)
                co_return std::unexpected(checked.error());
            states.insert(states.end(), checked->begin(), checked->end());
        }
        co_return states;
    }

private:
    Clock& clock_;
    const OpenSearchOptions options_;
    Api api_;

    ShopPlace place_of(const TenantId& tenant) const
    {
        auto endpoint = options_.endpoint_of ? options_.endpoint_of(tenant) : std::string();
        if (endpoint.empty())
            endpoint = options_.endpoint;
        return {.endpoint = std::move(endpoint), .alias = options_.prefix + tenant.value};
    }

    // An empty map for a shop without an index. A search that meets a swap may find its index gone or half there: it
    // looks again.
    Task<Called> ask(ShopPlace place, std::string body) const
    {
        for (int look = 1;; ++look) {
            auto answer = co_await api_.call(place.endpoint, {.method = "POST",
                                                              .path = fmt::format("/{}/_search", place.alias),
                                                              .query = {{"allow_partial_search_results", "false"}},
                                                              .body = body,
                                                              .within = options_.search_within});
            if (answer && is_whole(*answer))
                co_return answer;
            if (!answer && !is_absent(answer.error()) && !is_half(answer.error()))
                co_return answer;
            const auto indexes = co_await find_indexes(api_, place);
            if (!indexes)
                co_return std::unexpected(indexes.error());
            if (indexes->serving.empty())
                co_return Map();
            if (look == looks)
                co_return answer ? std::unexpected(aws::Failure{.status = 200, .message = "the answer is not whole"})
                                 : std::move(answer);
        }
    }

    // At most `documents_at_once` books. `wanted` outlives the call.
    Task<Result<std::vector<IndexStatus>>> check_some(ShopPlace place, const TenantId& tenant,
                                                      std::span<const IndexChange> wanted) const
    {
        for (int look = 1;; ++look) {
            const auto answer = co_await api_.call(
                place.endpoint,
                {.method = "POST", .path = fmt::format("/{}/_mget", place.alias), .body = documents_body(wanted)});
            if (!answer && !is_absent(answer.error()))
                co_return away("read books", answer.error());
            if (answer && !lacks_index(*answer)) {
                auto states = states_of(*answer, tenant, wanted, collation_);
                if (!states)
                    co_return half("read books");
                co_return std::move(*states);
            }
            const auto indexes = co_await find_indexes(api_, place);
            if (!indexes)
                co_return away("find the indexes", indexes.error());
            if (indexes->serving.empty())
                co_return all_missing(wanted);
            if (look == looks)
                co_return half("read books");
        }
    }

    static std::vector<IndexStatus> all_missing(std::span<const IndexChange> wanted)
    {
        std::vector<IndexStatus> states;
        for (const auto& book : wanted)
            states.push_back(book.document ? IndexStatus::missing : IndexStatus::right);
        return states;
    }

    Task<Result<std::vector<Suggested>>> titles_for(ShopPlace place, std::string form, std::size_t size,
                                                    unsigned edits) const
    {
        const auto answer = co_await ask(place, suggest_body(form, size, edits));
        if (!answer)
            co_return away("suggest", answer.error());
        if (answer->empty())
            co_return std::vector<Suggested>{};
        auto titles = suggested_in(*answer);
        if (!titles)
            co_return half("suggest");
        sort_suggested(*titles);
        co_return std::move(*titles);
    }

    // In bodies of bounded size; ends with the first that is not done.
    Task<BulkOutcome> send(const ShopPlace& place, std::string alias, const TenantId& tenant,
                           const std::vector<IndexChange>& changes, bool visible) const
    {
        std::string body;
        std::size_t count = 0;
        for (std::size_t next = 0; next < changes.size(); ++next) {
            auto lines = bulk_lines(tenant, changes[next], collation_);
            if (count > 0 && body.size() + lines.size() > options_.bulk_bytes) {
                auto outcome = co_await send_body(place, alias, std::exchange(body, {}), count, visible);
                if (outcome.kind != BulkOutcome::Kind::done)
                    co_return outcome;
                count = 0;
            }
            body += lines;
            ++count;
        }
        if (count == 0)
            co_return BulkOutcome{};
        co_return co_await send_body(place, alias, std::move(body), count, visible);
    }

    Task<BulkOutcome> send_body(const ShopPlace& place, const std::string& alias, std::string body, std::size_t count,
                                bool visible) const
    {
        const char* const refresh = !visible ? "false" : options_.refresh_at_once ? "true" : "wait_for";
        const auto answer = co_await api_.call(place.endpoint, {.method = "POST",
                                                                .path = fmt::format("/{}/_bulk", alias),
                                                                .query = {{"refresh", refresh}},
                                                                .body = std::move(body),
                                                                .lines = true});
        if (answer)
            co_return outcome_of(*answer, count);
        const auto& failure = answer.error();
        using Kind = BulkOutcome::Kind;
        co_return BulkOutcome{.kind = is_absent(failure)      ? Kind::absent
                                      : failure.status == 413 ? Kind::refused
                                                              : Kind::unavailable,
                              .reason = fmt::format("{} {}", failure.type, failure.message)};
    }

    Task<Result<void>> fill_and_swap(ShopPlace place, std::int64_t number, const TenantId& tenant,
                                     std::vector<SearchDocument> documents) const
    {
        std::vector<IndexChange> changes;
        changes.reserve(documents.size());
        for (auto& document : documents) {
            IndexChange change{.book_id = document.book_id, .version = document.version};
            change.document = std::move(document);
            changes.push_back(std::move(change));
        }
        const auto filled = co_await send(place, place.next_alias(number), tenant, changes, false);
        if (filled.kind != BulkOutcome::Kind::done)
            co_return failed("fill an index", filled);
        const auto refreshed = co_await api_.call(
            place.endpoint, {.method = "POST", .path = fmt::format("/{}/_refresh", place.index(number))});
        if (!refreshed)
            co_return away("refresh an index", refreshed.error());

        for (int look = 1;; ++look) {
            const auto indexes = co_await find_indexes(api_, place);
            if (!indexes)
                co_return away("find the indexes", indexes.error());
            auto before = indexes->serving;
            std::erase(before, place.index(number)); // an earlier attempt did succeed
            if (before.size() < indexes->serving.size())
                co_return Result<void>{};
            const auto swapped = co_await let_serve(api_, place, number, std::move(before));
            if (swapped)
                co_return Result<void>{};
            if (look == looks || !is_absent(swapped.error()))
                co_return away("swap indexes", swapped.error());
        }
    }

    static std::vector<std::string> left_over(const ShopPlace& place, const ShopIndexes& indexes, std::int64_t now_ms)
    {
        auto old = made_before(place, indexes.all, now_ms - left_over_ms);
        for (const auto& serving : indexes.serving)
            std::erase(old, serving);
        return old;
    }

    void report(const std::string& line) const
    {
        if (options_.report)
            options_.report(line);
    }
    std::unexpected<Error> unavailable(std::string_view doing, std::string_view reason) const
    {
        report(fmt::format("OpenSearch, to {}: {}", doing, reason));
        auto error = failure(Errc::unavailable, "La búsqueda no está disponible. Vuelva a intentarlo en unos segundos.",
                             "Search is not available. Try again in a few seconds.");
        error.error().retry_after_s = 2;
        return error;
    }
    std::unexpected<Error> away(std::string_view doing, const aws::Failure& failure) const
    {
        return unavailable(doing, fmt::format("{} {} (HTTP {}, {} attempts)", failure.type, failure.message,
                                              failure.status, failure.attempts));
    }
    std::unexpected<Error> half(std::string_view doing) const { return unavailable(doing, "the answer is not whole"); }
    std::unexpected<Error> failed(std::string_view doing, const BulkOutcome& outcome) const
    {
        if (outcome.kind != BulkOutcome::Kind::refused)
            return unavailable(doing, outcome.reason);
        report(fmt::format("OpenSearch refused to {}: {}", doing, outcome.reason));
        return failure(Errc::invalid, fmt::format("El índice rechaza el documento: {}", outcome.reason),
                       fmt::format("The index refuses the document: {}", outcome.reason));
    }

    const analysis::TitleCollation collation_;
};

} // namespace

} // namespace opensearch

std::unique_ptr<SearchIndex> create_opensearch_index(aws::Client& client, std::shared_ptr<aws::Credentials> credentials,
                                                     Clock& clock, OpenSearchOptions options)
{
    return std::make_unique<opensearch::OnOpenSearch>(client, std::move(credentials), clock, std::move(options));
}

} // namespace estante
