// Collects the top documents by score, then rating, then book id, like Lucene's TopScoreDocCollector.
#pragma once

#include "adapters/search/segment.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante::search {

struct ScoredDoc {
    float score = 0;
    std::uint32_t segment = 0;
    DocId document = 0;
};

// The last hit of the previous page: only documents after it are collected.
struct RelevanceCursor {
    float score = 0;
    double rating = 0;
    std::string book_id{};

    bool operator==(const RelevanceCursor&) const = default;
};

class TopScoreCollector {
public:
    // The snapshot and the cursor must outlive it. `limit` is at least 1.
    TopScoreCollector(const Snapshot& snapshot, std::size_t limit, const std::optional<RelevanceCursor>& after);

    // A document with a lower score is not competitive; one with an equal score may be.
    float min_competitive_score() const { return hits_.size() == limit_ ? hits_.front().score : 0; }
    void collect(const ScoredDoc& candidate);
    // The collected documents, best first. Empties the collector.
    std::vector<ScoredDoc> take();

private:
    bool ranks_before(const ScoredDoc& left, const ScoredDoc& right) const;
    bool is_after_cursor(const ScoredDoc& candidate) const;

    const Snapshot& snapshot_;
    std::size_t limit_;
    const std::optional<RelevanceCursor>& after_;
    std::vector<ScoredDoc> hits_; // a heap with the worst at the front
};

} // namespace estante::search
