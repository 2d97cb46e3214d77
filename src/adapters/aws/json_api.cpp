#include "adapters/aws/json_api.hpp"

#include "codec/json.hpp"

#include <fmt/format.h>

namespace estante::aws {

Task<Result<Map, Failure>> JsonApi::call(std::string operation, std::string body, CredentialsProvider& credentials,
                                         bool idempotent) const
{
    Request request{
        .headers = {{"Content-Type", content_type_}, {"X-Amz-Target", fmt::format("{}.{}", target_, operation)}},
        .body = std::move(body),
        .idempotent = idempotent};
    auto response = co_await client_.call(service_, credentials, std::move(request));
    if (!response)
        co_return std::unexpected(std::move(response.error()));
    if (response->body.empty())
        co_return Map(); // the operation returns nothing
    auto parsed = json::parse(response->body, max_response_depth);
    Map* const map = parsed ? std::get_if<Map>(&parsed->data) : nullptr;
    if (!map)
        co_return std::unexpected(
            Failure{.status = response->status,
                    .message = fmt::format("the response to {} is not a JSON object: {}", operation,
                                           parsed ? "another type" : parsed.error().reason),
                    .maybe_applied = true});
    co_return std::move(*map);
}

} // namespace estante::aws
