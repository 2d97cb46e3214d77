#include "adapters/dynamodb/table_setup.hpp"
#include "adapters/system/system.hpp"
#include "hosts/cli/commands.hpp"
#include "hosts/open_store.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>

namespace estante::commands {

namespace {

using Lines = StoreResult<std::vector<std::string>>;

Lines on_tables(const Settings& settings, Task<Lines> (dynamodb::TableSetup::*step)())
{
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    const StoreAddress address = StoreAddress::parse("dynamodb:" + settings.text("stage"));
    SharedAws shared(settings, *clock, *random);
    aws::Context& aws = shared.context();
    dynamodb::TableSetup setup(dynamodb::tables_api(aws.client(), aws.region(), aws.endpoint("dynamodb")),
                               *aws.credentials(), address.place);
    return run_task((setup.*step)());
}

int refuse(const StoreError& error, Output& output)
{
    output.error(fmt::format("estante: DynamoDB cannot be asked: {}", error.detail));
    return 1;
}

} // namespace

int create_tables(const Settings& settings, Output& output)
{
    const auto lines = on_tables(settings, &dynamodb::TableSetup::create);
    if (!lines)
        return refuse(lines.error(), output);
    for (const auto& line : *lines)
        output.line(line);
    return 0;
}

int check_tables(const Settings& settings, Output& output)
{
    const auto differences = on_tables(settings, &dynamodb::TableSetup::check);
    if (!differences)
        return refuse(differences.error(), output);
    for (const auto& line : *differences)
        output.error(line);
    if (differences->empty())
        output.line(fmt::format("the tables of stage {} are as they should be", settings.text("stage")));
    return differences->empty() ? 0 : 1;
}

} // namespace estante::commands
