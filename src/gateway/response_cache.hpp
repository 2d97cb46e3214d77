// Responses of cacheable routes (Route::cacheable), each valid while the partitions that it was made from are
// unchanged. A hit is found without a suspension, so hosts look here before they start a task. Belongs to one event
// loop.
#pragma once

#include "cache/versioned_cache.hpp"
#include "gateway/http.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace estante {

class ResponseCache {
public:
    // Holds at most twice `bytes`.
    explicit ResponseCache(std::size_t bytes) : entries_(bytes) {}

    // The form of the cached response that the request's conditions and encodings ask for, or nullptr. Valid until the
    // next call.
    const HttpResponse* find(std::string_view tenant, const HttpRequest& http);

    // `gzip_body` may be empty: then the response is served uncompressed. A large response is not stored.
    void put(std::string_view tenant, const HttpRequest& http, const HttpResponse& full, const std::string& gzip_body,
             std::string_view etag, const ReadSet& reads);

private:
    struct Forms {
        HttpResponse full;
        HttpResponse compressed; // its body may be empty
        HttpResponse not_modified;
        std::string etag;
    };

    VersionedCache<Forms> entries_;
    std::string key_; // a buffer that lookups reuse

    void set_key(std::string_view tenant, std::string_view target);
};

} // namespace estante
