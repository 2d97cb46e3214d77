#include "hosts/cli/store_site.hpp"

#include "hosts/bookstore.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante {

namespace {

StoreAddress with_full_name(StoreAddress address, const std::filesystem::path& folder)
{
    if (address.engine == StoreAddress::Engine::sqlite) {
        auto full = std::filesystem::weakly_canonical(folder / address.place);
        address.place = full.has_filename() ? full.native() : full.parent_path().native();
    }
    return address;
}

} // namespace

StoreAddress address_at(const StoreSite& site, std::string_view text)
{
    return with_full_name(StoreAddress::parse(text), site.folder);
}

SiteStore::SiteStore(const StoreSite& site, const StoreAddress& address, If wanted, Clock& clock, Random& random)
{
    if (site.served && with_full_name(site.serving, std::filesystem::current_path()) == address) {
        store_ = &site.served->store();
        return;
    }
    if (address.engine == StoreAddress::Engine::sqlite) {
        if (wanted == If::exists && !std::filesystem::exists(database_in(address.place)))
            throw std::runtime_error(fmt::format("there is no data folder {}", address.place));
        lock_.emplace(address.place);
    }
    partition_versions_ = std::make_unique<PartitionVersions>();
    aws_ = std::make_unique<SharedAws>(site.settings, clock, random);
    opened_ = open_store(address, site.settings, *aws_, clock, random, *partition_versions_);
    store_ = opened_.get();
}

} // namespace estante
