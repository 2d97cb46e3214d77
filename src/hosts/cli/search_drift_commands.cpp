#include "hosts/cli/command_tools.hpp"
#include "processors/search/rebuild_search_index.hpp"
#include "processors/search/verify_search_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>
#include <vector>

namespace estante::commands {

namespace {

using namespace std::chrono_literals;

constexpr auto longest_wait = 60s; // for the change stream
constexpr std::size_t most_examples = 1'000;
constexpr std::size_t usual_examples = 10;

std::string_view name_of(Indexed state)
{
    switch (state) {
    case Indexed::missing:
        return "missing";
    case Indexed::superfluous:
        return "superfluous";
    case Indexed::stale:
        return "stale";
    case Indexed::altered:
        return "altered";
    case Indexed::right:
        break;
    }
    return "right";
}

// The shop that was named, or all; nothing, and an error line, for one that there is not.
std::optional<std::vector<TenantId>> chosen_tenants(Bookstore& store, const Options& options, Output& output)
{
    if (!options.contains("tenant_id"))
        return store.run(store.tenants());
    if (const auto tenant = tenant_from(store, options, output))
        return std::vector{*tenant};
    return std::nullopt;
}

std::optional<std::size_t> examples_from(const Options& options, Output& output)
{
    const auto& text = option(options, "examples");
    if (text.empty())
        return usual_examples;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number <= most_examples)
        return number;
    output.error(fmt::format("estante: --examples must be a whole number from 0 to {}, is '{}'", most_examples, text));
    return std::nullopt;
}

void print_drift(const TenantId& tenant, const Drift& drift, std::size_t examples, Output& output)
{
    const auto count = [&drift](Indexed state) {
        return std::ranges::count_if(drift.differences, [state](const auto& entry) { return entry.second == state; });
    };
    if (drift.is_none())
        return output.line(fmt::format("{}: {} books, the index is as the store is", tenant.value, drift.books));
    output.line(fmt::format(
        "{}: {} books; in the index {} missing, {} superfluous, {} stale, {} altered{}", tenant.value, drift.books,
        count(Indexed::missing), count(Indexed::superfluous), count(Indexed::stale), count(Indexed::altered),
        drift.damaged.empty() ? "" : fmt::format("; {} damaged in the store", drift.damaged.size())));
    std::size_t shown = 0;
    for (const auto& [book, state] : drift.differences) {
        if (shown++ == examples)
            return output.line(fmt::format("  … and {} more", drift.differences.size() - examples));
        output.line(fmt::format("  {} {}", name_of(state), book));
    }
    for (const auto& [book, why] : drift.damaged) {
        if (shown++ < examples)
            output.line(fmt::format("  damaged {}: {}", book, why));
    }
}

// Whether the index is now as the store is.
bool mend(Bookstore& store, const TenantId& tenant, Drift drift, std::size_t examples, const CatchUp& catch_up,
          Output& output)
{
    const AllItems items(store.ports().get<ItemStore>());
    const auto mended =
        store.run(repair_search_index(items, tenant, store.ports().get<SearchIndex>(), catch_up, std::move(drift)));
    if (!mended) {
        print_error(mended.error(), output);
        return false;
    }
    output.line(mended->rebuilt ? fmt::format("{}: mended by a rebuild", tenant.value)
                                : fmt::format("{}: mended, {} books written", tenant.value, mended->written));
    if (!mended->remaining.is_none())
        print_drift(tenant, mended->remaining, examples, output);
    return mended->remaining.is_none();
}

} // namespace

int verify_search(Bookstore& store, const Options& options, Output& output)
{
    const auto examples = examples_from(options, output);
    const auto tenants = examples ? chosen_tenants(store, options, output) : std::nullopt;
    if (!tenants)
        return 1;
    store.start_processors();
    const CatchUp catch_up = [&store, &output] {
        output.progress("waiting for the change stream …");
        const bool caught_up = store.wait_for_search(longest_wait);
        output.progress("");
        return caught_up;
    };
    bool all_right = true;
    for (const TenantId& tenant : *tenants) {
        if (output.gone())
            return 1;
        output.progress(fmt::format("{} …", tenant.value));
        const AllItems items(store.ports().get<ItemStore>());
        auto drift = store.run(verify_search_index(items, tenant, store.ports().get<SearchIndex>(), catch_up));
        if (!drift) {
            print_error(drift.error(), output);
            return 1;
        }
        print_drift(tenant, *drift, *examples, output);
        if (drift->is_none())
            continue;
        const bool mendable = options.contains("mend") && !drift->differences.empty();
        all_right = (mendable && mend(store, tenant, std::move(*drift), *examples, catch_up, output)) && all_right;
    }
    return all_right ? 0 : 1;
}

int rebuild_search(Bookstore& store, const Options& options, Output& output)
{
    const auto tenants = chosen_tenants(store, options, output);
    if (!tenants)
        return 1;
    store.start_processors();
    bool all_right = true;
    for (const TenantId& tenant : *tenants) {
        if (output.gone())
            return 1;
        output.progress(fmt::format("{} …", tenant.value));
        const AllItems items(store.ports().get<ItemStore>());
        const auto rebuilt = store.run(rebuild_search_index(items, tenant, store.ports().get<SearchIndex>()));
        if (!rebuilt) {
            print_error(rebuilt.error(), output);
            return 1;
        }
        output.line(fmt::format("{}: {} books in the new index", tenant.value, rebuilt->books));
        for (const std::string& damaged : rebuilt->damaged)
            output.error(fmt::format("estante: not in the index of {}: {}", tenant.value, damaged));
        all_right = all_right && rebuilt->damaged.empty();
    }
    return all_right ? 0 : 1;
}

} // namespace estante::commands
