#include "hosts/cli/command_line.hpp"

#include "hosts/cli/commands.hpp"
#include "hosts/open_store.hpp"
#include "hosts/settings.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <list>
#include <span>
#include <sstream>
#include <string_view>

namespace estante {

namespace {

// The settings that make sense for every command that opens a store.
constexpr std::string_view store_settings[] = {
    "data",         "store", "stage",      "aws-region", "aws-tenant-role", "dynamodb-endpoint",
    "sts-endpoint", "lake",  "s3-endpoint"};
constexpr std::string_view lake_settings[] = {"lake",          "s3-endpoint",   "s3-addressing", "stage",
                                              "lake-database", "glue-endpoint", "aws-region",    "sts-endpoint"};
constexpr std::string_view table_settings[] = {"stage", "aws-region", "dynamodb-endpoint", "sts-endpoint"};

class Parser {
public:
    explicit Parser(const Invocation& invocation) : invocation_(invocation)
    {
        app_.require_subcommand(1);
        app_.set_help_flag("--help,-h", "this text");
        add_hosts();
        add_store_commands();
    }

    Command parse()
    {
        const auto arguments = with_query_named(invocation_.arguments);
        refuse_unknown_command(arguments);
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        try {
            app_.parse(std::move(reversed));
        } catch (const CLI::ParseError& error) {
            std::ostringstream out;
            std::ostringstream err;
            const int code = app_.exit(error, out, err);
            throw UsageError{code == 0 ? out.str() : err.str(), code == 0 ? 0 : 2};
        }
        return std::move(command_);
    }

private:
    using Run = int (*)(Bookstore&, const Options&, Output&);

    const Invocation& invocation_;
    CLI::App app_{"Estante: many bookshops on one server", "estante"};
    Command command_;
    std::list<Options> options_; // of each store command; stable addresses

    void add_setting(CLI::App& app, std::string_view name)
    {
        const auto row = std::ranges::find(setting_rows(), name, &SettingRow::name);
        app.add_option_function<std::string>(
            "--" + std::string(name),
            [this, key = std::string(name)](const std::string& value) { command_.flags[key] = value; },
            std::string(row->help) + (row->fallback.empty() ? "" : " [" + std::string(row->fallback) + "]"));
    }

    // CLI11 only says that a command is missing.
    void refuse_unknown_command(const std::vector<std::string>& arguments) const
    {
        std::string path = "estante";
        const CLI::App* at = &app_;
        for (const std::string& word : arguments) {
            const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
            if (commands.empty() || word.starts_with('-'))
                return;
            const auto named = std::ranges::find(commands, word, [](const CLI::App* app) { return app->get_name(); });
            if (named == commands.end()) {
                std::vector<std::string> names;
                std::ranges::transform(commands, std::back_inserter(names), &CLI::App::get_name);
                throw UsageError{
                    fmt::format("{}: there is no command '{}'; there are: {}\n", path, word, fmt::join(names, ", ")),
                    2};
            }
            at = *named;
            path += " " + word;
        }
    }

    CLI::App* host(const char* name, const char* help, Command::Kind kind)
    {
        CLI::App* app = app_.add_subcommand(name, help);
        app->add_option("--config", command_.file, "TOML file with settings");
        app->final_callback([this, kind] { command_.kind = kind; });
        return app;
    }

    void add_hosts()
    {
        CLI::App* serve = host("serve", "Serve the shops of a data folder", Command::Kind::serve);
        CLI::App* demo =
            host("demo", "Load two demonstration shops into an empty folder and serve them", Command::Kind::demo);
        CLI::App* config = host("config", "Show each setting and where it came from", Command::Kind::config);
        for (CLI::App* app : {serve, demo, config}) {
            for (const SettingRow& row : setting_rows())
                add_setting(*app, row.name);
        }
        app_.add_subcommand("version", "Show the version")->final_callback([this] {
            command_.kind = Command::Kind::version;
        });
    }

    // A command between stores; `addresses` are the options that may name a data folder, of which one may be served.
    CLI::App* stores_command(const char* name, const char* help, int (*run)(const StoreSite&, const Options&, Output&),
                             std::vector<std::string> addresses)
    {
        CLI::App* app = app_.add_subcommand(name, help);
        app->add_option("--config", command_.file, "TOML file with settings");
        for (const auto setting : table_settings)
            add_setting(*app, setting);
        if (addresses.empty())
            add_setting(*app, "data");
        Options& options = options_.emplace_back();
        app->final_callback([this, run, &options, addresses = std::move(addresses)] {
            command_.kind = Command::Kind::on_stores;
            for (const auto& name : addresses) {
                if (const auto address = StoreAddress::parse(options[name]);
                    address.engine == StoreAddress::Engine::sqlite)
                    command_.folders.push_back(address.place);
            }
            command_.on_data = addresses.empty();
            command_.run_on_stores = [run, chosen = options](const StoreSite& site, Output& output) {
                return run(site, chosen, output);
            };
        });
        return app;
    }

    CLI::App* store_command(CLI::App* parent, const char* name, const char* help, Run run)
    {
        CLI::App* app = parent->add_subcommand(name, help);
        app->add_option("--config", command_.file, "TOML file with settings");
        for (const auto setting : store_settings)
            add_setting(*app, setting);
        Options& options = options_.emplace_back();
        app->final_callback([this, run, &options] {
            command_.kind = Command::Kind::on_store;
            options["folder"] = invocation_.folder;
            if (options.contains("password")) {
                command_.wants_password = true;
                options["password"] = invocation_.secret;
            }
            command_.run = [run, chosen = options](Bookstore& store, Output& output) {
                return run(store, chosen, output);
            };
        });
        return app;
    }

    // On AWS, without a store.
    void setup_command(CLI::App* parent, const char* name, const char* help, std::span<const std::string_view> settings,
                       int (*run)(const Settings&, Output&))
    {
        CLI::App* app = parent->add_subcommand(name, help);
        app->add_option("--config", command_.file, "TOML file with settings");
        for (const auto setting : settings)
            add_setting(*app, setting);
        app->final_callback([this, run] {
            command_.kind = Command::Kind::without_store;
            command_.run_without_store = run;
        });
    }

    // A positional or an option of a store command; "" as flag makes a positional.
    void text(CLI::App* app, const std::string& flag, const std::string& key, const char* help, bool required)
    {
        Options& options = options_.back();
        auto* option = app->add_option_function<std::string>(
            flag.empty() ? key : flag, [&options, key](const std::string& value) { options[key] = value; }, help);
        if (required)
            option->required();
    }

    void password(CLI::App* app)
    {
        app->add_flag_function(
            "--password-stdin", [](std::int64_t) {}, "read the password from standard input instead of asking for it");
        options_.back()["password"] = {}; // filled in once the command is known
    }

    CLI::App* group(const char* name, const char* help)
    {
        CLI::App* app = app_.add_subcommand(name, help);
        app->require_subcommand(1);
        return app;
    }

    void add_store_commands()
    {
        CLI::App* operators = group("operator", "The platform's own staff");
        CLI::App* app = store_command(operators, "create", "Make an operator account", commands::create_operator);
        text(app, "", "email", "e-mail", true);
        text(app, "--name", "name", "name", false);
        password(app);

        add_tenant_commands();

        CLI::App* users = group("user", "Accounts of a shop");
        app = store_command(users, "create", "Make an account", commands::create_user);
        text(app, "", "tenant_id", "the shop", true);
        text(app, "", "email", "e-mail", true);
        text(app, "--role", "role", "customer or manager [customer]", false);
        text(app, "--name", "name", "name", false);
        password(app);
        app = store_command(users, "list", "Show the accounts of a shop", commands::list_users);
        text(app, "", "tenant_id", "the shop", true);

        app = store_command(&app_, "import",
                            "Import a catalogue: goodbooks-10k, Project Gutenberg, our CSV or NDJSON, also .gz",
                            commands::import_catalogue);
        text(app, "", "file", "the catalogue", true);
        text(app, "--tenant", "tenant_id", "the shop", true);
        text(app, "--category", "category", "category of rows that name none [Unclassified]", false);
        text(app, "--price", "price", "price of rows that name none", false);
        text(app, "--on-hand", "on_hand", "copies of new books whose rows do not say [0]", false);
        text(app, "--source", "source", "name of the source, instead of the file's own", false);
        Options& options = options_.back();
        app->add_flag_function(
            "--all-refused", [&options](std::int64_t) { options["all-refused"] = "true"; },
            "show every refused row instead of the first 20");

        add_stores_commands();

        CLI::App* tables = group("tables", "The tables of a stage in DynamoDB");
        setup_command(tables, "create", "Make what is missing of a stage's three tables", table_settings,
                      commands::create_tables);
        setup_command(tables, "check", "Say how they differ from what they should be", table_settings,
                      commands::check_tables);

        CLI::App* lake = group("lake", "The data lake: its days, and its bucket and tables if it is in S3");
        app = store_command(lake, "status",
                            "Show which days are closed, what of the others is in no Parquet yet, and what is damaged",
                            commands::show_lake);
        text(app, "--tenant", "tenant_id", "only this shop's", false);
        app = store_command(lake, "close",
                            "Close now what the server closes in the background: days that ended six hours ago or "
                            "more, and the sums of their months",
                            commands::close_lake_days);
        text(app, "--tenant", "tenant_id", "only this shop's", false);
        text(app, "--day", "day", "only this day, as 2026-01-31 (UTC), also within the six hours after its end", false);
        setup_command(lake, "create", "Make what is missing of its bucket and of its tables in Glue", lake_settings,
                      commands::create_lake);
        setup_command(lake, "check", "Say how they differ from what they should be", lake_settings,
                      commands::check_lake);
        setup_command(lake, "describe", "Print its tables as JSON, for templates", lake_settings,
                      commands::describe_lake);

        CLI::App* analytics = group("analytics", "Business figures");
        app = store_command(analytics, "sql",
                            "Ask one shop's lake: the views purchases, purchase_items, books, daily_summary",
                            commands::analytics_sql);
        text(app, "", "sql", "one SELECT", true);
        text(app, "--tenant", "tenant_id", "the shop", true);
        Options& sql = options_.back();
        auto* csv = app->add_flag_function("--csv", [&sql](std::int64_t) { sql["csv"] = "true"; }, "print CSV");
        text(app, "--parquet", "parquet", "write all rows to this file, which is not there yet, as Parquet", false);
        auto* parquet = app->get_option("--parquet")->excludes(csv);
        app->add_flag_function(
               "--overwrite", [&sql](std::int64_t) { sql["overwrite"] = "true"; }, "replace the file if it is there")
            ->needs(parquet);

        add_search_commands();
        add_streams_commands();
    }

    void add_streams_commands()
    {
        constexpr const char* processor_help = "its name, as streams status shows it";
        CLI::App* streams = group("streams", "The processors that follow the shops' changes: search, lake, figures");
        store_command(streams, "status", "Show how far behind each processor is, and its dead letters",
                      commands::show_streams);
        CLI::App* app = store_command(streams, "replay", "Give a processor changes again; nothing is counted twice",
                                      commands::replay_stream);
        text(app, "--processor", "processor", processor_help, true);
        text(app, "--from", "from",
             "a time, as 2026-01-31T09:30:00Z or 2026-01-31, within what the stream keeps (24 hours or more); or "
             "beginning: every item of the tables",
             true);
        CLI::App* letters = streams->add_subcommand("dead-letters", "Changes that a processor could not take in");
        letters->require_subcommand(1);
        app = store_command(letters, "list", "Show them with their reasons", commands::list_dead_letters);
        text(app, "--processor", "processor", processor_help, false);
        app = store_command(letters, "replay", "Try them again; those that are taken in are gone",
                            commands::replay_dead_letters);
        text(app, "--processor", "processor", processor_help, false);
    }

    // `search acme quijote` is short for `search query acme quijote`.
    static std::vector<std::string> with_query_named(std::vector<std::string> arguments)
    {
        constexpr std::string_view named[] = {"query", "verify", "rebuild", "--help", "-h"};
        if (arguments.size() > 1 && arguments[0] == "search" &&
            std::ranges::find(named, arguments[1]) == std::end(named))
            arguments.insert(arguments.begin() + 1, "query");
        return arguments;
    }

    void add_search_commands()
    {
        CLI::App* search = group("search", "Search a shop's books; see whether the search index is as the store is");
        CLI::App* app = store_command(search, "query",
                                      "Search a shop's books: search query SHOP WORDS…, "
                                      "search query --tenant SHOP WORDS…; the word query may go unsaid",
                                      commands::search);
        text(app, "--tenant", "tenant_id", "the shop", false); // before the words, which look whether it is there
        Options& options = options_.back();
        app->add_option_function<std::vector<std::string>>(
            "words",
            [&options](std::vector<std::string> words) {
                if (!options.contains("tenant_id")) {
                    options["tenant_id"] = words.front();
                    words.erase(words.begin());
                }
                if (!words.empty())
                    options["q"] = fmt::format("{}", fmt::join(words, " "));
            },
            "the shop, unless --tenant names it, and the words");
        text(app, "--category", "category", "only of this category", false);
        text(app, "--sort", "sort", "relevance, rating, price, -price, year, title or updated", false);
        text(app, "--limit", "limit", "1 to 100 [20]", false);

        app =
            store_command(search, "verify", "Say how the search index differs from the store", commands::verify_search);
        text(app, "--tenant", "tenant_id", "only this shop's", false);
        text(app, "--examples", "examples", "books named of each shop, 0 to 1000 [10]", false);
        Options& verify = options_.back();
        app->add_flag_function(
            "--mend", [&verify](std::int64_t) { verify["mend"] = "true"; }, "write what differs, while it serves");
        app = store_command(search, "rebuild", "Make the search index anew from the store, while the old one serves",
                            commands::rebuild_search);
        text(app, "--tenant", "tenant_id", "only this shop's", false);
    }

    void add_stores_commands()
    {
        CLI::App* app = stores_command("copy", "Copy all shops to another store, or move one of them", commands::copy,
                                       {"from", "to"});
        text(app, "--from", "from", "sqlite:FOLDER or dynamodb:STAGE", true);
        text(app, "--to", "to", "likewise", true);
        text(app, "--tenant", "tenant_id", "move this shop alone: it sells on until a moment of reading only", false);
        Options& options = options_.back();
        app->add_flag_function(
            "--replace", [&options](std::int64_t) { options["replace"] = "true"; },
            "remove what the target has and the source has not");
        app = stores_command("backup", "Copy a data folder while it is served", commands::backup, {});
        text(app, "--to", "to", "a new or empty folder", true);
        app = stores_command("restore", "Make a data folder of a backup", commands::restore, {});
        text(app, "--from", "from", "the backup's folder", true);
    }

    void add_tenant_commands()
    {
        CLI::App* tenants = group("tenant", "The shops");
        CLI::App* app = store_command(tenants, "create", "Open a shop and invite its manager", commands::create_tenant);
        text(app, "", "tenant_id", "its name in addresses: a-z, 0-9 and -, 2 to 40 characters", true);
        text(app, "--name", "name", "its name for people", true);
        text(app, "--manager", "manager_email", "e-mail of its manager", true);
        text(app, "--language", "language", "ISO 639-1 [es]", false);
        text(app, "--currency", "currency", "ISO 4217 [EUR]", false);
        text(app, "--vat-rate", "vat_rate", "per cent [4]", false);
        store_command(tenants, "list", "Show all shops", commands::list_tenants);
        app = store_command(tenants, "suspend", "Close a shop for everyone, for a while", commands::suspend_tenant);
        text(app, "", "tenant_id", "the shop", true);
        app = store_command(tenants, "resume", "Open a shop again that is suspended or was left read-only by a move",
                            commands::resume_tenant);
        text(app, "", "tenant_id", "the shop", true);
        app = store_command(tenants, "invite", "Invite another manager", commands::invite_manager);
        text(app, "", "tenant_id", "the shop", true);
        text(app, "", "manager_email", "e-mail", true);
    }
};

} // namespace

Command parse_command_line(const Invocation& invocation)
{
    Parser parser(invocation);
    return parser.parse();
}

} // namespace estante
