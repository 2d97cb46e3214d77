#include "hosts/cli/command_options.hpp"
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

constexpr auto catch_up_timeout = 60s; // of the change stream
constexpr std::size_t max_examples = 1'000;
constexpr std::size_t default_examples = 10;

std::string_view name_of(IndexStatus state)
{
    switch (state) {
    case IndexStatus::missing:
        return "missing";
    case IndexStatus::orphaned:
        return "orphaned";
    case IndexStatus::stale:
        return "stale";
    case IndexStatus::content_mismatch:
        return "content mismatch";
    case IndexStatus::in_sync:
        break;
    }
    return "matching";
}

std::optional<std::size_t> examples_from(const Options& options, Output& output)
{
    const auto& text = option(options, "examples");
    if (text.empty())
        return default_examples;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number <= max_examples)
        return number;
    output.error(
        fmt::format("estante: --examples must be a whole number from 0 to {}; it is '{}'", max_examples, text));
    return std::nullopt;
}

void print_drift(const TenantId& tenant, const Drift& drift, std::size_t examples, Output& output)
{
    const auto count = [&drift](IndexStatus state) {
        return std::ranges::count_if(drift.differences, [state](const auto& entry) { return entry.second == state; });
    };
    if (drift.is_none())
        return output.line(fmt::format("{}: {} books, the index matches the store", tenant.value, drift.books));
    output.line(
        fmt::format("{}: {} books; in the index {} missing, {} orphaned, {} stale, {} with a content mismatch{}",
                    tenant.value, drift.books, count(IndexStatus::missing), count(IndexStatus::orphaned),
                    count(IndexStatus::stale), count(IndexStatus::content_mismatch),
                    drift.damaged.empty() ? "" : fmt::format("; {} damaged in the store", drift.damaged.size())));
    std::size_t shown = 0;
    for (const auto& [book, state] : drift.differences) {
        if (shown++ == examples)
            return output.line(fmt::format("  … and {} more", drift.differences.size() - examples));
        output.line(fmt::format("  {} {}", name_of(state), book));
    }
    for (const auto& [book, reason] : drift.damaged) {
        if (shown++ < examples)
            output.line(fmt::format("  damaged {}: {}", book, reason));
    }
}

// Returns whether the index matches the store afterwards.
bool repair(Bookstore& store, const TenantId& tenant, Drift drift, std::size_t examples,
            const CatchUp& wait_until_caught_up, Output& output)
{
    const AllItems items(store.ports().get<ItemStore>());
    const auto repaired = store.run(
        repair_search_index(items, tenant, store.ports().get<SearchIndex>(), wait_until_caught_up, std::move(drift)));
    if (!repaired) {
        print_error(repaired.error(), output);
        return false;
    }
    output.line(repaired->rebuilt ? fmt::format("{}: repaired by a rebuild", tenant.value)
                                  : fmt::format("{}: repaired, {} books written", tenant.value, repaired->written));
    if (!repaired->remaining.is_none())
        print_drift(tenant, repaired->remaining, examples, output);
    return repaired->remaining.is_none();
}

} // namespace

int verify_search(Bookstore& store, const Options& options, Output& output)
{
    const auto examples = examples_from(options, output);
    const auto tenants = examples ? selected_tenants(store, options, output) : std::nullopt;
    if (!tenants)
        return 1;
    store.start_processors();
    const CatchUp wait_until_caught_up = [&store, &output] {
        output.progress("waiting for the change stream …");
        const bool is_caught_up = store.wait_for_search(catch_up_timeout);
        output.progress("");
        return is_caught_up;
    };
    bool all_match = true;
    for (const TenantId& tenant : *tenants) {
        if (output.is_cancelled())
            return 1;
        output.progress(fmt::format("{} …", tenant.value));
        const AllItems items(store.ports().get<ItemStore>());
        auto drift =
            store.run(verify_search_index(items, tenant, store.ports().get<SearchIndex>(), wait_until_caught_up));
        if (!drift) {
            print_error(drift.error(), output);
            return 1;
        }
        print_drift(tenant, *drift, *examples, output);
        if (drift->is_none())
            continue;
        const bool is_repairable = options.contains("repair") && !drift->differences.empty();
        all_match =
            (is_repairable && repair(store, tenant, std::move(*drift), *examples, wait_until_caught_up, output)) &&
            all_match;
    }
    return all_match ? 0 : 1;
}

int rebuild_search(Bookstore& store, const Options& options, Output& output)
{
    const auto tenants = selected_tenants(store, options, output);
    if (!tenants)
        return 1;
    store.start_processors();
    bool all_match = true;
    for (const TenantId& tenant : *tenants) {
        if (output.is_cancelled())
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
        all_match = all_match && rebuilt->damaged.empty();
    }
    return all_match ? 0 : 1;
}

} // namespace estante::commands
