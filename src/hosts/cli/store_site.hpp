// Where a command runs that works on stores of its own choice, and the stores that it opens there.
#pragma once

#include "hosts/data_folder.hpp"
#include "hosts/open_store.hpp"
#include "hosts/settings.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

namespace estante {

class Bookstore;

// In the process that serves a bookstore, or in one of the command's own.
struct StoreSite {
    Bookstore* served = nullptr;
    StoreAddress serving{}; // of the served store
    const Settings& settings;
    std::filesystem::path folder{}; // that relative names are in
};

// sqlite:FOLDER with the folder's full name, or dynamodb:STAGE. Throws std::runtime_error with one line.
StoreAddress address_at(const StoreSite& site, std::string_view text);

// The store at an address: the one that is served here, or opened for this command, with the lock on its data folder.
class SiteStore {
public:
    enum class If { exists, any }; // any: a data folder is made when there is none

    // Clock and random source outlive it. Throws std::runtime_error with one line.
    SiteStore(const StoreSite& site, const StoreAddress& address, If wanted, Clock& clock, Random& random);

    Store& store() const { return *store_; }

private:
    std::optional<DataFolder> lock_;
    std::unique_ptr<SharedAws> aws_;
    std::unique_ptr<PartitionVersions> partition_versions_;
    std::unique_ptr<Store> opened_;
    Store* store_ = nullptr;
};

} // namespace estante
