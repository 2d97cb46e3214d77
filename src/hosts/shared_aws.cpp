#include "hosts/shared_aws.hpp"

#include <fmt/format.h>

namespace estante {

namespace {

aws::ContextOptions context_options(const Settings& settings)
{
    aws::ContextOptions options{
        .region = settings.text("aws-region"),
        .tenant_role_arn = settings.text("aws-tenant-role"),
        .client = {.max_connections = static_cast<std::size_t>(settings.whole("aws-connections"))}};
    for (const char* service : {"athena", "cloudwatch", "dynamodb", "glue", "s3", "sts"})
        options.endpoints.emplace(service, settings.text(fmt::format("{}-endpoint", service)));
    return options;
}

} // namespace

SharedAws::SharedAws(const Settings& settings, Clock& clock, Random& random)
    : clock_(clock), random_(random), options_(context_options(settings))
{
}

aws::Context& SharedAws::context()
{
    if (!context_)
        context_ = std::make_unique<aws::Context>(clock_, random_, options_);
    return *context_;
}

} // namespace estante
