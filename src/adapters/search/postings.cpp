#include "adapters/search/postings.hpp"

namespace estante::search {

std::size_t count_live(const Postings& postings, const Bits& deleted)
{
    if (postings.bits != nullptr)
        return postings.count() - count_common_bits(postings.bits, deleted.data(), deleted.word_count());
    std::size_t live = 0;
    for (const auto document : postings.documents)
        live += deleted.test(document) ? 0 : 1;
    return live;
}

void unite(Bits& set, const Postings& postings)
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
