// Lucene's BM25 (k1 = 1.2, b = 0.75) to the bit of a float: org.apache.lucene.search.similarities.BM25Similarity and
// org.apache.lucene.util.SmallFloat of Lucene 8 and later (no factor k1 + 1).
// Compile with -ffp-contract=off: a fused multiply-add gives other last bits.
#pragma once

#include <array>
#include <cstdint>

namespace estante::search {

// A field's length in terms as one byte: exact below 40, then in four significant bits (SmallFloat.intToByte4).
std::uint8_t norm_of(std::uint32_t length);
std::uint32_t length_of(std::uint8_t norm);

// Of the documents that have at least one term in the field.
struct FieldStatistics {
    std::uint64_t documents = 0;
    std::uint64_t terms = 0; // with repetitions

    bool operator==(const FieldStatistics&) const = default;
};

// How rare a term is that `containing` of `documents` have.
float inverse_document_frequency(std::uint64_t documents, std::uint64_t containing);

// 1 / (k1 · ((1 − b) + b · length / average length)) for each norm.
using InverseLengths = std::array<float, 256>;
InverseLengths inverse_lengths(const FieldStatistics& statistics);

// What a term adds to a document's score; grows with the frequency, shrinks with the length.
inline float term_score(float weight, float frequency, float inverse_length)
{
    return weight - weight / (1.0F + frequency * inverse_length);
}

} // namespace estante::search
