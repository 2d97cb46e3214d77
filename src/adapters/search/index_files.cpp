#include "adapters/search/index_files.hpp"

#include "adapters/filesystem/posix_file.hpp"
#include "adapters/search/metadata_file.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

namespace estante::search {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view segment_prefix = "segment-";
constexpr const char* manifest_name = "manifest";

std::optional<std::uint64_t> parse_segment_number(const std::string& name)
{
    std::uint64_t number = 0;
    const auto* end = name.data() + name.size();
    if (!name.starts_with(segment_prefix))
        return std::nullopt;
    const auto [rest, error] = std::from_chars(name.data() + segment_prefix.size(), end, number);
    return error == std::errc{} && rest == end ? std::optional(number) : std::nullopt;
}

LiveSegment to_live_segment(std::shared_ptr<const Segment> segment, const std::vector<std::uint64_t>& deleted)
{
    LiveSegment live{.segment = std::move(segment)};
    if (deleted.empty())
        return live;
    auto bits = std::make_shared<BitSet>();
    if (!bits->assign(live.segment->size(), deleted))
        throw DamagedFile("manifest: the deleted documents of a segment have another size than the segment");
    live.deleted_count = bits->count();
    live.deleted = std::move(bits);
    return live;
}

} // namespace

fs::path IndexFiles::segment_path(std::uint64_t number) const
{
    return folder_ / (std::string(segment_prefix) + std::to_string(number));
}

std::vector<std::uint64_t> IndexFiles::segment_numbers() const
{
    std::vector<std::uint64_t> numbers;
    for (const auto& entry : fs::directory_iterator(folder_))
        if (const auto number = parse_segment_number(entry.path().filename().string()))
            numbers.push_back(*number);
    return numbers;
}

bool IndexFiles::has_manifest() const
{
    return fs::exists(folder_ / manifest_name);
}

std::optional<std::uint64_t> IndexFiles::last_save() const
{
    try {
        const auto bytes = read_file(folder_ / manifest_name);
        return bytes ? std::optional(decode_manifest(*bytes).save) : std::nullopt;
    } catch (const DamagedFile&) {
        return std::nullopt;
    }
}

IndexContents IndexFiles::load()
{
    const auto bytes = read_file(folder_ / manifest_name);
    if (!bytes)
        throw DamagedFile("manifest: it is missing");
    Manifest manifest;
    try {
        manifest = decode_manifest(*bytes);
    } catch (const DamagedFile& damaged) {
        throw DamagedFile(std::string("manifest: ") + damaged.what());
    }
    IndexContents contents{.tombstones = std::move(manifest.tombstones)};
    std::vector<SavedSegment> saved;
    for (const auto& entry : manifest.segments) {
        const auto path = segment_path(entry.number);
        try {
            saved.push_back({read_segment(path, entry.file), entry.number, entry.file});
        } catch (const std::runtime_error& damaged) { // also a file that cannot be opened
            throw DamagedFile(path.filename().string() + ": " + damaged.what());
        }
        contents.segments.push_back(to_live_segment(saved.back().segment, entry.deleted));
    }
    saved_ = std::move(saved);
    return contents;
}

void IndexFiles::save(const IndexContents& contents, std::uint64_t save)
{
    fs::create_directories(folder_);
    if (last_number_ == 0)
        for (const auto number : segment_numbers())
            last_number_ = std::max(last_number_, number);
    std::vector<SavedSegment> current;
    Manifest manifest{.save = save, .tombstones = contents.tombstones};
    const auto written_before = last_number_;
    for (const auto& live : contents.segments) {
        const auto saved = std::ranges::find(saved_, live.segment, &SavedSegment::segment);
        if (saved != saved_.end()) {
            current.push_back(*saved);
        } else {
            ++last_number_;
            current.push_back({live.segment, last_number_, write_segment(*live.segment, segment_path(last_number_))});
        }
        auto& entry = manifest.segments.emplace_back(
            Manifest::SegmentEntry{.number = current.back().number, .file = current.back().file});
        if (live.deleted != nullptr)
            for (std::size_t word = 0; word < live.deleted->word_count(); ++word)
                entry.deleted.push_back(live.deleted->word(word));
    }
    if (last_number_ != written_before)
        filesystem::sync_folder(folder_); // the segment files become durable before the manifest that lists them
    replace_file(folder_ / manifest_name, encode(manifest));
    saved_ = std::move(current);
    remove_unreferenced();
}

void IndexFiles::remove_unreferenced() const
{
    std::error_code ignored; // the next save tries again
    for (const auto number : segment_numbers())
        if (std::ranges::find(saved_, number, &SavedSegment::number) == saved_.end())
            fs::remove(segment_path(number), ignored);
}

void IndexFiles::release()
{
    saved_.clear();
}

void IndexFiles::remove()
{
    release();
    std::error_code ignored; // files that remain without a manifest are not an index
    fs::remove(folder_ / manifest_name, ignored);
    fs::remove_all(folder_, ignored);
}

} // namespace estante::search
