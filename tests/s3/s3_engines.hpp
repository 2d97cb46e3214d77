// The S3 engines that run for these tests, named by the environment (scripts/engines env), and a store in one of them.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/providers.hpp"
#include "adapters/s3/s3_objects.hpp"
#include "adapters/system/system.hpp"
#include "support/run.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace estante {

// versitygw, which verifies signatures. Absent when it does not run.
std::optional<std::string> s3_url(); // ESTANTE_TEST_S3
// moto, for the requests that versitygw does not support. Absent when it does not run.
std::optional<std::string> moto_url(); // ESTANTE_TEST_MOTO
std::uint16_t port_of(const std::string& url);

std::string new_bucket_name();

// A store with a client of its own. Creates the bucket unless the options name one.
class S3UnderTest {
public:
    explicit S3UnderTest(const std::string& url, S3Options options = {}, aws::ClientOptions client = {},
                         aws::Credentials key = {.id = "test", .secret = "testtest"});

    ObjectStore& objects() { return *objects_; }
    aws::Client& client() { return client_; }
    const std::shared_ptr<aws::CredentialsProvider>& credentials() const { return credentials_; }
    const S3Options& options() const { return options_; }

private:
    std::unique_ptr<Clock> clock_ = create_system_clock();
    std::unique_ptr<Random> random_ = create_system_random();
    aws::Client client_;
    std::shared_ptr<aws::CredentialsProvider> credentials_;
    S3Options options_;
    std::unique_ptr<ObjectStore> objects_;
};

} // namespace estante
