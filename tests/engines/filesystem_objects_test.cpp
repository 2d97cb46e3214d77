#include "adapters/filesystem/filesystem_objects.hpp"
#include "contract/object_store_contract.hpp"

namespace estante {

namespace {

class Filesystem final : public ObjectsUnderTest {
public:
    explicit Filesystem(std::shared_ptr<TemporaryFolder> folder = std::make_shared<TemporaryFolder>())
        : folder_(std::move(folder)), objects_(create_filesystem_objects(*folder_ / "lake"))
    {
    }

    ObjectStore& objects() override { return *objects_; }
    std::unique_ptr<ObjectsUnderTest> another() override { return std::make_unique<Filesystem>(folder_); }

private:
    std::shared_ptr<TemporaryFolder> folder_;
    std::unique_ptr<ObjectStore> objects_;
};

} // namespace

INSTANTIATE_TEST_SUITE_P(Filesystem, ObjectStoreContract,
                         testing::Values(ObjectEngine{"filesystem", [] { return std::make_unique<Filesystem>(); }}),
                         [](const auto& info) { return info.param.name; });

} // namespace estante
