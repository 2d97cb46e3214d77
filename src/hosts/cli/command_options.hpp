// Turns the options of a command into the request struct of an operation, with the limits and messages of the API.
#pragma once

#include "codec/described.hpp"
#include "hosts/bookstore.hpp"
#include "hosts/cli/commands.hpp"

#include <optional>
#include <string>
#include <vector>

namespace estante::commands {

void print_error(const Error& error, Output& output);

template <class Request> std::optional<Request> request_from(const Options& options, Output& output)
{
    Map texts;
    for (const codec::Field& field : codec::fields<Request>()) {
        if (const auto option = options.find(std::string(field.name)); option != options.end())
            texts.emplace(option->first, Value(option->second));
    }
    Request request{};
    codec::Reader reader;
    reader.source = codec::Reader::Source::text;
    codec::read_members(reader, texts, &request, codec::fields<Request>());
    if (reader.faults.empty())
        return request;
    print_error(invalid(std::move(reader.faults)).error(), output);
    return std::nullopt;
}

// The existing shop that the options name; else prints an error and returns nothing.
std::optional<TenantId> tenant_from(Bookstore& store, const Options& options, Output& output);
// The shop of --tenant, else all shops; prints an error and returns nothing for an unknown shop.
std::optional<std::vector<TenantId>> selected_tenants(Bookstore& store, const Options& options, Output& output);

inline const std::string& option(const Options& options, const std::string& name)
{
    static const std::string none;
    const auto found = options.find(name);
    return found == options.end() ? none : found->second;
}

} // namespace estante::commands
