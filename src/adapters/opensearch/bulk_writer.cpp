#include "adapters/opensearch/bulk_writer.hpp"

#include <fmt/format.h>

#include <utility>

namespace estante::opensearch {

Task<BulkOutcome> BulkWriter::write(const IndexLocation& location, std::string alias, const TenantId& tenant,
                                    const std::vector<IndexChange>& changes, Refresh refresh) const
{
    std::string body;
    std::size_t count = 0;
    for (const IndexChange& change : changes) {
        auto lines = bulk_lines(tenant, change, collation_);
        if (count > 0 && body.size() + lines.size() > max_bulk_bytes_) {
            auto outcome = co_await send(location, alias, std::exchange(body, {}), count, refresh);
            if (outcome.kind != BulkOutcome::Kind::done)
                co_return outcome;
            count = 0;
        }
        body += lines;
        ++count;
    }
    if (count == 0)
        co_return BulkOutcome{};
    co_return co_await send(location, alias, std::move(body), count, refresh);
}

Task<BulkOutcome> BulkWriter::send(const IndexLocation& location, const std::string& alias, std::string body,
                                   std::size_t count, Refresh refresh) const
{
    const char* const parameter = refresh == Refresh::no            ? "false"
                                  : refresh == Refresh::immediately ? "true"
                                                                    : "wait_for";
    const auto response = co_await api_.call(location.endpoint, {.method = "POST",
                                                                 .path = fmt::format("/{}/_bulk", alias),
                                                                 .query = {{"refresh", parameter}},
                                                                 .body = std::move(body),
                                                                 .is_ndjson = true});
    if (response)
        co_return parse_bulk_response(*response, count);
    const auto& failure = response.error();
    using Kind = BulkOutcome::Kind;
    co_return BulkOutcome{.kind = is_index_missing(failure) ? Kind::index_missing
                                  : failure.status == 413   ? Kind::rejected
                                                            : Kind::unavailable,
                          .reason = fmt::format("{} {}", failure.type, failure.message)};
}

} // namespace estante::opensearch
