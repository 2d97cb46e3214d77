#include "adapters/search/completion_index.hpp"

#include "analysis/completion_analysis.hpp"
#include "analysis/utf8.hpp"

#include <algorithm>

namespace estante::search {
namespace {

std::u32string code_points(std::string_view text)
{
    std::u32string points;
    for (std::size_t at = 0; at < text.size();) {
        points += static_cast<char32_t>(analysis::next_code_point(text, at));
    }
    return points;
}

} // namespace

CompletionIndex::CompletionIndex(const PackedStrings& titles, std::span<const std::uint16_t> ranks)
{
    std::vector<std::string> keys;
    keys.reserve(titles.size());
    for (std::size_t document = 0; document < titles.size(); ++document) {
        keys.push_back(analysis::completion_key(analysis::completion_input(titles[document])));
        if (!keys.back().empty())
            documents_.push_back(static_cast<DocId>(document));
    }
    std::ranges::sort(documents_.mutable_values(), [&keys](auto left, auto right) {
        const auto order = keys[left].compare(keys[right]);
        return order != 0 ? order < 0 : left < right;
    });
    ranks_.reserve(documents_.size());
    for (const auto document : documents_) {
        keys_.add(keys[document]);
        ranks_.push_back(ranks[document]);
    }
    keys_.shrink_to_fit();
    documents_.shrink_to_fit();
}

std::vector<DocId> CompletionIndex::best_in(const std::vector<PrefixRange>& ranges, std::size_t limit,
                                            const BitSet* deleted) const
{
    struct Ranked {
        std::uint16_t rank;
        DocId document;
    };
    std::vector<Ranked> best;
    for (const auto& range : ranges)
        for (auto position = range.begin; position < range.end; ++position) {
            const auto rank = ranks_[position];
            if (best.size() == limit && rank > best.back().rank)
                continue;
            if (deleted != nullptr && deleted->test(documents_[position]))
                continue;
            if (best.size() == limit)
                best.pop_back();
            best.insert(std::ranges::upper_bound(best, rank, {}, &Ranked::rank), Ranked{rank, documents_[position]});
        }
    std::vector<DocId> documents;
    documents.reserve(best.size());
    for (const auto& [rank, document] : best)
        documents.push_back(document);
    return documents;
}

std::vector<DocId> CompletionIndex::prefix_matches(std::string_view key, std::size_t limit, const BitSet* deleted) const
{
    return best_in({find_prefix(keys_, key)}, limit, deleted);
}

std::vector<DocId> CompletionIndex::fuzzy_prefix_matches(std::string_view key, std::size_t limit,
                                                         const BitSet* deleted) const
{
    const auto typed = code_points(key);
    const auto edits = analysis::completion_fuzziness(typed.size());
    if (edits == 0)
        return {};
    const auto fuzzy = find_fuzzy_prefixes(keys_, typed, edits);
    const auto exact = find_prefix(keys_, key);

    // Excludes the exact matches, which are adjacent within one of the fuzzy ranges.
    std::vector<PrefixRange> inexact;
    for (const auto& range : fuzzy) {
        inexact.push_back({range.begin, std::clamp(exact.begin, range.begin, range.end)});
        inexact.push_back({std::clamp(exact.end, range.begin, range.end), range.end});
    }
    return best_in(inexact, limit, deleted);
}

bool CompletionIndex::is_consistent(std::size_t documents) const
{
    return keys_.is_consistent() && keys_.size() == documents_.size() && ranks_.size() == documents_.size() &&
           std::ranges::all_of(documents_, [documents](DocId document) { return document < documents; });
}

std::size_t CompletionIndex::memory_bytes() const
{
    return keys_.memory_bytes() + documents_.memory_bytes() + ranks_.memory_bytes();
}

} // namespace estante::search
