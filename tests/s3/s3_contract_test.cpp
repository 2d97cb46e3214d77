// The contract of the object store on versitygw, which verifies every signature, at the bucket's root and below a
// prefix; and on moto, which accepts any key, as S3 does.
#include "contract/object_store_contract.hpp"
#include "s3/s3_engines.hpp"

namespace estante {

namespace {

class S3 final : public ObjectsUnderTest {
public:
    S3(std::string url, bool takes_any_keys, S3Options options)
        : url_(std::move(url)), takes_any_keys_(takes_any_keys), engine_(url_, std::move(options))
    {
    }

    ObjectStore& objects() override { return engine_.objects(); }
    std::unique_ptr<ObjectsUnderTest> another() override
    {
        return std::make_unique<S3>(url_, takes_any_keys_, engine_.options());
    }
    bool takes_any_keys() override { return takes_any_keys_; }

private:
    std::string url_;
    bool takes_any_keys_;
    S3UnderTest engine_;
};

std::vector<ObjectEngine> engines()
{
    std::vector<ObjectEngine> all;
    const auto add = [&all](const char* name, const std::optional<std::string>& url, bool takes_any_keys,
                            const S3Options& options) {
        if (url)
            all.push_back({name, [=] { return std::make_unique<S3>(*url, takes_any_keys, options); }});
    };
    add("root", s3_url(), false, {});
    add("prefix", s3_url(), false, {.prefix = "stage/lake"});
    add("moto", moto_url(), true, {});
    return all;
}

} // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ObjectStoreContract);
INSTANTIATE_TEST_SUITE_P(S3, ObjectStoreContract, testing::ValuesIn(engines()),
                         [](const auto& info) { return info.param.name; });

} // namespace estante
