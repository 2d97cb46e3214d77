// The demonstration: two shops of real books, and accounts with a published password.
#pragma once

#include "hosts/cli/output.hpp"

#include <filesystem>
#include <string>

namespace estante {

class Bookstore;

// Loads the shops `goodbooks` and `libreria` and their accounts into an empty folder; does nothing when the folder
// holds the demonstration already. Returns the exit code: 1 for a folder with other data.
int load_demonstration(Bookstore& store, Output& output);

// Removes the data of a demonstration whose loading was interrupted. To be called before the folder is opened.
void remove_partial_demonstration(const std::filesystem::path& folder);

// Prints example requests and the credentials.
void print_next_steps(const std::string& url, Output& output);

} // namespace estante
