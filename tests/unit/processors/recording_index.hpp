// A search index that only records the documents it is given, with the rule of versions.
#pragma once

#include "ports/search_index.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace estante {

class RecordingIndex final : public SearchIndex {
public:
    struct Entry {
        std::uint64_t version = 0;
        std::optional<SearchDocument> document{};
    };
    std::map<std::pair<TenantId, std::string>, Entry> entries;
    std::vector<std::size_t> applied; // the number of changes of each call
    std::set<std::string> rejected;   // ids of books whose documents are invalid
    std::optional<Errc> outage;

    const SearchDocument* document(const TenantId& tenant, const BookId& book) const
    {
        const auto found = entries.find({tenant, book.value});
        return found != entries.end() && found->second.document ? &*found->second.document : nullptr;
    }
    // All documents as texts, to compare two indexes.
    std::vector<std::string> texts() const
    {
        std::vector<std::string> all;
        for (const auto& [key, entry] : entries) {
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
        if (outage)
            co_return failure(*outage, "No responde.", "It does not respond.");
        for (const IndexChange& change : changes) {
            if (rejected.contains(change.book_id))
                co_return failure(Errc::invalid, "El documento no es válido.", "The document is invalid.");
        }
        applied.push_back(changes.size());
        for (IndexChange& change : changes) {
            Entry& entry = entries[{tenant, change.book_id}];
            if (change.version > entry.version)
                entry = {change.version, std::move(change.document)};
        }
        co_return Result<void>{};
    }
    Task<Result<void>> rebuild(TenantId tenant, std::vector<SearchDocument> documents) override
    {
        if (outage)
            co_return failure(*outage, "No responde.", "It does not respond.");
        std::erase_if(entries, [&](const auto& entry) { return entry.first.first == tenant; });
        for (SearchDocument& document : documents) {
            Entry& entry = entries[{tenant, document.book_id}];
            entry = {document.version, std::move(document)};
        }
        co_return Result<void>{};
    }
    Task<Result<std::vector<std::string>>> book_ids(TenantId tenant, std::string after, std::size_t limit) override
    {
        if (outage)
            co_return failure(*outage, "No responde.", "It does not respond.");
        std::vector<std::string> ids;
        for (auto at = entries.upper_bound({tenant, after}); at != entries.end() && at->first.first == tenant; ++at)
            if (at->second.document && ids.size() < limit)
                ids.push_back(at->first.second);
        co_return ids;
    }
    Task<Result<std::vector<IndexStatus>>> check(TenantId tenant, std::vector<IndexChange> expected) override
    {
        if (outage)
            co_return failure(*outage, "No responde.", "It does not respond.");
        std::vector<IndexStatus> states;
        for (const IndexChange& book : expected) {
            const auto* indexed = document(tenant, BookId{book.book_id});
            states.push_back(!indexed         ? book.document ? IndexStatus::missing : IndexStatus::in_sync
                             : !book.document ? IndexStatus::orphaned
                             : indexed->version != book.version       ? IndexStatus::stale
                             : indexed->title != book.document->title ? IndexStatus::content_mismatch
                                                                      : IndexStatus::in_sync);
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
