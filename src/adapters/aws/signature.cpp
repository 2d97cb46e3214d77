#include "adapters/aws/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace estante::aws {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t date_size = 8; // "20150830" of "20150830T123600Z"

bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '~';
}

void append_encoded(std::string& out, std::string_view text, bool keep_slash)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_unreserved(c) || (keep_slash && c == '/')) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
}

std::string normalize_path(std::string_view path)
{
    std::vector<std::string_view> segments;
    for (std::size_t at = 0; at < path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        const auto segment = path.substr(at, end - at);
        at = end + 1;
        if (segment == "..") {
            if (!segments.empty())
                segments.pop_back();
        } else if (!segment.empty() && segment != ".") {
            segments.push_back(segment);
        }
    }
    std::string out = "/";
    for (const auto segment : segments)
        (out += segment) += '/';
    if (!segments.empty() && !path.ends_with('/'))
        out.pop_back();
    return out;
}

void append_path(std::string& out, std::string_view path, PathRule rule)
{
    if (path.empty())
        path = "/";
    if (path == "/" || rule == PathRule::as_sent)
        out += path;
    else
        append_encoded(out, rule == PathRule::normalized ? normalize_path(path) : std::string(path), true);
}

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Without white space at the ends. Each run of white space in between becomes one space.
void append_trimmed(std::string& out, std::string_view value)
{
    bool space = false;
    bool has_text = false;
    for (const char c : value) {
        if (is_space(c)) {
            space = true;
            continue;
        }
        if (space && has_text)
            out += ' ';
        space = false;
        has_text = true;
        out += c;
    }
}

struct Field {
    std::string name;  // lower case
    std::size_t index; // fields of one name keep their order
    std::string_view value;
};

std::vector<Field> sorted_fields(const Headers& headers)
{
    std::vector<Field> fields;
    fields.reserve(headers.size());
    for (const auto& [name, value] : headers) {
        Field& field = fields.emplace_back(Field{.name = name, .index = fields.size(), .value = value});
        for (char& c : field.name)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    std::ranges::sort(fields, {},
                      [](const Field& field) { return std::pair(std::string_view(field.name), field.index); });
    return fields;
}

} // namespace

std::string percent_encode(std::string_view text, bool keep_slash)
{
    std::string out;
    out.reserve(text.size() + 16);
    append_encoded(out, text, keep_slash);
    return out;
}

std::string canonical_query(const std::vector<std::pair<std::string, std::string>>& decoded)
{
    std::vector<std::pair<std::string, std::string>> encoded;
    encoded.reserve(decoded.size());
    for (const auto& [name, value] : decoded)
        encoded.emplace_back(percent_encode(name), percent_encode(value));
    std::ranges::sort(encoded);
    std::string out;
    for (const auto& [name, value] : encoded)
        (((out += name) += '=') += value) += '&';
    if (!out.empty())
        out.pop_back();
    return out;
}

CanonicalRequest canonical_request(const SignatureInput& request)
{
    CanonicalRequest canonical;
    std::string& text = canonical.text;
    text.reserve(1024);
    (text += request.method) += '\n';
    append_path(text, request.path, request.path_rule);
    ((text += '\n') += request.query) += '\n';
    std::string_view last;
    const auto fields = sorted_fields(request.headers);
    for (const Field& field : fields) {
        if (field.name == last) {
            text.back() = ','; // replaces the line break
        } else {
            (text += field.name) += ':';
            (canonical.signed_headers += field.name) += ';';
        }
        append_trimmed(text, field.value);
        text += '\n';
        last = field.name;
    }
    if (!canonical.signed_headers.empty())
        canonical.signed_headers.pop_back();
    (((text += '\n') += canonical.signed_headers) += '\n') += request.payload_hash;
    return canonical;
}

std::string amz_date(std::int64_t utc_ms)
{
    namespace chrono = std::chrono;
    const chrono::sys_seconds time{chrono::floor<chrono::seconds>(chrono::milliseconds(utc_ms))};
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

std::string credential_scope(std::string_view amz_date, std::string_view region, std::string_view service)
{
    return fmt::format("{}/{}/{}/aws4_request", amz_date.substr(0, date_size), region, service);
}

std::string string_to_sign(std::string_view amz_date, std::string_view scope, std::string_view canonical_request)
{
    return fmt::format("{}\n{}\n{}\n{}", algorithm, amz_date, scope, hex(sha256(canonical_request)));
}

Digest signing_key(std::string_view secret, std::string_view amz_date, std::string_view region,
                   std::string_view service)
{
    const auto date_key = hmac_sha256(bytes_of(fmt::format("AWS4{}", secret)), amz_date.substr(0, date_size));
    return hmac_sha256(hmac_sha256(hmac_sha256(date_key, region), service), "aws4_request");
}

std::string signature(const Digest& signing_key, std::string_view string_to_sign)
{
    return hex(hmac_sha256(signing_key, string_to_sign));
}

std::string authorization(std::string_view access_key_id, std::string_view scope, std::string_view signed_headers,
                          std::string_view signature)
{
    return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, access_key_id, scope,
                       signed_headers, signature);
}

} // namespace estante::aws
