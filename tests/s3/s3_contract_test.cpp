// The contract of the object store on a server that checks every signature: at the bucket's root, and below a prefix.
#include "contract/object_store_contract.hpp"
#include "s3/engines.hpp"

namespace estante {

namespace {

class S3 final : public ObjectsUnderTest {
public:
    explicit S3(S3Options options) : engine_(*s3_url(), std::move(options)) {}

    ObjectStore& objects() override { return engine_.objects(); }
    std::unique_ptr<ObjectsUnderTest> another() override { return std::make_unique<S3>(engine_.options()); }
    bool takes_any_keys() override { return false; }

private:
    S3UnderTest engine_;
};

std::vector<ObjectEngine> engines()
{
    if (!s3_url())
        return {};
    return {{"root", [] { return std::make_unique<S3>(S3Options{}); }},
            {"prefix", [] { return std::make_unique<S3>(S3Options{.prefix = "stage/lake"}); }}};
}

} // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ObjectStoreContract);
INSTANTIATE_TEST_SUITE_P(S3, ObjectStoreContract, testing::ValuesIn(engines()),
                         [](const auto& info) { return info.param.name; });

} // namespace estante
