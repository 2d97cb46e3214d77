#include "adapters/search/posting_list.hpp"

namespace estante::search {

std::size_t count_live(const PostingList& postings, const BitSet& deleted)
{
    if (postings.bits != nullptr)
        return postings.count() - count_intersection(postings.bits, deleted.data(), deleted.word_count());
    std::size_t live = 0;
    for (const auto document : postings.documents)
        live += deleted.test(document) ? 0 : 1;
    return live;
}

void union_into(BitSet& set, const PostingList& postings)
{
    if (postings.bits == nullptr) {
        for (const auto document : postings.documents)
            set.set(document);
        return;
    }
    for (std::size_t at = 0; at < set.word_count(); ++at)
        set.word(at) |= postings.bits[at];
}

} // namespace estante::search
