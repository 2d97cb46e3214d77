#include "hosts/open_catalogue.hpp"

#include "records/tenants.hpp"

#include <utility>

namespace estante {

Task<Result<std::unique_ptr<catalogues::CatalogueReader>>> open_catalogue(TenantItems& items, ImportDefaults defaults,
                                                                          std::string path)
{
    catalogues::ReaderOptions options;
    if (defaults.category)
        options.category = defaults.category->value;
    const auto tenant = co_await find_tenant(items);
    if (tenant && *tenant && (*tenant)->settings.language.value == "es")
        options.heading_language = "es";
    co_return catalogues::create_catalogue_reader(path, std::move(options));
}

} // namespace estante
