// The files of the filesystem object store: their paths, and what remains after errors and kills.
#include "adapters/filesystem/filesystem_objects.hpp"
#include "adapters/filesystem/folder_listing.hpp"
#include "contract/object_store_contract.hpp"
#include "support/file_size_limit.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/stat.h>

namespace estante {

namespace {

namespace fs = std::filesystem;

class FilesystemFolder : public testing::Test {
protected:
    TemporaryFolder folder_;
    const fs::path root_ = folder_ / "lake";
    std::unique_ptr<ObjectStore> store_ = create_filesystem_objects(root_);

    void given(const std::string& key, const std::string& bytes = "x")
    {
        ASSERT_EQ(outcome(run(store_->put(key, bytes, {}))), "ok");
    }
    std::vector<std::string> keys()
    {
        const auto page = run(store_->list("", std::nullopt, 1000));
        EXPECT_EQ(outcome(page), "ok");
        std::vector<std::string> all;
        for (const auto& object : page.value_or(ObjectPage{}).objects)
            all.push_back(object.key);
        return all;
    }
    // Files below `.staging` without the lock files.
    std::size_t staged() const
    {
        std::size_t files = 0;
        for (const auto& entry : fs::recursive_directory_iterator(root_ / ".staging"))
            files += entry.is_regular_file() && entry.path().parent_path() != root_ / ".staging" ? 1 : 0;
        return files;
    }
};

TEST_F(FilesystemFolder, StoresAnOrdinaryKeyUnderItsOwnPath)
{
    given("acme/purchases/year=2026/month=11/day=27/purchase_1.json.gz", "bytes");
    std::ifstream file(root_ / "acme/purchases/year=2026/month=11/day=27/purchase_1.json.gz");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "bytes");
    struct stat status{};
    ASSERT_EQ(::stat((root_ / "acme/purchases/year=2026/month=11/day=27/purchase_1.json.gz").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(FilesystemFolder, ListsForeignFilesOnlyIfAKeyMapsToTheirName)
{
    given("a/b.json");
    std::ofstream(root_ / "a" / "c.json") << "from outside";
    std::ofstream(root_ / "a" / "no-dot") << "no key has this name";
    std::ofstream(root_ / "a" / ".hidden") << "nor this";
    std::ofstream(root_ / "a" / "%zz.json") << "nor this";
    fs::create_directory(root_ / "a" / "with.dot");
    std::ofstream(root_ / "a" / "with.dot" / "d.json") << "nor this";
    fs::create_symlink("/etc/passwd", root_ / "a" / "link.json");
    fs::create_directory_symlink("/etc", root_ / "etc");
    EXPECT_EQ(keys(), (std::vector<std::string>{"a/b.json", "a/c.json"}));
}

TEST_F(FilesystemFolder, LeavesObjectsUnchangedAndNoStagedFilesWhenTheDiskIsFull)
{
    given("a.json", "as it was");
    std::ofstream(folder_ / "large") << std::string(100'000, 'x');
    {
        const FileSizeLimit limit(50'000);
        EXPECT_EQ(outcome(run(store_->put("a.json", std::string(100'000, 'x'), {}))), "unavailable");
        EXPECT_EQ(outcome(run(store_->put_file("b.parquet", folder_ / "large"))), "unavailable");
        EXPECT_EQ(outcome(run(store_->put_all(
                      {{.key = "c.json", .bytes = "x"}, {.key = "d.json", .bytes = std::string(100'000, 'x')}}))),
                  "unavailable");
        EXPECT_EQ(outcome(run(store_->put("small.json", "x", {}))), "ok") << "objects that fit are still written";
    }
    EXPECT_EQ(keys(), (std::vector<std::string>{"a.json", "small.json"}));
    EXPECT_EQ((*run(store_->get("a.json")))->bytes, "as it was");
    EXPECT_EQ(staged(), 0U);
    given("b.parquet");
}

TEST_F(FilesystemFolder, RecreatesAFolderThatAnOperatorRemoved)
{
    given("acme/purchases/a.json");
    fs::remove_all(root_ / "acme");
    EXPECT_EQ(keys().size(), 0U);
    given("acme/purchases/b.json");
    EXPECT_EQ(keys(), std::vector<std::string>{"acme/purchases/b.json"});
}

TEST_F(FilesystemFolder, IsUnavailableWhenAFolderCannotBeRead)
{
    given("a/b.json");
    fs::remove_all(root_ / "a");
    std::ofstream(root_ / "a") << "a file where a folder was";
    EXPECT_EQ(outcome(run(store_->put("a/c.json", "x", {}))), "unavailable");
    EXPECT_THROW(create_filesystem_objects(root_ / "a"), std::runtime_error);
}

TEST_F(FilesystemFolder, RemovesTheStagingFoldersOfKilledProcessesOnOpening)
{
    fs::create_directory(root_ / ".staging" / "99999-0");
    std::ofstream(root_ / ".staging" / "99999-0" / "1") << "half an obj";
    const auto folders = [this] {
        return std::ranges::count_if(fs::directory_iterator(root_ / ".staging"),
                                     [](const auto& entry) { return entry.is_directory(); });
    };
    EXPECT_EQ(folders(), 2) << "this store's own, and the killed one's";
    const auto second = create_filesystem_objects(root_);
    EXPECT_EQ(folders(), 2) << "those of the two that live";
    EXPECT_FALSE(fs::exists(root_ / ".staging" / "99999-0"));
    given("a.json");
    EXPECT_EQ(outcome(run(second->put("b.json", "x", {}))), "ok");
    EXPECT_EQ(keys(), (std::vector<std::string>{"a.json", "b.json"}));
}

// Without the cache, listing n objects in pages of one would read n² names.
TEST_F(FilesystemFolder, ReadsAnUnchangedFolderOnceForAllPages)
{
    std::vector<NewObject> objects;
    for (int i = 0; i < 100; ++i)
        objects.push_back({.key = "day/" + std::to_string(1000 + i) + ".json", .bytes = "x"});
    ASSERT_EQ(outcome(run(store_->put_all(std::move(objects)))), "ok");
    const timespec long_ago[2] = {{.tv_sec = 1, .tv_nsec = 0}, {.tv_sec = 1, .tv_nsec = 0}};
    filesystem::FolderListing listing;
    EXPECT_NE(listing.entries(root_ / "day"), listing.entries(root_ / "day"))
        << "a folder that was just written is not cached";
    ASSERT_EQ(::utimensat(AT_FDCWD, (root_ / "day").c_str(), long_ago, 0), 0);
    const auto first = listing.entries(root_ / "day");
    EXPECT_EQ(first->size(), 100U);
    EXPECT_EQ(listing.entries(root_ / "day"), first);
    given("day/2000.json");
    EXPECT_EQ(listing.entries(root_ / "day")->size(), 101U) << "a new object is listed immediately";
}

} // namespace

} // namespace estante
