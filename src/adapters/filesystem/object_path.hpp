// Maps object keys to paths below a folder, and back.
//
// A key of ordinary parts is its own path: `acme/purchases/year=2026/…/purchase_1.json.gz`. File names contain a '.'
// and folder names do not, so that "a" and "a/b" can both be keys: '.' in a folder's name is escaped as %2E, and a file
// name without '.' gets the suffix ".%". '%' is escaped as %25 and a leading '.' as %2E. A part of 80 bytes or more
// becomes a folder for its first 80 bytes, with the suffix "%+", and the rest inside it, so that no name exceeds the
// limit of the file system. These names sort like their keys (FolderListing).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace estante::filesystem {

// Returns a relative path. The key must be valid (check_object_key).
std::filesystem::path to_object_path(std::string_view key);

// What an entry of a folder adds to the key. nullopt: no key has this name.
std::optional<std::string> key_part_from_file(std::string_view name);
std::optional<std::string> key_part_from_folder(std::string_view name); // ends in '/' unless the part continues below

} // namespace estante::filesystem
