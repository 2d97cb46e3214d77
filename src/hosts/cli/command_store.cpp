#include "hosts/cli/command_store.hpp"

#include "hosts/bookstore.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante {

namespace {

StoreAddress with_absolute_folder(StoreAddress address, const std::filesystem::path& working_folder)
{
    if (address.engine == StoreAddress::Engine::sqlite) {
        auto full = std::filesystem::weakly_canonical(working_folder / address.location);
        address.location = full.has_filename() ? full.native() : full.parent_path().native();
    }
    return address;
}

} // namespace

StoreAddress resolve_address(const StoreContext& context, std::string_view text)
{
    return with_absolute_folder(StoreAddress::parse(text), context.working_folder);
}

CommandStore::CommandStore(const StoreContext& context, const StoreAddress& address, IfMissing if_missing, Clock& clock,
                           Random& random)
{
    if (context.served_store &&
        with_absolute_folder(context.served_address, std::filesystem::current_path()) == address) {
        store_ = &context.served_store->store();
        return;
    }
    if (address.engine == StoreAddress::Engine::sqlite) {
        if (if_missing == IfMissing::fail && !std::filesystem::exists(database_in(address.location)))
            throw std::runtime_error(fmt::format("there is no data folder {}", address.location));
        lock_.emplace(address.location);
    }
    partition_versions_ = std::make_unique<PartitionVersions>();
    aws_ = std::make_unique<SharedAws>(context.settings, clock, random);
    opened_store_ = open_store(address, context.settings, *aws_, clock, random, *partition_versions_);
    store_ = opened_store_.get();
}

} // namespace estante
