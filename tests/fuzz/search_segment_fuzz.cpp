// A mutated segment file, read without its checksum, is refused, or every search in it returns books that exist.
#include "adapters/search/searcher.hpp"
#include "adapters/search/segment_builder.hpp"
#include "adapters/search/segment_file.hpp"
#include "fuzz/mutated.hpp"
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

void demand(bool promise)
{
    if (!promise)
        std::abort();
}

const analysis::TitleCollation& collation()
{
    static const analysis::TitleCollation spanish;
    return spanish;
}

std::string whole_file()
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
        demand(page.has_value());
        demand(page->hits.size() <= page->total && page->total <= snapshot.live_count());
        demand(search_snapshot(snapshot, {.sort = sort, .limit = 1}, collation()).has_value());
    }
    demand(search_snapshot(snapshot, {.text = "amor", .category = "Novela", .min_price_cents = 100}, collation())
               .has_value());
    demand(suggest_from(snapshot, "cien", 10).has_value());
    demand(suggest_from(snapshot, "don qujote", 10).has_value());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::string whole = whole_file();
    const auto bytes = mutated(whole, {data, size});
    const std::unique_ptr<void, decltype(&std::free)> memory(
        std::aligned_alloc(alignment, (bytes.size() / alignment + 1) * alignment), &std::free);
    auto* const begin = static_cast<char*>(memory.get());
    std::ranges::copy(bytes, begin);
    std::shared_ptr<Segment> segment;
    try {
        segment = segment_in(std::as_bytes(std::span(begin, bytes.size())), Checksums::passed_over);
    } catch (const DamagedFile&) {
        demand(bytes != whole && !refusals_fail());
        return 0;
    }
    search_in({.segments = {{.segment = segment}}, .statistics = segment->statistics});
    return 0;
}
