#include "adapters/search/max_score_ranking.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace estante::search {
namespace {

constexpr std::size_t min_postings_for_bounds = 128;

// A posting list and the upper bounds of its contribution.
struct ScoredList {
    Clause clause{};
    PostingList postings{};
    const std::uint8_t* norms = nullptr;
    std::size_t clause_index = 0;
    std::size_t position = 0; // documents that are still looked up come at or after this position
    std::uint32_t max_frequency = 1;
    double max_contribution = 0;
    double max_remaining = 0; // the max_contribution of this list and all after it
};

// PostingList::frequency_in for documents in ascending order: a galloping search from the current position.
std::uint32_t next_frequency_in(ScoredList& list, DocId document)
{
    const auto& postings = list.postings;
    if (postings.bits != nullptr) {
        if ((postings.bits[document / BitSet::word_bits] >> (document % BitSet::word_bits) & 1U) == 0)
            return 0;
        if (postings.frequencies == nullptr)
            return 1;
    }
    const auto documents = postings.documents;
    auto from = list.position;
    std::size_t step = 1;
    for (; from + step < documents.size() && documents[from + step] < document; step *= 2)
        from += step;
    const auto some = documents.subspan(from, std::min(step + 1, documents.size() - from));
    list.position = from + static_cast<std::size_t>(std::ranges::lower_bound(some, document) - some.begin());
    return list.position < documents.size() && documents[list.position] == document ? postings.frequency(list.position)
                                                                                    : 0;
}

class MaxScoreRanker {
public:
    MaxScoreRanker(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const BitSet& matches,
                   TopScoreCollector& top);
    void run();

private:
    // Upper bounds that exclude most documents of a list without a lookup in the others.
    struct ScoreBounds {
        explicit ScoreBounds(std::size_t documents) : in_same_field(documents), in_other_fields(documents) {}

        std::array<float, 256> single{};     // by norm: the contribution of a term frequency of 1
        std::array<float, 256> same_field{}; // by norm: the maximum of the remaining lists of the same field
        double other_fields = 0;             // the maximum of the remaining lists of other fields
        BitSet in_same_field;                // documents of the remaining lists of the same field
        BitSet in_other_fields;              // documents of the remaining lists of other fields
    };
    enum class Remaining : std::uint8_t { none, some }; // whether a remaining list may contain the document

    void compute_bound(ScoredList& list) const;
    float contribution(const ScoredList& list, std::uint32_t frequency, std::uint8_t norm) const
    {
        return query_.contribution(list.clause, frequency, norm);
    }
    ScoreBounds compute_bounds(std::size_t number) const;
    bool is_competitive(double max_sum) const { return max_sum >= threshold_; }
    void score_list(std::size_t number);
    void score_block_with_bounds(std::size_t number, std::size_t begin, std::size_t end, const ScoreBounds& bounds);
    void score_block(std::size_t number, std::size_t begin, std::size_t end);
    void score(std::size_t number, DocId document, float own, Remaining remaining);
    void update_threshold();

    const Segment& segment_;
    const TextQuery& query_;
    const std::uint32_t segment_number_;
    const BitSet& matches_;
    TopScoreCollector& top_;
    std::vector<ScoredList> lists_;    // by max_contribution, descending
    std::vector<float> contributions_; // by clause, of the current document
    BitSet scored_;
    double threshold_ = 0; // a smaller sum of contributions is not competitive
};

MaxScoreRanker::MaxScoreRanker(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment,
                               const BitSet& matches, TopScoreCollector& top)
    : segment_(*snapshot.segments[segment].segment),
      query_(query),
      segment_number_(segment),
      matches_(matches),
      top_(top),
      contributions_(query.clauses().size(), 0.0F),
      scored_(segment_.size())
{
    const auto postings = query.postings(segment);
    for (std::size_t number = 0; number < postings.size(); ++number) {
        if (postings[number].count() == 0)
            continue;
        const auto& clause = query.clauses()[number];
        lists_.push_back({.clause = clause,
                          .postings = postings[number],
                          .norms = segment_.columns.norms[number_of(clause.field)].data(),
                          .clause_index = number});
        compute_bound(lists_.back());
    }
    std::ranges::sort(lists_, std::ranges::greater{}, &ScoredList::max_contribution);
    double remaining = 0;
    for (auto list = lists_.rbegin(); list != lists_.rend(); ++list)
        list->max_remaining = remaining += list->max_contribution;
}

void MaxScoreRanker::compute_bound(ScoredList& list) const
{
    const auto& postings = list.postings;
    if (postings.impacts == nullptr) {
        for (std::size_t at = 0; at < postings.count(); ++at) {
            const auto frequency = postings.frequency(at);
            list.max_frequency = std::max(list.max_frequency, frequency);
            list.max_contribution =
                std::max(list.max_contribution,
                         static_cast<double>(contribution(list, frequency, list.norms[postings.documents[at]])));
        }
        return;
    }
    for (std::size_t number = 0; number < postings.block_count(); ++number) {
        const auto impact = postings.impact(number);
        std::uint32_t highest = impact.max_frequency();
        if (highest == BlockImpact::saturated_frequency)
            highest = std::numeric_limits<Frequency>::max();
        list.max_frequency = std::max(list.max_frequency, highest);
        list.max_contribution =
            std::max(list.max_contribution, static_cast<double>(contribution(list, highest, impact.min_norm())));
    }
}

// The score is 1 + the sum of the contributions. It is rounded several times, each time by less than 2^-24 of its
// value, so the threshold leaves a margin.
void MaxScoreRanker::update_threshold()
{
    constexpr double margin = 1e-6;
    const auto lowest = static_cast<double>(top_.min_competitive_score());
    threshold_ = lowest - 1 - lowest * margin;
}

void MaxScoreRanker::run()
{
    update_threshold();
    for (std::size_t number = 0; number < lists_.size() && is_competitive(lists_[number].max_remaining); ++number)
        score_list(number);
}

MaxScoreRanker::ScoreBounds MaxScoreRanker::compute_bounds(std::size_t number) const
{
    const auto& list = lists_[number];
    ScoreBounds bounds(segment_.size());
    query_.add_contributions(list.clause, 1, bounds.single);
    for (std::size_t later = number + 1; later < lists_.size(); ++later) {
        const auto& other = lists_[later];
        if (other.clause.field == list.clause.field) {
            query_.add_contributions(other.clause, other.max_frequency, bounds.same_field);
            union_into(bounds.in_same_field, other.postings);
        } else {
            bounds.other_fields += other.max_contribution;
            union_into(bounds.in_other_fields, other.postings);
        }
    }
    return bounds;
}

void MaxScoreRanker::score_list(std::size_t number)
{
    for (auto later = number + 1; later < lists_.size(); ++later)
        lists_[later].position = 0;
    const auto& list = lists_[number];
    const auto& postings = list.postings;
    const auto after = list.max_remaining - list.max_contribution;
    std::optional<ScoreBounds> bounds;
    if (postings.count() >= min_postings_for_bounds)
        bounds = compute_bounds(number);

    for (std::size_t begin = 0; begin < postings.count(); begin += BlockImpact::block_size) {
        const auto end = std::min(begin + BlockImpact::block_size, postings.count());
        if (postings.impacts != nullptr) {
            const auto impact = postings.impact(begin / BlockImpact::block_size);
            const std::uint32_t highest = impact.max_frequency() == BlockImpact::saturated_frequency
                                              ? list.max_frequency
                                              : impact.max_frequency();
            if (!is_competitive(static_cast<double>(contribution(list, highest, impact.min_norm())) + after))
                continue;
        }
        if (bounds)
            score_block_with_bounds(number, begin, end, *bounds);
        else
            score_block(number, begin, end);
    }
}

void MaxScoreRanker::score_block_with_bounds(std::size_t number, std::size_t begin, std::size_t end,
                                             const ScoreBounds& bounds)
{
    const auto& list = lists_[number];
    for (auto at = begin; at < end; ++at) {
        const auto document = list.postings.documents[at];
        const auto norm = list.norms[document];
        const auto frequency = list.postings.frequency(at);
        const auto own = frequency == 1 ? bounds.single[norm] : contribution(list, frequency, norm);
        const bool in_same = bounds.in_same_field.test(document);
        const bool in_others = bounds.in_other_fields.test(document);
        const auto max_sum = static_cast<double>(own) + (in_same ? static_cast<double>(bounds.same_field[norm]) : 0.0) +
                             (in_others ? bounds.other_fields : 0.0);
        if (is_competitive(max_sum))
            score(number, document, own, in_same || in_others ? Remaining::some : Remaining::none);
    }
}

void MaxScoreRanker::score_block(std::size_t number, std::size_t begin, std::size_t end)
{
    const auto& list = lists_[number];
    const auto after = list.max_remaining - list.max_contribution;
    for (auto at = begin; at < end; ++at) {
        const auto document = list.postings.documents[at];
        const auto own = contribution(list, list.postings.frequency(at), list.norms[document]);
        if (is_competitive(static_cast<double>(own) + after))
            score(number, document, own, Remaining::some);
    }
}

// A document that also occurs in an earlier list, but was not scored there, can be skipped: its upper bound was too low
// even with the contribution of that list.
void MaxScoreRanker::score(std::size_t number, DocId document, float own, Remaining remaining)
{
    if (scored_.test(document) || !matches_.test(document))
        return;
    std::ranges::fill(contributions_, 0.0F);
    contributions_[lists_[number].clause_index] = own;
    auto sum = static_cast<double>(own);
    const auto end = remaining == Remaining::none ? number + 1 : lists_.size();
    for (auto later = number + 1; later < end; ++later) {
        auto& list = lists_[later];
        if (!is_competitive(sum + list.max_remaining))
            return;
        if (const auto frequency = next_frequency_in(list, document); frequency != 0) {
            const auto more = contribution(list, frequency, list.norms[document]);
            contributions_[list.clause_index] = more;
            sum += static_cast<double>(more);
        }
    }
    if (!is_competitive(sum))
        return;
    scored_.set(document);
    top_.collect({query_.score_of(contributions_), segment_number_, document});
    update_threshold();
}

} // namespace

void rank_with_max_score(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const BitSet& matches,
                         TopScoreCollector& top)
{
    MaxScoreRanker(snapshot, query, segment, matches, top).run();
}

} // namespace estante::search
