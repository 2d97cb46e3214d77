#include "adapters/aws/json_api.hpp"

#include "codec/json.hpp"

#include <fmt/format.h>

namespace estante::aws {

Task<Called<Map>> JsonApi::call(std::string operation, std::string body, Credentials& credentials,
                                bool repeatable) const
{
    Request request{
        .headers = {{"Content-Type", content_type_}, {"X-Amz-Target", fmt::format("{}.{}", target_, operation)}},
        .body = std::move(body),
        .repeatable = repeatable};
    auto response = co_await client_.call(service_, credentials, std::move(request));
    if (!response)
        co_return std::unexpected(std::move(response.error()));
    if (response->body.empty())
        co_return Map(); // of an operation that answers nothing
    auto answer = json::parse(response->body, max_answer_depth);
    Map* const map = answer ? std::get_if<Map>(&answer->data) : nullptr;
    if (!map)
        co_return std::unexpected(Failure{.status = response->status,
                                          .message = fmt::format("the answer to {} is not JSON: {}", operation,
                                                                 answer ? "no object" : answer.error().reason),
                                          .maybe_done = true});
    co_return std::move(*map);
}

} // namespace estante::aws
