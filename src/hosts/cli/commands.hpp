// The functions of the command table, one per command. Each returns the exit code.
#pragma once

#include "hosts/cli/output.hpp"

#include <map>
#include <string>

namespace estante {

class Bookstore;
class Settings;
struct StoreContext;

// The options and positionals of a command by key. A flag that was given has the value "true". For a StoreCommand
// `working_folder` is the folder that relative file names start from.
using Options = std::map<std::string, std::string>;
inline constexpr const char* working_folder = "working-folder";

namespace commands {

// Run until SIGTERM or SIGINT.
int serve(const Settings& settings, Output& output);
int demo(const Settings& settings, Output& output);

int show_config(const Settings& settings, Output& output);
int show_version(const Options& options, Output& output);
int print_completion(const Options& options, Output& output);
int print_manual(const Options& options, Output& output);

int create_tenant(Bookstore& store, const Options& options, Output& output);
int list_tenants(Bookstore& store, const Options& options, Output& output);
int suspend_tenant(Bookstore& store, const Options& options, Output& output);
int resume_tenant(Bookstore& store, const Options& options, Output& output);
int invite_manager(Bookstore& store, const Options& options, Output& output);

int create_operator(Bookstore& store, const Options& options, Output& output);
int create_user(Bookstore& store, const Options& options, Output& output);
int list_users(Bookstore& store, const Options& options, Output& output);

int import_catalogue(Bookstore& store, const Options& options, Output& output);

// These open their stores themselves. They throw std::runtime_error with one line.
int copy(const StoreContext& context, const Options& options, Output& output);
int backup(const StoreContext& context, const Options& options, Output& output);
int restore(const StoreContext& context, const Options& options, Output& output);

// DynamoDB's tables. They need no store.
int create_tables(const Settings& settings, Output& output);
int check_tables(const Settings& settings, Output& output);

// The lake's bucket and its tables in Glue. They throw std::runtime_error with one line when the lake is a folder.
int create_lake(const Settings& settings, Output& output);
int check_lake(const Settings& settings, Output& output);
int describe_lake(const Settings& settings, Output& output); // as JSON, for templates

// The days of the lake, in a folder or in S3, of one shop or of all. `show_lake` returns 1 when an object is damaged or
// missing, `close_lake_days` when a day that has ended could not be closed.
int show_lake(Bookstore& store, const Options& options, Output& output);
int close_lake_days(Bookstore& store, const Options& options, Output& output);

// One SELECT over a shop's part of the lake.
int analytics_sql(Bookstore& store, const Options& options, Output& output);

int search(Bookstore& store, const Options& options, Output& output);
// Compares the index of one shop, or of all, with the store. Returns 1 when they differ; with --repair, when they still
// differ after the repair.
int verify_search(Bookstore& store, const Options& options, Output& output);
int rebuild_search(Bookstore& store, const Options& options, Output& output);

// The processors of the change stream.
int show_streams(Bookstore& store, const Options& options, Output& output);
int replay_stream(Bookstore& store, const Options& options, Output& output);
int list_dead_letters(Bookstore& store, const Options& options, Output& output);
int replay_dead_letters(Bookstore& store, const Options& options, Output& output);

} // namespace commands
} // namespace estante
