#include "gateway/response_cache.hpp"

#include "gateway/encoding.hpp"

namespace estante {

void ResponseCache::set_key(std::string_view tenant, std::string_view target)
{
    key_.assign(tenant).append("\n").append(target);
}

const HttpResponse* ResponseCache::find(std::string_view tenant, const HttpRequest& http)
{
    set_key(tenant, http.target);
    const auto* entry = entries_.find(key_);
    if (!entry || !accepts(http.accept, entry->value.full.content_type))
        return nullptr;
    const Forms& forms = entry->value;
    if (matches_etag(http.if_none_match, forms.etag))
        return &forms.not_modified;
    if (!forms.compressed.body.empty() && accepts_gzip(http.accept_encoding))
        return &forms.compressed;
    return &forms.full;
}

void ResponseCache::put(std::string_view tenant, const HttpRequest& http, const HttpResponse& full,
                        const std::string& gzip_body, std::string_view etag, const ReadSet& reads)
{
    constexpr std::size_t max_body_bytes = 64 << 10;
    constexpr std::size_t overhead_bytes = 1024; // headers of the three forms, and the maps of the cache
    if (full.body.size() > max_body_bytes || !reads.is_valid())
        return;
    HttpResponse bodyless{
        .status = full.status, .content_type = full.content_type, .body = {}, .headers = full.headers, .events = {}};
    Forms forms{.full = full,
                .compressed = to_compressed(bodyless, gzip_body),
                .not_modified = to_not_modified(bodyless),
                .etag = std::string(etag)};
    set_key(tenant, http.target);
    entries_.put(key_, std::move(forms), reads,
                 full.body.size() + gzip_body.size() + http.target.size() + overhead_bytes);
}

} // namespace estante
