#include "hosts/open_search_index.hpp"

#include "adapters/aws/providers.hpp"
#include "adapters/opensearch/opensearch_index.hpp"
#include "adapters/search/embedded_search.hpp"
#include "hosts/data_folder.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace estante {

namespace {

constexpr std::string_view signed_for_aws = "aws";

// "shop=URL,shop=URL"
std::map<std::string, std::string> parse_tenant_endpoints(const std::string& text)
{
    std::map<std::string, std::string> endpoints;
    for (std::size_t from = 0; from < text.size();) {
        const auto end = std::min(text.find(',', from), text.size());
        const auto part = text.substr(from, end - from);
        const auto equals = part.find('=');
        const auto shop = TenantId::parse(part.substr(0, equals));
        if (equals == part.npos || equals + 1 == part.size() || !shop)
            throw std::runtime_error(fmt::format(
                "opensearch-endpoints must be shop=URL,shop=URL …, as acme=http://127.0.0.1:9200; is '{}'", part));
        endpoints[shop->value] = part.substr(equals + 1);
        from = end + 1;
    }
    return endpoints;
}

// A prefix of index names. It ends in _, which no tenant id contains, so no two prefixes share an index.
std::string index_prefix(const Settings& settings)
{
    const auto& prefix = settings.text("opensearch-prefix");
    const auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    if (prefix.empty() || prefix.size() > 40 || prefix.back() != '_' || !std::ranges::all_of(prefix, is_allowed) ||
        prefix.front() == '_' || prefix.front() == '-')
        throw std::runtime_error(fmt::format("opensearch-prefix must be 2 to 40 of a-z, 0-9, - and _, end in _ and not "
                                             "begin with - or _, as books_; is '{}'",
                                             prefix));
    return prefix;
}

std::unique_ptr<SearchIndex> open_opensearch(const Settings& settings, aws::Context& aws, Clock& clock)
{
    OpenSearchOptions options{.endpoint = settings.text("opensearch-endpoint"),
                              .prefix = index_prefix(settings),
                              .replicas = static_cast<int>(settings.whole("opensearch-replicas")),
                              .report = [](const std::string& line) { spdlog::warn("{}", line); }};
    if (options.endpoint.empty())
        throw std::runtime_error("search is opensearch: opensearch-endpoint must name it, as http://127.0.0.1:9200");
    if (auto endpoints = parse_tenant_endpoints(settings.text("opensearch-endpoints")); !endpoints.empty())
        options.endpoint_of = [endpoints = std::move(endpoints)](const TenantId& tenant) {
            const auto found = endpoints.find(tenant.value);
            return found == endpoints.end() ? std::string() : found->second;
        };
    const auto& authorization = settings.text("opensearch-authorization");
    if (authorization == signed_for_aws) {
        options.region = aws.region();
        return create_opensearch_index(aws.client(), aws.credentials(), clock, std::move(options));
    }
    if (!authorization.empty())
        options.authorization = {{"Authorization", authorization}};
    return create_opensearch_index(aws.client(), aws::static_credentials({}), clock, std::move(options));
}

OpenedSearchIndex open_embedded(const Settings& settings)
{
    const auto folder = search_index_in(settings.text("data"));
    const auto memory_bytes = static_cast<std::size_t>(settings.whole("search-memory-mb")) << 20;
    try {
        auto index = search::create_embedded_search(
            {.folder = folder, .memory_bytes = memory_bytes, .report = [](const std::string& line) {
                 spdlog::warn("{}", line);
             }});
        auto* durable = index.get();
        return {.index = std::move(index), .durable = durable};
    } catch (const std::system_error& error) {
        throw std::runtime_error(fmt::format("cannot use {}: {}", folder.native(), error.code().message()));
    }
}

} // namespace

OpenedSearchIndex open_search_index(const Settings& settings, SharedAws& aws, Clock& clock)
{
    const auto& entry = settings.entry("search");
    if (entry.value == "embedded")
        return open_embedded(settings);
    if (entry.value != "opensearch")
        throw std::runtime_error(
            fmt::format("search ({}) must be embedded or opensearch, is '{}'", entry.source, entry.value));
    return {.index = open_opensearch(settings, aws.context(), clock)};
}

} // namespace estante
