// A gateway with one shop, entirely in memory.
#pragma once

#include "adapters/memory/buffered_counters.hpp"
#include "adapters/memory/memory_analytics.hpp"
#include "adapters/memory/memory_live_sales_hub.hpp"
#include "adapters/search/embedded_search.hpp"
#include "gateway/gateway.hpp"
#include "gateway/keys.hpp"
#include "gateway/tokens.hpp"
#include "operations/tenants/create_tenant.hpp"
#include "records/tenants.hpp"
#include "support/platform_test.hpp"

namespace estante {

class NoImports final : public ImportJobs {
public:
    Task<void> start(TenantId, ImportId, Upload) override { co_return; }
};

// Returns the names of the columns and the number of rows instead of Parquet.
class NamedColumns final : public TableExport {
public:
    Task<Result<std::string>> parquet(ExportedTable table) override
    {
        std::string names = std::to_string(table.rows.size());
        for (const auto& column : table.columns)
            names.append(" ").append(column.name);
        co_return names;
    }
};

class GatewayTest : public testing::Test {
protected:
    ManualClock clock;
    SeededRandom random;
    CountingIds ids{clock};
    PlainHasher hasher;
    SigningKeys keys{{{"k1", std::string(32, 's')}}};
    PartitionVersions partition_versions;
    std::unique_ptr<Store> store = create_memory_store(clock, &partition_versions);
    std::unique_ptr<TokenSigner> signer = create_token_signer(keys, clock, random);
    std::unique_ptr<SearchIndex> index = search::create_search_index();
    NoImports imports;
    purchases::PurchaseNumbers numbers;
    MemoryAnalytics analytics;
    NamedColumns exports;
    std::unique_ptr<LiveSalesHub> live =
        create_memory_live_sales_hub({.max_watches = 3, .max_watches_per_shop = 2, .max_events_per_watch = 5});
    BufferedCounters counters{clock};
    books::BookCache book_cache{partition_versions};
    Ports ports{store->items(), clock,   ids,       random,  hasher, *signer,  *index,
                imports,        numbers, analytics, exports, *live,  counters, book_cache};
    Gateway gateway{ports, keys, partition_versions, {}};
    AllItems all{store->items()};

    void SetUp() override { given_shop("acme"); }
    void given_shop(const std::string& tenant)
    {
        const Tenant shop{.id = {tenant}, .settings = {.name = {"Librería"}, .delivery = {}}};
        run(store->items().put({.table = Table::users, .item = to_item(shop)})).value();
    }
    void becomes(TenantStatus status)
    {
        auto items = all.of(TenantId{"acme"});
        run(items.update(tenant_status_update(status, clock.now_ms()))).value();
    }
    HttpResponse send(Method method, std::string_view target, std::string_view body = {}, std::string_view token = {})
    {
        HttpRequest request{.method = method, .target = target, .body = body};
        request.content_type = body.empty() ? "" : "application/json";
        request.authorization = token;
        request.accept_language = "en";
        if (token.empty())
            request.tenant = "acme";
        if (const HttpResponse* cached = gateway.find_cached(request))
            return *cached;
        return run(gateway.handle(request, "trace"));
    }
    std::string registered()
    {
        const auto response = send(Method::post, "/v1/users/register",
                                   R"({"tenant_id":"acme","email":"ana@example.com","password":"a good password"})");
        EXPECT_EQ(response.status, 201) << response.body;
        const auto body = json::parse(response.body);
        return "Bearer " + std::string(text_of(*body->if_map(), "token"));
    }
    static std::string header_of(const HttpResponse& response, std::string_view wanted)
    {
        for (const auto& [name, value] : response.headers) {
            if (name == wanted)
                return value;
        }
        return "";
    }
};

} // namespace estante
