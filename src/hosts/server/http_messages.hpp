// Converts between Beast's messages and those of the gateway.
#pragma once

#include "gateway/http.hpp"

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/message.hpp>

#include <string>
#include <string_view>

namespace estante {

using HttpMessage = boost::beast::http::request<boost::beast::http::buffer_body>;

// Without the body. The request refers to the message's memory.
HttpRequest to_request(const HttpMessage& message);

// Replaces `out` with the response's head and, unless `is_head`, its body.
void write_response(std::string& out, const HttpResponse& response, std::string_view request_id, bool is_head,
                    bool keep_alive);

} // namespace estante
