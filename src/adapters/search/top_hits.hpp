// The best hits so far of a search by relevance: score, then rating, then book id.
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

struct ScoredBook {
    float score = 0;
    std::uint32_t segment = 0;
    DocumentNumber document = 0;
};

// Where the page before ended: only what comes after it is admitted.
struct RelevancePlace {
    float score = 0;
    double rating = 0;
    std::string book_id{};

    bool operator==(const RelevancePlace&) const = default;
};

class TopHits {
public:
    // The snapshot and the place must outlive it. `limit` is at least 1.
    TopHits(const Snapshot& snapshot, std::size_t limit, const std::optional<RelevancePlace>& after);

    // A score below this one cannot enter; one that is equal may.
    float lowest_score() const { return hits_.size() == limit_ ? hits_.front().score : 0; }
    void offer(const ScoredBook& book);
    // Best first. The object is empty then.
    std::vector<ScoredBook> take();

private:
    bool comes_first(const ScoredBook& left, const ScoredBook& right) const;
    bool is_after_place(const ScoredBook& book) const;

    const Snapshot& snapshot_;
    std::size_t limit_;
    const std::optional<RelevancePlace>& after_;
    std::vector<ScoredBook> hits_; // a heap with the worst in front
};

} // namespace estante::search
