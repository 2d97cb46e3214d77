#include "hosts/open_lake.hpp"

#include "adapters/filesystem/filesystem_objects.hpp"
#include "adapters/s3/bucket_setup.hpp"
#include "adapters/s3/s3_objects.hpp"
#include "ports/rules/object_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace estante {

namespace {

constexpr auto attempt_timeout = std::chrono::seconds(30); // of one part of up to 64 MiB
constexpr std::string_view s3_scheme = "s3://";

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
bool is_bucket_name(std::string_view name)
{
    const auto is_inner = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    const auto is_end = [&](char c) { return is_inner(c) && c != '-' && c != '.'; };
    return name.size() >= 3 && name.size() <= 63 && std::ranges::all_of(name, is_inner) && is_end(name.front()) &&
           is_end(name.back()) && !name.contains("..");
}

S3Options::Addressing addressing_of(const Settings& settings)
{
    const auto& entry = settings.entry("s3-addressing");
    if (entry.value == "auto")
        return S3Options::Addressing::automatic;
    if (entry.value == "path")
        return S3Options::Addressing::path;
    if (entry.value == "host")
        return S3Options::Addressing::host;
    throw std::runtime_error(
        fmt::format("s3-addressing ({}) must be auto, path or host, is '{}'", entry.source, entry.value));
}

// Tags the objects that nothing reads once their day is closed: `{tenant}/purchases/…`. A lifecycle rule of S3 selects
// by key prefix or by tag, and the keys begin with the tenant.
std::string tags_of(std::string_view key)
{
    const auto slash = key.find('/');
    const bool raw = slash != key.npos && key.substr(slash + 1).starts_with("purchases/");
    return raw ? fmt::format("{}={}", s3::raw_tag.key, s3::raw_tag.value) : std::string();
}

} // namespace

LakeAddress LakeAddress::from(const Settings& settings)
{
    const auto& [value, source] = settings.entry("lake");
    if (value.empty())
        return {.folder = std::filesystem::path(settings.text("data")) / "lake"};
    if (!value.starts_with(s3_scheme)) {
        if (value.contains("://"))
            throw std::runtime_error(
                fmt::format("lake ({}) must be a folder or s3://BUCKET or s3://BUCKET/PREFIX, is '{}'", source, value));
        return {.folder = value};
    }
    std::string_view rest = std::string_view(value).substr(s3_scheme.size());
    while (rest.ends_with('/'))
        rest.remove_suffix(1);
    const auto slash = std::min(rest.find('/'), rest.size());
    LakeAddress address{.engine = Engine::s3, .bucket = std::string(rest.substr(0, slash))};
    if (slash < rest.size())
        address.prefix = rest.substr(slash + 1);
    if (!is_bucket_name(address.bucket))
        throw std::runtime_error(fmt::format(
            "lake ({}): the bucket '{}' must be 3 to 63 of a-z, 0-9, - and ., as s3://bookstore-analytics-dev", source,
            address.bucket));
    if (!address.prefix.empty() && (!check_object_key(address.prefix) || address.prefix.size() > 200))
        throw std::runtime_error(fmt::format("lake ({}): '{}' is no prefix of keys", source, address.prefix));
    return address;
}

std::string LakeAddress::text() const
{
    if (engine == Engine::folder)
        return folder.native();
    return fmt::format("{}{}{}{}", s3_scheme, bucket, prefix.empty() ? "" : "/", prefix);
}

S3Options s3_options(const LakeAddress& address, const Settings& settings, const aws::Context& aws)
{
    return {.bucket = address.bucket,
            .prefix = address.prefix,
            .region = aws.region(),
            .endpoint = aws.endpoint("s3"),
            .addressing = addressing_of(settings),
            .tags_of = tags_of,
            .attempt_timeout = attempt_timeout};
}

std::unique_ptr<ObjectStore> open_lake(const Settings& settings, SharedAws& aws, Random& random)
{
    const auto address = LakeAddress::from(settings);
    if (address.engine == LakeAddress::Engine::folder)
        return create_filesystem_objects(address.folder);
    aws::Context& context = aws.context();
    return create_s3_objects(context.client(), context.credentials(), random, s3_options(address, settings, context));
}

std::string lake_database(const Settings& settings)
{
    std::string name = settings.text("lake-database");
    if (name.empty()) {
        name = "bookstore_" + settings.text("stage");
        std::ranges::replace(name, '-', '_');
    }
    // https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
    const auto is_allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    if (name.size() > 128 || !std::ranges::all_of(name, is_allowed))
        throw std::runtime_error(
            fmt::format("lake-database must be up to 128 of a-z, 0-9 and _, as bookstore_dev; is '{}'", name));
    return name;
}

} // namespace estante
