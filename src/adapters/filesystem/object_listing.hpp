// Lists the objects of a folder in key order, in pages.
#pragma once

#include "adapters/filesystem/folder_listing.hpp"
#include "ports/object_store.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace estante::filesystem {

// One page of the keys below `root` that begin with `prefix` and come after `after`, ascending, at most `limit`. Throws
// std::system_error.
ObjectPage list_page(FolderListing& folders, const std::filesystem::path& root, const std::string& prefix,
                     const std::optional<std::string>& after, std::size_t limit);

} // namespace estante::filesystem
