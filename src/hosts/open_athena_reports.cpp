#include "hosts/open_athena_reports.hpp"

#include "adapters/athena/athena_analytics.hpp"
#include "hosts/open_lake.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

namespace estante {

std::unique_ptr<Analytics> open_athena_reports(const Settings& settings, ObjectStore& lake, SharedAws& aws,
                                               Random& random)
{
    if (LakeAddress::from(settings).engine != LakeAddress::Engine::s3)
        throw std::runtime_error("reports on Athena need the lake in S3: --lake s3://BUCKET");
    const auto& output = settings.text("athena-output");
    if (!output.empty() && !output.starts_with("s3://"))
        throw std::runtime_error(fmt::format("athena-output must be s3://BUCKET/PREFIX/, is '{}'", output));
    aws::Context& context = aws.context();
    return create_athena_analytics(context.client(), context.credentials(), lake, random,
                                   {.region = context.region(),
                                    .endpoint = context.endpoint("athena"),
                                    .database = lake_database(settings),
                                    .workgroup = settings.text("athena-workgroup"),
                                    .output = output,
                                    .query_timeout = std::chrono::seconds(settings.whole("athena-timeout-s")),
                                    .report = [](const std::string& line) { spdlog::warn("{}", line); }});
}

} // namespace estante
