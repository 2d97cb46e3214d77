#include "adapters/opensearch/api.hpp"

#include "adapters/opensearch/json_text.hpp"
#include "codec/json.hpp"

#include <fmt/format.h>

#include <charconv>

namespace estante::opensearch {

namespace {

constexpr std::size_t deepest_answer = 64;
constexpr float legacy_factor = 2.2F;
constexpr int first_plain_lucene = 10; // with OpenSearch 3

int major_of(std::string_view version)
{
    int major = 0;
    std::from_chars(version.data(), version.data() + version.size(), major);
    return major;
}

} // namespace

Task<Called> Api::call(std::string endpoint, Call call) const
{
    const aws::Service service{.name = "es", .region = region_, .url = std::move(endpoint)};
    aws::Request request{.method = std::move(call.method),
                         .path = std::move(call.path),
                         .query = std::move(call.query),
                         .headers = authorization_,
                         .body = std::move(call.body),
                         .within = call.within};
    if (!request.body.empty())
        request.headers.emplace_back("Content-Type", call.lines ? "application/x-ndjson" : "application/json");
    const auto doing = fmt::format("{} {}", request.method, request.path);
    auto response = co_await client_.call(service, *credentials_, std::move(request));
    if (!response)
        co_return std::unexpected(std::move(response.error()));
    auto answer = json::parse(response->body, deepest_answer);
    Map* const map = answer ? std::get_if<Map>(&answer->data) : nullptr;
    if (!map)
        co_return std::unexpected(aws::Failure{.status = response->status,
                                               .message = fmt::format("the answer to {} is not JSON: {}", doing,
                                                                      answer ? "no object" : answer.error().reason),
                                               .maybe_done = true});
    co_return std::move(*map);
}

Task<std::expected<float, aws::Failure>> Api::score_factor(std::string endpoint)
{
    {
        const std::lock_guard lock(mutex_);
        if (const auto known = factors_.find(endpoint); known != factors_.end())
            co_return known->second;
    }
    const auto answer = co_await call(endpoint, {.path = "/"});
    if (!answer)
        co_return std::unexpected(answer.error());
    const auto& version = map_in(*answer, "version");
    if (text_of(version, "number").empty())
        co_return std::unexpected(aws::Failure{.message = "the answer to GET / names no version"});
    const bool plain = text_of(version, "distribution") == "opensearch" &&
                       major_of(text_of(version, "lucene_version")) >= first_plain_lucene;
    const float factor = plain ? 1.0F : legacy_factor;
    const std::lock_guard lock(mutex_);
    factors_.emplace(std::move(endpoint), factor);
    co_return factor;
}

bool is_absent(const aws::Failure& failure)
{
    return failure.status == 404 &&
           (failure.type == "index_not_found_exception" || failure.type == "aliases_not_found_exception");
}

bool is_half(const aws::Failure& failure)
{
    return failure.type == "search_phase_execution_exception";
}

} // namespace estante::opensearch
