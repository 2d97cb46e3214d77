// The embedded search engine with a million books in one shop: the 88,511 works of tests/parity and varied copies of
// them. Each search returns ten hits, the exact total and all facets. There is no reference: the ratio is limit /
// measured for the worst figure, so 1 just meets the limits. Each query counts with its median over the rounds.
//   bench_search_million [books]
#include "adapters/search/embedded_search.hpp"
#include "corpus.hpp"
#include "measure.hpp"
#include "runtime/run_task.hpp"

#include <algorithm>
#include <malloc.h>
#include <numeric>
#include <stdexcept>
#include <string>

namespace estante::bench {
namespace {

constexpr std::size_t query_count = 2'000;
constexpr std::size_t rounds = 3;
constexpr std::size_t hits = 10;
constexpr double limit_p50_ms = 0.3;
constexpr double limit_p99_ms = 5;
constexpr double limit_build_s = 60;
constexpr double limit_mb = 1'000;
const TenantId shop{"million"};

double memory_mb()
{
    return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd) / 1e6;
}

int measure(std::size_t books)
{
    progress("reading the works …");
    const auto works = load_works();
    std::mt19937_64 random(corpus_seed);
    const auto queries = make_query_texts(works, query_count);
    const auto index = search::create_search_index();
    double build_s = 0;
    const auto before_mb = memory_mb();
    {
        auto documents = make_books(works, books, random);
        progress("{} books", documents.size());
        const auto begin = Clock::now();
        run_task(index->rebuild(shop, std::move(documents))).value();
        build_s = ms_since(begin) / 1e3;
    }
    const auto index_mb = memory_mb() - before_mb;
    progress("built in {:.1f} s, {:.0f} MB", build_s, index_mb);

    std::vector<double> times;
    std::uint64_t total = 0;
    std::uint64_t faceted = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        for (const auto& text : queries) {
            SearchQuery query{.text = text, .limit = hits};
            const auto begin = Clock::now();
            const auto page = run_task(index->search(shop, std::move(query))).value();
            times.push_back(ms_since(begin));
            total += page.total;
            faceted += page.facets.in_stock;
        }
        progress("round {} of {}", round + 1, rounds);
    }
    if (total == 0 || faceted == 0)
        throw std::runtime_error("the searches have no hits");

    const auto medians = median_of_rounds(times, rounds);
    const auto p50 = percentile(medians, 0.5);
    const auto p99 = percentile(medians, 0.99);
    const auto ratio = std::min({limit_p50_ms / p50, limit_p99_ms / p99, limit_build_s / build_s, limit_mb / index_mb});
    JsonLine()
        .put("name", "search-million")
        .put("ratio", ratio)
        .put("target", 1.0)
        .put("holds", ratio > 1)
        .put("p50_ms", p50)
        .put("p99_ms", p99)
        .put("mean_ms", std::accumulate(medians.begin(), medians.end(), 0.0) / static_cast<double>(medians.size()))
        .put("highest_ms", percentile(medians, 1))
        .put("build_s", build_s)
        .put("index_mb", index_mb)
        .put("books", books)
        .put("queries", queries.size())
        .put("rounds", rounds)
        .put("mean_total", static_cast<double>(total) / static_cast<double>(rounds * queries.size()))
        .put("limit_p50_ms", limit_p50_ms)
        .put("limit_p99_ms", limit_p99_ms)
        .put("limit_build_s", limit_build_s)
        .put("limit_mb", limit_mb)
        .print();
    return 0;
}

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    try {
        constexpr std::size_t million = 1'000'000;
        return estante::bench::measure(argc > 1 ? std::stoul(argv[1]) : million);
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
