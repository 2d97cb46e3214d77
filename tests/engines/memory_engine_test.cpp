#include "adapters/memory/memory_item_store.hpp"
#include "contract/change_stream_contract.hpp"
#include "contract/item_store_contract.hpp"

namespace estante {

namespace {

class Memory final : public EngineUnderTest, public StreamUnderTest {
public:
    ItemStore& items() override { return store_->items(); }
    ChangeStream& changes() override { return store_->changes(); }
    ManualClock* clock() override { return &clock_; }

private:
    ManualClock clock_;
    std::unique_ptr<Store> store_ = create_memory_store(clock_);
};

const auto name_of_engine = [](const auto& info) { return info.param.name; };

} // namespace

INSTANTIATE_TEST_SUITE_P(Memory, ItemStoreContract,
                         testing::Values(Engine{"memory", [] { return std::make_unique<Memory>(); }}), name_of_engine);
INSTANTIATE_TEST_SUITE_P(Memory, ChangeStreamContract,
                         testing::Values(StreamEngine{"memory", [] { return std::make_unique<Memory>(); }}),
                         name_of_engine);

} // namespace estante
