#include "background/fill_search_index.hpp"

#include "processors/search/rebuild_search_index.hpp"
#include "processors/tenant_ids.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <stdexcept>

namespace estante {

Task<std::uint64_t> fill_search_index(AllItems items, SearchIndex& index, TenantId tenant)
{
    const auto rebuilt = co_await rebuild_search_index(items, tenant, index);
    if (!rebuilt)
        throw std::runtime_error(fmt::format("cannot fill the search index: {}", rebuilt.error().detail.en));
    for (const auto& reason : rebuilt->damaged)
        spdlog::error("search index of {}: a book is not indexed: {}", tenant.value, reason);
    co_return rebuilt->books;
}

Task<bool> fill_missing_indexes(AllItems items, SearchIndex& index)
{
    try {
        const auto tenants = co_await read_tenant_ids(items);
        if (!tenants)
            throw std::runtime_error(fmt::format("cannot read the tenants: {}", tenants.error().detail));
        for (const TenantId& tenant : *tenants) {
            const auto kept = co_await index.has_saved_index(tenant);
            if (!kept)
                throw std::runtime_error(fmt::format("cannot query the search index: {}", kept.error().detail.en));
            if (!*kept)
                co_await fill_search_index(items, index, tenant);
        }
        co_return true;
    } catch (const std::exception& error) {
        spdlog::warn("{}; searches are unavailable until it is filled, the rest of the server works", error.what());
    }
    co_return false;
}

} // namespace estante
