// Builds a segment from its documents, which are added in the order of the segment.
#pragma once

#include "adapters/search/segment.hpp"
#include "analysis/title_collation.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace estante::search {

// For each document: add its fields, then its columns, `versions` last, because that column counts the documents.
class SegmentBuilder {
public:
    explicit SegmentBuilder(std::size_t documents);

    Columns& columns() { return segment_->columns; }

    // Analyzes the text of a scored field.
    void add_text(Field field, std::string_view text);
    // Adds a value of a keyword field. An empty value is none; a repeated one counts once.
    void add_keyword(Field field, std::string_view value);

    // For terms that another segment has analyzed.
    std::uint32_t add_term(std::string_view term) { return terms_.add(term); }
    void add_posting(const Posting& posting) { postings_.push_back(posting); }

    std::shared_ptr<const Segment> finish(const analysis::TitleCollation& collation);

private:
    DocId document() const { return static_cast<DocId>(segment_->columns.size()); }
    void add_length(Field field, std::size_t length);
    void fill_term_facet(Field field, Facet facet);
    void fill_number_facet(Facet facet, const std::vector<std::int32_t>& keys);
    void fill_facets();
    void fill_orders(const analysis::TitleCollation& collation);
    SegmentArray<std::uint16_t> suggestion_ranks() const;

    std::shared_ptr<Segment> segment_;
    TermDictionary terms_;
    std::vector<Posting> postings_;
    std::vector<std::uint32_t> term_numbers_; // buffer of add_text
};

} // namespace estante::search
