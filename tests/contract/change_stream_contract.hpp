// What every change stream has to do. As with the items, a test looks only at the partitions that are its own, and each
// processor of a test is new.
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

    // `at_least`: how many must have come; a stream may follow its store by moments.
    std::vector<Change> next(const std::string& processor, std::size_t limit = 1000, std::size_t at_least = 0);
    // What comes one by one, without an acknowledgement, up to and with the first change of that item. `after`: a
    // position, or empty to begin where the processor is.
    std::vector<Change> until_met(const std::string& processor, const std::string& after, const std::string& sk);
    std::vector<std::string> own_keys(const std::vector<Change>& changes) const;
    std::int64_t now_ms(); // of the engine
    void acknowledge(const std::string& processor, const std::string& position);
    // The test's own among all that the processor has not yet acknowledged, at least as many as were written; they are
    // acknowledged then.
    std::vector<Change> drain(const std::string& processor, std::size_t written, std::size_t limit = 1000);
    static std::vector<std::string> sort_keys(const std::vector<Change>& changes);
};

} // namespace estante
