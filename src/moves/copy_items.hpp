// Copies the items of one store to another while the source is being written to.
//
// The items are first read page by page. Then the source's change stream is followed: for each changed key the item is
// read strongly and put to the target, or deleted there. Every part is idempotent.
//
// The copier counts the purchases and registrations that the source's processors have not counted yet, in the source,
// as purchases_stream does (without the business counters). Otherwise the processors of a served target would count
// them too, and the daily summaries of the two stores would differ permanently.
#pragma once

#include "moves/copy_progress.hpp"
#include "moves/copy_scope.hpp"
#include "moves/item_digests.hpp"
#include "ports/clock.hpp"
#include "ports/store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace estante::moves {

struct CopyOptions {
    Scope scope{};
    // Name of this copy among the readers of the source's change stream; unique for target and scope. It begins with
    // transient_processor_prefix.
    std::string processor{};
    std::size_t page_items = 1000;
    // Called after each page, to save and show the progress. An exception ends the copy; it can be resumed.
    std::function<void(const CopyProgress&)> save = [](const CopyProgress&) {};
    std::function<void()> compared = [] {}; // called after each compared item; may throw too
};

class ItemCopier {
public:
    // Stores and clock outlive the copier.
    ItemCopier(Store& from, Store& to, Clock& clock, CopyOptions options);

    // Whether the target already has items of the scope.
    Task<Result<bool, std::string>> target_has_items();

    // Continues from `progress` to the end of the changes. When the changes since then may have left the stream, the
    // copy starts over, and deletes the items of the target that the source lacks.
    Task<Result<void, std::string>> copy(CopyProgress& progress);

    // Copies the items that changed since the last call and returns their number. Stops at the end of the stream, or
    // when all changes it reads are newer than the call, because other shops keep writing.
    Task<Result<std::size_t, std::string>> copy_changes(CopyProgress& progress);

    struct Comparison {
        ItemDigests from;
        ItemDigests to;
        std::vector<Difference> differ;
    };
    // Copies and counts the changes, then compares; repeats up to `rounds` times while the stores differ. From the
    // second round on the daily summaries are copied again, since a served target adds searches to its own. `visit` is
    // called with the source's items.
    Task<Result<Comparison, std::string>> compare(CopyProgress& progress, std::size_t rounds, Visit visit = {});

    // The distinct keys of the scope that changed since copy_changes, without copying them. Without daily summaries: a
    // server may still add searches that it served before.
    Task<Result<std::vector<Key>, std::string>> uncopied_changes();

    Store& from() const { return from_; }
    Store& to() const { return to_; }
    Clock& clock() const { return clock_; }
    const CopyOptions& options() const { return options_; }

private:
    Store& from_;
    Store& to_;
    Clock& clock_;
    CopyOptions options_;
    bool has_counted_existing_ = false; // purchases from before the first change
    std::vector<Change> uncounted_{};   // changes copied since the last count; keys only

    Task<Result<void, std::string>> start(CopyProgress& progress);
    Task<Result<void, std::string>> count_existing_purchases();
    void record_uncounted(const Change& change);
    Task<Result<std::size_t, std::string>> copy_and_count_changes(CopyProgress& progress);
    // `ahead` is the page at `progress` if it was prefetched; afterwards it is the next page.
    Task<Result<void, std::string>> copy_page(CopyProgress& progress, std::optional<Page>& ahead);
    Task<Result<Page, std::string>> read_page(CopyProgress at);
    Task<Result<std::optional<Page>, std::string>> prefetch_page(CopyProgress at);
    Task<Result<std::int64_t, std::string>> write_page(CopyProgress at, std::vector<Item> items); // the number of items
    Task<Result<void, std::string>> delete_stale_items(Table table, std::vector<Item> items);
    Task<Result<void, std::string>> copy_keys(Table table, std::vector<Key> keys);
};

} // namespace estante::moves
