// Gives an operation the ports that its signature names, from the one composition root.
#pragma once

#include "operations/books/book_cache.hpp"
#include "operations/idempotency_guard.hpp"
#include "operations/purchases/purchase_numbers.hpp"
#include "ports/analytics.hpp"
#include "ports/business_counters.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/import_jobs.hpp"
#include "ports/item_store.hpp"
#include "ports/live_sales_hub.hpp"
#include "ports/password_hasher.hpp"
#include "ports/random.hpp"
#include "ports/search_index.hpp"
#include "ports/table_export.hpp"
#include "ports/tenant_items.hpp"
#include "ports/token_signer.hpp"

#include <concepts>
#include <tuple>

namespace estante {

template <class... Owned> class Wiring {
public:
    explicit Wiring(Owned&... ports) : ports_(ports...) {}

    template <class Port> static constexpr bool owns = (std::same_as<Port, Owned> || ...);

    template <class Port> Port& get() const
    {
        static_assert(owns<Port>, "the composition root has no port of this type");
        return std::get<Port&>(ports_);
    }

private:
    std::tuple<Owned&...> ports_;
};

using Ports =
    Wiring<ItemStore, Clock, IdGenerator, Random, PasswordHasher, TokenSigner, SearchIndex, ImportJobs,
           purchases::PurchaseNumbers, Analytics, TableExport, LiveSalesHub, BusinessCounters, books::BookCache>;

// Ports that make a response cacheable: their reads are recorded in the exchange's ReadSet, so the response is valid
// while the partitions that they read are unchanged. A port that is not listed makes its operation uncacheable. Clock,
// Ids and Random differ at each call, the search index is not versioned, and BookCache does not record the reads of a
// hit.
template <class Port> constexpr bool records_its_reads = false;
template <> inline constexpr bool records_its_reads<TenantItems> = true;

// A view of the store is made for each call; other ports are passed by reference.
template <class Port> decltype(auto) port_for(const Ports& ports, const Caller& caller, ReadSet* reads)
{
    if constexpr (std::same_as<Port, TenantItems>)
        return TenantItems(caller.tenant, ports.get<ItemStore>(), reads);
    else if constexpr (std::same_as<Port, AllItems>)
        return AllItems(ports.get<ItemStore>());
    else
        return (ports.get<Port>());
}

} // namespace estante
