// Copies the items of one store into another while the source is written to, and follows its changes.
//
// What is copied is first read page by page and then kept up from the source's change stream: of each changed key the
// item is read strongly and put to the target, or deleted there, so that repeating any part does no harm.
//
// Purchases and registrations that the source's processors have not come to are counted there by the copier (as
// purchases_stream counts, but for the business counters, which hear nothing of them). Else the processors of a target
// that is served would count them beside those of the source, and the two would differ for good.
#pragma once

#include "moves/copy_progress.hpp"
#include "moves/item_digests.hpp"
#include "moves/moved_items.hpp"
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
    // The source's reader of changes, of this target and scope alone. Its name begins with transient_processors.
    std::string processor{};
    std::size_t page_items = 1000;
    // Called after each page: to keep the progress and to show it. What it throws ends the copy, to be repeated.
    std::function<void(const CopyProgress&)> save = [](const CopyProgress&) {};
    std::function<void()> compared = [] {}; // after each item that was compared; may throw as well
};

class ItemCopier {
public:
    // All of them outlive the copier.
    ItemCopier(Store& from, Store& to, Clock& clock, CopyOptions options);

    // Whether the target has items of the scope already.
    Task<Moved<bool>> target_has_items();

    // From where `progress` stands to the end of the changes. A progress whose changes may no longer be kept begins
    // anew, and then removes what the target has beyond the source.
    Task<Moved<void>> copy(CopyProgress& progress);

    // Brings over what changed since the last call; answers how many items. It ends with the stream, or once all it
    // reads is younger than the call: other shops go on writing.
    Task<Moved<std::size_t>> follow(CopyProgress& progress);

    struct Comparison {
        ItemDigests from;
        ItemDigests to;
        std::vector<Difference> differ;
    };
    // Follows the changes, counts what they brought and compares, up to `rounds` times while something differs; after
    // the first, daily summaries are brought over once more, since a target that is served adds searches to its own.
    // `visit` sees the source's items.
    Task<Moved<Comparison>> compare(CopyProgress& progress, std::size_t rounds, Visit visit = {});

    // The keys of the scope that changed since the last follow, without bringing them over; each once. Without daily
    // summaries: a server may still add the searches that it had answered.
    Task<Moved<std::vector<Key>>> unfollowed();

    Store& from() const { return from_; }
    Store& to() const { return to_; }
    Clock& clock() const { return clock_; }
    const CopyOptions& options() const { return options_; }

private:
    Store& from_;
    Store& to_;
    Clock& clock_;
    CopyOptions options_;
    bool walked_ = false;             // what was there at first has been counted
    std::vector<Change> uncounted_{}; // what was followed since: only hints, without items

    Task<Moved<void>> begin(CopyProgress& progress);
    Task<Moved<void>> count_all();
    void note_uncounted(const Change& change);
    Task<Moved<std::size_t>> follow_and_count(CopyProgress& progress);
    // `ahead` is the page at `progress` when it has been read already, and afterwards the one that follows it.
    Task<Moved<void>> copy_page(CopyProgress& progress, std::optional<Page>& ahead);
    Task<Moved<Page>> read_page(CopyProgress at);
    Task<Moved<std::optional<Page>>> read_ahead(CopyProgress at);
    Task<Moved<std::int64_t>> write_page(CopyProgress at, std::vector<Item> items); // how many
    Task<Moved<void>> remove_leftovers(Table table, std::vector<Item> items);
    Task<Moved<void>> bring_over(Table table, std::vector<Key> keys);
};

} // namespace estante::moves
