#include "adapters/search/tenant_index.hpp"

#include "adapters/search/at_exit.hpp"
#include "adapters/search/merge_rule.hpp"
#include "adapters/search/segment_builder.hpp"

#include <algorithm>
#include <utility>

namespace estante::search {
namespace {

void add(Snapshot& snapshot, const Segment& segment)
{
    for (std::size_t field = 0; field < scored_fields; ++field) {
        snapshot.statistics[field].documents += segment.statistics[field].documents;
        snapshot.statistics[field].terms += segment.statistics[field].terms;
    }
}

void subtract(Snapshot& snapshot, const Segment& segment, DocumentNumber document)
{
    for (std::size_t field = 0; field < scored_fields; ++field) {
        const auto length = segment.columns.lengths[field][document];
        snapshot.statistics[field].documents -= length > 0 ? 1 : 0;
        snapshot.statistics[field].terms -= length;
    }
}

// Highest version first where ids repeat, then one of each.
std::vector<SearchDocument> newest_of_each(std::vector<SearchDocument> documents)
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
      published_(std::make_shared<const Snapshot>()),
      tombstones_(limits.tombstones)
{
    for (auto& live : contents.segments) {
        add(state_, *live.segment);
        for (std::size_t document = 0; live.deleted != nullptr && document < live.segment->size(); ++document)
            if (!live.is_live(document))
                subtract(state_, *live.segment, static_cast<DocumentNumber>(document));
        state_.segments.push_back(std::move(live));
    }
    for (const auto& [book_id, version] : contents.tombstones)
        tombstones_.put(book_id, version);
    publish();
    change_ = contents.change;
    wants_merge_ = !due_for_merge(limits_.segment_documents).empty();
}

IndexContents TenantIndex::contents() const
{
    const std::lock_guard lock(writing_);
    return {.segments = state_.segments, .tombstones = tombstones_.oldest_first(), .change = change_};
}

std::size_t TenantIndex::memory_bytes() const
{
    auto sum = sizeof(TenantIndex);
    for (const auto& live : snapshot()->segments)
        sum += live.segment->memory_bytes() + (live.deleted == nullptr ? 0 : live.deleted->memory_bytes());
    return sum;
}

void TenantIndex::await_rebuild()
{
    const std::lock_guard lock(writing_);
    if (!meanwhile_)
        meanwhile_.emplace();
    awaits_rebuild_ = true;
}

void TenantIndex::apply(std::vector<IndexChange> changes)
{
    const std::lock_guard lock(writing_);
    if (meanwhile_)
        meanwhile_->insert(meanwhile_->end(), changes.begin(), changes.end());
    apply_locked(std::move(changes));
    merge_what_is_due();
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

void TenantIndex::mark_deleted(Batch& batch, const Place& place) const
{
    auto& live = batch.next.segments[place.segment];
    auto& deleted = batch.deleted[place.segment];
    if (deleted == nullptr) {
        deleted = live.deleted == nullptr ? std::make_shared<Bits>(live.segment->size())
                                          : std::make_shared<Bits>(*live.deleted);
        live.deleted = deleted;
    }
    deleted->set(place.document);
    ++live.deleted_count;
    subtract(batch.next, *live.segment, place.document);
}

void TenantIndex::add_segments(Snapshot& next, std::vector<SearchDocument> documents) const
{
    const auto parts = (documents.size() + limits_.segment_documents - 1) / limits_.segment_documents;
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
        ++change_;
}

void TenantIndex::publish()
{
    published_.store(std::make_shared<const Snapshot>(state_));
}

void TenantIndex::rebuild(std::vector<SearchDocument> documents)
{
    const std::lock_guard one_at_a_time(rebuilding_);
    {
        const std::lock_guard lock(writing_);
        if (!awaits_rebuild_)
            meanwhile_.emplace();
    }
    const AtExit forget([this] {
        const std::lock_guard lock(writing_);
        if (!awaits_rebuild_)
            meanwhile_.reset();
    });

    Snapshot rebuilt;
    add_segments(rebuilt, newest_of_each(std::move(documents)));

    const std::lock_guard lock(writing_);
    state_ = std::move(rebuilt);
    tombstones_.clear();
    apply_locked(std::move(*meanwhile_));
    ++change_;
    awaits_rebuild_ = false;
    merge_what_is_due();
}

std::vector<LiveSegment> TenantIndex::due_for_merge(std::size_t most) const
{
    std::vector<LiveSegment> due;
    for (const auto place : segments_to_merge(state_.segments, busy_, most))
        due.push_back(state_.segments[place]);
    return due;
}

void TenantIndex::merge_what_is_due()
{
    const auto at_once = std::min(limits_.merge_at_once, limits_.segment_documents);
    for (auto due = due_for_merge(at_once); !due.empty(); due = due_for_merge(at_once))
        replace(due, merge_segments(due, collation_));
    wants_merge_ = !due_for_merge(limits_.segment_documents).empty();
}

bool TenantIndex::merge_in_background()
{
    const std::unique_lock one_at_a_time(merging_, std::try_to_lock);
    if (!one_at_a_time)
        return false;
    std::vector<LiveSegment> inputs;
    {
        const std::lock_guard lock(writing_);
        inputs = due_for_merge(limits_.segment_documents);
        busy_ = inputs;
        wants_merge_ = false;
    }
    if (inputs.empty())
        return false;
    const AtExit forget([this] {
        const std::lock_guard lock(writing_);
        busy_.clear();
    });
    auto merged = merge_segments(inputs, collation_);

    const std::lock_guard lock(writing_);
    replace(inputs, std::move(merged));
    busy_.clear();
    merge_what_is_due();
    return wants_merge_;
}

void TenantIndex::replace(std::span<const LiveSegment> inputs, std::shared_ptr<const Segment> merged)
{
    auto next = state_;
    auto deleted = std::make_shared<Bits>(merged->size());
    std::size_t deleted_count = 0;
    for (const auto& input : inputs) {
        const auto now = std::ranges::find(next.segments, input.segment, &LiveSegment::segment);
        if (now == next.segments.end())
            return;
        for (std::size_t document = 0; document < input.segment->size(); ++document)
            if (input.is_live(document) && !now->is_live(document)) {
                deleted->set(*merged->find(input.segment->id_of(document)));
                ++deleted_count;
            }
        next.segments.erase(now);
    }
    if (deleted_count < merged->size())
        next.segments.push_back({.segment = std::move(merged),
                                 .deleted = deleted_count == 0 ? nullptr : std::move(deleted),
                                 .deleted_count = deleted_count});
    state_ = std::move(next);
    publish();
    ++change_;
}

} // namespace estante::search
