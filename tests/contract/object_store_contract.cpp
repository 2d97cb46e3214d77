#include "contract/object_store_contract.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

namespace estante {

namespace {

using Names = std::vector<std::string>;

std::string random_bytes(std::size_t size)
{
    std::mt19937 engine(static_cast<unsigned>(size));
    std::string bytes(size, '\0');
    std::ranges::generate(bytes, [&] { return static_cast<char>(engine()); });
    return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes)
{
    std::ofstream(path, std::ios::binary) << bytes;
}

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

template <class Work> void at_once(int count, Work work)
{
    std::vector<std::thread> threads;
    for (int n = 0; n < count; ++n)
        threads.emplace_back([&work, n] { work(n); });
    for (auto& thread : threads)
        thread.join();
}

} // namespace

std::string outcome_of(const ObjectError& error)
{
    constexpr const char* names[] = {"precondition_failed", "invalid", "unavailable"};
    return names[static_cast<std::size_t>(error.code)];
}

std::string ObjectStoreContract::fresh_object_prefix()
{
    static std::atomic<int> made = 0;
    static const auto begun = std::random_device()();
    return "t" + std::to_string(begun) + "-" + std::to_string(++made) + "/";
}

Result<std::string, ObjectError> ObjectStoreContract::put(const std::string& name, std::string bytes,
                                                          IfObject condition)
{
    return run(store.put(key(name), std::move(bytes), std::move(condition)));
}

std::string ObjectStoreContract::given(const std::string& name, std::string bytes)
{
    const auto etag = put(name, std::move(bytes));
    EXPECT_EQ(outcome(etag), "ok") << (etag ? "" : etag.error().detail);
    return etag.value_or("");
}

std::optional<std::string> ObjectStoreContract::get(const std::string& name)
{
    const auto found = run(store.get(key(name)));
    EXPECT_EQ(outcome(found), "ok") << (found ? "" : found.error().detail);
    return found && *found ? std::optional((*found)->bytes) : std::nullopt;
}

Names ObjectStoreContract::names(const std::string& begin, std::size_t limit)
{
    Names all;
    std::optional<std::string> after;
    do {
        const auto page = run(store.list(key(begin), after, limit));
        EXPECT_EQ(outcome(page), "ok") << (page ? "" : page.error().detail);
        if (!page)
            break;
        EXPECT_LE(page->objects.size(), limit);
        EXPECT_TRUE(!page->next || !page->objects.empty());
        for (const auto& object : page->objects)
            all.push_back(object.key.substr(prefix.size()));
        after = page->next;
    } while (after);
    return all;
}

TEST_P(ObjectStoreContract, GetReturnsTheBytesThatWerePut)
{
    std::string every_byte;
    for (int i = 0; i < 256; ++i)
        every_byte += static_cast<char>(i);
    given("acme/purchases/year=2026/month=11/day=27/purchase_1.json.gz", every_byte);
    given("empty.bin", "");
    given("large.bin", random_bytes(3'000'001));
    EXPECT_EQ(get("acme/purchases/year=2026/month=11/day=27/purchase_1.json.gz"), every_byte);
    EXPECT_EQ(get("empty.bin"), "");
    EXPECT_EQ(get("large.bin"), random_bytes(3'000'001));
}

TEST_P(ObjectStoreContract, AMissingObjectIsAbsentWithoutAnError)
{
    given("there.json");
    EXPECT_EQ(get("absent.json"), std::nullopt);
    EXPECT_EQ(get("no/such/folder.json"), std::nullopt);
    EXPECT_EQ(get("there.json/below.json"), std::nullopt);
    EXPECT_EQ(outcome(run(store.remove(key("absent.json")))), "ok");
    EXPECT_EQ(outcome(run(store.remove(key("no/such/folder.json")))), "ok");
}

TEST_P(ObjectStoreContract, PutReplacesTheWholeObjectAndItsETag)
{
    const auto first = given("a.json", "a longer text at first");
    const auto second = given("a.json", "short");
    EXPECT_NE(first, second);
    EXPECT_EQ(get("a.json"), "short");
    const auto found = run(store.get(key("a.json")));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->etag, second);
    const auto page = run(store.list(key("a.json"), std::nullopt, 10));
    ASSERT_TRUE(page);
    ASSERT_EQ(page->objects.size(), 1U);
    EXPECT_EQ(page->objects[0].etag, second);
    EXPECT_EQ(page->objects[0].size_bytes, 5U);
}

TEST_P(ObjectStoreContract, AListHasTheTimeOfTheLastPut)
{
    const auto now = [] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    };
    const auto before = now();
    given("a.json");
    const auto page = run(store.list(prefix, std::nullopt, 10));
    ASSERT_TRUE(page);
    ASSERT_EQ(page->objects.size(), 1U);
    EXPECT_GE(page->objects[0].modified_ms, before - 2000) << "a second may be all that an engine tells";
    EXPECT_LE(page->objects[0].modified_ms, now() + 2000);
}

TEST_P(ObjectStoreContract, ARemovedObjectIsNeitherReadNorListed)
{
    given("a.json");
    given("b.json");
    EXPECT_EQ(outcome(run(store.remove(key("a.json")))), "ok");
    EXPECT_EQ(get("a.json"), std::nullopt);
    EXPECT_EQ(names(), Names{"b.json"});
    given("a.json", "again");
    EXPECT_EQ(get("a.json"), "again");
}

TEST_P(ObjectStoreContract, PutIfAbsentSucceedsOnce)
{
    EXPECT_EQ(outcome(put("a.json", "first", {.absent = true})), "ok");
    EXPECT_EQ(outcome(put("a.json", "second", {.absent = true})), "precondition_failed");
    EXPECT_EQ(get("a.json"), "first");
    ASSERT_EQ(outcome(run(store.remove(key("a.json")))), "ok");
    EXPECT_EQ(outcome(put("a.json", "third", {.absent = true})), "ok");
}

TEST_P(ObjectStoreContract, PutIfTheETagMatchesReplacesOnlyThatObject)
{
    const auto first = given("a.json", "1");
    const auto second = put("a.json", "2", {.etag = first});
    ASSERT_EQ(outcome(second), "ok");
    EXPECT_EQ(outcome(put("a.json", "3", {.etag = first})), "precondition_failed");
    EXPECT_EQ(get("a.json"), "2");
    EXPECT_EQ(outcome(put("a.json", "3", {.etag = *second})), "ok");
    EXPECT_EQ(outcome(put("absent.json", "1", {.etag = *second})), "precondition_failed");
    EXPECT_EQ(get("absent.json"), std::nullopt);
}

TEST_P(ObjectStoreContract, ConcurrentPutsIfAbsentHaveOneWinner)
{
    const auto other = engine->another();
    for (int round = 0; round < 5; ++round) {
        const auto name = "race" + std::to_string(round) + ".json";
        std::atomic<int> won = 0;
        std::atomic<int> lost = 0;
        std::atomic<int> winner = -1;
        at_once(8, [&](int n) {
            ObjectStore& mine = other && n % 2 ? other->objects() : store;
            const auto done = run(mine.put(key(name), std::to_string(n), {.absent = true}));
            if (done)
                winner = n;
            ++(done ? won : lost);
            EXPECT_EQ(outcome(done), done ? "ok" : "precondition_failed") << (done ? "" : done.error().detail);
        });
        EXPECT_EQ(won, 1);
        EXPECT_EQ(lost, 7);
        EXPECT_EQ(get(name), std::to_string(winner));
    }
}

TEST_P(ObjectStoreContract, ConcurrentIncrementsUnderETagsLoseNothing)
{
    const auto other = engine->another();
    given("count.txt", "0");
    constexpr int threads = 4;
    constexpr int steps = 10;
    at_once(threads, [&](int n) {
        ObjectStore& mine = other && n % 2 ? other->objects() : store;
        for (int step = 0; step < steps;) {
            const auto now = run(mine.get(key("count.txt")));
            ASSERT_TRUE(now && *now);
            const auto next = std::to_string(std::stoi((*now)->bytes) + 1);
            const auto done = run(mine.put(key("count.txt"), next, {.etag = (*now)->etag}));
            if (!done)
                EXPECT_EQ(outcome(done), "precondition_failed") << done.error().detail;
            step += done ? 1 : 0;
        }
    });
    EXPECT_EQ(get("count.txt"), std::to_string(threads * steps));
}

TEST_P(ObjectStoreContract, AReaderSeesOneWholeObjectDuringConcurrentPuts)
{
    const auto one = std::string(200'000, '1');
    const auto two = std::string(100'000, '2');
    given("a.bin", one);
    std::atomic<bool> written = false;
    std::thread writer([&] {
        for (int i = 0; i < 20; ++i)
            EXPECT_EQ(outcome(run(store.put(key("a.bin"), i % 2 ? one : two, {}))), "ok");
        written = true;
    });
    int whole = 0;
    do {
        const auto seen = get("a.bin");
        EXPECT_TRUE(seen == one || seen == two) << "half an object";
        ++whole;
    } while (!written);
    writer.join();
    EXPECT_GT(whole, 0);
}

TEST_P(ObjectStoreContract, AListIsInByteOrderForAllKeys)
{
    const Names all{"a-b.json",    "a.json",    "a/b.json",       "a/b/c.json",  "a/b0.json",
                    "a0.json",     "B.json",    "ñandú.json",     "ab.json",     "a b.json",
                    "a+b%2F.json", "日本.json", "a/.hidden.json", "&<>\"'.json", "tenant.with.dots/x.json"};
    for (const auto& name : all)
        given(name);
    Names sorted = all;
    std::ranges::sort(sorted);
    EXPECT_EQ(names(), sorted);
    for (const std::size_t limit : {1U, 2U, 7U, 15U})
        EXPECT_EQ(names("", limit), sorted) << "in pages of " << limit;
    EXPECT_EQ(names("a/"), (Names{"a/.hidden.json", "a/b.json", "a/b/c.json", "a/b0.json"}));
    EXPECT_EQ(names("a/b"), (Names{"a/b.json", "a/b/c.json", "a/b0.json"}));
    EXPECT_EQ(names("a/b/c.json"), Names{"a/b/c.json"});
    EXPECT_EQ(names("nobody"), Names{});
    for (const auto& name : all)
        EXPECT_EQ(get(name), "x") << name;
}

TEST_P(ObjectStoreContract, AListContinuesAfterAnyKeyEvenIfItDoesNotExist)
{
    for (const auto* name : {"a/1.json", "a/2.json", "a/b/1.json", "c.json"})
        given(name);
    const auto after = [&](const std::string& name) {
        const auto page = run(store.list(prefix, key(name), 1000));
        EXPECT_EQ(outcome(page), "ok");
        Names found;
        for (const auto& object : page.value_or(ObjectPage{}).objects)
            found.push_back(object.key.substr(prefix.size()));
        return found;
    };
    EXPECT_EQ(after("a/1.json"), (Names{"a/2.json", "a/b/1.json", "c.json"}));
    EXPECT_EQ(after("a/15"), (Names{"a/2.json", "a/b/1.json", "c.json"}));
    EXPECT_EQ(after("a/b/"), (Names{"a/b/1.json", "c.json"}));
    EXPECT_EQ(after("a/b0"), Names{"c.json"});
    EXPECT_EQ(after("c.json"), Names{});
    EXPECT_EQ(after("zzz"), Names{});
}

TEST_P(ObjectStoreContract, AListOfManyPagesShowsEachObjectOnceDuringConcurrentPuts)
{
    std::vector<NewObject> objects;
    Names all;
    for (int i = 0; i < 250; ++i) {
        char name[32];
        std::snprintf(name, sizeof(name), "day=%02d/p%04d.json", i / 100, i);
        all.emplace_back(name);
        objects.push_back({.key = key(name), .bytes = std::to_string(i)});
    }
    ASSERT_EQ(outcome(run(store.put_all(std::move(objects)))), "ok");
    EXPECT_EQ(names("", 60), all);
    const auto first = run(store.list(prefix, std::nullopt, 100));
    ASSERT_TRUE(first && first->next);
    given("day=00/p0000a.json"); // before the page that has been read
    given("day=02/p9999.json");  // after it
    const auto second = run(store.list(prefix, first->next, 1000));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->objects.size(), 151U);
    EXPECT_EQ(second->objects.back().key, key("day=02/p9999.json"));
    EXPECT_EQ(names().size(), 252U);
}

TEST_P(ObjectStoreContract, PutAllStoresEachObjectAndTheLastOfARepeatedKey)
{
    std::vector<NewObject> objects;
    for (int i = 0; i < 40; ++i)
        objects.push_back(
            {.key = key(std::to_string(i) + ".json"), .bytes = std::string(static_cast<std::size_t>(i), 'x')});
    objects.push_back({.key = key("0.json"), .bytes = "last"});
    ASSERT_EQ(outcome(run(store.put_all(std::move(objects)))), "ok");
    EXPECT_EQ(get("0.json"), "last");
    for (int i = 1; i < 40; ++i)
        EXPECT_EQ(get(std::to_string(i) + ".json"), std::string(static_cast<std::size_t>(i), 'x'));
    EXPECT_EQ(outcome(run(store.put_all({}))), "ok");
    EXPECT_EQ(outcome(run(store.put_all({{.key = key("fine.json"), .bytes = "x"}, {.key = "../wrong", .bytes = "x"}}))),
              "invalid");
    EXPECT_EQ(get("fine.json"), std::nullopt) << "nothing of a call that is a mistake";
}

TEST_P(ObjectStoreContract, AFileOfAnySizeIsStoredAndReadBack)
{
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{20'000'003}}) {
        const auto name = std::to_string(size) + ".parquet";
        const auto bytes = random_bytes(size);
        write_file(folder / "in", bytes);
        const auto etag = run(store.put_file(key(name), folder / "in"));
        ASSERT_EQ(outcome(etag), "ok") << etag.error().detail;
        const auto found = run(store.get(key(name)));
        ASSERT_TRUE(found && *found);
        EXPECT_EQ((*found)->etag, *etag);
        EXPECT_TRUE((*found)->bytes == bytes);

        write_file(folder / "out", "what was there before, and longer than one byte");
        const auto got = run(store.get_file(key(name), folder / "out"));
        ASSERT_EQ(outcome(got), "ok") << got.error().detail;
        EXPECT_TRUE(*got);
        EXPECT_TRUE(read_file(folder / "out") == bytes);
    }
}

TEST_P(ObjectStoreContract, MissingFilesAreInvalidAndMissingObjectsAreAbsent)
{
    EXPECT_EQ(outcome(run(store.put_file(key("a.parquet"), folder / "absent"))), "invalid");
    EXPECT_EQ(get("a.parquet"), std::nullopt);
    write_file(folder / "out", "as it was");
    const auto got = run(store.get_file(key("absent.parquet"), folder / "out"));
    ASSERT_EQ(outcome(got), "ok");
    EXPECT_FALSE(*got);
    EXPECT_EQ(read_file(folder / "out"), "as it was");
    given("a.parquet");
    EXPECT_EQ(outcome(run(store.get_file(key("a.parquet"), folder / "no" / "folder"))), "invalid");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "something is left";
}

TEST_P(ObjectStoreContract, MalformedKeysAreInvalid)
{
    const Names wrong{"",
                      "/a",
                      "a/",
                      "a//b",
                      ".",
                      "..",
                      "a/../b",
                      "./a",
                      "a/..",
                      std::string("a\0b", 3),
                      "a\xff",
                      "\xc3",
                      std::string(1025, 'k')};
    for (const auto& bad : wrong) {
        EXPECT_EQ(outcome(run(store.put(bad, "x", {}))), "invalid") << bad;
        EXPECT_EQ(outcome(run(store.get(bad))), "invalid") << bad;
        EXPECT_EQ(outcome(run(store.remove(bad))), "invalid") << bad;
        EXPECT_EQ(outcome(run(store.put_file(bad, folder / "x"))), "invalid") << bad;
        EXPECT_EQ(outcome(run(store.get_file(bad, folder / "x"))), "invalid") << bad;
    }
    EXPECT_EQ(outcome(run(store.list("\xff", std::nullopt, 10))), "invalid");
    EXPECT_EQ(outcome(run(store.list(prefix, std::nullopt, 0))), "invalid");
    EXPECT_EQ(outcome(run(store.list(prefix, std::nullopt, 1001))), "invalid");
    EXPECT_EQ(outcome(put("a.json", "x", {.absent = true, .etag = "e"})), "invalid");
    EXPECT_EQ(outcome(put("a.json", std::string(max_object_bytes + 1, 'x'))), "invalid");
    EXPECT_EQ(names(), Names{});
}

TEST_P(ObjectStoreContract, AnObjectAndAFolderMayHaveTheSameName)
{
    if (!engine->takes_any_keys())
        GTEST_SKIP() << "this engine stores objects as files of these names";
    const Names all{"a",  "a.%",  "a.%25", "a%2E",    "a.",  "a/b",       "a/b/c",
                    "a%", "a%/b", "a.b/c", "a%2Eb/c", "...", ".staging/x"};
    for (const auto& name : all)
        given(name, name);
    Names sorted = all;
    std::ranges::sort(sorted);
    EXPECT_EQ(names(), sorted);
    for (const auto& name : all)
        EXPECT_EQ(get(name), name);
    EXPECT_EQ(outcome(run(store.remove(key("a")))), "ok");
    EXPECT_EQ(get("a/b"), "a/b");
}

TEST_P(ObjectStoreContract, LongNamesAndNamesThatDifferInCaseAreKept)
{
    if (!engine->takes_any_keys())
        GTEST_SKIP() << "this engine stores objects as files of these names";
    const std::string ninety(90, 'n');
    const std::string eighty(80, 'n');
    const Names all{std::string(300, 'n'),
                    std::string(160, 'n'),
                    eighty,
                    eighty + "-",
                    eighty + "/x",
                    eighty + "/y/z.json",
                    eighty + "0",
                    ninety + ".json",
                    ninety + "/" + ninety + "/x.json",
                    std::string(81, '.'),
                    std::string(100, '%'),
                    "case.json",
                    "CASE.json",
                    "Case/x",
                    "case/x",
                    std::string(79, 'n'),
                    std::string(79, 'n') + "ñ"};
    for (const auto& name : all)
        given(name, name);
    Names sorted = all;
    std::ranges::sort(sorted);
    EXPECT_EQ(names(), sorted);
    EXPECT_EQ(names("", 1), sorted);
    EXPECT_EQ(names(eighty + "/"), (Names{eighty + "/x", eighty + "/y/z.json"}));
    for (const auto& name : all)
        EXPECT_EQ(get(name), name);
}

} // namespace estante
