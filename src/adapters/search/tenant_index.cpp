#include "adapters/search/tenant_index.hpp"

#include "adapters/search/build_segment.hpp"
#include "adapters/search/merge_policy.hpp"
#include "adapters/search/merge_segments.hpp"
#include "adapters/search/scope_exit.hpp"

#include <algorithm>
#include <utility>

namespace estante::search {
namespace {

void add(Snapshot& snapshot, const Segment& segment)
{
    for (std::size_t field = 0; field < scored_fields; ++field) {
        snapshot.statistics[field].document_count += segment.statistics[field].document_count;
        snapshot.statistics[field].term_count += segment.statistics[field].term_count;
    }
}

void subtract(Snapshot& snapshot, const Segment& segment, DocId document)
{
    for (std::size_t field = 0; field < scored_fields; ++field) {
        const auto length = segment.columns.lengths[field][document];
        snapshot.statistics[field].document_count -= length > 0 ? 1 : 0;
        snapshot.statistics[field].term_count -= length;
    }
}

std::vector<SearchDocument> keep_newest_versions(std::vector<SearchDocument> documents)
{
    std::ranges::sort(documents, [](const auto& left, const auto& right) {
        return left.book_id != right.book_id ? left.book_id < right.book_id : left.version > right.version;
    });
    const auto repeated = std::ranges::unique(documents, {}, &SearchDocument::book_id);
    documents.erase(repeated.begin(), repeated.end());
    return documents;
}

} // namespace

TenantIndex::TenantIndex(const analysis::TitleCollation& collation, const TenantIndexLimits& limits,
                         IndexContents contents)
    : collation_(collation),
      limits_(limits),
      snapshot_(std::make_shared<const Snapshot>()),
      tombstones_(limits.max_tombstones)
{
    for (auto& live : contents.segments) {
        add(state_, *live.segment);
        for (std::size_t document = 0; live.deleted != nullptr && document < live.segment->size(); ++document)
            if (!live.is_live(document))
                subtract(state_, *live.segment, static_cast<DocId>(document));
        state_.segments.push_back(std::move(live));
    }
    for (const auto& [book_id, version] : contents.tombstones)
        tombstones_.put(book_id, version);
    publish();
    generation_ = contents.generation;
    wants_merge_ = !select_segments(limits_.max_segment_documents).empty();
}

IndexContents TenantIndex::contents() const
{
    const std::lock_guard lock(write_mutex_);
    return {.segments = state_.segments, .tombstones = tombstones_.oldest_first(), .generation = generation_};
}

std::size_t TenantIndex::memory_bytes() const
{
    auto sum = sizeof(TenantIndex);
    for (const auto& live : snapshot()->segments)
        sum += live.segment->memory_bytes() + (live.deleted == nullptr ? 0 : live.deleted->memory_bytes());
    return sum;
}

void TenantIndex::require_rebuild()
{
    const std::lock_guard lock(write_mutex_);
    if (!rebuild_backlog_)
        rebuild_backlog_.emplace();
    needs_rebuild_ = true;
}

void TenantIndex::apply(std::vector<IndexChange> changes)
{
    const std::lock_guard lock(write_mutex_);
    if (rebuild_backlog_)
        rebuild_backlog_->insert(rebuild_backlog_->end(), changes.begin(), changes.end());
    apply_locked(std::move(changes));
    run_inline_merges();
}

void TenantIndex::apply_locked(std::vector<IndexChange> changes)
{
    Batch batch{.next = state_};
    batch.deleted.resize(state_.segments.size());
    for (auto& change : changes)
        stage(batch, std::move(change));
    commit(std::move(batch));
}

void TenantIndex::stage(Batch& batch, IndexChange change) const
{
    const auto& id = change.book_id;
    const auto staged = batch.documents.find(id);
    const auto removed = batch.removed.find(id);
    if (staged != batch.documents.end() && change.version <= staged->second.version)
        return;
    if (removed != batch.removed.end() && change.version <= removed->second)
        return;
    if (const auto tombstone = tombstones_.version_of(id); tombstone && change.version <= *tombstone)
        return;
    for (std::size_t segment = 0; segment < batch.next.segments.size(); ++segment) {
        const auto& live = batch.next.segments[segment];
        const auto document = live.segment->find(id);
        if (!document || !live.is_live(*document))
            continue;
        if (change.version <= live.segment->columns.versions[*document])
            return;
        mark_deleted(batch, {segment, *document});
        break;
    }

    if (!change.document) {
        batch.documents.erase(id);
        batch.removed[id] = change.version;
        return;
    }
    change.document->book_id = id;
    change.document->version = change.version;
    batch.removed.erase(id);
    batch.documents.insert_or_assign(id, std::move(*change.document));
}

void TenantIndex::mark_deleted(Batch& batch, const DocAddress& address) const
{
    auto& live = batch.next.segments[address.segment];
    auto& deleted = batch.deleted[address.segment];
    if (deleted == nullptr) {
        deleted = live.deleted == nullptr ? std::make_shared<BitSet>(live.segment->size())
                                          : std::make_shared<BitSet>(*live.deleted);
        live.deleted = deleted;
    }
    deleted->set(address.document);
    ++live.deleted_count;
    subtract(batch.next, *live.segment, address.document);
}

void TenantIndex::add_segments(Snapshot& next, std::vector<SearchDocument> documents) const
{
    const auto parts = (documents.size() + limits_.max_segment_documents - 1) / limits_.max_segment_documents;
    for (std::size_t part = 0; part < parts; ++part) {
        const auto begin = documents.size() * part / parts;
        const auto end = documents.size() * (part + 1) / parts;
        auto segment = build_segment(std::span(documents).subspan(begin, end - begin), collation_);
        add(next, *segment);
        next.segments.push_back({.segment = std::move(segment)});
    }
}

void TenantIndex::commit(Batch batch)
{
    std::vector<SearchDocument> documents;
    documents.reserve(batch.documents.size());
    for (auto& [id, document] : batch.documents)
        documents.push_back(std::move(document));
    add_segments(batch.next, std::move(documents));
    std::erase_if(batch.next.segments, [](const auto& live) { return live.live_count() == 0; });

    state_ = std::move(batch.next);
    publish();
    for (const auto& [id, document] : batch.documents)
        tombstones_.erase(id);
    for (const auto& [id, version] : batch.removed)
        tombstones_.put(id, version);
    if (!batch.documents.empty() || !batch.removed.empty())
        ++generation_;
}

void TenantIndex::publish()
{
    snapshot_.store(std::make_shared<const Snapshot>(state_));
}

void TenantIndex::rebuild(std::vector<SearchDocument> documents)
{
    const std::lock_guard rebuild_lock(rebuild_mutex_);
    {
        const std::lock_guard lock(write_mutex_);
        if (!needs_rebuild_)
            rebuild_backlog_.emplace();
    }
    const ScopeExit discard_backlog([this] {
        const std::lock_guard lock(write_mutex_);
        if (!needs_rebuild_)
            rebuild_backlog_.reset();
    });

    Snapshot rebuilt;
    add_segments(rebuilt, keep_newest_versions(std::move(documents)));

    const std::lock_guard lock(write_mutex_);
    state_ = std::move(rebuilt);
    tombstones_.clear();
    apply_locked(std::move(*rebuild_backlog_));
    ++generation_;
    needs_rebuild_ = false;
    run_inline_merges();
}

std::vector<LiveSegment> TenantIndex::select_segments(std::size_t max_documents) const
{
    std::vector<LiveSegment> due;
    for (const auto index : select_merge(state_.segments, merging_segments_, max_documents))
        due.push_back(state_.segments[index]);
    return due;
}

void TenantIndex::run_inline_merges()
{
    const auto max_inline_documents = std::min(limits_.max_inline_merge, limits_.max_segment_documents);
    for (auto due = select_segments(max_inline_documents); !due.empty(); due = select_segments(max_inline_documents))
        replace(due, merge_segments(due, collation_));
    wants_merge_ = !select_segments(limits_.max_segment_documents).empty();
}

bool TenantIndex::run_background_merge()
{
    const std::unique_lock merge_lock(merge_mutex_, std::try_to_lock);
    if (!merge_lock)
        return false;
    std::vector<LiveSegment> inputs;
    {
        const std::lock_guard lock(write_mutex_);
        inputs = select_segments(limits_.max_segment_documents);
        merging_segments_ = inputs;
        wants_merge_ = false;
    }
    if (inputs.empty())
        return false;
    const ScopeExit end_merge([this] {
        const std::lock_guard lock(write_mutex_);
        merging_segments_.clear();
    });
    auto merged = merge_segments(inputs, collation_);

    const std::lock_guard lock(write_mutex_);
    replace(inputs, std::move(merged));
    merging_segments_.clear();
    run_inline_merges();
    return wants_merge_;
}

void TenantIndex::replace(std::span<const LiveSegment> inputs, std::shared_ptr<const Segment> merged)
{
    auto next = state_;
    auto deleted = std::make_shared<BitSet>(merged->size());
    std::size_t deleted_count = 0;
    for (const auto& input : inputs) {
        const auto current = std::ranges::find(next.segments, input.segment, &LiveSegment::segment);
        if (current == next.segments.end())
            return;
        for (std::size_t document = 0; document < input.segment->size(); ++document)
            if (input.is_live(document) && !current->is_live(document)) {
                deleted->set(*merged->find(input.segment->id_of(document)));
                ++deleted_count;
            }
        next.segments.erase(current);
    }
    if (deleted_count < merged->size())
        next.segments.push_back({.segment = std::move(merged),
                                 .deleted = deleted_count == 0 ? nullptr : std::move(deleted),
                                 .deleted_count = deleted_count});
    state_ = std::move(next);
    publish();
    ++generation_;
}

} // namespace estante::search
