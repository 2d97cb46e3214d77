// The index of one shop: a snapshot that searches read, and the writer's side that makes the next one.
//
// A write makes a small segment of its documents, marks what they replace as deleted in copies of those sets, and
// publishes; then segments are merged by the rule in merge_rule.hpp. Small merges run inside the write, after it is
// visible; large ones are left to merge_in_background, which works beside searches and writes.
// Thread rules: every member may be called from any thread. Searches take a snapshot and wait for nobody's work.
#pragma once

#include "adapters/search/published.hpp"
#include "adapters/search/segment.hpp"
#include "adapters/search/tombstones.hpp"
#include "analysis/title_collation.hpp"
#include "ports/search_index.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace estante::search {

struct TenantIndexLimits {
    std::size_t segment_documents = most_documents; // at most most_documents
    std::size_t merge_at_once = 2'048;              // books; a larger merge is left to the background
    std::size_t tombstones = 10'000;                // removed books whose version is remembered
};

// All that a shop's index is, at one moment.
struct IndexContents {
    std::vector<LiveSegment> segments{};
    std::vector<Tombstone> tombstones{}; // oldest first
    std::uint64_t change = 0;            // TenantIndex::change() then
};

class TenantIndex {
public:
    // The collation must outlive it.
    TenantIndex(const analysis::TitleCollation& collation, const TenantIndexLimits& limits,
                IndexContents contents = {});

    std::shared_ptr<const Snapshot> snapshot() const { return published_.load(); }

    // In order; a change whose version is not above the book's, indexed or removed, changes nothing. If it throws (no
    // memory), nothing was changed or all was.
    void apply(std::vector<IndexChange> changes);
    // All documents at once; of several with one id the highest version stays. Changes that arrive meanwhile are
    // applied to the old index at once, and to the new one before it is published. What was removed before is
    // forgotten.
    void rebuild(std::vector<SearchDocument> documents);

    IndexContents contents() const;
    std::size_t memory_bytes() const; // mapped files too
    // Counts what happens to the contents: as long as it is the same, so are they.
    std::uint64_t change() const { return change_.load(); }

    // What is in it is not the shop's index, until it is rebuilt: then changes since this call are not lost.
    void await_rebuild();
    bool awaits_rebuild() const { return awaits_rebuild_.load(); }

    bool wants_merge() const { return wants_merge_.load(); }
    // One large merge, if one is due and no other is running: true if another is due then.
    bool merge_in_background();

private:
    struct Place {
        std::size_t segment = 0;
        DocumentNumber document = 0;
    };
    // A write in the making.
    struct Batch {
        Snapshot next{};
        std::unordered_map<std::string, SearchDocument> documents{}; // by id
        std::unordered_map<std::string, std::uint64_t> removed{};    // id → version
        std::vector<std::shared_ptr<Bits>> deleted{};                // beside the segments; absent: as it was
    };

    void apply_locked(std::vector<IndexChange> changes);
    void stage(Batch& batch, IndexChange change) const;
    void mark_deleted(Batch& batch, const Place& place) const;
    void add_segments(Snapshot& next, std::vector<SearchDocument> documents) const;
    void commit(Batch batch);
    void publish();
    void merge_what_is_due();
    std::vector<LiveSegment> due_for_merge(std::size_t most) const;
    // Puts `merged` in the place of the segments it was made of, unless some of them are no longer there.
    void replace(std::span<const LiveSegment> inputs, std::shared_ptr<const Segment> merged);

    const analysis::TitleCollation& collation_;
    const TenantIndexLimits limits_;
    Published<const Snapshot> published_;
    std::atomic<bool> wants_merge_ = false;
    std::atomic<bool> awaits_rebuild_ = false;
    std::atomic<std::uint64_t> change_ = 0;

    std::mutex rebuilding_;      // one rebuild at a time
    std::mutex merging_;         // one background merge at a time
    mutable std::mutex writing_; // guards what follows
    Snapshot state_;
    Tombstones tombstones_;
    std::vector<LiveSegment> busy_;                     // in the background merge
    std::optional<std::vector<IndexChange>> meanwhile_; // what has arrived since a rebuild began
};

} // namespace estante::search
