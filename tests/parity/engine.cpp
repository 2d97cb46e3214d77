#include "engine.hpp"

#include "adapters/aws/providers.hpp"
#include "codec/json.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <stdexcept>

namespace estante::parity {

namespace {

const Map& map_at(const Map& map, std::string_view name)
{
    const Value* value = find(map, name);
    if (!value || !value->if_map())
        throw std::runtime_error(fmt::format("the response has no {}", name));
    return *value->if_map();
}

std::string index_path(const TenantId& tenant)
{
    return "/books_" + tenant.value;
}

} // namespace

Engine::Engine(aws::Client& client, const std::string& endpoint)
    : client_(client), service_(aws::service_at("es", "local", endpoint)), no_credentials_(aws::static_credentials({}))
{
    const Map response = call("GET", "/");
    const Map& version = map_at(response, "version");
    version_ = text_of(version, "number");
    is_opensearch_ = text_of(version, "distribution") == "opensearch";
}

Map Engine::call(std::string method, std::string path, std::vector<std::pair<std::string, std::string>> query,
                 std::string body)
{
    aws::Request request{.method = std::move(method), .path = path, .query = std::move(query), .body = std::move(body)};
    if (!request.body.empty())
        request.headers.emplace_back("Content-Type", "application/json");
    auto response = run_task(client_.call(service_, *no_credentials_, std::move(request)));
    if (!response)
        throw std::runtime_error(fmt::format("{}: {} {}", path, response.error().type, response.error().message));
    auto value = json::parse(response->body);
    if (!value || !value->if_map())
        throw std::runtime_error(fmt::format("{}: the response is not a JSON object", path));
    return *value->if_map();
}

void Engine::drop_deleted_books_on_merge()
{
    call("PUT", "/_index_template/parity", {},
         R"({"index_patterns":["books_*"],"template":{"settings":)"
         R"({"index.soft_deletes.retention_lease.sync_interval":"100ms"}}})");
}

// Merges keep deleted books until no retention lease needs their deletion any more.
bool Engine::has_dropped_deleted(const std::string& index)
{
    const Map response = call("GET", index + "/_stats", {{"level", "shards"}});
    for (const auto& [name, of_index] : map_at(response, "indices")) {
        for (const auto& [number, shards] : map_at(*of_index.if_map(), "shards")) {
            const Map& shard = *shards.if_list()->front().if_map();
            const List& leases = *find(map_at(shard, "retention_leases"), "leases")->if_list();
            for (const Value& lease : leases)
                if (int_of(*lease.if_map(), "retaining_seq_no") <= int_of(map_at(shard, "seq_no"), "max_seq_no"))
                    return false;
        }
    }
    return true;
}

void Engine::merge_to_one_segment(const TenantId& tenant)
{
    constexpr auto timeout = std::chrono::seconds(60);
    const auto index = index_path(tenant);
    // A timer of the engine advances the lease after a flush; no request waits for that. Each iteration waits for a
    // flush, so the loop does not spin.
    const auto until = std::chrono::steady_clock::now() + timeout;
    do {
        if (std::chrono::steady_clock::now() > until)
            throw std::runtime_error("the engine keeps deleted books");
        call("POST", index + "/_flush", {{"force", "true"}, {"wait_if_ongoing", "true"}});
    } while (!has_dropped_deleted(index));
    call("POST", index + "/_forcemerge", {{"max_num_segments", "1"}});
    call("POST", index + "/_refresh");
}

std::vector<std::string> Engine::analyze(const TenantId& tenant, const std::vector<std::string>& texts)
{
    List list;
    for (const auto& text : texts)
        list.emplace_back(text);
    const Map response = call("POST", index_path(tenant) + "/_analyze", {},
                              json::to_text(Map{{"analyzer", "spanish_custom"}, {"text", std::move(list)}}));
    std::vector<std::string> terms;
    const Value* tokens = find(response, "tokens");
    for (const Value& token : *tokens->if_list())
        terms.emplace_back(text_of(*token.if_map(), "token"));
    return terms;
}

} // namespace estante::parity
