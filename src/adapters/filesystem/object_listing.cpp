#include "adapters/filesystem/object_listing.hpp"

#include "adapters/filesystem/object_etag.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace estante::filesystem {

namespace fs = std::filesystem;

namespace {

// A depth-first walk through the folders in key order that stops when the page is full.
class ListingWalk {
public:
    ListingWalk(FolderListing& folders, const fs::path& root, const std::string& prefix,
                const std::optional<std::string>& after, std::size_t limit)
        : folders_(folders), root_(root), prefix_(prefix), after_(after.value_or("")), limit_(limit)
    {
    }

    ObjectPage page()
    {
        visit(root_, "");
        return std::move(page_);
    }

private:
    FolderListing& folders_;
    const fs::path& root_;
    const std::string& prefix_;
    const std::string after_; // "" comes before every key
    const std::size_t limit_;
    ObjectPage page_;

    // Returns false when the page is full, or when no later key can begin with the prefix.
    bool visit(const fs::path& folder, const std::string& base)
    {
        const auto entries = folders_.entries(folder);
        for (auto at = first_entry(*entries, base); at != entries->end(); ++at) {
            const auto key = base + at->key_part;
            const bool has_prefix = key.starts_with(prefix_);
            if (!has_prefix && !(at->is_folder && prefix_.starts_with(key))) {
                if (key > prefix_)
                    return false;
                continue;
            }
            const bool may_follow = at->is_folder ? (key > after_ || after_.starts_with(key)) : key > after_;
            if (may_follow && !(at->is_folder ? visit(folder / at->name, key) : add(folder / at->name, key)))
                return false;
        }
        return true;
    }

    // Skips the keys before `after` and before the prefix by binary search.
    FolderEntries::const_iterator first_entry(const FolderEntries& entries, const std::string& base) const
    {
        const std::string_view from = std::max(after_, prefix_);
        if (!from.starts_with(base))
            return entries.begin();
        const auto rest = from.substr(base.size());
        auto at = std::ranges::lower_bound(entries, rest, {}, &FolderEntry::key_part);
        if (at != entries.begin() && rest.starts_with(std::prev(at)->key_part))
            --at; // the folder that contains `from`
        return at;
    }

    bool add(const fs::path& path, const std::string& key)
    {
        struct stat status{};
        if (key.ends_with('/') || ::lstat(path.c_str(), &status) != 0)
            return true; // removed after the folder was read
        if (page_.objects.size() == limit_) {
            page_.next = page_.objects.back().key;
            return false;
        }
        page_.objects.push_back({.key = key,
                                 .size_bytes = static_cast<std::uint64_t>(status.st_size),
                                 .etag = etag_of(status),
                                 .modified_ms = modified_ns_of(status) / 1'000'000});
        return true;
    }
};

} // namespace

ObjectPage list_page(FolderListing& folders, const fs::path& root, const std::string& prefix,
                     const std::optional<std::string>& after, std::size_t limit)
{
    return ListingWalk(folders, root, prefix, after, limit).page();
}

} // namespace estante::filesystem
