// Requests and responses in the form that the gateway sees on every host, without types of a server or a cloud.
#pragma once

#include "runtime/task.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };
std::string_view name_of(Method method);
Method method_from(std::string_view name);

inline bool is_read(Method method)
{
    return method == Method::get || method == Method::head;
}

// Views into the host's buffers, valid until the response is complete. Only the headers that the gateway uses; an
// absent header is empty.
struct HttpRequest {
    Method method = Method::get;
    std::string_view target{}; // path and query as received
    std::string_view body{};
    std::string_view accept{};
    std::string_view accept_encoding{};
    std::string_view accept_language{};
    std::string_view authorization{};
    std::string_view cart_token{}; // X-Cart-Token
    std::string_view content_type{};
    std::string_view host{};
    std::string_view idempotency_key{};
    std::string_view if_match{};
    std::string_view if_none_match{};
    std::string_view last_event_id{}; // Last-Event-ID
    std::string_view request_id{};    // X-Request-Id
    std::string_view tenant{};        // X-Tenant-Id
    std::string_view upload_path{};   // where the host spooled the body of an upload route
    std::string_view upload_digest{}; // SHA-256 of that body, in hex
};

// The body of a response that is streamed in pieces as events happen. Belongs to the event loop of its connection. The
// ports and the gateway that made it outlive it.
class EventSource {
public:
    virtual ~EventSource() = default;

    // The next piece, "" if there was none within `wait`, nullopt at the end. The host calls it again after it has sent
    // the piece. A host that stops, or whose peer has disconnected, destroys the source.
    virtual Task<std::optional<std::string>> next(std::chrono::milliseconds wait) = 0;
};

struct HttpResponse {
    int status = 200;
    std::string_view content_type = "application/json";
    std::string body{};
    std::vector<std::pair<std::string_view, std::string>> headers{};
    std::shared_ptr<EventSource> events{}; // streamed after `body`, to one connection
};

} // namespace estante
