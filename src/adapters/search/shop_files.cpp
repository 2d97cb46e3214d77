#include "adapters/search/shop_files.hpp"

#include "adapters/filesystem/open_file.hpp"
#include "adapters/search/record_file.hpp"

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

std::optional<std::uint64_t> number_of(const std::string& name)
{
    std::uint64_t number = 0;
    const auto* end = name.data() + name.size();
    if (!name.starts_with(segment_prefix))
        return std::nullopt;
    const auto [rest, error] = std::from_chars(name.data() + segment_prefix.size(), end, number);
    return error == std::errc{} && rest == end ? std::optional(number) : std::nullopt;
}

LiveSegment live(std::shared_ptr<const Segment> segment, const std::vector<std::uint64_t>& deleted)
{
    LiveSegment live{.segment = std::move(segment)};
    if (deleted.empty())
        return live;
    auto bits = std::make_shared<Bits>();
    if (!bits->assign(live.segment->size(), deleted))
        throw DamagedFile("manifest: a set of removed books has another size than its segment");
    live.deleted_count = bits->count();
    live.deleted = std::move(bits);
    return live;
}

} // namespace

fs::path ShopFiles::segment_path(std::uint64_t number) const
{
    return folder_ / (std::string(segment_prefix) + std::to_string(number));
}

std::vector<std::uint64_t> ShopFiles::numbers() const
{
    std::vector<std::uint64_t> numbers;
    for (const auto& entry : fs::directory_iterator(folder_))
        if (const auto number = number_of(entry.path().filename().string()))
            numbers.push_back(*number);
    return numbers;
}

bool ShopFiles::has_manifest() const
{
    return fs::exists(folder_ / manifest_name);
}

std::optional<std::uint64_t> ShopFiles::last_save() const
{
    try {
        const auto bytes = read_file(folder_ / manifest_name);
        return bytes ? std::optional(decode_manifest(*bytes).save) : std::nullopt;
    } catch (const DamagedFile&) {
        return std::nullopt;
    }
}

IndexContents ShopFiles::load()
{
    const auto bytes = read_file(folder_ / manifest_name);
    if (!bytes)
        throw DamagedFile("manifest: it is not there");
    Manifest manifest;
    try {
        manifest = decode_manifest(*bytes);
    } catch (const DamagedFile& damaged) {
        throw DamagedFile(std::string("manifest: ") + damaged.what());
    }
    IndexContents contents{.tombstones = std::move(manifest.tombstones)};
    std::vector<Known> known;
    for (const auto& part : manifest.parts) {
        const auto path = segment_path(part.number);
        try {
            known.push_back({read_segment(path, part.file), part.number, part.file});
        } catch (const std::runtime_error& damaged) { // that it cannot be opened too
            throw DamagedFile(path.filename().string() + ": " + damaged.what());
        }
        contents.segments.push_back(live(known.back().segment, part.deleted));
    }
    known_ = std::move(known);
    return contents;
}

void ShopFiles::save(const IndexContents& contents, std::uint64_t save)
{
    fs::create_directories(folder_);
    if (next_ == 0)
        for (const auto number : numbers())
            next_ = std::max(next_, number);
    std::vector<Known> named;
    Manifest manifest{.save = save, .tombstones = contents.tombstones};
    const auto written_before = next_;
    for (const auto& live : contents.segments) {
        const auto known = std::ranges::find(known_, live.segment, &Known::segment);
        if (known != known_.end()) {
            named.push_back(*known);
        } else {
            ++next_;
            named.push_back({live.segment, next_, write_segment(*live.segment, segment_path(next_))});
        }
        auto& part =
            manifest.parts.emplace_back(Manifest::Part{.number = named.back().number, .file = named.back().file});
        if (live.deleted != nullptr)
            for (std::size_t word = 0; word < live.deleted->word_count(); ++word)
                part.deleted.push_back(live.deleted->word(word));
    }
    if (next_ != written_before)
        filesystem::sync_folder(folder_); // the segments' names before the manifest that names them
    replace_file(folder_ / manifest_name, encode(manifest));
    known_ = std::move(named);
    remove_unnamed();
}

void ShopFiles::remove_unnamed() const
{
    std::error_code ignored; // it is tried again after the next save
    for (const auto number : numbers())
        if (std::ranges::find(known_, number, &Known::number) == known_.end())
            fs::remove(segment_path(number), ignored);
}

void ShopFiles::forget()
{
    known_.clear();
}

void ShopFiles::remove()
{
    forget();
    std::error_code ignored; // what stays without its manifest is no index
    fs::remove(folder_ / manifest_name, ignored);
    fs::remove_all(folder_, ignored);
}

} // namespace estante::search
