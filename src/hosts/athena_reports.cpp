#include "hosts/athena_reports.hpp"

#include "adapters/athena/athena_analytics.hpp"
#include "hosts/object_stores.hpp"
#include "hosts/stores.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>

namespace estante {

namespace {

// What the adapter needs to live as long as it does.
struct AthenaHome {
    AwsHome aws;
    std::unique_ptr<Analytics> reports;

    AthenaHome(const Settings& settings, ObjectStore& lake, Clock& clock, Random& random) : aws(settings, clock, random)
    {
        const auto& output = settings.text("athena-output");
        if (!output.empty() && !output.starts_with("s3://"))
            throw std::runtime_error(fmt::format("athena-output must be s3://BUCKET/PREFIX/, is '{}'", output));
        reports = create_athena_analytics(aws.client, aws.credentials, lake, random,
                                          {.region = aws.region,
                                           .endpoint = AwsHome::endpoint(settings, "athena"),
                                           .database = lake_database(settings),
                                           .workgroup = settings.text("athena-workgroup"),
                                           .output = output,
                                           .query_timeout = std::chrono::seconds(settings.whole("athena-within-s")),
                                           .report = [](const std::string& line) { spdlog::warn("{}", line); }});
    }
};

} // namespace

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

std::shared_ptr<Analytics> open_athena_reports(const Settings& settings, ObjectStore& lake, Clock& clock,
                                               Random& random)
{
    if (LakeAddress::from(settings).engine != LakeAddress::Engine::s3)
        throw std::runtime_error("reports on Athena need the lake in S3: --lake s3://BUCKET");
    const auto home = std::make_shared<AthenaHome>(settings, lake, clock, random);
    return {home, home->reports.get()};
}

} // namespace estante
