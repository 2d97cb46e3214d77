#include "adapters/aws/signature.hpp"
#include "codec/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace estante::aws {

namespace {

// One of AWS's published vectors (tests/data/aws/README.md).
struct Vector {
    std::string name;
    Map all;
    Map context;
    Map credentials;

    std::string text(std::string_view member) const { return std::string(text_of(all, member)); }
    std::string secret() const { return std::string(text_of(credentials, "secret_access_key")); }
    std::string date() const // "2015-08-30T12:36:00Z" → "20150830T123600Z"
    {
        std::string date(text_of(context, "timestamp"));
        std::erase_if(date, [](char c) { return c == '-' || c == ':'; });
        return date;
    }
    bool says(std::string_view member) const
    {
        const Value* value = find(context, member);
        return value && value->if_bool() && *value->if_bool();
    }
};

void PrintTo(const Vector& vector, std::ostream* out)
{
    *out << vector.name;
}

std::vector<Vector> vectors()
{
    std::ostringstream text;
    text << std::ifstream(ESTANTE_SOURCE_DIR "/tests/data/aws/sigv4_vectors.json").rdbuf();
    const auto value = json::parse(text.str());
    std::vector<Vector> all;
    if (!value || !value->if_list())
        return all;
    for (const Value& one : *value->if_list()) {
        const Map& map = *one.if_map();
        const Map& context = *find(map, "context")->if_map();
        all.push_back({.name = std::string(text_of(map, "name")),
                       .all = map,
                       .context = context,
                       .credentials = *find(context, "credentials")->if_map()});
    }
    return all;
}

std::string percent_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        if (text[i] == '%' && std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ec == std::errc()) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

// The parsed request of a vector.
struct Parsed {
    std::string method{};
    std::string path{};
    std::vector<std::pair<std::string, std::string>> query{};
    Headers headers{};
    std::string body{};
};

Parsed parsed(const std::string& request)
{
    Parsed out;
    std::istringstream lines(request);
    std::string line;
    std::getline(lines, line);
    const auto space = line.find(' ');
    const auto target = line.substr(space + 1, line.rfind(' ') - space - 1);
    out.method = line.substr(0, space);
    out.path = target.substr(0, target.find('?'));
    if (const auto question = target.find('?'); question != std::string::npos) {
        std::istringstream pairs(target.substr(question + 1));
        for (std::string pair; std::getline(pairs, pair, '&');) {
            const auto equals = pair.find('=');
            out.query.emplace_back(percent_decoded(pair.substr(0, equals)),
                                   equals == std::string::npos ? "" : percent_decoded(pair.substr(equals + 1)));
        }
    }
    while (std::getline(lines, line) && !line.empty()) {
        if (line.starts_with(' '))
            out.headers.back().second += "\n" + line; // a folded value
        else
            out.headers.emplace_back(line.substr(0, line.find(':')), line.substr(line.find(':') + 1));
    }
    std::getline(lines, out.body, '\0');
    return out;
}

class SignatureV4 : public testing::TestWithParam<Vector> {
protected:
    // The input of the signature, as the vector's context defines it.
    CanonicalRequest canonical()
    {
        request_ = parsed(GetParam().text("request"));
        request_.headers.emplace_back("X-Amz-Date", GetParam().date());
        const auto token = text_of(GetParam().credentials, "token");
        if (!token.empty() && !GetParam().says("omit_session_token"))
            request_.headers.emplace_back("X-Amz-Security-Token", token);
        const auto hash = hex(sha256(request_.body));
        if (GetParam().says("sign_body"))
            request_.headers.emplace_back("x-amz-content-sha256", hash);
        const auto query = canonical_query(request_.query);
        return canonical_request(
            {.method = request_.method,
             .path = request_.path,
             .query = query,
             .headers = request_.headers,
             .payload_hash = hash,
             .path_rule = GetParam().says("normalize") ? PathRule::normalized : PathRule::encoded});
    }

private:
    Parsed request_;
};

TEST_P(SignatureV4, MatchesTheVectorsOfAws)
{
    const Vector& vector = GetParam();
    const auto region = std::string(text_of(vector.context, "region"));
    const auto service = std::string(text_of(vector.context, "service"));

    const auto request = canonical();
    EXPECT_EQ(request.text, vector.text("canonical_request"));

    const auto scope = credential_scope(vector.date(), region, service);
    const auto to_sign = string_to_sign(vector.date(), scope, request.text);
    EXPECT_EQ(to_sign, vector.text("string_to_sign"));

    const auto mark = signature(signing_key(vector.secret(), vector.date(), region, service), to_sign);
    EXPECT_EQ(mark, vector.text("signature"));

    const auto header =
        authorization(text_of(vector.credentials, "access_key_id"), scope, request.signed_headers, mark);
    EXPECT_TRUE(vector.text("signed_request").contains("\nAuthorization:" + header + "\n")) << header;
}

INSTANTIATE_TEST_SUITE_P(Vectors, SignatureV4, testing::ValuesIn(vectors()), [](const auto& info) {
    std::string name = info.param.name;
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(SignatureVectors, AreComplete)
{
    EXPECT_EQ(vectors().size(), 38U);
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Example: PUT Object"
TEST(Signature, OfS3SignsThePathAsSent)
{
    const std::string hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
    const Headers headers{{"Host", "examplebucket.s3.amazonaws.com"},
                          {"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                          {"X-Amz-Date", "20130524T000000Z"},
                          {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                          {"x-amz-content-sha256", hash}};
    EXPECT_EQ(hex(sha256("Welcome to Amazon S3.")), hash);

    const auto request = canonical_request({.method = "PUT",
                                            .path = "/test%24file.text",
                                            .query = {},
                                            .headers = headers,
                                            .payload_hash = hash,
                                            .path_rule = PathRule::as_sent});
    const auto scope = credential_scope("20130524T000000Z", "us-east-1", "s3");
    const auto key = signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524T000000Z", "us-east-1", "s3");

    EXPECT_EQ(signature(key, string_to_sign("20130524T000000Z", scope, request.text)),
              "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(Signature, OfOtherServicesEncodesThePathAgain)
{
    const Headers headers{{"Host", "example.com"}};
    const auto request = canonical_request(
        {.method = "GET", .path = "/a%20b/../c%2Fd/", .query = {}, .headers = headers, .payload_hash = "x"});
    EXPECT_TRUE(request.text.starts_with("GET\n/c%252Fd/\n\n")) << request.text;
}

TEST(Signature, UsesCompactUtcDates)
{
    EXPECT_EQ(amz_date(1'440'938'160'999), "20150830T123600Z");
    EXPECT_EQ(amz_date(0), "19700101T000000Z");
}

} // namespace

} // namespace estante::aws
