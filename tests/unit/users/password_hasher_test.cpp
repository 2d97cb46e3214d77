#include "adapters/system/system.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace estante {
namespace {

class Passwords : public ::testing::Test {
protected:
    std::unique_ptr<Random> random = create_system_random();
    std::unique_ptr<PasswordHasher> hasher = create_argon2_hasher(*random, {.passes = 1, .memory_kib = 64}, 1);
};

TEST_F(Passwords, AreRightOnlyAsTheyWereHashed)
{
    const auto phc = run(hasher->hash("a good password"));
    EXPECT_TRUE(run(hasher->verify("a good password", phc)));
    EXPECT_FALSE(run(hasher->verify("a bad password", phc)));
    EXPECT_FALSE(run(hasher->verify("", phc)));
    EXPECT_FALSE(run(hasher->verify("a good password", "")));
    EXPECT_FALSE(run(hasher->verify("a good password", "$2y$10$another.kind.of.hash")));
}

TEST_F(Passwords, ADamagedHashIsNoWrongPassword)
{
    const auto phc = run(hasher->hash("a good password"));
    EXPECT_THROW(run(hasher->verify("a good password", "$argon2id$")), std::runtime_error);
    EXPECT_THROW(run(hasher->verify("a good password", phc.substr(0, phc.size() - 30) + "!")), std::runtime_error);
    EXPECT_TRUE(run(hasher->verify("a good password", phc)));
}

} // namespace
} // namespace estante
