#include "s3/s3_engines.hpp"

#include "adapters/s3/bucket.hpp"

#include <cstdlib>
#include <random>
#include <stdexcept>

namespace estante {

namespace {

std::optional<std::string> variable(const char* name)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): before any thread
    return value && *value ? std::optional<std::string>(value) : std::nullopt;
}

} // namespace

std::optional<std::string> s3_url()
{
    return variable("ESTANTE_TEST_S3");
}

std::optional<std::string> moto_url()
{
    return variable("ESTANTE_TEST_MOTO");
}

std::uint16_t port_of(const std::string& url)
{
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

std::string new_bucket_name()
{
    static std::random_device device;
    return "t" + std::to_string(device()) + std::to_string(device());
}

S3UnderTest::S3UnderTest(const std::string& url, S3Options options, aws::ClientOptions client, aws::Credentials key)
    : client_(*clock_, *random_, std::move(client)),
      credentials_(aws::static_credentials(std::move(key))),
      options_(std::move(options))
{
    options_.endpoint = url;
    options_.region = "eu-central-1";
    if (options_.bucket.empty()) {
        options_.bucket = new_bucket_name();
        const s3::Bucket bucket(client_, credentials_, options_);
        s3::BucketRequest creation{.method = "PUT"};
        s3::set_body(creation, "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint>"
                               "</CreateBucketConfiguration>");
        if (const auto created = run(bucket.call(std::move(creation))); !created)
            throw std::runtime_error("cannot create the bucket: " + created.error().type + " " +
                                     created.error().message);
    }
    objects_ = create_s3_objects(client_, credentials_, *random_, options_);
}

} // namespace estante
