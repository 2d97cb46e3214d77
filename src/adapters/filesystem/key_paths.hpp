// How keys become paths below a folder, and back.
//
// A key of ordinary parts is its own path: `acme/purchases/year=2026/…/purchase_1.json.gz`. The names of files and of
// folders are told apart by '.', so that "a" and "a/b" can both be keys: in a folder's name '.' is written %2E, and a
// file's name without one ends in ".%". Besides, '%' is written %25 and a leading '.' %2E. A part of 80 bytes or more
// is a folder for its first 80 bytes, ending in "%+", and the rest in it: no name is longer than a file system takes.
// Names made like this sort as their keys do (FolderListing).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace estante::filesystem {

// Relative; the key is valid (check_object_key).
std::filesystem::path path_of_key(std::string_view key);

// What a folder's entry adds to the key. Nothing for a name that no key has.
std::optional<std::string> key_piece_of_file(std::string_view name);
std::optional<std::string> key_piece_of_folder(std::string_view name); // ends in '/' unless the part goes on below

} // namespace estante::filesystem
