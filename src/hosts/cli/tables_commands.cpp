#include "adapters/dynamodb/table_setup.hpp"
#include "adapters/system/system.hpp"
#include "hosts/cli/commands.hpp"
#include "hosts/open_store.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>

namespace estante::commands {

namespace {

StoreResult<std::vector<std::string>>
run_setup(const Settings& settings, Task<StoreResult<std::vector<std::string>>> (dynamodb::TableSetup::*operation)())
{
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    const StoreAddress address = StoreAddress::parse("dynamodb:" + settings.text("stage"));
    SharedAws shared(settings, *clock, *random);
    aws::Context& aws = shared.context();
    dynamodb::TableSetup setup(dynamodb::tables_api(aws.client(), aws.region(), aws.endpoint("dynamodb")),
                               *aws.credentials(), address.location);
    return run_task((setup.*operation)());
}

int fail(const StoreError& error, Output& output)
{
    output.error(fmt::format("estante: DynamoDB is unavailable: {}", error.detail));
    return 1;
}

} // namespace

int create_tables(const Settings& settings, Output& output)
{
    const auto lines = run_setup(settings, &dynamodb::TableSetup::create);
    if (!lines)
        return fail(lines.error(), output);
    for (const auto& line : *lines)
        output.line(line);
    return 0;
}

int check_tables(const Settings& settings, Output& output)
{
    const auto differences = run_setup(settings, &dynamodb::TableSetup::check);
    if (!differences)
        return fail(differences.error(), output);
    for (const auto& line : *differences)
        output.error(line);
    if (differences->empty())
        output.line(fmt::format("the tables of stage {} match their definition", settings.text("stage")));
    return differences->empty() ? 0 : 1;
}

} // namespace estante::commands
