#include "adapters/search/text_query.hpp"

#include "analysis/accents.hpp"
#include "analysis/analyzer.hpp"
#include "analysis/search_rules.hpp"
#include "analysis/spelling.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace estante::search {
namespace {

// The terms of a query, each once, in the order in which they first occur.
struct QueryTerms {
    Dictionary terms{};
    std::vector<std::uint32_t> occurrences{};

    void add(std::string_view term, std::uint32_t times = 1)
    {
        const auto number = terms.add(term);
        occurrences.resize(terms.size());
        occurrences[number] += times;
    }
};

QueryTerms terms_of(std::string_view text)
{
    QueryTerms query;
    analysis::SpanishTerms terms(analysis::searched_part(text));
    for (std::string_view term; terms.next(term);)
        query.add(term);
    return query;
}

QueryTerms without_accents(const QueryTerms& query)
{
    QueryTerms plain;
    for (std::uint32_t term = 0; term < query.terms.size(); ++term)
        if (const auto text = analysis::without_accents(query.terms[term]); !text.empty())
            plain.add(text, query.occurrences[term]);
    return plain;
}

QueryTerms only(const std::vector<std::string>& some, const QueryTerms& query)
{
    QueryTerms chosen;
    for (std::uint32_t term = 0; term < query.terms.size(); ++term)
        if (std::ranges::find(some, query.terms[term]) != some.end())
            chosen.add(query.terms[term], query.occurrences[term]);
    return chosen;
}

constexpr std::array<float, scored_fields> by_field(const analysis::FieldBoosts& boosts)
{
    return {boosts.title, boosts.author, boosts.description};
}

std::size_t live_count(const LiveSegment& live, const Postings& postings)
{
    return live.deleted == nullptr ? postings.count() : count_live(postings, *live.deleted);
}

} // namespace

// The clauses in the making: the postings of each, a segment after the other.
struct TextQuery::Draft {
    TextQuery& query;
    const Snapshot& snapshot;
    std::vector<Postings> by_clause{};
    std::vector<Postings> lists{}; // of the clause in the making

    std::size_t segments() const { return snapshot.segments.size(); }
    const Segment& segment(std::size_t number) const { return *snapshot.segments[number].segment; }

    std::size_t containing() const
    {
        std::size_t books = 0;
        for (std::size_t segment = 0; segment < segments(); ++segment)
            books += live_count(snapshot.segments[segment], lists[segment]);
        return books;
    }
    // Of `lists`, unless no live book is in them.
    void add_scored(Part part, Field field, float boost)
    {
        if (const auto books = containing(); books != 0)
            add(part, field,
                boost * inverse_document_frequency(snapshot.statistics[number_of(field)].documents, books));
    }
    void add_constant(Field field, float score)
    {
        if (containing() != 0)
            add(Part::near, field, score);
    }
    void add(Part part, Field field, float weight)
    {
        by_clause.insert(by_clause.end(), lists.begin(), lists.end());
        query.clauses_.push_back({.field = field, .weight = weight, .part = part});
    }

    enum class Frequencies : std::uint8_t { summed, each_one };
    static void add_frequencies(United& united, std::span<const Postings> lists)
    {
        united.frequencies.resize(united.documents.size());
        for (const auto& postings : lists) {
            std::size_t place = 0;
            for (std::size_t at = 0; at < postings.count(); ++at) {
                while (united.documents[place] != postings.documents[at])
                    ++place;
                united.frequencies[place] = static_cast<Frequency>(std::min<std::uint32_t>(
                    united.frequencies[place] + postings.frequency(at), std::numeric_limits<Frequency>::max()));
            }
        }
    }
    // Of terms of a segment, in a field.
    Postings united(std::size_t number, Field field, std::span<const std::uint32_t> terms, Frequencies frequencies)
    {
        std::vector<Postings> found;
        const auto& index = segment(number).index;
        for (const auto term : terms)
            if (const auto postings = index.find(field, term); postings.count() != 0)
                found.push_back(postings);
        if (found.size() < 2)
            return found.empty() ? Postings{} : found.front();

        Bits set(segment(number).size());
        for (const auto& postings : found)
            unite(set, postings);
        auto& united = query.united_.emplace_back();
        united.documents.reserve(set.count());
        set.each(
            [&united](std::size_t document) { united.documents.push_back(static_cast<DocumentNumber>(document)); });
        if (frequencies == Frequencies::summed)
            add_frequencies(united, found);
        united.set = std::move(set);
        return {.documents = united.documents,
                .frequencies = united.frequencies.empty() ? nullptr : united.frequencies.data(),
                .bits = united.set.data()};
    }

    void add_as_spelled(const QueryTerms& terms);
    void add_without_accents(const QueryTerms& terms);
    void add_nearly_spelled(const QueryTerms& terms);
};

void TextQuery::Draft::add_as_spelled(const QueryTerms& terms)
{
    std::vector<std::uint32_t> numbers(segments());
    for (std::uint32_t term = 0; term < terms.terms.size(); ++term) {
        const auto clauses_before = query.clauses_.size();
        const auto hash = Dictionary::hash_of(terms.terms[term]);
        for (std::size_t number = 0; number < segments(); ++number)
            numbers[number] = segment(number).index.terms().find(terms.terms[term], hash);
        for (std::size_t field = 0; field < scored_fields; ++field) {
            for (std::size_t number = 0; number < segments(); ++number)
                lists[number] = segment(number).index.find(static_cast<Field>(field), numbers[number]);
            add_scored(static_cast<Part>(field), static_cast<Field>(field),
                       by_field(analysis::boosts_as_typed)[field] * static_cast<float>(terms.occurrences[term]));
        }
        if (query.clauses_.size() == clauses_before)
            query.unknown_terms_.emplace_back(terms.terms[term]);
    }
}

void TextQuery::Draft::add_without_accents(const QueryTerms& terms)
{
    std::vector<std::vector<std::uint32_t>> numbers(segments());
    for (std::uint32_t term = 0; term < terms.terms.size(); ++term) {
        for (std::size_t number = 0; number < segments(); ++number)
            numbers[number] = segment(number).plain_terms.same(segment(number).index, terms.terms[term]);
        for (std::size_t field = 0; field < scored_fields; ++field) {
            for (std::size_t number = 0; number < segments(); ++number)
                lists[number] = united(number, static_cast<Field>(field), numbers[number], Frequencies::summed);
            add_scored(static_cast<Part>(scored_fields + field), static_cast<Field>(field),
                       by_field(analysis::boosts_without_accents)[field] * static_cast<float>(terms.occurrences[term]));
        }
    }
}

void TextQuery::Draft::add_nearly_spelled(const QueryTerms& terms)
{
    std::vector<std::vector<std::uint32_t>> numbers(segments());
    for (std::uint32_t term = 0; term < terms.terms.size(); ++term) {
        analysis::Spelling spelling(terms.terms[term]);
        if (spelling.edits() == 0)
            continue;
        for (std::size_t number = 0; number < segments(); ++number)
            numbers[number] = segment(number).plain_terms.near(segment(number).index, spelling);
        for (const auto field : {Field::title, Field::author}) {
            for (std::size_t number = 0; number < segments(); ++number)
                lists[number] = united(number, field, numbers[number], Frequencies::each_one);
            add_constant(field, by_field(analysis::boosts_nearly)[number_of(field)]);
        }
    }
}

TextQuery::TextQuery(const Snapshot& snapshot, std::string_view text, Matching matching)
{
    const auto segments = snapshot.segments.size();
    const auto terms = terms_of(text);
    Draft draft{.query = *this, .snapshot = snapshot, .lists = std::vector<Postings>(segments)};
    draft.add_as_spelled(terms);
    if (matching != Matching::plain) {
        const auto plain =
            matching == Matching::mended ? without_accents(only(unknown_terms_, terms)) : without_accents(terms);
        draft.add_without_accents(plain);
        draft.add_nearly_spelled(plain);
    }

    postings_.reserve(draft.by_clause.size());
    for (std::size_t segment = 0; segment < segments; ++segment)
        for (std::size_t clause = 0; clause < clauses_.size(); ++clause)
            postings_.push_back(draft.by_clause[clause * segments + segment]);
    for (std::size_t field = 0; field < scored_fields; ++field)
        if (std::ranges::any_of(clauses_, [field](const auto& clause) { return number_of(clause.field) == field; }))
            inverse_[field] = search::inverse_lengths(snapshot.statistics[field]);
}

void TextQuery::add_contributions(const Clause& clause, std::uint32_t frequency, std::array<float, 256>& by_norm) const
{
    const auto [field, weight, part] = clause;
    if (part == Part::near) {
        for (auto& sum : by_norm)
            sum += weight;
        return;
    }
    const InverseLengths inverse = inverse_lengths(field); // a copy, as no sum is then one of its values
    const auto times = static_cast<float>(frequency);
    for (std::size_t norm = 0; norm < by_norm.size(); ++norm)
        by_norm[norm] += term_score(weight, times, inverse[norm]);
}

float TextQuery::score_of(std::span<const float> contributions) const
{
    PartSums sums{};
    for (std::size_t clause = 0; clause < clauses_.size(); ++clause)
        sums[static_cast<std::size_t>(clauses_[clause].part)] += static_cast<double>(contributions[clause]);
    return combined_score(sums);
}

} // namespace estante::search
