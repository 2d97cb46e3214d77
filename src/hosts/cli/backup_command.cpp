#include "adapters/sqlite/backup.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system/system.hpp"
#include "hosts/cli/command_tools.hpp"
#include "hosts/cli/store_site.hpp"
#include "records/tenants.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <system_error>

namespace estante::commands {

namespace {

namespace fs = std::filesystem;

// What a backup has beside the database: without the keys nobody's token and no guest's cart would be known again.
constexpr const char* other_files[] = {"keys", "DEMONSTRATION"};

void copy_private(const fs::path& from, const fs::path& to)
{
    fs::copy_file(from, to);
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
    sqlite::sync_to_disk(to);
}

void copy_other_files(const fs::path& from, const fs::path& to)
{
    for (const char* name : other_files) {
        if (fs::exists(from / name))
            copy_private(from / name, to / name);
    }
    sqlite::sync_to_disk(to);
}

// A folder for its owner alone, new or empty before. Unless it is kept, what came into it is removed again.
class NewFolder {
public:
    explicit NewFolder(fs::path path) : path_(std::move(path))
    {
        if (fs::exists(path_) && !fs::is_directory(path_))
            throw std::runtime_error(fmt::format("{} is no folder", path_.native()));
        if (fs::exists(path_) && !fs::is_empty(path_))
            throw std::runtime_error(fmt::format("{} is not empty", path_.native()));
        made_ = fs::create_directories(path_);
        fs::permissions(path_, fs::perms::owner_all);
    }
    ~NewFolder()
    {
        if (kept_)
            return;
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(path_, ignored))
            fs::remove_all(entry.path(), ignored);
        if (made_)
            fs::remove(path_, ignored);
    }
    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;

    void keep() { kept_ = true; }

private:
    fs::path path_;
    bool made_ = false;
    bool kept_ = false;
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

StoreAddress data_address(const StoreSite& site)
{
    if (site.served)
        return address_at(site, site.serving.text());
    return address_at(site, "sqlite:" + site.settings.text("data"));
}

} // namespace

int backup(const StoreSite& site, const Options& options, Output& output)
{
    const StoreAddress address = data_address(site);
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    const SiteStore source(site, address, SiteStore::If::exists, *clock, *random);
    auto* store = dynamic_cast<SqliteStore*>(&source.store());
    if (!store)
        throw std::runtime_error(fmt::format("{} is no data folder: AWS keeps backups of its tables", address.text()));

    const fs::path to = fs::weakly_canonical(site.folder / option(options, "to"));
    NewFolder folder(to);
    output.progress("copying the database");
    const auto done = run_task(store->backup(database_in(to)));
    if (!done)
        throw std::runtime_error(fmt::format("cannot write the backup: {}", done.error().detail));
    copy_other_files(address.place, to);
    output.progress("checking the copy");
    const auto items = check_sqlite_file(database_in(to));
    folder.keep();
    output.progress("");
    output.line(fmt::format("{} shops, {} items in {}", count_shops(*store), items, to.native()));
    output.error(
        fs::exists(to / "keys")
            ? "The backup holds secrets: customers' data, password hashes and the keys that sign tokens."
            : "The backup holds secrets: customers' data and password hashes. The keys that sign tokens are not "
              "in it: they come from the settings.");
    return 0;
}

int restore(const StoreSite& site, const Options& options, Output& output)
{
    const fs::path from = fs::weakly_canonical(site.folder / option(options, "from"));
    const fs::path to = address_at(site, "sqlite:" + site.settings.text("data")).place;
    if (site.served)
        throw FolderInUse(fmt::format("{} is in use by another estante process", to.native()));
    if (!fs::exists(database_in(from)))
        throw std::runtime_error(fmt::format("{} is no backup: it has no estante.db", from.native()));
    if (const auto wal = fs::path(database_in(from).native() + "-wal"); fs::exists(wal) && !fs::is_empty(wal))
        throw std::runtime_error(fmt::format("{} is a data folder in use, no backup", from.native()));
    output.progress("checking the backup");
    const auto items = check_sqlite_file(database_in(from));
    if (fs::exists(to / "lock"))
        const DataFolder probe(to); // refuses one that is in use with its own words

    NewFolder folder(to);
    output.progress("copying");
    copy_private(database_in(from), database_in(to));
    copy_other_files(from, to);
    sqlite::sync_to_disk(to.parent_path());
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    const SiteStore store(site, StoreAddress{.place = to.native()}, SiteStore::If::exists, *clock, *random);
    const auto shops = count_shops(store.store());
    folder.keep();
    output.progress("");
    output.line(fmt::format("{} shops, {} items in {}", shops, items, to.native()));
    if (!fs::exists(to / "keys"))
        output.error(
            "The backup has no keys: without the setting signing-keys new ones are made, and all log in anew.");
    return 0;
}

} // namespace estante::commands
