#include "adapters/opensearch/rest_api.hpp"

#include "adapters/opensearch/json_values.hpp"
#include "codec/json.hpp"

#include <fmt/format.h>

#include <charconv>

namespace estante::opensearch {

namespace {

constexpr std::size_t max_response_depth = 64;
constexpr float legacy_score_factor = 2.2F;
constexpr int min_plain_lucene = 10; // scores without the factor; OpenSearch 3

int major_version(std::string_view version)
{
    int major = 0;
    std::from_chars(version.data(), version.data() + version.size(), major);
    return major;
}

} // namespace

Task<Result<Map, aws::Failure>> RestApi::call(std::string endpoint, RestRequest call) const
{
    const aws::Service service{.name = "es", .region = region_, .url = std::move(endpoint)};
    aws::Request request{.method = std::move(call.method),
                         .path = std::move(call.path),
                         .query = std::move(call.query),
                         .headers = authorization_,
                         .body = std::move(call.body),
                         .attempt_timeout = call.attempt_timeout};
    if (!request.body.empty())
        request.headers.emplace_back("Content-Type", call.is_ndjson ? "application/x-ndjson" : "application/json");
    const auto operation = fmt::format("{} {}", request.method, request.path);
    auto response = co_await client_.call(service, *credentials_, std::move(request));
    if (!response)
        co_return std::unexpected(std::move(response.error()));
    auto parsed = json::parse(response->body, max_response_depth);
    Map* const map = parsed ? std::get_if<Map>(&parsed->data) : nullptr;
    if (!map)
        co_return std::unexpected(
            aws::Failure{.status = response->status,
                         .message = fmt::format("the response to {} is not a JSON object: {}", operation,
                                                parsed ? "another type" : parsed.error().reason),
                         .maybe_applied = true});
    co_return std::move(*map);
}

Task<Result<float, aws::Failure>> RestApi::score_factor(std::string endpoint)
{
    {
        const std::lock_guard lock(mutex_);
        if (const auto cached = factors_.find(endpoint); cached != factors_.end())
            co_return cached->second;
    }
    const auto response = co_await call(endpoint, {.path = "/"});
    if (!response)
        co_return std::unexpected(response.error());
    const auto& version = map_in(*response, "version");
    if (text_of(version, "number").empty())
        co_return std::unexpected(aws::Failure{.message = "the response to GET / has no version"});
    const bool plain = text_of(version, "distribution") == "opensearch" &&
                       major_version(text_of(version, "lucene_version")) >= min_plain_lucene;
    const float factor = plain ? 1.0F : legacy_score_factor;
    const std::lock_guard lock(mutex_);
    factors_.emplace(std::move(endpoint), factor);
    co_return factor;
}

bool is_index_missing(const aws::Failure& failure)
{
    return failure.status == 404 &&
           (failure.type == "index_not_found_exception" || failure.type == "aliases_not_found_exception");
}

bool is_partial(const aws::Failure& failure)
{
    return failure.type == "search_phase_execution_exception";
}

} // namespace estante::opensearch
