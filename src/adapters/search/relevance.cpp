#include "adapters/search/relevance.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <vector>

namespace estante::search {
namespace {

constexpr std::size_t most_clauses_to_prune = 24;
constexpr std::size_t postings_worth_preparing = 128;

// A list of postings on its way through the pruning.
struct List {
    Clause clause{};
    Postings postings{};
    const std::uint8_t* norms = nullptr;
    std::size_t clause_number = 0;
    std::size_t reached = 0; // no document that is still to be looked up comes before this place
    std::uint32_t highest_frequency = 1;
    double most = 0;      // that it adds to any score
    double most_rest = 0; // that it and all lists after it add
};

// Postings::frequency_in for documents that come in ascending order: from the place reached on, in steps that double.
std::uint32_t next_frequency_in(List& list, DocumentNumber document)
{
    const auto& postings = list.postings;
    if (postings.bits != nullptr) {
        if ((postings.bits[document / Bits::word_bits] >> (document % Bits::word_bits) & 1U) == 0)
            return 0;
        if (postings.frequencies == nullptr)
            return 1;
    }
    const auto documents = postings.documents;
    auto from = list.reached;
    std::size_t step = 1;
    for (; from + step < documents.size() && documents[from + step] < document; step *= 2)
        from += step;
    const auto some = documents.subspan(from, std::min(step + 1, documents.size() - from));
    list.reached = from + static_cast<std::size_t>(std::ranges::lower_bound(some, document) - some.begin());
    return list.reached < documents.size() && documents[list.reached] == document ? postings.frequency(list.reached)
                                                                                  : 0;
}

class Pruning {
public:
    Pruning(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const Bits& matches, TopHits& top);
    void run();

private:
    // What lets most documents of a list be passed over without a look into the others.
    struct Prepared {
        explicit Prepared(std::size_t documents) : same_field(documents), other_fields(documents) {}

        std::array<float, 256> once{};  // by norm: what a single occurrence adds
        std::array<float, 256> later{}; // by norm: what the later lists of the same field add at most
        double others = 0;              // what those of other fields add at most
        Bits same_field;                // documents of the later lists of the same field
        Bits other_fields;              // of those of other fields
    };
    enum class Later : std::uint8_t { none, some }; // whether a later list may have the document

    void measure(List& list) const;
    float contribution(const List& list, std::uint32_t frequency, std::uint8_t norm) const
    {
        return query_.contribution(list.clause, frequency, norm);
    }
    Prepared prepare(std::size_t number) const;
    bool can_enter(double most) const { return most >= enough_; }
    void read(std::size_t number);
    void read_prepared(std::size_t number, std::size_t begin, std::size_t end, const Prepared& prepared);
    void read_plainly(std::size_t number, std::size_t begin, std::size_t end);
    void evaluate(std::size_t number, DocumentNumber document, float own, Later later);
    void raise_the_bar();

    const Segment& segment_;
    const TextQuery& query_;
    const std::uint32_t segment_number_;
    const Bits& matches_;
    TopHits& top_;
    std::vector<List> lists_;
    std::vector<float> contributions_; // by clause, of the document in hand
    Bits seen_;
    double enough_ = 0; // a sum of contributions below it does not enter
};

Pruning::Pruning(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const Bits& matches,
                 TopHits& top)
    : segment_(*snapshot.segments[segment].segment),
      query_(query),
      segment_number_(segment),
      matches_(matches),
      top_(top),
      contributions_(query.clauses().size(), 0.0F),
      seen_(segment_.size())
{
    const auto postings = query.postings(segment);
    for (std::size_t number = 0; number < postings.size(); ++number) {
        if (postings[number].count() == 0)
            continue;
        const auto& clause = query.clauses()[number];
        lists_.push_back({.clause = clause,
                          .postings = postings[number],
                          .norms = segment_.columns.norms[number_of(clause.field)].data(),
                          .clause_number = number});
        measure(lists_.back());
    }
    std::ranges::sort(lists_, std::ranges::greater{}, &List::most);
    double rest = 0;
    for (auto list = lists_.rbegin(); list != lists_.rend(); ++list)
        list->most_rest = rest += list->most;
}

void Pruning::measure(List& list) const
{
    const auto& postings = list.postings;
    if (postings.blocks == nullptr) {
        for (std::size_t at = 0; at < postings.count(); ++at) {
            const auto frequency = postings.frequency(at);
            list.highest_frequency = std::max(list.highest_frequency, frequency);
            list.most = std::max(
                list.most, static_cast<double>(contribution(list, frequency, list.norms[postings.documents[at]])));
        }
        return;
    }
    for (std::size_t number = 0; number < postings.block_count(); ++number) {
        const auto block = postings.block(number);
        std::uint32_t highest = block.highest_frequency();
        if (highest == Block::frequency_beyond)
            highest = std::numeric_limits<Frequency>::max();
        list.highest_frequency = std::max(list.highest_frequency, highest);
        list.most = std::max(list.most, static_cast<double>(contribution(list, highest, block.shortest_norm())));
    }
}

// The final score is 1 + the sum, rounded several times on the way: each rounding is off by less than 2^-24 of the
// score.
void Pruning::raise_the_bar()
{
    constexpr double roundings = 1e-6;
    const auto lowest = static_cast<double>(top_.lowest_score());
    enough_ = lowest - 1 - lowest * roundings;
}

void Pruning::run()
{
    raise_the_bar();
    for (std::size_t number = 0; number < lists_.size() && can_enter(lists_[number].most_rest); ++number)
        read(number);
}

Pruning::Prepared Pruning::prepare(std::size_t number) const
{
    const auto& list = lists_[number];
    Prepared prepared(segment_.size());
    query_.add_contributions(list.clause, 1, prepared.once);
    for (std::size_t later = number + 1; later < lists_.size(); ++later) {
        const auto& other = lists_[later];
        if (other.clause.field == list.clause.field) {
            query_.add_contributions(other.clause, other.highest_frequency, prepared.later);
            unite(prepared.same_field, other.postings);
        } else {
            prepared.others += other.most;
            unite(prepared.other_fields, other.postings);
        }
    }
    return prepared;
}

void Pruning::read(std::size_t number)
{
    for (auto later = number + 1; later < lists_.size(); ++later)
        lists_[later].reached = 0;
    const auto& list = lists_[number];
    const auto& postings = list.postings;
    const auto rest = list.most_rest - list.most;
    std::optional<Prepared> prepared;
    if (postings.count() >= postings_worth_preparing)
        prepared = prepare(number);

    for (std::size_t begin = 0; begin < postings.count(); begin += Block::documents) {
        const auto end = std::min(begin + Block::documents, postings.count());
        if (postings.blocks != nullptr) {
            const auto block = postings.block(begin / Block::documents);
            const std::uint32_t highest = block.highest_frequency() == Block::frequency_beyond
                                              ? list.highest_frequency
                                              : block.highest_frequency();
            if (!can_enter(static_cast<double>(contribution(list, highest, block.shortest_norm())) + rest))
                continue;
        }
        if (prepared)
            read_prepared(number, begin, end, *prepared);
        else
            read_plainly(number, begin, end);
    }
}

void Pruning::read_prepared(std::size_t number, std::size_t begin, std::size_t end, const Prepared& prepared)
{
    const auto& list = lists_[number];
    for (auto at = begin; at < end; ++at) {
        const auto document = list.postings.documents[at];
        const auto norm = list.norms[document];
        const auto frequency = list.postings.frequency(at);
        const auto own = frequency == 1 ? prepared.once[norm] : contribution(list, frequency, norm);
        const bool in_same = prepared.same_field.test(document);
        const bool in_others = prepared.other_fields.test(document);
        const auto most = static_cast<double>(own) + (in_same ? static_cast<double>(prepared.later[norm]) : 0.0) +
                          (in_others ? prepared.others : 0.0);
        if (can_enter(most))
            evaluate(number, document, own, in_same || in_others ? Later::some : Later::none);
    }
}

void Pruning::read_plainly(std::size_t number, std::size_t begin, std::size_t end)
{
    const auto& list = lists_[number];
    const auto rest = list.most_rest - list.most;
    for (auto at = begin; at < end; ++at) {
        const auto document = list.postings.documents[at];
        const auto own = contribution(list, list.postings.frequency(at), list.norms[document]);
        if (can_enter(static_cast<double>(own) + rest))
            evaluate(number, document, own, Later::some);
    }
}

// A document of an earlier list that is not `seen` was passed over there because it cannot enter; without what that
// list adds it does not enter here either.
void Pruning::evaluate(std::size_t number, DocumentNumber document, float own, Later later_lists)
{
    if (seen_.test(document) || !matches_.test(document))
        return;
    std::ranges::fill(contributions_, 0.0F);
    contributions_[lists_[number].clause_number] = own;
    auto sum = static_cast<double>(own);
    const auto end = later_lists == Later::none ? number + 1 : lists_.size();
    for (auto later = number + 1; later < end; ++later) {
        auto& list = lists_[later];
        if (!can_enter(sum + list.most_rest))
            return;
        if (const auto frequency = next_frequency_in(list, document); frequency != 0) {
            const auto more = contribution(list, frequency, list.norms[document]);
            contributions_[list.clause_number] = more;
            sum += static_cast<double>(more);
        }
    }
    if (!can_enter(sum))
        return;
    seen_.set(document);
    top_.offer({query_.score_of(contributions_), segment_number_, document});
    raise_the_bar();
}

} // namespace

void rank_pruned(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const Bits& matches,
                 TopHits& top)
{
    Pruning(snapshot, query, segment, matches, top).run();
}

void rank_all(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment_number, const Bits& matches,
              TopHits& top)
{
    const auto& segment = *snapshot.segments[segment_number].segment;
    std::array<std::vector<double>, part_count> sums;
    const auto postings = query.postings(segment_number);
    for (std::size_t clause = 0; clause < postings.size(); ++clause) {
        const auto& [field, weight, part] = query.clauses()[clause];
        const auto& norms = segment.columns.norms[number_of(field)];
        auto& sum = sums[static_cast<std::size_t>(part)];
        if (sum.empty())
            sum.resize(segment.size(), 0.0);
        for (std::size_t at = 0; at < postings[clause].count(); ++at) {
            const auto document = postings[clause].documents[at];
            sum[document] += static_cast<double>(
                query.contribution(query.clauses()[clause], postings[clause].frequency(at), norms[document]));
        }
    }
    matches.each([&](std::size_t document) {
        PartSums of_document{};
        for (std::size_t part = 0; part < part_count; ++part)
            of_document[part] = sums[part].empty() ? 0.0 : sums[part][document];
        const auto score = combined_score(of_document);
        if (score >= top.lowest_score())
            top.offer({score, segment_number, static_cast<DocumentNumber>(document)});
    });
}

void rank_matches(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, const Bits& matches,
                  TopHits& top)
{
    if (query.clauses().size() <= most_clauses_to_prune)
        rank_pruned(snapshot, query, segment, matches, top);
    else
        rank_all(snapshot, query, segment, matches, top);
}

float score_book(const Snapshot& snapshot, const TextQuery& query, std::uint32_t segment, DocumentNumber document)
{
    std::vector<float> contributions(query.clauses().size(), 0.0F);
    const auto& norms = snapshot.segments[segment].segment->columns.norms;
    const auto postings = query.postings(segment);
    for (std::size_t clause = 0; clause < postings.size(); ++clause)
        if (const auto frequency = postings[clause].frequency_in(document); frequency != 0)
            contributions[clause] = query.contribution(query.clauses()[clause], frequency,
                                                       norms[number_of(query.clauses()[clause].field)][document]);
    return query.score_of(contributions);
}

} // namespace estante::search
