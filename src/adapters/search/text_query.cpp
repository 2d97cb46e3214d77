#include "adapters/search/text_query.hpp"

#include "analysis/accent_folding.hpp"
#include "analysis/analyzer.hpp"
#include "analysis/levenshtein_matcher.hpp"
#include "analysis/query_analysis.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace estante::search {
namespace {

// The distinct terms of a query in the order of their first occurrence.
struct QueryTerms {
    TermDictionary terms{};
    std::vector<std::uint32_t> occurrences{};

    void add(std::string_view term, std::uint32_t times = 1)
    {
        const auto number = terms.add(term);
        occurrences.resize(terms.size());
        occurrences[number] += times;
    }
};

QueryTerms analyze(std::string_view text)
{
    QueryTerms query;
    analysis::SpanishAnalyzer terms(analysis::truncate_query(text));
    for (std::string_view term; terms.next(term);)
        query.add(term);
    return query;
}

QueryTerms fold_accents(const QueryTerms& query)
{
    QueryTerms folded;
    for (std::uint32_t term = 0; term < query.terms.size(); ++term)
        if (const auto text = analysis::fold_accents(query.terms[term]); !text.empty())
            folded.add(text, query.occurrences[term]);
    return folded;
}

QueryTerms select(const std::vector<std::string>& wanted, const QueryTerms& query)
{
    QueryTerms selected;
    for (std::uint32_t term = 0; term < query.terms.size(); ++term)
        if (std::ranges::find(wanted, query.terms[term]) != wanted.end())
            selected.add(query.terms[term], query.occurrences[term]);
    return selected;
}

constexpr std::array<float, scored_fields> by_field(const analysis::FieldBoosts& boosts)
{
    return {boosts.title, boosts.author, boosts.description};
}

std::size_t live_count(const LiveSegment& live, const PostingList& postings)
{
    return live.deleted == nullptr ? postings.count() : count_live(postings, *live.deleted);
}

} // namespace

// Builds the clauses.
struct TextQuery::Builder {
    TextQuery& query;
    const Snapshot& snapshot;
    std::vector<PostingList> by_clause{}; // for each clause the list of each segment
    std::vector<PostingList> lists{};     // of the current clause, by segment

    std::size_t segments() const { return snapshot.segments.size(); }
    const Segment& segment(std::size_t number) const { return *snapshot.segments[number].segment; }

    std::size_t document_frequency() const
    {
        std::size_t documents = 0;
        for (std::size_t segment = 0; segment < segments(); ++segment)
            documents += live_count(snapshot.segments[segment], lists[segment]);
        return documents;
    }
    // Adds a clause on `lists`, unless they have no live document.
    void add_scored(ScorePart part, Field field, float boost)
    {
        if (const auto documents = document_frequency(); documents != 0)
            add(part, field,
                boost * inverse_document_frequency(snapshot.statistics[number_of(field)].document_count, documents));
    }
    void add_constant(Field field, float score)
    {
        if (document_frequency() != 0)
            add(ScorePart::fuzzy, field, score);
    }
    void add(ScorePart part, Field field, float weight)
    {
        by_clause.insert(by_clause.end(), lists.begin(), lists.end());
        query.clauses_.push_back({.field = field, .weight = weight, .part = part});
    }

    enum class Frequencies : std::uint8_t { summed, all_one };
    static void add_frequencies(MergedPostings& merged, std::span<const PostingList> lists)
    {
        merged.frequencies.resize(merged.documents.size());
        for (const auto& postings : lists) {
            std::size_t position = 0;
            for (std::size_t at = 0; at < postings.count(); ++at) {
                while (merged.documents[position] != postings.documents[at])
                    ++position;
                merged.frequencies[position] = static_cast<Frequency>(std::min<std::uint32_t>(
                    merged.frequencies[position] + postings.frequency(at), std::numeric_limits<Frequency>::max()));
            }
        }
    }
    // The union of the lists of several terms of a segment in a field.
    PostingList merge_lists(std::size_t number, Field field, std::span<const std::uint32_t> terms,
                            Frequencies frequencies)
    {
        std::vector<PostingList> found;
        const auto& index = segment(number).index;
        for (const auto term : terms)
            if (const auto postings = index.find(field, term); postings.count() != 0)
                found.push_back(postings);
        if (found.size() < 2)
            return found.empty() ? PostingList{} : found.front();

        BitSet set(segment(number).size());
        for (const auto& postings : found)
            union_into(set, postings);
        auto& merged = query.merged_postings_.emplace_back();
        merged.documents.reserve(set.count());
        set.for_each([&merged](std::size_t document) { merged.documents.push_back(static_cast<DocId>(document)); });
        if (frequencies == Frequencies::summed)
            add_frequencies(merged, found);
        merged.set = std::move(set);
        return {.documents = merged.documents,
                .frequencies = merged.frequencies.empty() ? nullptr : merged.frequencies.data(),
                .bits = merged.set.data()};
    }

    void add_exact_clauses(const QueryTerms& terms);
    void add_folded_clauses(const QueryTerms& terms);
    void add_fuzzy_clauses(const QueryTerms& terms);
};

void TextQuery::Builder::add_exact_clauses(const QueryTerms& terms)
{
    std::vector<std::uint32_t> numbers(segments());
    for (std::uint32_t term = 0; term < terms.terms.size(); ++term) {
        const auto clauses_before = query.clauses_.size();
        const auto hash = TermDictionary::hash_of(terms.terms[term]);
        for (std::size_t number = 0; number < segments(); ++number)
            numbers[number] = segment(number).index.terms().find(terms.terms[term], hash);
        for (std::size_t field = 0; field < scored_fields; ++field) {
            for (std::size_t number = 0; number < segments(); ++number)
                lists[number] = segment(number).index.find(static_cast<Field>(field), numbers[number]);
            add_scored(static_cast<ScorePart>(field), static_cast<Field>(field),
                       by_field(analysis::exact_boosts)[field] * static_cast<float>(terms.occurrences[term]));
        }
        if (query.clauses_.size() == clauses_before)
            query.unknown_terms_.emplace_back(terms.terms[term]);
    }
}

void TextQuery::Builder::add_folded_clauses(const QueryTerms& terms)
{
    std::vector<std::vector<std::uint32_t>> numbers(segments());
    for (std::uint32_t term = 0; term < terms.terms.size(); ++term) {
        for (std::size_t number = 0; number < segments(); ++number)
            numbers[number] = segment(number).folded_terms.exact_matches(segment(number).index, terms.terms[term]);
        for (std::size_t field = 0; field < scored_fields; ++field) {
            for (std::size_t number = 0; number < segments(); ++number)
                lists[number] = merge_lists(number, static_cast<Field>(field), numbers[number], Frequencies::summed);
            add_scored(static_cast<ScorePart>(scored_fields + field), static_cast<Field>(field),
                       by_field(analysis::folded_boosts)[field] * static_cast<float>(terms.occurrences[term]));
        }
    }
}

void TextQuery::Builder::add_fuzzy_clauses(const QueryTerms& terms)
{
    std::vector<std::vector<std::uint32_t>> numbers(segments());
    for (std::uint32_t term = 0; term < terms.terms.size(); ++term) {
        analysis::LevenshteinMatcher matcher(terms.terms[term]);
        if (matcher.max_edits() == 0)
            continue;
        for (std::size_t number = 0; number < segments(); ++number)
            numbers[number] = segment(number).folded_terms.fuzzy_matches(segment(number).index, matcher);
        for (const auto field : {Field::title, Field::author}) {
            for (std::size_t number = 0; number < segments(); ++number)
                lists[number] = merge_lists(number, field, numbers[number], Frequencies::all_one);
            add_constant(field, by_field(analysis::fuzzy_boosts)[number_of(field)]);
        }
    }
}

TextQuery::TextQuery(const Snapshot& snapshot, std::string_view text, Matching matching)
{
    const auto segments = snapshot.segments.size();
    const auto terms = analyze(text);
    Builder builder{.query = *this, .snapshot = snapshot, .lists = std::vector<PostingList>(segments)};
    builder.add_exact_clauses(terms);
    if (matching != Matching::plain) {
        const auto folded =
            matching == Matching::corrected ? fold_accents(select(unknown_terms_, terms)) : fold_accents(terms);
        builder.add_folded_clauses(folded);
        builder.add_fuzzy_clauses(folded);
    }

    postings_.reserve(builder.by_clause.size());
    for (std::size_t segment = 0; segment < segments; ++segment)
        for (std::size_t clause = 0; clause < clauses_.size(); ++clause)
            postings_.push_back(builder.by_clause[clause * segments + segment]);
    for (std::size_t field = 0; field < scored_fields; ++field)
        if (std::ranges::any_of(clauses_, [field](const auto& clause) { return number_of(clause.field) == field; }))
            inverse_[field] = search::norm_inverses(snapshot.statistics[field]);
}

void TextQuery::add_contributions(const Clause& clause, std::uint32_t frequency, std::array<float, 256>& by_norm) const
{
    const auto [field, weight, part] = clause;
    if (part == ScorePart::fuzzy) {
        for (auto& sum : by_norm)
            sum += weight;
        return;
    }
    const NormInverses inverse =
        norm_inverses(field); // a copy, so that the compiler knows that it does not alias by_norm
    const auto times = static_cast<float>(frequency);
    for (std::size_t norm = 0; norm < by_norm.size(); ++norm)
        by_norm[norm] += term_score(weight, times, inverse[norm]);
}

float TextQuery::score_of(std::span<const float> contributions) const
{
    ScorePartSums sums{};
    for (std::size_t clause = 0; clause < clauses_.size(); ++clause)
        sums[static_cast<std::size_t>(clauses_[clause].part)] += static_cast<double>(contributions[clause]);
    return combined_score(sums);
}

} // namespace estante::search
