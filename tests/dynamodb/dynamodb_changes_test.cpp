// The change stream beyond its contract: checkpoints that outlive the process, expired iterators, trimmed records and
// split shards.
#include "dynamodb/dynamodb_engines.hpp"
#include "support/fault_server.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace estante {

namespace {

std::vector<std::string> sort_keys(const std::vector<Change>& changes)
{
    std::vector<std::string> keys;
    for (const Change& change : changes)
        keys.push_back(change.key.sk);
    return keys;
}

std::vector<Change> next(ChangeStream& stream, std::size_t at_least)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (true) {
        auto changes = run(stream.next("books", 100));
        EXPECT_TRUE(changes) << changes.error().detail;
        if (!changes || changes->size() >= at_least || std::chrono::steady_clock::now() > deadline)
            return changes ? std::move(*changes) : std::vector<Change>();
    }
}

class DynamoDbChanges : public testing::TestWithParam<DynamoDbEngine> {
protected:
    FaultServer proxy_{{.upstream_port = GetParam().port()}};
    DynamoDbUnderTest engine_{proxy_.url()};
    ChangeStream& stream_ = engine_.store().changes();

    void put_item(std::string_view sk, Table table = Table::books)
    {
        const auto done = run(engine_.store().items().put({.table = table, .item = {{"pk", "shop#one"}, {"sk", sk}}}));
        ASSERT_TRUE(done) << done.error().detail;
    }
    // Reads the streams of all three tables to their ends.
    void read_all()
    {
        for (const Table table : all_tables)
            put_item("A", table);
        const auto changes = next(stream_, 3);
        ASSERT_EQ(changes.size(), 3U);
        acknowledge(changes.back());
        ASSERT_EQ(next(stream_, 0).size(), 0U);
    }
    void acknowledge(const Change& change) { ASSERT_TRUE(run(stream_.acknowledge("books", change.position))); }
};

using Keys = std::vector<std::string>;

TEST_P(DynamoDbChanges, ACheckpointOutlivesTheProcess)
{
    for (const char* sk : {"A", "B", "C"})
        put_item(sk);
    const auto changes = next(stream_, 3);
    ASSERT_EQ(sort_keys(changes), (Keys{"A", "B", "C"}));
    acknowledge(changes[1]);

    DynamoDbUnderTest restarted(GetParam().url, engine_.stage());
    EXPECT_EQ(sort_keys(next(restarted.store().changes(), 1)), Keys{"C"});
}

TEST_P(DynamoDbChanges, AnExpiredIteratorIsRenewedAtItsPosition)
{
    read_all();
    proxy_.next(fault::error(400, "ExpiredIteratorException"), 3); // one for each table
    EXPECT_EQ(sort_keys(next(stream_, 0)), Keys{});
    put_item("B");
    EXPECT_EQ(sort_keys(next(stream_, 1)), Keys{"B"});
}

TEST_P(DynamoDbChanges, ATrimmedPositionContinuesWithTheOldestRecord)
{
    read_all();
    proxy_.next(fault::error(400, "TrimmedDataAccessException"), 3);
    EXPECT_EQ(sort_keys(next(stream_, 0)), Keys{});
    put_item("B");
    const auto keys = sort_keys(next(stream_, 4));
    EXPECT_EQ(std::ranges::count(keys, "A"), 3) << "at least once";
    EXPECT_EQ(std::ranges::count(keys, "B"), 1);
}

// A stream with a split shard, which the emulators never have.
class SplitStream {
public:
    explicit SplitStream(FaultServer& server)
    {
        server.otherwise(fault::made([this](const SeenRequest& r) { return respond(r); }));
    }

    bool child_may_be_read = false; // true when the parent was read to its end
    bool child_was_read_early = false;
    std::string checkpoint;

private:
    static std::string record(std::string_view sk, std::string_view sequence)
    {
        return R"({"eventName":"INSERT","dynamodb":{"ApproximateCreationDateTime":1800000000,"SequenceNumber":")" +
               std::string(sequence) + R"(","Keys":{"pk":{"S":"shop#one"},"sk":{"S":")" + std::string(sk) +
               R"("}},"NewImage":{"pk":{"S":"shop#one"},"sk":{"S":")" + std::string(sk) + R"("}}}})";
    }

    std::string respond(const SeenRequest& request)
    {
        const auto target = request.header("x-amz-target");
        const auto operation = target.substr(target.find('.') + 1);
        const auto has = [&request](std::string_view text) { return request.body.find(text) != std::string::npos; };
        std::string body = "{}";
        if (operation == "DescribeTable") {
            body = has("bookstore-books") ? R"({"Table":{"LatestStreamArn":"arn:books"}})"
                                          : R"({"Table":{"LatestStreamArn":"arn:other"}})";
        } else if (operation == "DescribeStream" && has("arn:books")) { // the child is listed first
            body = R"({"StreamDescription":{"Shards":[{"ShardId":"child","ParentShardId":"parent"},)"
                   R"({"ShardId":"parent","ParentShardId":"trimmed long ago",)"
                   R"("SequenceNumberRange":{"EndingSequenceNumber":"2"}}]}})";
        } else if (operation == "DescribeStream") {
            body = R"({"StreamDescription":{"Shards":[]}})";
        } else if (operation == "GetShardIterator") {
            body = has(R"("child")") ? R"({"ShardIterator":"child 1"})" : R"({"ShardIterator":"parent 1"})";
        } else if (operation == "GetRecords" && has("parent 1")) {
            body = R"({"Records":[)" + record("A", "1") + R"(],"NextShardIterator":"parent 2"})";
        } else if (operation == "GetRecords" && has("parent 2")) {
            body = R"({"Records":[)" + record("B", "2") + "]}"; // without a next iterator: the end of the shard
            child_may_be_read = true;
        } else if (operation == "GetRecords" && has("child 1")) {
            child_was_read_early = child_was_read_early || !child_may_be_read;
            body = R"({"Records":[)" + record("C", "3") + R"(],"NextShardIterator":"child 2"})";
        } else if (operation == "GetRecords") {
            body = R"({"Records":[],"NextShardIterator":"child 2"})";
        } else if (operation == "PutItem") {
            checkpoint = request.body;
        }
        return fault::http_bytes(200, "application/x-amz-json-1.0", body);
    }
};

TEST(SplitShards, AreReadParentBeforeChild)
{
    FaultServer server;
    SplitStream split(server);
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    PartitionVersions partition_versions;
    aws::Client client(*clock, *random);
    const auto store = create_dynamodb_store(
        client, aws::static_credentials({.id = "test", .secret = "test"}), *clock, *random, partition_versions,
        {.region = "eu-central-1", .endpoint = server.url(), .min_poll_interval = std::chrono::milliseconds(0)});
    const auto changes = next(store->changes(), 3);
    EXPECT_EQ(sort_keys(changes), (Keys{"A", "B", "C"}));
    EXPECT_FALSE(split.child_was_read_early);

    ASSERT_TRUE(run(store->changes().acknowledge("books", changes.at(0).position)));
    EXPECT_EQ(split.checkpoint.find("done"), std::string::npos) << "B has not been acknowledged";
    ASSERT_TRUE(run(store->changes().acknowledge("books", changes.at(1).position)));
    EXPECT_NE(split.checkpoint.find("done"), std::string::npos) << "all of the parent has been acknowledged";
    EXPECT_EQ(sort_keys(next(store->changes(), 1)), Keys{"C"});
}

} // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DynamoDbChanges);
INSTANTIATE_TEST_SUITE_P(DynamoDb, DynamoDbChanges, testing::ValuesIn(dynamodb_engines()),
                         [](const auto& info) { return info.param.name; });

} // namespace estante
