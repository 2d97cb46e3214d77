#include "hosts/cli/command_table.hpp"

#include "hosts/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace estante {

namespace {

using enum ValueType;

constexpr std::string_view table_settings[] = {"stage", "aws-region", "dynamodb-endpoint", "sts-endpoint"};
constexpr std::string_view folder_settings[] = {"data", "stage", "aws-region", "dynamodb-endpoint", "sts-endpoint"};
constexpr std::string_view store_settings[] = {
    "data",         "store", "stage",      "aws-region", "aws-tenant-role", "dynamodb-endpoint",
    "sts-endpoint", "lake",  "s3-endpoint"};
constexpr std::string_view lake_settings[] = {"lake",          "s3-endpoint",   "s3-addressing", "stage",
                                              "lake-database", "glue-endpoint", "aws-region",    "sts-endpoint"};

std::span<const std::string_view> all_settings()
{
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> list;
        for (const OptionGroup& group : setting_groups()) {
            for (const OptionRow& row : group.rows)
                list.push_back(row.name);
        }
        return list;
    }();
    return names;
}

constexpr OptionRow shop{
    .name = "shop", .unit = "SHOP", .help = "the shop", .is_required = true, .is_positional = true, .key = "tenant_id"};
constexpr OptionRow email{
    .name = "email", .unit = "EMAIL", .help = "e-mail of the account", .is_required = true, .is_positional = true};
constexpr OptionRow account_name{.name = "name", .unit = "NAME", .help = "name of the account's owner"};
constexpr OptionRow password_from_stdin{
    .name = "password-stdin", .type = flag, .help = "read the password from standard input instead of asking for it"};
constexpr OptionRow of_shop{
    .name = "tenant", .unit = "SHOP", .help = "the shop", .is_required = true, .key = "tenant_id"};
constexpr OptionRow only_shop{
    .name = "tenant", .unit = "SHOP", .default_note = "all shops", .help = "only this shop", .key = "tenant_id"};
constexpr OptionRow of_processor{.name = "processor",
                                 .unit = "PROCESSOR",
                                 .help = "name of the processor, as `estante streams status` shows it",
                                 .is_required = true};
constexpr OptionRow only_processor{.name = "processor",
                                   .unit = "PROCESSOR",
                                   .default_note = "all processors",
                                   .help = "name of the processor, as `estante streams status` shows it"};

std::vector<CommandRow> make_table()
{
    return {
        {.path = "serve",
         .help = "Serve the shops of a data folder",
         .function = &commands::serve,
         .settings = all_settings()},
        {.path = "demo",
         .help = "Load two demonstration shops into an empty data folder and serve them",
         .function = &commands::demo,
         .settings = all_settings()},
        {.path = "config",
         .help = "Show each setting, its value and the source of the value",
         .function = &commands::show_config,
         .settings = all_settings()},
        {.path = "version", .help = "Show the version", .function = &commands::show_version},

        {.path = "operator", .help = "Accounts of the platform's own staff"},
        {.path = "operator create",
         .help = "Create an operator account",
         .function = &commands::create_operator,
         .settings = store_settings,
         .options = {email, account_name, password_from_stdin},
         .asks_password = true},

        {.path = "tenant", .help = "Shops"},
        {.path = "tenant create",
         .help = "Create a shop and invite its manager",
         .function = &commands::create_tenant,
         .settings = store_settings,
         .options = {{.name = "shop",
                      .unit = "SHOP",
                      .help = "id of the shop in URLs: 2 to 40 characters of a-z, 0-9 and -",
                      .is_required = true,
                      .is_positional = true,
                      .key = "tenant_id"},
                     {.name = "name", .unit = "NAME", .help = "display name", .is_required = true},
                     {.name = "manager",
                      .unit = "EMAIL",
                      .help = "e-mail of its manager",
                      .is_required = true,
                      .key = "manager_email"},
                     {.name = "language", .unit = "ISO-639-1", .default_value = "es", .help = "language"},
                     {.name = "currency", .unit = "ISO-4217", .default_value = "EUR", .help = "currency"},
                     {.name = "vat-rate",
                      .unit = "PERCENT",
                      .default_value = "4",
                      .help = "VAT rate of its books",
                      .key = "vat_rate"}}},
        {.path = "tenant list",
         .help = "List all shops",
         .function = &commands::list_tenants,
         .settings = store_settings},
        {.path = "tenant suspend",
         .help = "Suspend a shop: every request is refused until it is resumed",
         .function = &commands::suspend_tenant,
         .settings = store_settings,
         .options = {shop}},
        {.path = "tenant resume",
         .help = "Reopen a shop that is suspended, or read-only after an interrupted move",
         .function = &commands::resume_tenant,
         .settings = store_settings,
         .options = {shop}},
        {.path = "tenant invite",
         .help = "Invite another manager",
         .function = &commands::invite_manager,
         .settings = store_settings,
         .options = {shop,
                     {.name = "email",
                      .unit = "EMAIL",
                      .help = "e-mail of the manager",
                      .is_required = true,
                      .is_positional = true,
                      .key = "manager_email"}}},

        {.path = "user", .help = "Accounts of a shop"},
        {.path = "user create",
         .help = "Create an account",
         .function = &commands::create_user,
         .settings = store_settings,
         .options = {shop,
                     email,
                     {.name = "role",
                      .type = choice,
                      .unit = "customer|manager",
                      .default_value = "customer",
                      .help = "rights of the account"},
                     account_name,
                     password_from_stdin},
         .asks_password = true},
        {.path = "user list",
         .help = "List the accounts of a shop",
         .function = &commands::list_users,
         .settings = store_settings,
         .options = {shop}},

        {.path = "import",
         .help = "Import a catalogue: goodbooks-10k, Project Gutenberg, Estante's CSV or NDJSON, plain or gzip",
         .function = &commands::import_catalogue,
         .settings = store_settings,
         .options = {{.name = "file",
                      .type = file,
                      .unit = "FILE",
                      .help = "the catalogue",
                      .is_required = true,
                      .is_positional = true},
                     of_shop,
                     {.name = "category",
                      .unit = "CATEGORY",
                      .default_value = "Unclassified",
                      .help = "category of rows that name none"},
                     {.name = "price",
                      .unit = "AMOUNT",
                      .default_note = "rows without a price are imported without one",
                      .help = "price of rows that name none, in the shop's currency"},
                     {.name = "on-hand",
                      .unit = "COPIES",
                      .default_value = "0",
                      .help = "stock of new books whose rows name none",
                      .key = "on_hand"},
                     {.name = "source",
                      .unit = "NAME",
                      .default_note = "the source that the file names",
                      .help = "source of the rows; a row is known by its source and id"},
                     {.name = "all-refused", .type = flag, .help = "show every refused row instead of the first 20"}}},

        {.path = "copy",
         .help = "Copy all shops to another store, or move one shop",
         .function = &commands::copy,
         .settings = table_settings,
         .options =
             {{.name = "from", .unit = "sqlite:FOLDER|dynamodb:STAGE", .help = "source store", .is_required = true},
              {.name = "to", .unit = "sqlite:FOLDER|dynamodb:STAGE", .help = "target store", .is_required = true},
              {.name = "tenant",
               .unit = "SHOP",
               .default_note = "all shops are copied",
               .help = "move only this shop; it sells on and is read-only for seconds at the end",
               .key = "tenant_id"},
              {.name = "replace", .type = flag, .help = "delete items of the target that the source lacks"}},
         .address_options = {"from", "to"}},
        {.path = "backup",
         .help = "Back up a data folder while it is served",
         .function = &commands::backup,
         .settings = folder_settings,
         .options = {{.name = "to",
                      .type = folder,
                      .unit = "FOLDER",
                      .help = "folder of the backup, new or empty",
                      .is_required = true}}},
        {.path = "restore",
         .help = "Restore a backup into a new data folder",
         .function = &commands::restore,
         .settings = folder_settings,
         .options =
             {{.name = "from", .type = folder, .unit = "FOLDER", .help = "folder of the backup", .is_required = true}}},

        {.path = "tables", .help = "The DynamoDB tables of a stage"},
        {.path = "tables create",
         .help = "Create the missing ones of a stage's three tables",
         .function = &commands::create_tables,
         .settings = table_settings},
        {.path = "tables check",
         .help = "Report how the tables differ from their expected definition",
         .function = &commands::check_tables,
         .settings = table_settings},

        {.path = "lake", .help = "The data lake: its days, its bucket in S3 and its tables in Glue"},
        {.path = "lake status",
         .help = "Show closed and open days, damaged and missing objects",
         .function = &commands::show_lake,
         .settings = store_settings,
         .options = {only_shop}},
        {.path = "lake close",
         .help = "Close the days that ended six hours ago or more, and roll up their months, as the server does",
         .function = &commands::close_lake_days,
         .settings = store_settings,
         .options = {only_shop,
                     {.name = "day",
                      .unit = "YYYY-MM-DD",
                      .default_note = "all that are due",
                      .help = "only this UTC day, from its end on"}}},
        {.path = "lake create",
         .help = "Create the bucket and the Glue tables that are missing",
         .function = &commands::create_lake,
         .settings = lake_settings},
        {.path = "lake check",
         .help = "Report how bucket and Glue tables differ from their expected definition",
         .function = &commands::check_lake,
         .settings = lake_settings},
        {.path = "lake describe",
         .help = "Print the Glue tables as JSON, for templates",
         .function = &commands::describe_lake,
         .settings = lake_settings},

        {.path = "analytics", .help = "Business figures"},
        {.path = "analytics sql",
         .help = "Query one shop's lake: the views purchases, purchase_items, books, daily_summary",
         .function = &commands::analytics_sql,
         .settings = store_settings,
         .options = {{.name = "sql",
                      .unit = "SQL",
                      .help = "one SELECT statement",
                      .is_required = true,
                      .is_positional = true},
                     of_shop,
                     {.name = "csv", .type = flag, .help = "print CSV"},
                     {.name = "parquet",
                      .type = file,
                      .unit = "FILE",
                      .default_note = "rows are printed",
                      .help = "write all rows to this new Parquet file",
                      .conflicts_with = "csv"},
                     {.name = "overwrite",
                      .type = flag,
                      .help = "replace the Parquet file if it exists",
                      .needs = "parquet"}}},

        {.path = "search", .help = "Search a shop's books; verify, repair or rebuild its search index"},
        {.path = "search query",
         .help = "Search a shop's books. The word `query` may be left out",
         .function = &commands::search,
         .settings = store_settings,
         .options = {{.name = "tenant",
                      .unit = "SHOP",
                      .default_note = "the first word",
                      .help = "the shop",
                      .key = "tenant_id"},
                     {.name = "words",
                      .unit = "WORDS",
                      .help = "the shop, unless --tenant names it, then the words to search for",
                      .is_positional = true,
                      .is_repeated = true},
                     {.name = "category",
                      .unit = "CATEGORY",
                      .default_note = "all categories",
                      .help = "only books of this category"},
                     {.name = "sort",
                      .type = choice,
                      .unit = "relevance|rating|price|-price|year|title|updated",
                      .default_value = "relevance",
                      .help = "order of the books"},
                     {.name = "limit",
                      .type = whole_number,
                      .unit = "BOOKS",
                      .default_value = "20",
                      .help = "largest number of books",
                      .min = 1,
                      .max = 100}},
         .is_default = true},
        {.path = "search verify",
         .help = "Report how the search index differs from the store",
         .function = &commands::verify_search,
         .settings = store_settings,
         .options = {only_shop,
                     {.name = "examples",
                      .type = whole_number,
                      .unit = "BOOKS",
                      .default_value = "10",
                      .help = "largest number of differing books to list per shop",
                      .max = 1000},
                     {.name = "repair",
                      .type = flag,
                      .help = "write the books that differ to the index while it serves",
                      .old_name = "mend"}}},
        {.path = "search rebuild",
         .help = "Rebuild the search index from the store while the old one serves",
         .function = &commands::rebuild_search,
         .settings = store_settings,
         .options = {only_shop}},

        {.path = "streams", .help = "The processors of the change stream: search index, lake, figures"},
        {.path = "streams status",
         .help = "Show the lag and the dead letters of each processor",
         .function = &commands::show_streams,
         .settings = store_settings},
        {.path = "streams replay",
         .help = "Replay changes to a processor; nothing is counted twice",
         .function = &commands::replay_stream,
         .settings = store_settings,
         .options = {of_processor,
                     {.name = "from",
                      .unit = "TIME|beginning",
                      .help =
                          "a time within the retention of the stream (24 hours or more), as 2026-01-31T09:30:00Z or "
                          "2026-01-31; beginning replays every item of the tables",
                      .is_required = true}}},
        {.path = "streams dead-letters", .help = "Changes that a processor could not process"},
        {.path = "streams dead-letters list",
         .help = "List them with their reasons",
         .function = &commands::list_dead_letters,
         .settings = store_settings,
         .options = {only_processor}},
        {.path = "streams dead-letters replay",
         .help = "Process them again; a change that succeeds is no longer a dead letter",
         .function = &commands::replay_dead_letters,
         .settings = store_settings,
         .options = {only_processor}},

        {.path = "completion",
         .help = "Print a completion script for a shell: source <(estante completion bash)",
         .function = &commands::print_completion,
         .options = {{.name = "shell",
                      .type = choice,
                      .unit = "bash|zsh|fish",
                      .help = "the shell",
                      .is_required = true,
                      .is_positional = true}}},
        {.path = "man",
         .help = "Print the manual page: estante man > estante.1; man ./estante.1",
         .function = &commands::print_manual},
    };
}

} // namespace

const std::vector<CommandRow>& command_table()
{
    static const std::vector<CommandRow> table = make_table();
    return table;
}

std::vector<OptionGroup> option_groups(const CommandRow& command)
{
    std::vector<OptionGroup> groups;
    if (!command.options.empty())
        groups.push_back({own_options, command.options});
    if (command.settings.empty())
        return groups;
    groups.push_back({"Settings", {config_option}});
    for (const OptionGroup& group : setting_groups()) {
        OptionGroup chosen{group.title, {}};
        std::ranges::copy_if(group.rows, std::back_inserter(chosen.rows), [&command](const OptionRow& row) {
            return std::ranges::find(command.settings, row.name) != command.settings.end();
        });
        if (!chosen.rows.empty())
            groups.push_back(std::move(chosen));
    }
    return groups;
}

std::string describe(const OptionRow& option)
{
    std::string text(option.help);
    if (option.type == whole_number)
        text += fmt::format(", {} to {}", option.min, option.max);
    if (!option.needs.empty())
        text += fmt::format("; needs --{}", option.needs);
    if (!option.conflicts_with.empty())
        text += fmt::format("; not with --{}", option.conflicts_with);
    if (!option.default_value.empty())
        text += fmt::format(" [default: {}]", option.default_value);
    else if (!option.default_note.empty())
        text += fmt::format(" [default: {}]", option.default_note);
    return text;
}

std::vector<const CommandRow*> children(std::string_view group)
{
    std::vector<const CommandRow*> found;
    const std::string prefix = group.empty() ? "" : std::string(group) + " ";
    for (const CommandRow& row : command_table()) {
        if (row.path.starts_with(prefix) && row.path.find(' ', prefix.size()) == std::string_view::npos)
            found.push_back(&row);
    }
    return found;
}

std::string_view last_word(std::string_view path)
{
    return path.substr(path.rfind(' ') + 1);
}

} // namespace estante
