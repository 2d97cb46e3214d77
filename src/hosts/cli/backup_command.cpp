#include "adapters/sqlite/backup.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system/system.hpp"
#include "hosts/cli/command_options.hpp"
#include "hosts/cli/command_store.hpp"
#include "records/tenants.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <system_error>

namespace estante::commands {

namespace {

namespace fs = std::filesystem;

// The files of a backup beside the database. Without the keys all tokens and guest carts would become invalid.
constexpr const char* other_files[] = {"keys", "DEMONSTRATION"};

void copy_private_file(const fs::path& from, const fs::path& to)
{
    fs::copy_file(from, to);
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
    sqlite::sync_to_disk(to);
}

void copy_other_files(const fs::path& from, const fs::path& to)
{
    for (const char* name : other_files) {
        if (fs::exists(from / name))
            copy_private_file(from / name, to / name);
    }
    sqlite::sync_to_disk(to);
}

// A folder that only its owner can read; it must be new or empty. Without commit() its content is removed again.
class AtomicFolder {
public:
    explicit AtomicFolder(fs::path path) : path_(std::move(path))
    {
        if (fs::exists(path_) && !fs::is_directory(path_))
            throw std::runtime_error(fmt::format("{} is not a folder", path_.native()));
        if (fs::exists(path_) && !fs::is_empty(path_))
            throw std::runtime_error(fmt::format("{} is not empty", path_.native()));
        is_created_ = fs::create_directories(path_);
        fs::permissions(path_, fs::perms::owner_all);
    }
    ~AtomicFolder()
    {
        if (is_committed_)
            return;
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(path_, ignored))
            fs::remove_all(entry.path(), ignored);
        if (is_created_)
            fs::remove(path_, ignored);
    }
    AtomicFolder(const AtomicFolder&) = delete;
    AtomicFolder& operator=(const AtomicFolder&) = delete;

    void commit() { is_committed_ = true; }

private:
    fs::path path_;
    bool is_created_ = false;
    bool is_committed_ = false;
};

std::size_t count_shops(Store& store)
{
    std::size_t shops = 0;
    std::optional<Cursor> after;
    do {
        auto page = run_task(store.items().query(tenants_query(1000, after)));
        if (!page)
            throw std::runtime_error(fmt::format("the shops cannot be read: {}", page.error().detail));
        shops += page->items.size();
        after = std::move(page->next);
    } while (after);
    return shops;
}

StoreAddress data_address(const StoreContext& context)
{
    if (context.served_store)
        return resolve_address(context, context.served_address.text());
    return resolve_address(context, "sqlite:" + context.settings.text("data"));
}

} // namespace

int backup(const StoreContext& context, const Options& options, Output& output)
{
    const StoreAddress address = data_address(context);
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    const CommandStore source(context, address, CommandStore::IfMissing::fail, *clock, *random);
    auto* store = dynamic_cast<SqliteStore*>(&source.store());
    if (!store)
        throw std::runtime_error(fmt::format("{} is not a data folder: use the backups of DynamoDB", address.text()));

    const fs::path to = fs::weakly_canonical(context.working_folder / option(options, "to"));
    AtomicFolder folder(to);
    output.progress("copying the database");
    const auto result = run_task(store->backup(database_in(to)));
    if (!result)
        throw std::runtime_error(fmt::format("cannot write the backup: {}", result.error().detail));
    copy_other_files(address.location, to);
    output.progress("checking the copy");
    const auto items = check_sqlite_file(database_in(to));
    folder.commit();
    output.progress("");
    output.line(fmt::format("{} shops, {} items in {}", count_shops(*store), items, to.native()));
    output.error(
        fs::exists(to / "keys")
            ? "The backup holds secrets: customers' data, password hashes and the keys that sign tokens."
            : "The backup holds secrets: customers' data and password hashes. It has no signing keys: they come from "
              "the settings.");
    return 0;
}

int restore(const StoreContext& context, const Options& options, Output& output)
{
    const fs::path from = fs::weakly_canonical(context.working_folder / option(options, "from"));
    const fs::path to = resolve_address(context, "sqlite:" + context.settings.text("data")).location;
    if (context.served_store)
        throw FolderInUse(fmt::format("{} is in use by another estante process", to.native()));
    if (!fs::exists(database_in(from)))
        throw std::runtime_error(fmt::format("{} is no backup: it has no estante.db", from.native()));
    if (const auto wal = fs::path(database_in(from).native() + "-wal"); fs::exists(wal) && !fs::is_empty(wal))
        throw std::runtime_error(fmt::format("{} is no backup but a data folder in use", from.native()));
    output.progress("checking the backup");
    const auto items = check_sqlite_file(database_in(from));
    if (fs::exists(to / "lock"))
        const DataFolder probe(to); // throws when it is in use

    AtomicFolder folder(to);
    output.progress("copying");
    copy_private_file(database_in(from), database_in(to));
    copy_other_files(from, to);
    sqlite::sync_to_disk(to.parent_path());
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    const CommandStore store(context, StoreAddress{.location = to.native()}, CommandStore::IfMissing::fail, *clock,
                             *random);
    const auto shops = count_shops(store.store());
    folder.commit();
    output.progress("");
    output.line(fmt::format("{} shops, {} items in {}", shops, items, to.native()));
    if (!fs::exists(to / "keys"))
        output.error("The backup has no keys: without the setting signing-keys new ones are generated, and all users "
                     "must log in again.");
    return 0;
}

} // namespace estante::commands
