// A search index that only remembers: what it was told, by the rule of versions, and how.
#pragma once

#include "ports/search_index.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace estante {

class RecordedIndex final : public SearchIndex {
public:
    struct Known {
        std::uint64_t version = 0;
        std::optional<SearchDocument> document{};
    };
    std::map<std::pair<TenantId, std::string>, Known> known;
    std::vector<std::size_t> applied; // how many changes each call brought
    std::set<std::string> refused;    // books of which any document is invalid
    std::optional<Errc> down;

    const SearchDocument* document(const TenantId& tenant, const BookId& book) const
    {
        const auto found = known.find({tenant, book.value});
        return found != known.end() && found->second.document ? &*found->second.document : nullptr;
    }
    // Every document as one text, to compare two indexes by.
    std::vector<std::string> texts() const
    {
        std::vector<std::string> all;
        for (const auto& [key, entry] : known) {
            if (!entry.document)
                continue;
            const auto& d = *entry.document;
            std::string text = key.first.value + "|" + d.book_id + "|" + std::to_string(d.version) + "|" + d.title +
                               "|" + d.author + "|" + d.category + "|" + d.isbn + "|" + (d.in_stock ? "in stock" : "") +
                               "|" + (d.price_cents ? std::to_string(*d.price_cents) : "");
            all.push_back(std::move(text));
        }
        return all;
    }

    Task<Result<void>> apply(TenantId tenant, std::vector<IndexChange> changes) override
    {
        if (down)
            co_return failure(*down, "No responde.", "It does not answer.");
        for (const IndexChange& change : changes) {
            if (refused.contains(change.book_id))
                co_return failure(Errc::invalid, "El documento no vale.", "The document is no good.");
        }
        applied.push_back(changes.size());
        for (IndexChange& change : changes) {
            Known& entry = known[{tenant, change.book_id}];
            if (change.version > entry.version)
                entry = {change.version, std::move(change.document)};
        }
        co_return Result<void>{};
    }
    Task<Result<void>> rebuild(TenantId tenant, std::vector<SearchDocument> documents) override
    {
        if (down)
            co_return failure(*down, "No responde.", "It does not answer.");
        std::erase_if(known, [&](const auto& entry) { return entry.first.first == tenant; });
        for (SearchDocument& document : documents) {
            Known& entry = known[{tenant, document.book_id}];
            entry = {document.version, std::move(document)};
        }
        co_return Result<void>{};
    }
    Task<Result<std::vector<std::string>>> book_ids(TenantId tenant, std::string after, std::size_t limit) override
    {
        if (down)
            co_return failure(*down, "No responde.", "It does not answer.");
        std::vector<std::string> ids;
        for (auto at = known.upper_bound({tenant, after}); at != known.end() && at->first.first == tenant; ++at)
            if (at->second.document && ids.size() < limit)
                ids.push_back(at->first.second);
        co_return ids;
    }
    Task<Result<std::vector<IndexStatus>>> check(TenantId tenant, std::vector<IndexChange> wanted) override
    {
        if (down)
            co_return failure(*down, "No responde.", "It does not answer.");
        std::vector<IndexStatus> states;
        for (const IndexChange& book : wanted) {
            const auto* indexed = document(tenant, BookId{book.book_id});
            states.push_back(!indexed         ? book.document ? IndexStatus::missing : IndexStatus::right
                             : !book.document ? IndexStatus::orphaned
                             : indexed->version != book.version       ? IndexStatus::stale
                             : indexed->title != book.document->title ? IndexStatus::content_mismatch
                                                                      : IndexStatus::right);
        }
        co_return states;
    }
    Task<Result<SearchPage>> search(TenantId, SearchQuery) override { co_return SearchPage{}; }
    Task<Result<std::vector<Suggestion>>> suggest(TenantId, std::string, std::size_t) override
    {
        co_return std::vector<Suggestion>{};
    }
    Task<Result<std::vector<FacetCount>>> categories(TenantId) override { co_return std::vector<FacetCount>{}; }
    Task<Result<void>> drop(TenantId) override { co_return Result<void>{}; }
};

} // namespace estante
