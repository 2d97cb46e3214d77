// Compares the embedded search engine with OpenSearch or Elasticsearch: the same books, the same searches, the same
// results? The last line is `identical: N/M`. The exit code is 0 when N equals M, not counting near ties of engines
// that round differently (hits.hpp).
#include "adapters/aws/providers.hpp"
#include "adapters/opensearch/opensearch_index.hpp"
#include "adapters/search/embedded_search.hpp"
#include "adapters/system/system.hpp"
#include "analysis/analyzer.hpp"
#include "corpus.hpp"
#include "engine.hpp"
#include "hits.hpp"
#include "queries.hpp"
#include "runtime/run_task.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <exception>
#include <set>

namespace estante::parity {

namespace {

struct Options {
    std::string engine{};
    std::string works{};
    std::size_t queries = 5'000; // of both corpora together
    std::size_t updated = 1'000; // after updates and deletions
    std::size_t suggestions = 1'000;
    std::size_t texts = 0; // of each corpus, whose terms are compared; 0: all
    std::uint64_t seed = 20'261'124;
    std::string only{};         // this corpus
    std::size_t max_shown = 10; // differences
};

// Throws std::runtime_error for an error.
template <class T> T await_value(Task<Result<T>> task)
{
    auto result = run_task(std::move(task));
    if (!result)
        throw std::runtime_error(result.error().detail.en);
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

std::string text_of(const SearchQuery& query)
{
    return fmt::format(
        "“{}”{}{}{}{}{}", query.text, query.matching == Matching::tolerant ? " tolerant" : "",
        query.category ? " category " + *query.category : "", query.language ? " language " + *query.language : "",
        query.author ? " author " + *query.author : "",
        query.sort == SearchSort::relevance ? "" : fmt::format(" sort {}", static_cast<int>(query.sort)));
}

std::string text_of(const std::vector<SearchHit>& hits)
{
    std::string text;
    for (const auto& hit : hits)
        text += fmt::format(" {}:{:x}", hit.book_id.substr(hit.book_id.size() - 6),
                            std::bit_cast<std::uint32_t>(hit.score));
    return text;
}

class Comparison {
public:
    Comparison(const Options& options, bool exact) : options_(options), exact_(exact) {}

    std::size_t identical = 0;
    std::size_t all = 0;
    std::size_t near_ties = 0; // searches that differ only in the order of nearly equal scores

    void add(const std::string& what, bool same, const std::string& difference)
    {
        ++all;
        identical += same ? 1 : 0;
        if (!same && shown_++ < options_.max_shown)
            fmt::print("DIFFERENT {}: {}\n", what, difference);
    }

    // `longer` returns our hits beyond the page.
    template <class Longer>
    void add(const SearchQuery& query, const SearchPage& ours, const SearchPage& theirs, Longer longer)
    {
        const bool same = are_equal(ours.hits, theirs.hits, exact_);
        const bool is_near_tie =
            !same && !exact_ && query.sort == SearchSort::relevance && differ_in_near_ties(longer(), theirs.hits);
        std::string difference;
        if (!same && !is_near_tie)
            difference += fmt::format(" hits{} |{};", text_of(ours.hits), text_of(theirs.hits));
        if (ours.total != theirs.total)
            difference += fmt::format(" total {} | {};", ours.total, theirs.total);
        if (ours.facets != theirs.facets)
            difference += " facets;";
        if (is_near_tie && difference.empty()) {
            ++all;
            ++near_ties;
        } else {
            add(text_of(query), difference.empty(), difference);
        }
    }

private:
    const Options& options_;
    bool exact_;
    std::size_t shown_ = 0;
};

class Parity {
public:
    explicit Parity(const Options& options)
        : options_(options),
          engine_(client_, options.engine),
          theirs_(create_opensearch_index(client_, aws::static_credentials({}), *clock_, {.endpoint = options.engine})),
          comparison_(options, engine_.is_exact())
    {
        fmt::print("{}: scores {}\n", engine_.name(),
                   engine_.is_exact() ? "to the bit" : "divided by 2.2, within 1e-6");
        engine_.drop_deleted_books_on_merge();
    }

    int run()
    {
        if (options_.only != "gutenberg")
            compare(goodbooks());
        if (options_.only != "goodbooks")
            compare(gutenberg(options_.works));
        fmt::print("identical: {}/{}", comparison_.identical, comparison_.all);
        if (!engine_.is_exact())
            fmt::print(", and {} except for the order of nearly equal scores", comparison_.near_ties);
        fmt::print("\n");
        return comparison_.identical + comparison_.near_ties == comparison_.all ? 0 : 1;
    }

private:
    const Options& options_;
    std::unique_ptr<Clock> clock_ = create_system_clock();
    std::unique_ptr<Random> random_ = create_system_random();
    aws::Client client_{*clock_, *random_, {.response_timeout = std::chrono::seconds(120)}};
    Engine engine_;
    std::unique_ptr<SearchIndex> ours_ = search::create_search_index();
    std::unique_ptr<SearchIndex> theirs_;
    Comparison comparison_;

    void compare(const Corpus& corpus)
    {
        const TenantId tenant{corpus.name};
        for (SearchIndex* index : {ours_.get(), theirs_.get()})
            await_value(index->rebuild(tenant, corpus.documents));
        engine_.merge_to_one_segment(tenant);
        report(corpus, "books");

        compare_terms(tenant, corpus);
        report(corpus, "terms");
        QueryMaker maker(corpus.documents, options_.seed);
        compare_searches(tenant, maker, options_.queries / 2);
        report(corpus, "searches");
        for (std::size_t count = 0; count < options_.suggestions / 2; ++count) {
            const auto prefix = maker.next_prefix();
            const auto ours = await_value(ours_->suggest(tenant, prefix, 5));
            const auto theirs = await_value(theirs_->suggest(tenant, prefix, 5));
            comparison_.add("suggestions for “" + prefix + "”", ours == theirs,
                            fmt::format("{} | {}", titles_of(ours), titles_of(theirs)));
        }
        report(corpus, "suggestions");
        apply_changes(tenant, maker);
        engine_.merge_to_one_segment(tenant);
        compare_searches(tenant, maker, options_.updated / 2);
        report(corpus, "searches after updates and deletions");
    }

    static std::string titles_of(const std::vector<Suggestion>& suggestions)
    {
        std::string titles;
        for (const auto& suggestion : suggestions)
            titles += " [" + suggestion.title + ' ' + suggestion.book_id.substr(suggestion.book_id.size() - 6) + ']';
        return titles;
    }

    void report(const Corpus& corpus, const char* what) const
    {
        fmt::print("{} ({}): {} identical of {}\n", corpus.name, what, comparison_.identical, comparison_.all);
        std::fflush(stdout);
    }

    void compare_searches(const TenantId& tenant, QueryMaker& maker, std::size_t count)
    {
        for (; count > 0; --count) {
            const auto query = maker.next();
            const auto longer = [this, &tenant, &query] {
                auto more = query;
                more.limit = max_hits;
                return await_value(ours_->search(tenant, more)).hits;
            };
            comparison_.add(query, await_value(ours_->search(tenant, query)),
                            await_value(theirs_->search(tenant, query)), longer);
        }
    }

    // In batches; the texts of a batch that differs are compared one by one.
    void compare_terms(const TenantId& tenant, const Corpus& corpus)
    {
        constexpr std::size_t batch_size = 40;
        std::set<std::string> distinct;
        for (const auto& document : corpus.documents)
            distinct.insert({document.title, document.author, document.description});
        std::vector<std::string> texts(distinct.begin(), distinct.end());
        if (options_.texts > 0)
            texts.resize(std::min(texts.size(), options_.texts));
        for (std::size_t from = 0; from < texts.size(); from += batch_size) {
            const std::vector<std::string> some(
                texts.begin() + static_cast<std::ptrdiff_t>(from),
                texts.begin() + static_cast<std::ptrdiff_t>(std::min(from + batch_size, texts.size())));
            if (terms_of(some) == engine_.analyze(tenant, some)) {
                comparison_.all += some.size();
                comparison_.identical += some.size();
                continue;
            }
            for (const auto& text : some)
                comparison_.add("terms of “" + text + "”", terms_of({text}) == engine_.analyze(tenant, {text}), "");
        }
    }

    static std::vector<std::string> terms_of(const std::vector<std::string>& texts)
    {
        std::vector<std::string> terms;
        for (const auto& text : texts) {
            analysis::SpanishAnalyzer reader(text);
            for (std::string_view term; reader.next(term);)
                terms.emplace_back(term);
        }
        return terms;
    }

    void apply_changes(const TenantId& tenant, QueryMaker& maker)
    {
        constexpr std::size_t batches = 20;
        constexpr std::size_t changes_each = 100;
        std::uint64_t version = 1;
        for (std::size_t batch = 0; batch < batches; ++batch) {
            std::vector<IndexChange> changes;
            changes.reserve(changes_each);
            for (std::size_t count = 0; count < changes_each; ++count)
                changes.push_back(maker.next_change(++version));
            for (SearchIndex* index : {ours_.get(), theirs_.get()})
                await_value(index->apply(tenant, changes));
        }
    }
};

} // namespace

} // namespace estante::parity

int main(int count, char** arguments)
{
    using namespace estante::parity;
    CLI::App app("Compares the embedded search engine with OpenSearch");
    Options options;
    app.add_option("--engine", options.engine, "URL of OpenSearch")->required();
    app.add_option("--works", options.works, "gutenberg_all.csv.gz")->required();
    app.add_option("--queries", options.queries);
    app.add_option("--updated", options.updated);
    app.add_option("--suggestions", options.suggestions);
    app.add_option("--texts", options.texts);
    app.add_option("--seed", options.seed);
    app.add_option("--only", options.only)->check(CLI::IsMember({"goodbooks", "gutenberg"}));
    CLI11_PARSE(app, count, arguments);
    try {
        return Parity(options).run();
    } catch (const std::exception& error) {
        fmt::print(stderr, "parity: {}\n", error.what());
        return 2;
    }
}
