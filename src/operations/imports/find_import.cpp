#include "operations/imports/find_import.hpp"

#include "records/store_failure.hpp"

namespace estante::imports {

Task<Result<ImportJob>> find_import(TenantItems& items, ImportId job)
{
    const auto item = co_await items.get(Table::books, import_key(job));
    if (!item)
        co_return store_failure(item.error());
    if (!*item)
        co_return failure(Errc::not_found, "No existe ninguna importación con ese identificador en esta tienda.",
                          "This shop has no import with that id.");
    co_return import_from(**item);
}

} // namespace estante::imports
