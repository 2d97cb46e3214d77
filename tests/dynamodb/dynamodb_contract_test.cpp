#include "contract/change_stream_contract.hpp"
#include "contract/item_store_contract.hpp"
#include "dynamodb/dynamodb_engines.hpp"

#include <map>

namespace estante {

namespace {

// Every test of the suite uses partitions of its own, so all tests share an engine's tables.
class Items final : public EngineUnderTest {
public:
    explicit Items(DynamoDbUnderTest& engine) : engine_(engine) {}
    ItemStore& items() override { return engine_.store().items(); }
    bool ties_by_key() override { return false; }

private:
    DynamoDbUnderTest& engine_;
};

DynamoDbUnderTest& shared_store(const DynamoDbEngine& engine)
{
    static std::map<std::string, std::unique_ptr<DynamoDbUnderTest>> engines;
    auto& found = engines[engine.name];
    if (!found)
        found = std::make_unique<DynamoDbUnderTest>(engine.url);
    return *found;
}

// A new processor reads a stream from its beginning, so each test has tables of its own.
class Changes final : public StreamUnderTest {
public:
    explicit Changes(const DynamoDbEngine& engine) : engine_(engine.url) {}
    ItemStore& items() override { return engine_.store().items(); }
    ChangeStream& changes() override { return engine_.store().changes(); }

private:
    DynamoDbUnderTest engine_;
};

std::vector<Engine> item_engines()
{
    std::vector<Engine> engines;
    for (const auto& engine : dynamodb_engines())
        engines.push_back({engine.name, [engine] { return std::make_unique<Items>(shared_store(engine)); }});
    return engines;
}

std::vector<StreamEngine> stream_engines()
{
    std::vector<StreamEngine> engines;
    for (const auto& engine : dynamodb_engines())
        engines.push_back({engine.name, [engine] { return std::make_unique<Changes>(engine); }});
    return engines;
}

const auto name_of_engine = [](const auto& info) { return info.param.name; };

} // namespace

// Without an engine none of the suites has a test, so this one says why.
TEST(DynamoDb, NeedsAnEngine)
{
    if (dynamodb_engines().empty())
        GTEST_SKIP() << "neither Dynoxide nor DynamoDB Local runs (scripts/engines up dynoxide dynamodb-local)";
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ItemStoreContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ChangeStreamContract);
INSTANTIATE_TEST_SUITE_P(DynamoDb, ItemStoreContract, testing::ValuesIn(item_engines()), name_of_engine);
INSTANTIATE_TEST_SUITE_P(DynamoDb, ChangeStreamContract, testing::ValuesIn(stream_engines()), name_of_engine);

} // namespace estante
