#include "adapters/dynamodb/api.hpp"

#include "adapters/dynamodb/answers.hpp"
#include "codec/json.hpp"

#include <fmt/format.h>

namespace estante::dynamodb {

Task<aws::Called<Map>> Api::call(std::string operation, std::string body, aws::Credentials& credentials,
                                 bool repeatable) const
{
    aws::Request request{.headers = {{"Content-Type", "application/x-amz-json-1.0"},
                                     {"X-Amz-Target", fmt::format("{}.{}", target_, operation)}},
                         .body = std::move(body),
                         .repeatable = repeatable};
    auto response = co_await client_.call(service_, credentials, std::move(request));
    if (!response)
        co_return std::unexpected(std::move(response.error()));
    auto answer = json::parse(response->body, max_answer_depth);
    Map* const map = answer ? std::get_if<Map>(&answer->data) : nullptr;
    if (!map)
        co_return std::unexpected(aws::Failure{.status = response->status,
                                               .message = fmt::format("the answer to {} is not JSON: {}", operation,
                                                                      answer ? "no object" : answer.error().reason),
                                               .maybe_done = true});
    co_return std::move(*map);
}

Api tables_api(aws::Client& client, const std::string& region, const std::string& endpoint)
{
    return {client, aws::service_at("dynamodb", region, endpoint), "DynamoDB_20120810"};
}

} // namespace estante::dynamodb
