// The index of one shop: the current snapshot for searches, and the writer that prepares the next one.
//
// A write builds a small segment of its documents, marks the documents that they replace as deleted (copy-on-write),
// and publishes a new snapshot. Then segments are merged (merge_policy.hpp): small merges run inside the write, after
// it is visible; large ones run in run_background_merge, concurrently with searches and writes. Thread-safe. Searches
// load a snapshot and do not block.
#pragma once

#include "adapters/search/atomic_shared_ptr.hpp"
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
    std::size_t max_segment_documents = segment_capacity; // at most segment_capacity
    std::size_t max_inline_merge = 2'048;                 // documents; larger merges run in the background
    std::size_t max_tombstones = 10'000;                  // removed books whose version is kept
};

// The complete state of an index.
struct IndexContents {
    std::vector<LiveSegment> segments{};
    std::vector<Tombstone> tombstones{}; // oldest first
    std::uint64_t generation = 0;        // TenantIndex::generation() of this state
};

class TenantIndex {
public:
    // The collation must outlive it.
    TenantIndex(const analysis::TitleCollation& collation, const TenantIndexLimits& limits,
                IndexContents contents = {});

    std::shared_ptr<const Snapshot> snapshot() const { return snapshot_.load(); }

    // Applies the changes in order. A change is ignored unless its version is higher than that of the indexed or
    // removed book. If it throws (out of memory), either none or all changes were applied.
    void apply(std::vector<IndexChange> changes);
    // Replaces all documents atomically. Of several documents with one id the highest version wins. Changes that arrive
    // during the rebuild are applied to the old index immediately and to the new one before it is published. Tombstones
    // of earlier removals are dropped.
    void rebuild(std::vector<SearchDocument> documents);

    IndexContents contents() const;
    std::size_t memory_bytes() const; // includes mapped files
    // Increases with every change of the contents.
    std::uint64_t generation() const { return generation_.load(); }

    // Marks the contents as invalid until the next rebuild. That rebuild includes the changes since this call.
    void require_rebuild();
    bool needs_rebuild() const { return needs_rebuild_.load(); }

    bool wants_merge() const { return wants_merge_.load(); }
    // Runs one large merge if one is due and none is running. Returns whether another is due then.
    bool run_background_merge();

private:
    struct DocAddress {
        std::size_t segment = 0;
        DocId document = 0;
    };
    // A write that is being prepared.
    struct Batch {
        Snapshot next{};
        std::unordered_map<std::string, SearchDocument> documents{}; // by id
        std::unordered_map<std::string, std::uint64_t> removed{};    // id → version
        std::vector<std::shared_ptr<BitSet>> deleted{};              // by segment; nullptr: unchanged
    };

    void apply_locked(std::vector<IndexChange> changes);
    void stage(Batch& batch, IndexChange change) const;
    void mark_deleted(Batch& batch, const DocAddress& address) const;
    void add_segments(Snapshot& next, std::vector<SearchDocument> documents) const;
    void commit(Batch batch);
    void publish();
    void run_inline_merges();
    std::vector<LiveSegment> select_segments(std::size_t max_documents) const;
    // Replaces the inputs of a merge by its result, unless an input is no longer part of the index.
    void replace(std::span<const LiveSegment> inputs, std::shared_ptr<const Segment> merged);

    const analysis::TitleCollation& collation_;
    const TenantIndexLimits limits_;
    AtomicSharedPtr<const Snapshot> snapshot_;
    std::atomic<bool> wants_merge_ = false;
    std::atomic<bool> needs_rebuild_ = false;
    std::atomic<std::uint64_t> generation_ = 0;

    std::mutex rebuild_mutex_;       // one rebuild at a time
    std::mutex merge_mutex_;         // one background merge at a time
    mutable std::mutex write_mutex_; // guards the members below
    Snapshot state_;
    Tombstones tombstones_;
    std::vector<LiveSegment> merging_segments_;               // by the background merge
    std::optional<std::vector<IndexChange>> rebuild_backlog_; // changes since a rebuild began
};

} // namespace estante::search
