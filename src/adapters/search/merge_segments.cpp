#include "adapters/search/merge_segments.hpp"

#include "adapters/search/segment_builder.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace estante::search {
namespace {

void append_columns(Columns& to, const Columns& from, std::size_t document)
{
    to.ids.add(from.ids[document]);
    to.titles.add(from.titles[document]);
    to.ratings.push_back(from.ratings[document]);
    to.prices.push_back(from.prices[document]);
    to.years.push_back(from.years[document]);
    to.updated.push_back(from.updated[document]);
    to.in_stock.push_back(from.in_stock.test(document));
    for (std::size_t field = 0; field < scored_fields; ++field) {
        to.lengths[field].push_back(from.lengths[field][document]);
        to.norms[field].push_back(from.norms[field][document]);
    }
    to.versions.push_back(from.versions[document]);
}

// A live document of the merged segments.
struct LiveDocument {
    std::size_t segment = 0;
    DocId document = 0;
};

std::vector<LiveDocument> live_documents_in_order(std::span<const LiveSegment> segments)
{
    std::vector<LiveDocument> documents;
    for (std::size_t segment = 0; segment < segments.size(); ++segment)
        for (std::size_t document = 0; document < segments[segment].segment->size(); ++document)
            if (segments[segment].is_live(document))
                documents.push_back({segment, static_cast<DocId>(document)});
    std::ranges::sort(documents, [segments](const LiveDocument& left, const LiveDocument& right) {
        const auto& left_books = segments[left.segment].segment->columns;
        const auto& right_books = segments[right.segment].segment->columns;
        if (left_books.ratings[left.document] != right_books.ratings[right.document])
            return left_books.ratings[left.document] > right_books.ratings[right.document];
        return left_books.ids[left.document] < right_books.ids[right.document];
    });
    return documents;
}

void append_postings(SegmentBuilder& builder, const LiveSegment& live, const std::vector<DocId>& new_ids)
{
    const auto& index = live.segment->index;
    std::uint32_t known = TermDictionary::absent;
    std::uint32_t number = 0;
    index.for_each_list([&](std::uint32_t term, Field field, const PostingList& postings) {
        for (std::size_t at = 0; at < postings.count(); ++at) {
            const auto document = postings.documents[at];
            if (!live.is_live(document))
                continue;
            if (known != term) { // a term without live documents is dropped
                number = builder.add_term(index.terms()[term]);
                known = term;
            }
            builder.add_posting({number, new_ids[document], static_cast<Frequency>(postings.frequency(at)), field});
        }
    });
}

} // namespace

std::shared_ptr<const Segment> merge_segments(std::span<const LiveSegment> segments,
                                              const analysis::TitleCollation& collation)
{
    const auto documents = live_documents_in_order(segments);
    SegmentBuilder builder(documents.size());
    std::vector<std::vector<DocId>> new_ids(segments.size());
    for (std::size_t segment = 0; segment < segments.size(); ++segment)
        new_ids[segment].resize(segments[segment].segment->size());
    for (std::size_t number = 0; number < documents.size(); ++number) {
        const auto [segment, document] = documents[number];
        new_ids[segment][document] = static_cast<DocId>(number);
        append_columns(builder.columns(), segments[segment].segment->columns, document);
    }
    for (std::size_t segment = 0; segment < segments.size(); ++segment)
        append_postings(builder, segments[segment], new_ids[segment]);
    return builder.finish(collation);
}

} // namespace estante::search
