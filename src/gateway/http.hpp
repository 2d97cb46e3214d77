// A request and its answer as the gateway sees them on every host: no server type, no cloud type.
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

// Views into the host's buffers, valid until the answer is there. Exactly the headers that the gateway looks at; an
// absent header is empty.
struct HttpRequest {
    Method method = Method::get;
    std::string_view target{}; // path and query as they came
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

// An answer that goes on for as long as there is something to say: its body comes in pieces, as things happen.
// It belongs to the loop of its connection, and outlives neither the ports nor the gateway it was made with.
class EventSource {
public:
    virtual ~EventSource() = default;

    // The next piece, "" if nothing was to be said within `wait`; nothing: the answer is complete. It is called again
    // once the piece was sent, and no more after the end. A host that stops, or whose peer is gone, just lets go of it.
    virtual Task<std::optional<std::string>> next(std::chrono::milliseconds wait) = 0;
};

struct HttpAnswer {
    int status = 200;
    std::string_view content_type = "application/json";
    std::string body{};
    std::vector<std::pair<std::string_view, std::string>> headers{};
    std::shared_ptr<EventSource> events{}; // what follows `body`; one connection's
};

} // namespace estante
