#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system/system.hpp"
#include "codec/json.hpp"
#include "hosts/cli/command_tools.hpp"
#include "hosts/cli/store_site.hpp"
#include "moves/move_tenant.hpp"
#include "records/tenants.hpp"
#include "runtime/run_task.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>
#include <stdexcept>

namespace estante::commands {

namespace {

namespace fs = std::filesystem;
using moves::CopyProgress;
using moves::ItemCopier;
using moves::MoveReport;

constexpr std::size_t rounds_of_comparison = 3;

struct Wanted {
    StoreAddress from;
    StoreAddress to;
    std::optional<TenantId> tenant{};
    bool replaces = false;

    std::string text() const { return fmt::format("{} {} {}", from.text(), to.text(), tenant ? tenant->value : "-"); }
    std::string digest() const { return hex(sha256(text())).substr(0, 12); }
};

// Where a copy that was cut off goes on: a file beside the data folder, which the stores' names choose.
class KeptProgress {
public:
    KeptProgress(const Wanted& wanted, const fs::path& folder) : text_(wanted.text())
    {
        const auto name = fmt::format("copy-{}.json", wanted.digest());
        const StoreAddress* sqlite = nullptr;
        for (const StoreAddress* address : {&wanted.to, &wanted.from})
            sqlite = address->engine == StoreAddress::Engine::sqlite ? address : sqlite;
        path_ = sqlite ? fs::path(sqlite->place + "." + name) : folder / ("estante-" + name);
    }

    std::optional<CopyProgress> load() const
    {
        std::ifstream file(path_);
        if (!file)
            return std::nullopt;
        const std::string text(std::istreambuf_iterator<char>(file), {});
        const auto value = json::parse(text);
        const Value* progress = value && value->if_map() ? find(*value->if_map(), "progress") : nullptr;
        if (!progress || !progress->if_map() || text_of(*value->if_map(), "copy") != text_)
            throw std::runtime_error(fmt::format("{} is no progress of this copy; remove it to begin anew", name()));
        return moves::progress_from(*progress->if_map());
    }
    void save(const CopyProgress& progress) const
    {
        const fs::path written = path_.native() + ".new";
        std::ofstream file(written, std::ios::trunc);
        file << json::to_text(Value(Map{{"copy", text_}, {"progress", to_map(progress)}})) << '\n';
        file.close();
        std::error_code error;
        fs::rename(written, path_, error);
        if (!file || error)
            throw std::runtime_error(fmt::format("cannot write {}", name()));
    }
    void remove() const
    {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }
    std::string name() const { return path_.native(); }

private:
    std::string text_;
    fs::path path_;
};

// What is shown while it runs. It ends the copy when nobody waits for it any more.
class Progress {
public:
    Progress(Output& output, std::int64_t total) : output_(output), total_(total) {}

    void copied(const CopyProgress& progress)
    {
        if (due())
            output_.progress(total_ > 0 && progress.phase <= moves::CopyPhase::items
                                 ? bar(progress.items)
                                 : fmt::format("{} items copied", progress.items));
    }
    void compared()
    {
        if (++compared_; compared_ % 1000 == 0 && due())
            output_.progress(fmt::format("comparing, {} items", compared_));
    }

private:
    Output& output_;
    std::int64_t total_; // 0: not known
    std::int64_t compared_ = 0;
    std::chrono::steady_clock::time_point shown_{};

    bool due()
    {
        if (output_.gone())
            throw std::runtime_error("the copy was stopped; repeat the command to go on");
        const auto now = std::chrono::steady_clock::now();
        if (now - shown_ < std::chrono::milliseconds(100))
            return false;
        shown_ = now;
        return true;
    }
    std::string bar(std::int64_t items) const
    {
        constexpr std::int64_t width = 30;
        const auto filled = std::min(width, items * width / total_);
        return fmt::format("[{:#<{}}{:.<{}}] {:3} %  {} of {} items", "", filled, "", width - filled,
                           std::min<std::int64_t>(100, items * 100 / total_), items, total_);
    }
};

std::int64_t total_of(Store& store, const Wanted& wanted)
{
    auto* sqlite = dynamic_cast<SqliteStore*>(&store);
    return sqlite && !wanted.tenant ? sqlite->count_items().value_or(0) : 0;
}

// A line a tenant, and what differs. The exit code.
int print_comparison(const ItemCopier::Comparison& comparison, Output& output)
{
    std::set<std::string> different;
    for (const auto& difference : comparison.differ)
        different.insert(difference.tenant);
    output.line(fmt::format("{:<40} {:>10}  {}", "tenant", "items", "digest"));
    for (const auto& [tenant, tables] : comparison.from)
        output.line(fmt::format("{:<40} {:>10}  {}", tenant, moves::count_items(tables),
                                different.contains(tenant) ? "DIFFERENT" : "equal"));
    for (const auto& difference : comparison.differ)
        output.error(fmt::format("{}, {}: {} items in the source, {} in the target", difference.tenant,
                                 name_of(difference.table), difference.from.items, difference.to.items));
    if (!different.empty())
        output.error(fmt::format("estante: different: {}", fmt::join(different, ", ")));
    return different.empty() ? 0 : 1;
}

class Copy {
public:
    Copy(const Wanted& wanted, Store& from, Store& to, Clock& clock, const KeptProgress& kept, Output& output)
        : wanted_(wanted),
          kept_(kept),
          output_(output),
          shown_(output, total_of(from, wanted)),
          copier_(from, to, clock,
                  {.scope = {wanted.tenant},
                   .processor = std::string(transient_processors) + wanted.digest(),
                   .save =
                       [this](const CopyProgress& progress) {
                           kept_.save(progress);
                           shown_.copied(progress);
                       },
                   .compared = [this] { shown_.compared(); }})
    {
    }

    int run()
    {
        const auto kept = kept_.load();
        const bool anew = kept && wanted_.replaces && !kept->replaces && kept->phase != moves::CopyPhase::switching;
        if (kept && !anew) {
            progress_ = *kept;
            output_.line(fmt::format("going on where the copy was cut off, after {} items", progress_.items));
        } else if (const auto has_items = answer(copier_.target_has_items()); has_items && !wanted_.replaces) {
            throw std::runtime_error(fmt::format("{} has items{} already; --replace makes them equal to the source's",
                                                 wanted_.to.text(),
                                                 wanted_.tenant ? " of " + wanted_.tenant->value : ""));
        } else {
            progress_.replaces = has_items;
        }
        return wanted_.tenant ? move() : copy_all();
    }

private:
    const Wanted& wanted_;
    const KeptProgress& kept_;
    Output& output_;
    Progress shown_;
    ItemCopier copier_;
    CopyProgress progress_;

    template <class T> T answer(Task<Result<T, std::string>> task)
    {
        auto done = run_task(std::move(task));
        output_.progress("");
        if (!done)
            throw std::runtime_error(done.error());
        if constexpr (!std::is_void_v<T>)
            return std::move(*done);
    }

    int copy_all()
    {
        answer(copier_.copy(progress_));
        const auto comparison = answer(copier_.compare(progress_, rounds_of_comparison));
        const int code = print_comparison(comparison, output_);
        if (code == 0)
            kept_.remove();
        else
            output_.error(
                "estante: whoever wrote to the source meanwhile may be why: repeat the command when nobody does");
        return code;
    }

    int move()
    {
        const MoveReport report = answer(move_tenant(copier_, progress_));
        const auto& tenant = wanted_.tenant->value;
        const int code = print_comparison(report.comparison, output_);
        if (!report.switched) {
            output_.error(fmt::format("estante: {} was not moved: {}; it is open where it was", tenant, report.reason));
            return 1;
        }
        kept_.remove();
        output_.line(
            fmt::format("{} is open in {} and suspended in {}", tenant, wanted_.to.text(), wanted_.from.text()));
        if (report.reason.empty())
            return code;
        output_.error(fmt::format("estante: {}", report.reason));
        return 1;
    }
};

void check_tenant(Store& store, const Wanted& wanted)
{
    if (!wanted.tenant)
        return;
    TenantItems items(*wanted.tenant, store.items());
    const auto tenant = run_task(find_tenant(items));
    if (!tenant)
        throw std::runtime_error(fmt::format("{} is unavailable: {}", wanted.from.text(), tenant.error().detail));
    if (!*tenant)
        throw std::runtime_error(fmt::format("there is no shop '{}' in {}", wanted.tenant->value, wanted.from.text()));
}

} // namespace

int copy(const StoreSite& site, const Options& options, Output& output)
{
    Wanted wanted{.from = address_at(site, option(options, "from")),
                  .to = address_at(site, option(options, "to")),
                  .replaces = options.contains("replace")};
    if (wanted.from == wanted.to)
        throw std::runtime_error(fmt::format("{} cannot be copied to itself", wanted.from.text()));
    if (const auto& name = option(options, "tenant_id"); !name.empty()) {
        wanted.tenant = TenantId::parse(name);
        if (!wanted.tenant || !is_shop(*wanted.tenant))
            throw std::runtime_error(fmt::format("there is no shop '{}'", name));
    }
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    const SiteStore from(site, wanted.from, SiteStore::If::exists, *clock, *random);
    check_tenant(from.store(), wanted);
    const SiteStore to(site, wanted.to, SiteStore::If::any, *clock, *random);
    const KeptProgress kept(wanted, site.folder);
    return Copy(wanted, from.store(), to.store(), *clock, kept, output).run();
}

} // namespace estante::commands
