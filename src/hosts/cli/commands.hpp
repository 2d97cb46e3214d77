// What the command line does on a store, one function a command. Each answers the exit code.
#pragma once

#include "hosts/cli/output.hpp"

#include <map>
#include <string>

namespace estante {

class Bookstore;
class Settings;
struct StoreSite;

// The options and positionals of a command by name; a flag that was given without a value is "true".
using Options = std::map<std::string, std::string>;

namespace commands {

int create_tenant(Bookstore& store, const Options& options, Output& output);
int list_tenants(Bookstore& store, const Options& options, Output& output);
int suspend_tenant(Bookstore& store, const Options& options, Output& output);
int resume_tenant(Bookstore& store, const Options& options, Output& output);
int invite_manager(Bookstore& store, const Options& options, Output& output);

int create_operator(Bookstore& store, const Options& options, Output& output);
int create_user(Bookstore& store, const Options& options, Output& output);
int list_users(Bookstore& store, const Options& options, Output& output);

int import_catalogue(Bookstore& store, const Options& options, Output& output);

// Between stores that they open themselves. They throw std::runtime_error with one line for what cannot be done.
int copy(const StoreSite& site, const Options& options, Output& output);
int backup(const StoreSite& site, const Options& options, Output& output);
int restore(const StoreSite& site, const Options& options, Output& output);

// On AWS, before there is a store to open.
int create_tables(const Settings& settings, Output& output);
int check_tables(const Settings& settings, Output& output);

// The lake's bucket and its tables in Glue. They throw std::runtime_error with one line when the lake is a folder.
int create_lake(const Settings& settings, Output& output);
int check_lake(const Settings& settings, Output& output);
int describe_lake(const Settings& settings, Output& output); // as JSON, for templates

// The days of the lake, in a folder or in S3, of one shop or of all. `status` answers 1 when something is damaged or
// missing, `close` when a day that is over could not be closed.
int show_lake(Bookstore& store, const Options& options, Output& output);
int close_lake_days(Bookstore& store, const Options& options, Output& output);

// One SELECT over a shop's part of the lake.
int analytics_sql(Bookstore& store, const Options& options, Output& output);

int search(Bookstore& store, const Options& options, Output& output);
// Whether the index of a shop, or of all, is as the store is: 1 when something differs (with `mend`: still differs).
int verify_search(Bookstore& store, const Options& options, Output& output);
int rebuild_search(Bookstore& store, const Options& options, Output& output);

// The processors of the change stream.
int show_streams(Bookstore& store, const Options& options, Output& output);
int replay_stream(Bookstore& store, const Options& options, Output& output);
int list_dead_letters(Bookstore& store, const Options& options, Output& output);
int replay_dead_letters(Bookstore& store, const Options& options, Output& output);

} // namespace commands
} // namespace estante
