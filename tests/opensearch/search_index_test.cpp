// The SearchIndex port under concurrency, on the embedded engine and on the first of OpenSearch 3, OpenSearch 2 and
// Elasticsearch that the environment names. (tests/parity compares search results.)
#include "adapters/aws/providers.hpp"
#include "adapters/opensearch/opensearch_index.hpp"
#include "adapters/search/embedded_search.hpp"
#include "adapters/system/system.hpp"
#include "runtime/run_task.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace estante {
namespace {

std::string engine_url()
{
    for (const char* name : {"ESTANTE_TEST_OPENSEARCH", "ESTANTE_TEST_OPENSEARCH_2", "ESTANTE_TEST_ELASTICSEARCH"})
        if (const char* url = std::getenv(name)) // NOLINT(concurrency-mt-unsafe): before any thread
            return url;
    return {};
}

std::string id_of(std::size_t number)
{
    return "book_" + std::to_string(100'000 + number);
}

SearchDocument book(std::size_t number, std::uint64_t version = 1)
{
    return {.book_id = id_of(number),
            .version = version,
            .title = "Libro " + std::to_string(version),
            .category = "Novela",
            .rating = 4};
}

std::vector<SearchDocument> books(std::size_t count)
{
    std::vector<SearchDocument> all;
    all.reserve(count);
    for (std::size_t number = 0; number < count; ++number)
        all.push_back(book(number));
    return all;
}

IndexChange put(SearchDocument document)
{
    return {.book_id = document.book_id, .version = document.version, .document = std::move(document)};
}

class SearchIndexEngines : public testing::TestWithParam<std::string> {
protected:
    std::unique_ptr<Clock> clock_ = create_system_clock();
    std::unique_ptr<Random> random_ = create_system_random();
    aws::Client client_{*clock_, *random_};
    std::unique_ptr<SearchIndex> index_;
    const TenantId tenant_{"test-" + std::to_string(clock_->now_ms())};

    void SetUp() override
    {
        if (GetParam() == "embedded") {
            index_ = search::create_search_index();
            return;
        }
        if (engine_url().empty())
            GTEST_SKIP() << "no OpenSearch or Elasticsearch runs (ESTANTE_TEST_OPENSEARCH)";
        index_ = create_opensearch_index(client_, aws::static_credentials({}), *clock_, {.endpoint = engine_url()});
    }
    void TearDown() override
    {
        if (index_)
            run_task(index_->drop(tenant_)).value();
    }
    void rebuild(std::vector<SearchDocument> documents)
    {
        run_task(index_->rebuild(tenant_, std::move(documents))).value();
    }
    void apply(IndexChange change) { run_task(index_->apply(tenant_, {std::move(change)})).value(); }
    std::uint64_t total() { return run_task(index_->search(tenant_, {.limit = 1})).value().total; }
};

TEST_P(SearchIndexEngines, SearchesSeeTheOldOrTheNewIndexDuringARebuild)
{
    rebuild(books(300));
    std::atomic<bool> is_done = false;
    std::atomic<std::size_t> searches = 0;
    std::vector<std::string> wrong;
    std::thread reader([&] {
        while (!is_done) {
            const auto page = run_task(index_->search(tenant_, {.text = "libro", .limit = 5}));
            ++searches;
            if (!page)
                wrong.push_back(page.error().detail.en);
            else if (page->total != 300 && page->total != 400)
                wrong.push_back("total " + std::to_string(page->total));
        }
    });
    for (int round = 0; round < 4; ++round)
        rebuild(books(round % 2 == 0 ? 400 : 300));
    const auto seen = searches.load();
    while (searches < seen + 2) // searches continue after the last swap
        std::this_thread::yield();
    is_done = true;
    reader.join();
    EXPECT_EQ(wrong, std::vector<std::string>());
    EXPECT_EQ(total(), 300U);
}

TEST_P(SearchIndexEngines, ChangesThatArriveDuringARebuildWinByVersion)
{
    constexpr std::size_t changed = 40;
    rebuild(books(300));
    std::atomic<bool> has_begun = false;
    std::thread writer([&] {
        for (std::size_t number = 0; number < changed; ++number) {
            apply(number % 4 == 3 ? IndexChange{.book_id = id_of(number), .version = std::uint64_t{1} << 62}
                                  : put(book(number, 7)));
            has_begun = true;
        }
    });
    while (!has_begun)
        std::this_thread::yield();
    rebuild(books(300));
    writer.join();
    for (std::size_t number = 0; number < changed;
         ++number) { // repeats the changes from before the rebuild, as the change stream does
        if (number % 4 != 3)
            apply(put(book(number, 7)));
        else
            apply({.book_id = id_of(number), .version = std::uint64_t{1} << 62});
    }
    std::vector<IndexChange> expected;
    expected.reserve(300);
    for (std::size_t number = 0; number < 300; ++number)
        expected.push_back(number >= changed ? put(book(number))
                           : number % 4 != 3 ? put(book(number, 7))
                                             : IndexChange{.book_id = id_of(number), .version = 0});
    const auto states = run_task(index_->check(tenant_, std::move(expected))).value();
    EXPECT_EQ(states, std::vector<IndexStatus>(300, IndexStatus::in_sync));
}

TEST_P(SearchIndexEngines, ALateWriteDoesNotRestoreARemovedBook)
{
    apply(put(book(1, 5)));
    apply({.book_id = id_of(1), .version = std::uint64_t{1} << 62});
    apply(put(book(1, 6)));
    EXPECT_EQ(total(), 0U);
}

TEST_P(SearchIndexEngines, ReportsTheStateOfEachBook)
{
    rebuild(books(5));
    apply(put(book(1, 3)));
    auto content_mismatch = book(2);
    content_mismatch.description = "otra cosa";
    std::vector<IndexChange> expected{put(book(0)),
                                      put(book(1)),
                                      put(std::move(content_mismatch)),
                                      put(book(9)),
                                      {.book_id = id_of(3), .version = 9},
                                      {.book_id = id_of(8), .version = 9}};
    EXPECT_EQ(run_task(index_->check(tenant_, std::move(expected))).value(),
              (std::vector<IndexStatus>{IndexStatus::in_sync, IndexStatus::stale, IndexStatus::content_mismatch,
                                        IndexStatus::missing, IndexStatus::orphaned, IndexStatus::in_sync}));
}

TEST_P(SearchIndexEngines, ReportsAllBooksOfATenantWithoutAnIndexAsMissing)
{
    EXPECT_EQ(run_task(index_->check(tenant_, {put(book(0)), {.book_id = id_of(1), .version = 9}})).value(),
              (std::vector<IndexStatus>{IndexStatus::missing, IndexStatus::in_sync}));
    EXPECT_EQ(run_task(index_->book_ids(tenant_, "", 10)).value(), std::vector<std::string>());
}

TEST_P(SearchIndexEngines, ListsBooksPageByPage)
{
    rebuild(books(250));
    apply({.book_id = id_of(7), .version = std::uint64_t{1} << 62});
    apply(put(book(250)));
    std::vector<std::string> expected;
    for (std::size_t number = 0; number <= 250; ++number)
        if (number != 7)
            expected.push_back(id_of(number));
    std::vector<std::string> listed;
    std::string after;
    while (true) {
        const auto page = run_task(index_->book_ids(tenant_, after, 100)).value();
        if (page.empty())
            break;
        listed.insert(listed.end(), page.begin(), page.end());
        after = page.back();
    }
    EXPECT_EQ(listed, expected);
}

// Letters of three kinds: of the longest UTF-8, of the longest collation key (18 letters in one), and of the longest
// JSON.
TEST_P(SearchIndexEngines, PagesOfTheLongestTitlesHaveShortCursors)
{
    std::vector<SearchDocument> all;
    for (const std::string letter : {"\U0001F4DA", "\uFDFA", "\""})
        for (std::size_t number = 0; number < 3; ++number) {
            all.push_back(book(all.size()));
            all.back().title.clear();
            for (std::size_t at = 0; at < 500; ++at)
                all.back().title += letter;
        }
    rebuild(all);
    std::set<std::string> found;
    SearchQuery query{.sort = SearchSort::title, .limit = 1};
    for (std::size_t page = 1; page <= all.size(); ++page) {
        const auto result = run_task(index_->search(tenant_, query)).value();
        found.insert(result.hits.at(0).book_id);
        ASSERT_EQ(result.next.has_value(), page < all.size());
        EXPECT_LE(result.next.value_or("").size(), max_next_bytes);
        query.after = result.next;
    }
    EXPECT_EQ(found.size(), all.size());
}

INSTANTIATE_TEST_SUITE_P(, SearchIndexEngines, testing::Values("embedded", "opensearch"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace estante
