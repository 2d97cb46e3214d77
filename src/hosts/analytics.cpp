#include "hosts/analytics.hpp"

namespace estante {

namespace {

std::unexpected<Error> no_engine()
{
    return failure(Errc::unavailable,
                   "Este servidor no tiene motor de informes: las cifras no están disponibles; todo lo demás sí.",
                   "This server has no engine for reports: figures are not available; everything else is.");
}

class NoAnalytics final : public Analytics {
public:
    Task<Result<Sales>> totals(TenantId, Period) override { co_return no_engine(); }
    Task<Result<std::vector<SalesAt>>> series(TenantId, Period, Granularity) override { co_return no_engine(); }
    Task<Result<std::vector<BookSales>>> top_books(TenantId, Period, bool, std::size_t) override
    {
        co_return no_engine();
    }
    Task<Result<std::vector<AuthorSales>>> authors(TenantId, Period, std::size_t) override { co_return no_engine(); }
    Task<Result<std::vector<CustomerSales>>> best_customers(TenantId, Period, std::size_t) override
    {
        co_return no_engine();
    }
    Task<Result<CustomerKinds>> customer_kinds(TenantId, Period) override { co_return no_engine(); }
};

class NoTableExport final : public TableExport {
public:
    Task<Result<std::string>> parquet(ExportedTable) override { co_return no_engine(); }
};

} // namespace

std::unique_ptr<Analytics> open_analytics()
{
    return std::make_unique<NoAnalytics>();
}

std::unique_ptr<TableExport> open_table_export()
{
    return std::make_unique<NoTableExport>();
}

} // namespace estante
