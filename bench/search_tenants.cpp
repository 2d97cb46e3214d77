// A thousand shops of a thousand books in one engine: their memory, and the latency of the first search in an idle
// shop. There is no reference: the ratio is limit / measured for the worse figure. Memory is the increase of the
// resident set size of the process.
#include "adapters/search/embedded_search.hpp"
#include "corpus.hpp"
#include "measure.hpp"
#include "runtime/run_task.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <stdexcept>
#include <unistd.h>

namespace estante::bench {
namespace {

constexpr std::size_t shops = 1'000;
constexpr std::size_t books_each = 1'000;
constexpr double limit_mb = 800;
constexpr double limit_first_ms = 50;

double resident_mb()
{
    malloc_trim(0);
    std::ifstream statm("/proc/self/statm");
    std::size_t size = 0;
    std::size_t resident = 0;
    statm >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

TenantId shop(std::size_t number)
{
    return {fmt::format("shop-{}", number)};
}

// The engine as the server creates it, with a folder and the default of search-memory-mb.
std::unique_ptr<search::EmbeddedSearch> create_engine(const std::filesystem::path& folder)
{
    return search::create_embedded_search({.folder = folder});
}

double first_search_ms(SearchIndex& index, std::size_t number, const std::string& text)
{
    SearchQuery query{.text = text, .limit = 10};
    const auto begin = Clock::now();
    run_task(index.search(shop(number), std::move(query))).value();
    return ms_since(begin);
}

int measure()
{
    progress("reading the works …");
    const auto works = load_works();
    const auto queries = make_query_texts(works, shops);
    const auto before_mb = resident_mb();
    const TemporaryFolder folder;
    const auto index = create_engine(folder / "search-index");
    index->recreate("bench", "0");
    const auto begin = Clock::now();
    for (std::size_t number = 0; number < shops; ++number) {
        std::vector<SearchDocument> books;
        books.reserve(books_each);
        for (std::size_t book = 0; book < books_each; ++book)
            books.push_back(works[(number * books_each + book) % works.size()]);
        run_task(index->rebuild(shop(number), std::move(books))).value();
    }
    index->save("1", 0);
    const auto fill_s = ms_since(begin) / 1e3;
    const auto index_mb = resident_mb() - before_mb;
    progress("{} shops in {:.1f} s, {:.0f} MB", shops, fill_s, index_mb);

    // Each shop is the least recently searched one.
    std::vector<double> first_ms;
    first_ms.reserve(shops);
    for (std::size_t number = 0; number < shops; ++number)
        first_ms.push_back(first_search_ms(*index, number, queries[number]));
    const auto searched_mb = resident_mb() - before_mb;
    constexpr std::size_t repeats = 100;
    std::vector<double> repeated_ms;
    repeated_ms.reserve(repeats);
    for (std::size_t repeated = 0; repeated < repeats; ++repeated)
        repeated_ms.push_back(first_search_ms(*index, shops - 1, queries[repeated]));

    const auto max_mb = std::max(index_mb, searched_mb);
    const auto first_max = percentile(first_ms, 1);
    const auto ratio = std::min(limit_mb / max_mb, limit_first_ms / first_max);
    JsonLine()
        .put("name", "search-tenants")
        .put("ratio", ratio)
        .put("target", 1.0)
        .put("holds", ratio > 1)
        .put("resident_mb", max_mb)
        .put("first_p50_ms", percentile(first_ms, 0.5))
        .put("first_p99_ms", percentile(first_ms, 0.99))
        .put("first_highest_ms", first_max)
        .put("again_p50_ms", percentile(repeated_ms, 0.5))
        .put("fill_s", fill_s)
        .put("shops", shops)
        .put("books_each", books_each)
        .put("limit_mb", limit_mb)
        .put("limit_first_ms", limit_first_ms)
        .print();
    return 0;
}

} // namespace
} // namespace estante::bench

int main()
{
    try {
        return estante::bench::measure();
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
