// Fuzzes the segment reader with mutated files and without checksums: a file is rejected, or every search in it stays
// within its documents.
#include "adapters/search/build_segment.hpp"
#include "adapters/search/searcher.hpp"
#include "adapters/search/segment_file.hpp"
#include "fuzz/mutation.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace estante;
using namespace estante::search;

constexpr std::size_t alignment = 64; // at least that of a mapped file

void require(bool condition)
{
    if (!condition)
        std::abort();
}

const analysis::TitleCollation& collation()
{
    static const analysis::TitleCollation spanish;
    return spanish;
}

std::string valid_file()
{
    std::vector<SearchDocument> documents;
    for (const auto* title :
         {"Cien años de soledad", "El amor en los tiempos del cólera", "Don Quijote", "La casa", "日本"})
        documents.push_back({.book_id = "book_" + std::to_string(documents.size()),
                             .version = 1,
                             .title = title,
                             .author = "Gabriel García Márquez",
                             .contributors = {"Gabriel García Márquez"},
                             .description = "amor y más amor",
                             .category = "Novela",
                             .language = "es",
                             .isbn = "9788437604572",
                             .price_cents = 900,
                             .rating = static_cast<double>(documents.size()),
                             .publication_year = 1967});
    const TemporaryFolder folder;
    write_segment(*build_segment(documents, collation()), folder / "segment");
    std::ifstream file(folder / "segment", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void search_in(const Snapshot& snapshot)
{
    for (const auto sort : {SearchSort::relevance, SearchSort::rating, SearchSort::title, SearchSort::price,
                            SearchSort::year, SearchSort::updated}) {
        const auto page = search_snapshot(
            snapshot, {.text = "amor soledad quijote", .matching = Matching::tolerant, .sort = sort}, collation());
        require(page.has_value());
        require(page->hits.size() <= page->total && page->total <= snapshot.live_count());
        require(search_snapshot(snapshot, {.sort = sort, .limit = 1}, collation()).has_value());
    }
    require(search_snapshot(snapshot, {.text = "amor", .category = "Novela", .min_price_cents = 100}, collation())
                .has_value());
    require(suggest_titles(snapshot, "cien", 10).has_value());
    require(suggest_titles(snapshot, "don qujote", 10).has_value());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::string whole = valid_file();
    const auto bytes = mutate(whole, {data, size});
    const std::unique_ptr<void, decltype(&std::free)> memory(
        std::aligned_alloc(alignment, (bytes.size() / alignment + 1) * alignment), &std::free);
    auto* const begin = static_cast<char*>(memory.get());
    std::ranges::copy(bytes, begin);
    std::shared_ptr<Segment> segment;
    try {
        segment = parse_segment(std::as_bytes(std::span(begin, bytes.size())), Checksums::ignored);
    } catch (const DamagedFile&) {
        require(bytes != whole && !rejections_fail());
        return 0;
    }
    search_in({.segments = {{.segment = segment}}, .statistics = segment->statistics});
    return 0;
}
