#include "adapters/athena/glue_setup.hpp"
#include "adapters/athena/glue_tables.hpp"
#include "adapters/s3/bucket_setup.hpp"
#include "adapters/s3/s3_objects.hpp"
#include "adapters/system/system.hpp"
#include "codec/json.hpp"
#include "hosts/cli/commands.hpp"
#include "hosts/open_lake.hpp"
#include "hosts/shared_aws.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>

namespace estante::commands {

namespace {

LakeAddress bucket_address(const Settings& settings)
{
    auto address = LakeAddress::from(settings);
    if (address.engine != LakeAddress::Engine::s3)
        throw std::runtime_error(
            fmt::format("the lake is the folder {}: there is no bucket to create or check. For a lake "
                        "in S3: --lake s3://BUCKET",
                        address.text()));
    return address;
}

// The bucket and its tables.
class LakeSetup {
public:
    explicit LakeSetup(const Settings& settings)
        : settings_(settings), address_(bucket_address(settings)), shared_aws_(settings, *clock_, *random_)
    {
    }

    s3::BucketSetup bucket() { return {aws_.client(), aws_.credentials(), s3_options(address_, settings_, aws_)}; }

    // None when s3-endpoint is set and glue-endpoint is not: the Glue of AWS cannot read a bucket outside AWS.
    std::optional<athena::GlueSetup> tables()
    {
        const auto glue = aws_.endpoint("glue");
        if (glue.empty() && !aws_.endpoint("s3").empty())
            return std::nullopt;
        return athena::GlueSetup(athena::glue_api(aws_.client(), aws_.region(), glue), *aws_.credentials(),
                                 lake_database(settings_), {.url = address_.text()});
    }

private:
    const Settings& settings_;
    LakeAddress address_;
    std::unique_ptr<Clock> clock_ = create_system_clock();
    std::unique_ptr<Random> random_ = create_system_random();
    SharedAws shared_aws_;
    aws::Context& aws_ = shared_aws_.context();
};

constexpr const char* no_tables = "no tables: s3-endpoint is set, and glue-endpoint is not";

int fail(const ObjectError& error, Output& output)
{
    output.error(fmt::format("estante: {}", error.detail));
    return 1;
}

} // namespace

int create_lake(const Settings& settings, Output& output)
{
    LakeSetup lake(settings);
    const auto print = [&output](const Result<std::vector<std::string>, ObjectError>& lines) {
        for (const auto& line : *lines)
            output.line(line);
    };
    const auto bucket = run_task(lake.bucket().create());
    if (!bucket)
        return fail(bucket.error(), output);
    print(bucket);
    auto setup = lake.tables();
    if (!setup) {
        output.line(no_tables);
        return 0;
    }
    const auto tables = run_task(setup->create());
    if (!tables)
        return fail(tables.error(), output);
    print(tables);
    if (bucket->empty() && tables->empty())
        output.line("the lake matches its definition");
    return 0;
}

int check_lake(const Settings& settings, Output& output)
{
    LakeSetup lake(settings);
    auto differences = run_task(lake.bucket().check());
    if (!differences)
        return fail(differences.error(), output);
    if (auto setup = lake.tables()) {
        const auto table_differences = run_task(setup->check());
        if (!table_differences)
            return fail(table_differences.error(), output);
        differences->insert(differences->end(), table_differences->begin(), table_differences->end());
    } else {
        output.line(no_tables);
    }
    for (const auto& line : *differences)
        output.error(line);
    if (differences->empty())
        output.line("the lake matches its definition");
    return differences->empty() ? 0 : 1;
}

int describe_lake(const Settings& settings, Output& output)
{
    List tables;
    for (auto& table : athena::glue_tables({.url = bucket_address(settings).text()}))
        tables.emplace_back(std::move(table));
    output.line(json::to_text(Map{{"database", lake_database(settings)}, {"tables", std::move(tables)}}));
    return 0;
}

} // namespace estante::commands
