// Lucene's BM25 (k1 = 1.2, b = 0.75) to the bit of a float: org.apache.lucene.search.similarities.BM25Similarity and
// org.apache.lucene.util.SmallFloat of Lucene 8 and later (no factor k1 + 1).
// Must be compiled with -ffp-contract=off, because a fused multiply-add rounds differently.
#pragma once

#include <array>
#include <cstdint>

namespace estante::search {

// The length of a field in terms as one byte: exact below 40, then with four significant bits (SmallFloat.intToByte4).
std::uint8_t encode_norm(std::uint32_t length);
std::uint32_t decode_norm(std::uint8_t norm);

// Lucene's CollectionStatistics of a field.
struct FieldStatistics {
    std::uint64_t document_count = 0; // documents with at least one term in the field (docCount)
    std::uint64_t term_count = 0;     // with repetitions (sumTotalTermFreq)

    bool operator==(const FieldStatistics&) const = default;
};

// The idf of a term that `document_frequency` of `document_count` documents contain.
float inverse_document_frequency(std::uint64_t document_count, std::uint64_t document_frequency);

// 1 / (k1 · ((1 − b) + b · length / average length)) for each norm.
using NormInverses = std::array<float, 256>;
NormInverses norm_inverses(const FieldStatistics& statistics);

// The contribution of a term to the score of a document. It grows with the frequency and shrinks with the length.
inline float term_score(float weight, float frequency, float norm_inverse)
{
    return weight - weight / (1.0F + frequency * norm_inverse);
}

} // namespace estante::search
