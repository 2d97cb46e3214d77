#include "adapters/search/embedded_search.hpp"
#include "books.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <system_error>
#include <thread>
#include <vector>

namespace estante::search {
namespace {

namespace fs = std::filesystem;

const TenantId acme{"acme"};
const TenantId northwind{"northwind"};

// An index folder that the test opens repeatedly, as a restarted process does.
class PersistentIndex : public testing::Test {
protected:
    const TemporaryFolder folder{};
    std::vector<std::string> lines{};
    std::unique_ptr<EmbeddedSearch> index{};

    void open(std::size_t memory_bytes = std::size_t{1} << 30, TenantIndexLimits limits = {})
    {
        index.reset();
        index = create_embedded_search({.limits = limits,
                                        .folder = folder.path() / "search-index",
                                        .memory_bytes = memory_bytes,
                                        .report = [this](const std::string& line) { lines.push_back(line); }});
    }
    void open_new(std::size_t memory_bytes = std::size_t{1} << 30, TenantIndexLimits limits = {})
    {
        open(memory_bytes, limits);
        index->recreate("one", "0");
    }
    void apply(const TenantId& tenant, std::vector<IndexChange> changes)
    {
        ASSERT_TRUE(run(index->apply(tenant, std::move(changes))));
    }
    Result<SearchPage> search(const TenantId& tenant, const std::string& text)
    {
        return run(index->search(tenant, {.text = text, .limit = 100}));
    }
    std::uint64_t total(const TenantId& tenant, const std::string& text) { return search(tenant, text).value().total; }
    bool has_saved_index(const TenantId& tenant) { return run(index->has_saved_index(tenant)).value(); }

    fs::path shop(const TenantId& tenant) const { return folder.path() / "search-index" / "shops" / tenant.value; }
    std::vector<fs::path> segments(const TenantId& tenant) const
    {
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(shop(tenant)))
            if (entry.path().filename().string().starts_with("segment-"))
                files.push_back(entry.path());
        return files;
    }
};

void alter_byte(const fs::path& path, std::size_t at)
{
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const auto byte = static_cast<char>(file.get() ^ 0x20);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
}

TEST_F(PersistentIndex, AnswersEquallyAfterARestart)
{
    open_new();
    BookGenerator books(3);
    std::vector<IndexChange> changes;
    for (std::size_t number = 0; number < 300; ++number)
        changes.push_back(put(books.make(number)));
    apply(acme, changes);
    apply(acme, {removal("book_10005"), put(books.make(7, 2)), put(books.make(9, 2))});
    index->save("42", 1000);
    std::vector<SearchPage> before;
    const std::vector<std::string> texts{"casa", "el amor", "Quijote soledad", "años luz", ""};
    for (const auto& text : texts)
        before.push_back(search(acme, text).value());

    open();
    EXPECT_EQ(index->checkpoint().value(),
              (IndexCheckpoint{.id = "one", .position = "42", .previous = "0", .save = 1, .at_ms = 1000}));
    EXPECT_TRUE(has_saved_index(acme));
    EXPECT_FALSE(has_saved_index(northwind));
    EXPECT_EQ(index->shops_in_memory(), 0U);
    for (std::size_t at = 0; at < texts.size(); ++at) {
        const auto after = search(acme, texts[at]).value();
        EXPECT_EQ(after.hits, before[at].hits);
        EXPECT_EQ(after.facets, before[at].facets);
    }
    EXPECT_EQ(index->shops_in_memory(), 1U);
    EXPECT_TRUE(index->awaiting_rebuild().empty());
}

TEST_F(PersistentIndex, AppliesRepeatedChangesOnlyOnce)
{
    open_new();
    apply(acme, {put(book("book_1", "uno")), put(book("book_2", "dos")), removal("book_3")});
    index->save("3", 0);
    apply(acme, {put(book("book_4", "cuatro"))});

    open();
    EXPECT_EQ(total(acme, "cuatro"), 0U); // was not saved
    apply(acme, {put(book("book_2", "dos otra vez")), put(book("book_3", "tres")), put(book("book_4", "cuatro"))});
    EXPECT_EQ(total(acme, "cuatro"), 1U);
    EXPECT_EQ(total(acme, "vez"), 0U);  // an older version
    EXPECT_EQ(total(acme, "tres"), 0U); // its tombstone was saved
    EXPECT_EQ(total(acme, ""), 3U);
}

TEST_F(PersistentIndex, RemovesUnreferencedSegmentFiles)
{
    open_new();
    std::uint64_t version = 0;
    for (int save = 0; save < 20; ++save) {
        std::vector<IndexChange> changes;
        for (std::size_t number = 0; number < 50; ++number) {
            auto document = book("book_" + std::to_string(number), "versión" + std::to_string(version));
            document.version = ++version;
            changes.push_back(put(std::move(document)));
        }
        apply(acme, changes);
        index->save(std::to_string(save), 0);
        EXPECT_LE(segments(acme).size(), 8U);
    }
    open();
    EXPECT_EQ(total(acme, ""), 50U);
}

TEST_F(PersistentIndex, RemovesTheFilesOfADroppedShop)
{
    open_new();
    apply(acme, {put(book("book_1", "uno"))});
    index->save("1", 0);
    ASSERT_TRUE(run(index->drop(acme)));
    EXPECT_FALSE(fs::exists(shop(acme)));
    index->save("2", 0);
    open();
    EXPECT_FALSE(has_saved_index(acme));
}

TEST_F(PersistentIndex, RebuildsAShopWithADamagedSegmentWhileOtherShopsAreSearched)
{
    open_new();
    apply(acme, {put(book("book_1", "uno")), put(book("book_2", "dos"))});
    apply(northwind, {put(book("book_1", "uno"))});
    index->save("1", 0);
    const auto file = segments(acme).at(0);
    const auto size = fs::file_size(file);
    for (std::size_t at = 0; at < size; at += 97) {
        open();
        alter_byte(file, at);
        EXPECT_TRUE(has_saved_index(acme));
        const auto refused = search(acme, "uno");
        ASSERT_FALSE(refused.has_value()) << "byte " << at;
        EXPECT_EQ(refused.error().code, Errc::unavailable);
        EXPECT_EQ(index->awaiting_rebuild(), std::vector{acme});
        EXPECT_EQ(total(northwind, "uno"), 1U);
        EXPECT_NE(lines.back().find("acme"), std::string::npos);
        EXPECT_NE(lines.back().find(file.filename().string()), std::string::npos);
        alter_byte(file, at);
    }

    alter_byte(file, size / 2);
    open();
    ASSERT_FALSE(search(acme, "uno"));
    auto changed = book("book_2", "dos nuevo");
    changed.version = 2;
    apply(acme, {put(changed), removal("book_1")}); // newer than the documents of the rebuild
    ASSERT_TRUE(run(index->rebuild(acme, {book("book_1", "uno"), book("book_2", "dos")})));
    EXPECT_EQ(total(acme, ""), 1U);
    EXPECT_EQ(total(acme, "nuevo"), 1U);
    EXPECT_TRUE(index->awaiting_rebuild().empty());
    index->save("2", 0);
    open();
    EXPECT_EQ(total(acme, "nuevo"), 1U);
}

TEST_F(PersistentIndex, DetectsTruncatedEmptyAndMissingFiles)
{
    open_new();
    apply(acme, {put(book("book_1", "uno"))});
    index->save("1", 0);
    const auto file = segments(acme).at(0);
    for (auto length = fs::file_size(file); length > 0;) {
        length = length * 2 / 3;
        fs::resize_file(file, length);
        open();
        EXPECT_FALSE(search(acme, "uno")) << length;
        EXPECT_EQ(index->awaiting_rebuild().size(), 1U);
    }
    fs::remove(file);
    open();
    EXPECT_FALSE(search(acme, "uno"));
}

TEST_F(PersistentIndex, DoesNotReuseAShopWithADamagedManifest)
{
    open_new();
    apply(acme, {put(book("book_1", "uno"))});
    index->save("1", 0);
    const auto manifest = shop(acme) / "manifest";
    for (std::size_t at = 0; at < fs::file_size(manifest); ++at) {
        alter_byte(manifest, at);
        open();
        EXPECT_FALSE(has_saved_index(acme)) << "byte " << at;
        EXPECT_FALSE(search(acme, "uno"));
        alter_byte(manifest, at);
    }
    open();
    EXPECT_TRUE(has_saved_index(acme));
    fs::resize_file(manifest, fs::file_size(manifest) - 1);
    open();
    EXPECT_FALSE(has_saved_index(acme));
}

TEST_F(PersistentIndex, IgnoresTheFilesWithoutACheckpoint)
{
    open_new();
    apply(acme, {put(book("book_1", "uno"))});
    index->save("1", 0);
    const auto checkpoint = folder.path() / "search-index" / "checkpoint";
    for (std::size_t at = 0; at < fs::file_size(checkpoint); ++at) {
        alter_byte(checkpoint, at);
        open();
        EXPECT_FALSE(index->checkpoint().has_value()) << "byte " << at;
        EXPECT_FALSE(has_saved_index(acme));
        alter_byte(checkpoint, at);
    }
    open();
    EXPECT_TRUE(index->checkpoint().has_value());
}

// The checkpoint is restored from an older copy, so the files of later saves are ahead of the change stream.
TEST_F(PersistentIndex, DoesNotTrustAShopThatIsAheadOfTheCheckpoint)
{
    open_new();
    apply(acme, {put(book("book_1", "uno"))});
    apply(northwind, {put(book("book_1", "uno"))});
    index->save("1", 0);
    const auto checkpoint = folder.path() / "search-index" / "checkpoint";
    fs::copy_file(checkpoint, folder.path() / "before");
    apply(acme, {put(book("book_2", "dos"))});
    index->save("2", 0);
    fs::copy_file(folder.path() / "before", checkpoint, fs::copy_options::overwrite_existing);

    open();
    EXPECT_FALSE(has_saved_index(acme));
    EXPECT_TRUE(has_saved_index(northwind));
    EXPECT_EQ(index->awaiting_rebuild(), std::vector{acme});
}

// Files cannot grow beyond this size, which looks like a full disk.
class FullDisk {
public:
    explicit FullDisk(rlim_t max_bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{.rlim_cur = max_bytes, .rlim_max = before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit before_{};
};

TEST_F(PersistentIndex, SearchesContinueWhileTheDiskIsFullAndASaveCanBeRepeated)
{
    open_new();
    apply(acme, {put(book("book_1", "uno"))});
    index->save("1", 0);
    apply(acme, {put(book("book_2", "dos"))});
    {
        const FullDisk full(64);
        EXPECT_THROW(index->save("2", 0), std::system_error);
    }
    EXPECT_EQ(index->checkpoint().value().position, "1");
    EXPECT_EQ(total(acme, ""), 2U);
    {
        const auto before = folder.path() / "copy";
        fs::copy(folder.path() / "search-index", before, fs::copy_options::recursive);
        const auto copy = create_embedded_search({.folder = before});
        EXPECT_EQ(run(copy->search(acme, {})).value().total, 1U); // the previous save is still valid
    }
    index->save("2", 0);
    open();
    EXPECT_EQ(total(acme, ""), 2U);
}

TEST_F(PersistentIndex, EvictsIndexesBeyondTheBudgetAndReloadsThemOnUse)
{
    constexpr std::size_t shops = 40;
    constexpr std::size_t budget = 600'000;
    open_new(budget);
    BookGenerator books(5);
    const auto name = [](std::size_t number) { return TenantId{"shop-" + std::to_string(number)}; };
    for (std::size_t number = 0; number < shops; ++number) {
        std::vector<SearchDocument> documents;
        for (std::size_t book = 0; book < 100; ++book)
            documents.push_back(books.make(book));
        documents[0].title = "marca" + std::to_string(number);
        ASSERT_TRUE(run(index->rebuild(name(number), documents)));
        EXPECT_LE(index->memory_bytes(), budget);
    }
    EXPECT_LT(index->shops_in_memory(), shops);
    for (int round = 0; round < 2; ++round)
        for (std::size_t number = 0; number < shops; ++number) {
            EXPECT_EQ(total(name(number), "marca" + std::to_string(number)), 1U);
            EXPECT_LE(index->memory_bytes(), budget);
        }
    for (std::size_t number = 0; number < shops; ++number) {
        auto late = book("book_x", "tarde");
        apply(name(number), {put(late)});
        EXPECT_LE(index->memory_bytes(), budget);
    }
    index->save("9", 0);
    for (std::size_t number = 0; number < shops; ++number)
        EXPECT_EQ(total(name(number), "tarde"), 1U);
    EXPECT_GT(index->shops_in_memory(), 1U);
    open(budget);
    for (std::size_t number = 0; number < shops; ++number) {
        EXPECT_TRUE(has_saved_index(name(number)));
        EXPECT_EQ(total(name(number), ""), 101U);
    }
}

// Indexes are evicted and reloaded during concurrent searches, changes and saves.
TEST_F(PersistentIndex, LosesNoChangesDuringEvictionsAndReloads)
{
    constexpr std::size_t shops = 6;
    constexpr std::size_t rounds = 60;
    open_new(20'000, {.max_segment_documents = 64, .max_inline_merge = 4});
    const auto name = [](std::size_t number) { return TenantId{"shop-" + std::to_string(number)}; };
    std::atomic<bool> writing = true;
    std::vector<std::thread> others;
    for (int reader = 0; reader < 2; ++reader)
        others.emplace_back([&] {
            std::vector<std::uint64_t> least(shops, 0);
            while (writing)
                for (std::size_t number = 0; number < shops; ++number) {
                    const auto now = run(index->search(name(number), {})).value().total;
                    EXPECT_GE(now, least[number]);
                    least[number] = now;
                }
        });
    others.emplace_back([&] {
        for (int position = 1; writing; ++position)
            index->save(std::to_string(position), 0);
    });
    for (std::size_t round = 0; round < rounds; ++round)
        for (std::size_t number = 0; number < shops; ++number)
            apply(name(number), {put(book("book_" + std::to_string(round), "uno"))});
    writing = false;
    for (auto& other : others)
        other.join();
    index->save("last", 0);
    open();
    for (std::size_t number = 0; number < shops; ++number)
        EXPECT_EQ(total(name(number), "uno"), rounds);
}

} // namespace
} // namespace estante::search
