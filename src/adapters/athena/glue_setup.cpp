#include "adapters/athena/glue_setup.hpp"

#include "codec/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::athena {

namespace {

using Lines = Result<std::vector<std::string>, ObjectError>;

// That all of `wanted` is in `found`, which may hold more: Glue adds times, owners and empty lists.
bool includes(const Value& found, const Value& wanted)
{
    if (const Map* map = wanted.if_map()) {
        const Map* other = found.if_map();
        return std::ranges::all_of(*map, [other](const auto& member) {
            const Value* there = other ? find(*other, member.first) : nullptr;
            const Map* as_map = member.second.if_map();
            return there ? includes(*there, member.second) : as_map && as_map->empty();
        });
    }
    if (const List* list = wanted.if_list()) {
        const List* other = found.if_list();
        return other && std::ranges::equal(*other, *list, includes);
    }
    return found == wanted;
}

std::unexpected<ObjectError> failed(const aws::Failure& failure, const std::string& doing)
{
    return std::unexpected(ObjectError{.detail = fmt::format("{}: {} {}", doing, failure.type, failure.message)});
}

} // namespace

aws::JsonApi glue_api(aws::Client& client, const std::string& region, const std::string& endpoint)
{
    return {client, aws::service_at("glue", region, endpoint), "AWSGlue", "1.1"};
}

Task<aws::Called<Map>> GlueSetup::call(std::string operation, Map arguments, bool with_database)
{
    if (with_database)
        arguments.insert_or_assign("DatabaseName", database_);
    co_return co_await glue_.call(std::move(operation), json::to_text(Value(std::move(arguments))), credentials_);
}

Task<Result<bool, ObjectError>> GlueSetup::has_database()
{
    const auto found = co_await call("GetDatabase", {{"Name", database_}}, false);
    if (found)
        co_return true;
    if (found.error().type == "EntityNotFoundException")
        co_return false;
    co_return failed(found.error(), fmt::format("look for the database {}", database_));
}

Task<Result<GlueSetup::State, ObjectError>> GlueSetup::state_of(const Map& table)
{
    const std::string name(text_of(table, "Name"));
    const auto found = co_await call("GetTable", {{"Name", name}});
    if (!found && found.error().type == "EntityNotFoundException")
        co_return State::absent;
    if (!found)
        co_return failed(found.error(), fmt::format("look for the table {}.{}", database_, name));
    const Value* described = find(*found, "Table");
    co_return described&& includes(*described, table) ? State::right : State::different;
}

Task<Lines> GlueSetup::create()
{
    std::vector<std::string> lines;
    const auto there = co_await has_database();
    if (!there)
        co_return std::unexpected(there.error());
    if (!*there) {
        const auto made = co_await call("CreateDatabase", {{"DatabaseInput", Map{{"Name", database_}}}}, false);
        if (!made && made.error().type != "AlreadyExistsException")
            co_return failed(made.error(), fmt::format("make the database {}", database_));
        lines.push_back(fmt::format("made the database {}", database_));
    }
    for (const Map& table : glue_tables(lake_)) {
        const auto name = text_of(table, "Name");
        const auto state = co_await state_of(table);
        if (!state)
            co_return std::unexpected(state.error());
        if (*state == State::right)
            continue;
        const bool absent = *state == State::absent;
        const auto done = co_await call(absent ? "CreateTable" : "UpdateTable", {{"TableInput", table}});
        if (!done && done.error().type != "AlreadyExistsException")
            co_return failed(done.error(), fmt::format("describe the table {}.{}", database_, name));
        lines.push_back(fmt::format("{} the table {}.{}", absent ? "made" : "described anew", database_, name));
    }
    co_return lines;
}

Task<Lines> GlueSetup::check()
{
    const auto there = co_await has_database();
    if (!there)
        co_return std::unexpected(there.error());
    if (!*there)
        co_return std::vector{fmt::format("there is no database {}; estante lake create", database_)};
    std::vector<std::string> differences;
    for (const Map& table : glue_tables(lake_)) {
        const auto name = text_of(table, "Name");
        const auto state = co_await state_of(table);
        if (!state)
            co_return std::unexpected(state.error());
        if (*state != State::right)
            differences.push_back(fmt::format("{}.{}: {}; estante lake create", database_, name,
                                              *state == State::absent ? "there is no such table"
                                                                      : "it is not as this program describes it"));
    }
    co_return differences;
}

} // namespace estante::athena
