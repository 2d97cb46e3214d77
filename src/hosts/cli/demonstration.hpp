// The demonstration: two shops of real books, and accounts whose password everyone knows.
#pragma once

#include "hosts/cli/output.hpp"

#include <filesystem>
#include <string>

namespace estante {

class Bookstore;

// Loads the shops `goodbooks` and `libreria` and the accounts into an empty folder; a folder that is a demonstration
// already stays as it is. Answers the exit code: 1 for a folder with other data.
int load_demonstration(Bookstore& store, Output& output);

// A demonstration whose loading was cut off begins anew: removes its data. Before the folder is opened.
void forget_unfinished_demonstration(const std::filesystem::path& folder);

// What to try next, with the credentials.
void print_next_steps(const std::string& url, Output& output);

} // namespace estante
