#include "adapters/opensearch/opensearch_index.hpp"

#include "adapters/opensearch/bulk_writer.hpp"
#include "adapters/opensearch/index_contents.hpp"
#include "adapters/opensearch/rest_api.hpp"
#include "adapters/opensearch/search_request.hpp"
#include "adapters/opensearch/suggest_request.hpp"
#include "adapters/opensearch/tenant_indexes.hpp"
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

constexpr int max_attempts = 5;                            // of a write or a search, when indexes change concurrently
constexpr std::int64_t max_rebuild_ms = 24L * 3600 * 1000; // an older index under construction was abandoned
constexpr std::size_t max_multi_get_documents = 100;
constexpr std::size_t first_title_count = 64;
constexpr std::size_t max_title_count = 10'000; // limit of the engine's suggester

std::size_t count_code_points(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count)
        analysis::next_code_point(text, at);
    return count;
}

// The best `limit` titles are final: the engine returned all titles, or its last one weighs less than they do.
bool has_best_titles(const std::vector<SuggestedTitle>& sorted, std::size_t limit, std::size_t requested)
{
    return sorted.size() < requested || sorted.back().weight < sorted[limit - 1].weight;
}

class OpenSearchIndex final : public SearchIndex {
public:
    OpenSearchIndex(aws::Client& client, std::shared_ptr<aws::CredentialsProvider> credentials, Clock& clock,
                    OpenSearchOptions options)
        : clock_(clock),
          options_(std::move(options)),
          api_(client, std::move(credentials), options_.region, options_.authorization),
          bulk_writer_(api_, collation_, options_.max_bulk_bytes)
    {
    }

    Task<Result<SearchPage>> search(TenantId tenant, SearchQuery query) override
    {
        const auto location = location_of(tenant);
        const auto factor = co_await api_.score_factor(location.endpoint);
        if (!factor)
            co_return unavailable("read the engine's version", factor.error());
        auto body = search_body(tenant, query, *factor, collation_);
        if (!body)
            co_return std::unexpected(body.error());
        const auto response = co_await search_with_retry(location, std::move(*body));
        if (!response)
            co_return unavailable("search", response.error());
        if (response->empty())
            co_return SearchPage{};
        auto page = parse_page(*response, query, *factor);
        if (!page)
            co_return partial_response("search");
        co_return std::move(*page);
    }

    Task<Result<std::vector<Suggestion>>> suggest(TenantId tenant, std::string prefix, std::size_t limit) override
    {
        if (auto allowed = check_limit(limit, max_suggestions); !allowed)
            co_return std::unexpected(allowed.error());
        const auto location = location_of(tenant);
        const auto form = analysis::completion_key(prefix);
        std::vector<Suggestion> suggestions;
        if (form.empty())
            co_return suggestions;
        auto titles = co_await suggest_titles(location, form, first_title_count, 0);
        if (titles && !has_best_titles(*titles, limit, first_title_count))
            titles = co_await suggest_titles(location, form, max_title_count, 0);
        if (!titles)
            co_return std::unexpected(titles.error());
        const auto add = [&suggestions, limit](std::vector<SuggestedTitle>& found) {
            for (auto& title : found)
                if (suggestions.size() < limit &&
                    std::ranges::find(suggestions, title.book_id, &Suggestion::book_id) == suggestions.end())
                    suggestions.push_back({std::move(title.title), std::move(title.book_id)});
        };
        add(*titles);
        const auto edits = analysis::completion_fuzziness(count_code_points(form));
        if (suggestions.size() == limit || edits == 0)
            co_return suggestions;
        auto fuzzy_titles = co_await suggest_titles(location, form, max_title_count, edits);
        if (!fuzzy_titles)
            co_return std::unexpected(fuzzy_titles.error());
        add(*fuzzy_titles);
        co_return suggestions;
    }

    Task<Result<std::vector<FacetCount>>> categories(TenantId tenant) override
    {
        const auto response = co_await search_with_retry(location_of(tenant), categories_body(tenant));
        if (!response)
            co_return unavailable("count categories", response.error());
        if (response->empty())
            co_return std::vector<FacetCount>{};
        auto counts = parse_categories(*response);
        if (!counts)
            co_return partial_response("count categories");
        co_return std::move(*counts);
    }

    // Writes to the serving index, which is created if it is missing, and to those under construction. When indexes
    // change concurrently, all writes are repeated; writes are idempotent.
    Task<Result<void>> apply(TenantId tenant, std::vector<IndexChange> changes) override
    {
        if (changes.empty())
            co_return Result<void>{};
        const auto location = location_of(tenant);
        for (int attempt = 0; attempt < max_attempts; ++attempt) {
            const auto indexes = co_await find_indexes(api_, location);
            if (!indexes)
                co_return unavailable("list the indexes", indexes.error());
            if (indexes->serving.empty()) {
                // Fails when another process creates it first. The next attempt finds it.
                co_await create_index(api_, location, clock_.now_ms(), false, options_.replicas);
                continue;
            }
            auto aliases = indexes->next_aliases;
            aliases.insert(aliases.begin(), location.alias);
            BulkOutcome outcome;
            for (const auto& alias : aliases) {
                outcome = co_await bulk_writer_.write(location, alias, tenant, changes, visible_refresh());
                if (outcome.kind != BulkOutcome::Kind::done)
                    break;
            }
            if (outcome.kind == BulkOutcome::Kind::done)
                co_return Result<void>{};
            if (outcome.kind != BulkOutcome::Kind::index_missing)
                co_return failed("write", outcome);
        }
        co_return failed(
            "write", {.kind = BulkOutcome::Kind::index_missing, .reason = "the indexes changed during every attempt"});
    }

    Task<Result<void>> rebuild(TenantId tenant, std::vector<SearchDocument> documents) override
    {
        const auto location = location_of(tenant);
        const auto now_ms = clock_.now_ms();
        const auto indexes = co_await find_indexes(api_, location);
        if (!indexes)
            co_return unavailable("list the indexes", indexes.error());
        co_await remove_indexes(api_, location, abandoned_indexes(location, *indexes, now_ms));
        const auto created = co_await create_index(api_, location, now_ms, true, options_.replicas);
        if (!created)
            co_return unavailable("create an index", created.error());
        auto done = co_await fill_and_swap(location, *created, tenant, std::move(documents));
        if (!done)
            co_await remove_indexes(api_, location, {location.index(*created)});
        co_return done;
    }

    Task<Result<void>> drop(TenantId tenant) override
    {
        const auto location = location_of(tenant);
        const auto indexes = co_await find_indexes(api_, location);
        if (!indexes)
            co_return unavailable("list the indexes", indexes.error());
        const auto removed = co_await remove_indexes(api_, location, indexes->all);
        if (!removed)
            co_return unavailable("remove the indexes", removed.error());
        co_return Result<void>{};
    }

    Task<Result<bool>> has_saved_index(TenantId tenant) override
    {
        const auto indexes = co_await find_indexes(api_, location_of(tenant));
        if (!indexes)
            co_return unavailable("list the indexes", indexes.error());
        co_return !indexes->serving.empty();
    }

    Task<Result<std::vector<std::string>>> book_ids(TenantId tenant, std::string after, std::size_t limit) override
    {
        const auto response = co_await search_with_retry(location_of(tenant), book_ids_body(tenant, after, limit));
        if (!response)
            co_return unavailable("list books", response.error());
        if (response->empty())
            co_return std::vector<std::string>{};
        auto ids = parse_book_ids(*response);
        if (!ids)
            co_return partial_response("list books");
        co_return std::move(*ids);
    }

    Task<Result<std::vector<IndexStatus>>> check(TenantId tenant, std::vector<IndexChange> expected) override
    {
        std::vector<IndexStatus> states;
        for (std::size_t first = 0; first < expected.size(); first += max_multi_get_documents) {
            const auto part =
                std::span(expected).subspan(first, std::min(max_multi_get_documents, expected.size() - first));
            const auto checked = co_await check_part(location_of(tenant), tenant, part);
            if (!checked)
                co_return std::unexpected(checked.error());
            states.insert(states.end(), checked->begin(), checked->end());
        }
        co_return states;
    }

private:
    Clock& clock_;
    const OpenSearchOptions options_;
    RestApi api_;
    const analysis::TitleCollation collation_;
    BulkWriter bulk_writer_;

    IndexLocation location_of(const TenantId& tenant) const
    {
        auto endpoint = options_.endpoint_of ? options_.endpoint_of(tenant) : std::string();
        if (endpoint.empty())
            endpoint = options_.endpoint;
        return {.endpoint = std::move(endpoint), .alias = options_.prefix + tenant.value};
    }

    // Returns an empty map for a tenant without an index. While indexes are swapped, the index may be missing or the
    // response partial; then the search is repeated.
    Task<Result<Map, aws::Failure>> search_with_retry(IndexLocation location, std::string body) const
    {
        for (int attempt = 1;; ++attempt) {
            auto response = co_await api_.call(location.endpoint, {.method = "POST",
                                                                   .path = fmt::format("/{}/_search", location.alias),
                                                                   .query = {{"allow_partial_search_results", "false"}},
                                                                   .body = body,
                                                                   .attempt_timeout = options_.search_timeout});
            if (response && is_complete(*response))
                co_return response;
            if (!response && !is_index_missing(response.error()) && !is_partial(response.error()))
                co_return response;
            const auto indexes = co_await find_indexes(api_, location);
            if (!indexes)
                co_return std::unexpected(indexes.error());
            if (indexes->serving.empty())
                co_return Map();
            if (attempt == max_attempts)
                co_return response ? std::unexpected(aws::Failure{.status = 200, .message = "the response is partial"})
                                   : std::move(response);
        }
    }

    // At most `max_multi_get_documents` books. `expected` outlives the call.
    Task<Result<std::vector<IndexStatus>>> check_part(IndexLocation location, const TenantId& tenant,
                                                      std::span<const IndexChange> expected) const
    {
        for (int attempt = 1;; ++attempt) {
            const auto response = co_await api_.call(
                location.endpoint,
                {.method = "POST", .path = fmt::format("/{}/_mget", location.alias), .body = documents_body(expected)});
            if (!response && !is_index_missing(response.error()))
                co_return unavailable("read books", response.error());
            if (response && !has_missing_index(*response)) {
                auto states = compare_documents(*response, tenant, expected, collation_);
                if (!states)
                    co_return partial_response("read books");
                co_return std::move(*states);
            }
            const auto indexes = co_await find_indexes(api_, location);
            if (!indexes)
                co_return unavailable("list the indexes", indexes.error());
            if (indexes->serving.empty())
                co_return all_missing(expected);
            if (attempt == max_attempts)
                co_return partial_response("read books");
        }
    }

    static std::vector<IndexStatus> all_missing(std::span<const IndexChange> expected)
    {
        std::vector<IndexStatus> states;
        for (const auto& book : expected)
            states.push_back(book.document ? IndexStatus::missing : IndexStatus::in_sync);
        return states;
    }

    Task<Result<std::vector<SuggestedTitle>>> suggest_titles(IndexLocation location, std::string form, std::size_t size,
                                                             unsigned edits) const
    {
        const auto response = co_await search_with_retry(location, suggest_body(form, size, edits));
        if (!response)
            co_return unavailable("suggest", response.error());
        if (response->empty())
            co_return std::vector<SuggestedTitle>{};
        auto titles = parse_suggestions(*response);
        if (!titles)
            co_return partial_response("suggest");
        sort_suggestions(*titles);
        co_return std::move(*titles);
    }

    Task<Result<void>> fill_and_swap(IndexLocation location, std::int64_t number, const TenantId& tenant,
                                     std::vector<SearchDocument> documents) const
    {
        std::vector<IndexChange> changes;
        changes.reserve(documents.size());
        for (auto& document : documents) {
            IndexChange change{.book_id = document.book_id, .version = document.version};
            change.document = std::move(document);
            changes.push_back(std::move(change));
        }
        const auto filled =
            co_await bulk_writer_.write(location, location.next_alias(number), tenant, changes, Refresh::no);
        if (filled.kind != BulkOutcome::Kind::done)
            co_return failed("fill an index", filled);
        const auto refreshed = co_await api_.call(
            location.endpoint, {.method = "POST", .path = fmt::format("/{}/_refresh", location.index(number))});
        if (!refreshed)
            co_return unavailable("refresh an index", refreshed.error());

        for (int attempt = 1;; ++attempt) {
            const auto indexes = co_await find_indexes(api_, location);
            if (!indexes)
                co_return unavailable("list the indexes", indexes.error());
            auto replaced = indexes->serving;
            std::erase(replaced, location.index(number)); // an earlier attempt succeeded
            if (replaced.size() < indexes->serving.size())
                co_return Result<void>{};
            const auto swapped = co_await swap_serving_index(api_, location, number, std::move(replaced));
            if (swapped)
                co_return Result<void>{};
            if (attempt == max_attempts || !is_index_missing(swapped.error()))
                co_return unavailable("swap indexes", swapped.error());
        }
    }

    // Searches see the write after its response.
    Refresh visible_refresh() const { return options_.refresh_immediately ? Refresh::immediately : Refresh::wait_for; }

    // Left by interrupted rebuilds.
    static std::vector<std::string> abandoned_indexes(const IndexLocation& location, const TenantIndexes& indexes,
                                                      std::int64_t now_ms)
    {
        auto abandoned = indexes_before(location, indexes.all, now_ms - max_rebuild_ms);
        for (const auto& serving : indexes.serving)
            std::erase(abandoned, serving);
        return abandoned;
    }

    void report(const std::string& line) const
    {
        if (options_.report)
            options_.report(line);
    }
    std::unexpected<Error> unavailable(std::string_view operation, std::string_view reason) const
    {
        report(fmt::format("OpenSearch: cannot {}: {}", operation, reason));
        auto error = failure(Errc::unavailable, "La búsqueda no está disponible. Vuelva a intentarlo en unos segundos.",
                             "Search is not available. Try again in a few seconds.");
        error.error().retry_after_s = 2;
        return error;
    }
    std::unexpected<Error> unavailable(std::string_view operation, const aws::Failure& failure) const
    {
        return unavailable(operation, fmt::format("{} {} (HTTP {}, {} attempts)", failure.type, failure.message,
                                                  failure.status, failure.attempts));
    }
    std::unexpected<Error> partial_response(std::string_view operation) const
    {
        return unavailable(operation, "the response is partial");
    }
    std::unexpected<Error> failed(std::string_view operation, const BulkOutcome& outcome) const
    {
        if (outcome.kind != BulkOutcome::Kind::rejected)
            return unavailable(operation, outcome.reason);
        report(fmt::format("OpenSearch rejected the request to {}: {}", operation, outcome.reason));
        return failure(Errc::invalid, fmt::format("El índice ha rechazado el documento: {}", outcome.reason),
                       fmt::format("The index rejected the document: {}", outcome.reason));
    }
};

} // namespace

} // namespace opensearch

std::unique_ptr<SearchIndex> create_opensearch_index(aws::Client& client,
                                                     std::shared_ptr<aws::CredentialsProvider> credentials,
                                                     Clock& clock, OpenSearchOptions options)
{
    return std::make_unique<opensearch::OpenSearchIndex>(client, std::move(credentials), clock, std::move(options));
}

} // namespace estante
