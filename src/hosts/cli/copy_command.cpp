#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system/system.hpp"
#include "codec/json.hpp"
#include "hosts/cli/command_options.hpp"
#include "hosts/cli/command_store.hpp"
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

constexpr std::size_t max_comparisons = 3;

struct CopyRequest {
    StoreAddress from;
    StoreAddress to;
    std::optional<TenantId> tenant{};
    bool replaces = false;

    std::string text() const { return fmt::format("{} {} {}", from.text(), to.text(), tenant ? tenant->value : "-"); }
    std::string digest() const { return hex(sha256(text())).substr(0, 12); }
};

// The progress file, from which an interrupted copy is resumed. It lies beside a data folder; its name has a digest of
// the request.
class ProgressFile {
public:
    ProgressFile(const CopyRequest& request, const fs::path& folder) : text_(request.text())
    {
        const auto name = fmt::format("copy-{}.json", request.digest());
        const StoreAddress* sqlite = nullptr;
        for (const StoreAddress* address : {&request.to, &request.from})
            sqlite = address->engine == StoreAddress::Engine::sqlite ? address : sqlite;
        path_ = sqlite ? fs::path(sqlite->location + "." + name) : folder / ("estante-" + name);
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
            throw std::runtime_error(
                fmt::format("{} is not the progress of this copy; remove it to start over", name()));
        return moves::progress_from(*progress->if_map());
    }
    void save(const CopyProgress& progress) const
    {
        const fs::path temporary = path_.native() + ".new";
        std::ofstream file(temporary, std::ios::trunc);
        file << json::to_text(Value(Map{{"copy", text_}, {"progress", to_map(progress)}})) << '\n';
        file.close();
        std::error_code error;
        fs::rename(temporary, path_, error);
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

// Shows the progress. Throws when the command is cancelled, which ends the copy.
class ProgressDisplay {
public:
    ProgressDisplay(Output& output, std::int64_t total) : output_(output), total_(total) {}

    void copied(const CopyProgress& progress)
    {
        if (is_due())
            output_.progress(total_ > 0 && progress.phase <= moves::CopyPhase::items
                                 ? progress_bar(progress.items)
                                 : fmt::format("{} items copied", progress.items));
    }
    void compared()
    {
        if (++compared_; compared_ % 1000 == 0 && is_due())
            output_.progress(fmt::format("comparing, {} items", compared_));
    }

private:
    Output& output_;
    std::int64_t total_; // 0: unknown
    std::int64_t compared_ = 0;
    std::chrono::steady_clock::time_point last_shown_{};

    bool is_due()
    {
        if (output_.is_cancelled())
            throw std::runtime_error("the copy was stopped; repeat the command to continue");
        const auto now = std::chrono::steady_clock::now();
        if (now - last_shown_ < std::chrono::milliseconds(100))
            return false;
        last_shown_ = now;
        return true;
    }
    std::string progress_bar(std::int64_t items) const
    {
        constexpr std::int64_t width = 30;
        const auto filled = std::min(width, items * width / total_);
        return fmt::format("[{:#<{}}{:.<{}}] {:3} %  {} of {} items", "", filled, "", width - filled,
                           std::min<std::int64_t>(100, items * 100 / total_), items, total_);
    }
};

std::int64_t count_items(Store& store, const CopyRequest& request)
{
    auto* sqlite = dynamic_cast<SqliteStore*>(&store);
    return sqlite && !request.tenant ? sqlite->count_items().value_or(0) : 0;
}

// Prints a line for each tenant and each difference. Returns the exit code.
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

class CopyRun {
public:
    CopyRun(const CopyRequest& request, Store& from, Store& to, Clock& clock, const ProgressFile& file, Output& output)
        : request_(request),
          file_(file),
          output_(output),
          display_(output, count_items(from, request)),
          copier_(from, to, clock,
                  {.scope = {request.tenant},
                   .processor = std::string(transient_processor_prefix) + request.digest(),
                   .save =
                       [this](const CopyProgress& progress) {
                           file_.save(progress);
                           display_.copied(progress);
                       },
                   .compared = [this] { display_.compared(); }})
    {
    }

    int run()
    {
        const auto saved = file_.load();
        const bool starts_over =
            saved && request_.replaces && !saved->replaces && saved->phase != moves::CopyPhase::switching;
        if (saved && !starts_over) {
            progress_ = *saved;
            output_.line(fmt::format("resuming the interrupted copy after {} items", progress_.items));
        } else if (const auto has_items = await_value(copier_.target_has_items()); has_items && !request_.replaces) {
            throw std::runtime_error(
                fmt::format("{} already has items{}; --replace overwrites them and deletes those that the source lacks",
                            request_.to.text(), request_.tenant ? " of " + request_.tenant->value : ""));
        } else {
            progress_.replaces = has_items;
        }
        return request_.tenant ? move() : copy_all();
    }

private:
    const CopyRequest& request_;
    const ProgressFile& file_;
    Output& output_;
    ProgressDisplay display_;
    ItemCopier copier_;
    CopyProgress progress_;

    // Throws std::runtime_error with the error's text.
    template <class T> T await_value(Task<Result<T, std::string>> task)
    {
        auto result = run_task(std::move(task));
        output_.progress("");
        if (!result)
            throw std::runtime_error(result.error());
        if constexpr (!std::is_void_v<T>)
            return std::move(*result);
    }

    int copy_all()
    {
        await_value(copier_.copy(progress_));
        const auto comparison = await_value(copier_.compare(progress_, max_comparisons));
        const int code = print_comparison(comparison, output_);
        if (code == 0)
            file_.remove();
        else
            output_.error("estante: the source may have been written to during the copy; stop its writers and repeat "
                          "the command");
        return code;
    }

    int move()
    {
        const MoveReport report = await_value(move_tenant(copier_, progress_));
        const auto& tenant = request_.tenant->value;
        const int code = print_comparison(report.comparison, output_);
        if (!report.switched) {
            output_.error(
                fmt::format("estante: {} was not moved: {}; it is still open in the source", tenant, report.reason));
            return 1;
        }
        file_.remove();
        output_.line(
            fmt::format("{} is open in {} and suspended in {}", tenant, request_.to.text(), request_.from.text()));
        if (report.reason.empty())
            return code;
        output_.error(fmt::format("estante: {}", report.reason));
        return 1;
    }
};

void check_tenant(Store& store, const CopyRequest& request)
{
    if (!request.tenant)
        return;
    TenantItems items(*request.tenant, store.items());
    const auto tenant = run_task(find_tenant(items));
    if (!tenant)
        throw std::runtime_error(fmt::format("{} is unavailable: {}", request.from.text(), tenant.error().detail));
    if (!*tenant)
        throw std::runtime_error(
            fmt::format("there is no shop '{}' in {}", request.tenant->value, request.from.text()));
}

} // namespace

int copy(const StoreContext& context, const Options& options, Output& output)
{
    CopyRequest request{.from = resolve_address(context, option(options, "from")),
                        .to = resolve_address(context, option(options, "to")),
                        .replaces = options.contains("replace")};
    if (request.from == request.to)
        throw std::runtime_error(fmt::format("{} cannot be copied to itself", request.from.text()));
    if (const auto& name = option(options, "tenant_id"); !name.empty()) {
        request.tenant = TenantId::parse(name);
        if (!request.tenant || !is_shop(*request.tenant))
            throw std::runtime_error(fmt::format("there is no shop '{}'", name));
    }
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    const CommandStore from(context, request.from, CommandStore::IfMissing::fail, *clock, *random);
    check_tenant(from.store(), request);
    const CommandStore to(context, request.to, CommandStore::IfMissing::create, *clock, *random);
    const ProgressFile progress_file(request, context.working_folder);
    return CopyRun(request, from.store(), to.store(), *clock, progress_file, output).run();
}

} // namespace estante::commands
