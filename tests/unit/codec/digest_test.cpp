#include "codec/digest.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace estante {
namespace {

// FIPS 180-4's examples and the empty text.
TEST(Sha256, AgreesWithFips180)
{
    EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// RFC 4231 §4.2, 4.3, 4.4, 4.7, 4.8.
TEST(HmacSha256, AgreesWithRfc4231)
{
    const auto mac = [](const std::string& key, std::string_view data) {
        return hex(hmac_sha256(bytes_of(key), data));
    };
    EXPECT_EQ(mac(std::string(20, '\x0b'), "Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(mac("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(mac(std::string(20, '\xaa'), std::string(50, '\xdd')),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    EXPECT_EQ(mac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    EXPECT_EQ(mac(std::string(131, '\xaa'), "This is a test using a larger than block-size key and a larger than "
                                            "block-size data. The key needs to be hashed "
                                            "before being used by the HMAC algorithm."),
              "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
    EXPECT_EQ(mac("", ""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// RFC 4648 §10, without padding.
TEST(Base64Url, AgreesWithRfc4648)
{
    const std::pair<const char*, const char*> cases[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : cases) {
        EXPECT_EQ(base64url(bytes_of(bytes)), text);
        EXPECT_EQ(from_base64url(text), bytes);
    }
    EXPECT_EQ(base64url(bytes_of("\xFB\xFF\xBE")), "-_--");
}

TEST(Base64Url, RoundTripsEveryLength)
{
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        ASSERT_EQ(from_base64url(base64url(bytes_of(bytes))), bytes) << i;
        bytes += static_cast<char>(i * 37);
    }
}

TEST(Base64Url, AcceptsOnlyItsCanonicalForm)
{
    for (const auto* text : {"Z", "Zg==", "Zg=", "Zh" /* spare bits set */, "Zm9", "Zm9vY", "+/++", "Zm 9v", "Zm9v\n",
                             " Zm9v", "Zm9v ", "Zñ", "!!!!", "Zm9v=", "====", "-_-="})
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
    EXPECT_EQ(from_base64url(std::string_view("Zm\0v", 4)), std::nullopt);
}

TEST(Hex, IsLowerCase)
{
    const std::vector<std::uint8_t> bytes{0x00, 0x0F, 0xA0, 0xFF};
    EXPECT_EQ(hex(bytes), "000fa0ff");
    EXPECT_EQ(hex({}), "");
}

TEST(ConstantTimeEqual, ComparesWholeTexts)
{
    EXPECT_TRUE(constant_time_equal("", ""));
    EXPECT_TRUE(constant_time_equal("token", "token"));
    EXPECT_FALSE(constant_time_equal("token", "tokem"));
    EXPECT_FALSE(constant_time_equal("token", "Token"));
    EXPECT_FALSE(constant_time_equal("token", "token "));
    EXPECT_FALSE(constant_time_equal("", "x"));
}

} // namespace
} // namespace estante
