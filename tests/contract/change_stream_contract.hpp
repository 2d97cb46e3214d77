// The contract of the change stream port. Each test uses only its own partitions and new processors, so the store need
// not be empty.
#pragma once

#include "contract/item_store_contract.hpp"
#include "ports/change_stream.hpp"

namespace estante {

class StreamUnderTest {
public:
    virtual ~StreamUnderTest() = default;
    virtual ItemStore& items() = 0;
    virtual ChangeStream& changes() = 0;
    virtual ManualClock* clock() { return nullptr; }
};

struct StreamEngine {
    std::string name;
    std::function<std::unique_ptr<StreamUnderTest>()> create;

    friend std::ostream& operator<<(std::ostream& out, const StreamEngine& engine) { return out << engine.name; }
};

class ChangeStreamContract : public testing::TestWithParam<StreamEngine> {
protected:
    std::unique_ptr<StreamUnderTest> engine = GetParam().create();
    ItemStore& store = engine->items();
    ChangeStream& stream = engine->changes();
    const std::string prefix = fresh_prefix();
    const std::string processor = prefix + "processor";

    Key key(std::string_view sk = "A") const { return {prefix, std::string(sk)}; }
    Item item(std::string_view sk = "A", std::int64_t n = 0) const { return {{"pk", prefix}, {"sk", sk}, {"n", n}}; }
    void given(std::string_view sk, std::int64_t n = 0);
    std::string transacted(std::vector<Action> actions, std::string token = {});

    // Waits for `at_least` changes: a stream may be eventually consistent.
    std::vector<Change> next(const std::string& processor, std::size_t limit = 1000, std::size_t at_least = 0);
    // Changes that are read one by one, without acknowledgement, up to and including the first of the item `sk`.
    // `after`: a position, or empty for the checkpoint of the processor.
    std::vector<Change> until_met(const std::string& processor, const std::string& after, const std::string& sk);
    std::vector<std::string> own_keys(const std::vector<Change>& changes) const;
    std::int64_t now_ms(); // of the engine
    void acknowledge(const std::string& processor, const std::string& position);
    // The changes of this test that the processor has not acknowledged, at least `written`. Acknowledges them.
    std::vector<Change> drain(const std::string& processor, std::size_t written, std::size_t limit = 1000);
    static std::vector<std::string> sort_keys(const std::vector<Change>& changes);
};

} // namespace estante
