#include "adapters/sqlite/sqlite_store.hpp"
#include "contract/change_stream_contract.hpp"
#include "contract/item_store_contract.hpp"
#include "support/temporary_folder.hpp"

namespace estante {

namespace {

class Sqlite final : public EngineUnderTest, public StreamUnderTest {
public:
    ItemStore& items() override { return store_->items(); }
    ChangeStream& changes() override { return store_->changes(); }
    ManualClock* clock() override { return &clock_; }

private:
    TemporaryFolder folder_;
    ManualClock clock_;
    PartitionVersions partition_versions_;
    std::unique_ptr<SqliteStore> store_ = create_sqlite_store(folder_ / "estante.db", clock_, partition_versions_);
};

const auto name_of_engine = [](const auto& info) { return info.param.name; };

} // namespace

INSTANTIATE_TEST_SUITE_P(Sqlite, ItemStoreContract,
                         testing::Values(Engine{"sqlite", [] { return std::make_unique<Sqlite>(); }}), name_of_engine);
INSTANTIATE_TEST_SUITE_P(Sqlite, ChangeStreamContract,
                         testing::Values(StreamEngine{"sqlite", [] { return std::make_unique<Sqlite>(); }}),
                         name_of_engine);

} // namespace estante
