// Where a command runs that opens its stores itself, and the stores that it opens there.
#pragma once

#include "hosts/data_folder.hpp"
#include "hosts/open_store.hpp"
#include "hosts/settings.hpp"
#include "hosts/shared_aws.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

namespace estante {

class Bookstore;

struct StoreContext {
    Bookstore* served_store = nullptr; // the command runs in the process that serves it; null: in a process of its own
    StoreAddress served_address{};
    const Settings& settings;
    std::filesystem::path working_folder{}; // that relative file names start from
};

// Parses sqlite:FOLDER or dynamodb:STAGE; the folder becomes absolute. Throws std::runtime_error with one line.
StoreAddress resolve_address(const StoreContext& context, std::string_view text);

// The store at an address: the served one, or one opened for the command, with the lock on its data folder.
class CommandStore {
public:
    enum class IfMissing { fail, create }; // of a data folder

    // Clock and random source outlive it. Throws std::runtime_error with one line.
    CommandStore(const StoreContext& context, const StoreAddress& address, IfMissing if_missing, Clock& clock,
                 Random& random);

    Store& store() const { return *store_; }

private:
    std::optional<DataFolder> lock_;
    std::unique_ptr<PartitionVersions> partition_versions_;
    std::unique_ptr<SharedAws> aws_;
    std::unique_ptr<Store> opened_store_;
    Store* store_ = nullptr;
};

} // namespace estante
