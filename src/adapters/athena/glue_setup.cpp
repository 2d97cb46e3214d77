#include "adapters/athena/glue_setup.hpp"

#include "codec/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::athena {

namespace {

// True when `found` has everything in `expected`. It may have more: Glue adds times, owners and empty lists.
bool includes(const Value& found, const Value& expected)
{
    if (const Map* map = expected.if_map()) {
        const Map* other = found.if_map();
        return std::ranges::all_of(*map, [other](const auto& member) {
            const Value* member_found = other ? find(*other, member.first) : nullptr;
            const Map* as_map = member.second.if_map();
            return member_found ? includes(*member_found, member.second) : as_map && as_map->empty();
        });
    }
    if (const List* list = expected.if_list()) {
        const List* other = found.if_list();
        return other && std::ranges::equal(*other, *list, includes);
    }
    return found == expected;
}

std::unexpected<ObjectError> to_object_error(const aws::Failure& failure, const std::string& operation)
{
    return std::unexpected(ObjectError{.detail = fmt::format("{}: {} {}", operation, failure.type, failure.message)});
}

} // namespace

aws::JsonApi glue_api(aws::Client& client, const std::string& region, const std::string& endpoint)
{
    return {client, aws::service_at("glue", region, endpoint), "AWSGlue", "1.1"};
}

Task<Result<Map, aws::Failure>> GlueSetup::call(std::string operation, Map arguments, bool with_database)
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
    co_return to_object_error(found.error(), fmt::format("find the database {}", database_));
}

Task<Result<GlueSetup::TableState, ObjectError>> GlueSetup::table_state(const Map& table)
{
    const std::string name(text_of(table, "Name"));
    const auto found = co_await call("GetTable", {{"Name", name}});
    if (!found && found.error().type == "EntityNotFoundException")
        co_return TableState::missing;
    if (!found)
        co_return to_object_error(found.error(), fmt::format("find the table {}.{}", database_, name));
    const Value* described = find(*found, "Table");
    co_return described&& includes(*described, table) ? TableState::as_described : TableState::different;
}

Task<Result<std::vector<std::string>, ObjectError>> GlueSetup::create()
{
    std::vector<std::string> lines;
    const auto exists = co_await has_database();
    if (!exists)
        co_return std::unexpected(exists.error());
    if (!*exists) {
        const auto created = co_await call("CreateDatabase", {{"DatabaseInput", Map{{"Name", database_}}}}, false);
        if (!created && created.error().type != "AlreadyExistsException")
            co_return to_object_error(created.error(), fmt::format("create the database {}", database_));
        lines.push_back(fmt::format("created the database {}", database_));
    }
    for (const Map& table : glue_tables(lake_)) {
        const auto name = text_of(table, "Name");
        const auto state = co_await table_state(table);
        if (!state)
            co_return std::unexpected(state.error());
        if (*state == TableState::as_described)
            continue;
        const bool is_missing = *state == TableState::missing;
        const auto done = co_await call(is_missing ? "CreateTable" : "UpdateTable", {{"TableInput", table}});
        if (!done && done.error().type != "AlreadyExistsException")
            co_return to_object_error(done.error(), fmt::format("write the table {}.{}", database_, name));
        lines.push_back(fmt::format("{} the table {}.{}", is_missing ? "created" : "updated", database_, name));
    }
    co_return lines;
}

Task<Result<std::vector<std::string>, ObjectError>> GlueSetup::check()
{
    const auto exists = co_await has_database();
    if (!exists)
        co_return std::unexpected(exists.error());
    if (!*exists)
        co_return std::vector{fmt::format("the database {} does not exist; run: estante lake create", database_)};
    std::vector<std::string> differences;
    for (const Map& table : glue_tables(lake_)) {
        const auto name = text_of(table, "Name");
        const auto state = co_await table_state(table);
        if (!state)
            co_return std::unexpected(state.error());
        if (*state != TableState::as_described)
            differences.push_back(fmt::format("{}.{}: {}; run: estante lake create", database_, name,
                                              *state == TableState::missing ? "the table does not exist"
                                                                            : "it differs from its description"));
    }
    co_return differences;
}

} // namespace estante::athena
