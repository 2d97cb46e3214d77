#include "adapters/search/segment_file.hpp"

#include "adapters/filesystem/posix_file.hpp"
#include "adapters/search/file_version.hpp"
#include "adapters/search/mapped_file.hpp"
#include "adapters/search/segment_validation.hpp"
#include "ports/rules/search_rules.hpp"
#include "ports/search_index.hpp"

#include <zlib.h>

#include <array>
#include <bit>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <vector>

namespace estante::search {
namespace {

static_assert(std::endian::native == std::endian::little); // as in the file

constexpr std::size_t alignment = 64; // of sections: a cache line, which suffices for every element type
constexpr std::array<char, 8> magic{'E', 'S', 'T', 'S', 'E', 'G', '\r', '\n'};

struct Header {
    std::array<char, 8> magic{};
    FileVersion version{};
    std::uint32_t documents = 0;
    std::uint32_t sections = 0;
    std::uint64_t bytes = 0;    // length of the file
    std::uint32_t unused = 0;   // 0
    std::uint32_t checksum = 0; // CRC-32 of all that precedes the first section, with 0 in this field
};
static_assert(sizeof(Header) == 40 && alignof(Header) <= alignment);

struct Section {
    std::uint32_t number = 0;
    std::uint32_t element_bytes = 0;
    std::uint64_t offset = 0;   // from the start of the file
    std::uint64_t bytes = 0;    // without padding
    std::uint32_t checksum = 0; // CRC-32 of the section and its padding
    std::uint32_t unused = 0;   // 0
};
static_assert(sizeof(Section) == 32);

std::size_t align_up(std::size_t bytes)
{
    return (bytes + alignment - 1) / alignment * alignment;
}

std::uint32_t checksum_of(std::span<const std::byte> bytes, std::uint32_t before = 0)
{
    if (bytes.empty()) // zlib resets the sum for a null pointer
        return before;
    return static_cast<std::uint32_t>(crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// The checksum of all that precedes the first section.
std::uint32_t checksum_of(Header header, std::span<const std::byte> table_and_padding)
{
    header.checksum = 0;
    return checksum_of(table_and_padding, checksum_of(std::as_bytes(std::span(&header, 1))));
}

// Visits all arrays of a segment in the order of the file: a section is identified by its position. A change of the
// order or of an array type requires a new FileVersion::format.
template <class Any, class Visit> void for_each_array(Any& segment, Visit&& visit)
{
    auto& columns = segment.columns;
    columns.ids.for_each_array(visit);
    columns.titles.for_each_array(visit);
    visit(columns.versions);
    visit(columns.ratings);
    visit(columns.prices);
    visit(columns.years);
    visit(columns.updated);
    for (auto& lengths : columns.lengths)
        visit(lengths);
    for (auto& norms : columns.norms)
        visit(norms);
    segment.index.for_each_array(visit);
    segment.folded_terms.for_each_array(visit);
    for (auto& facet : segment.facets) {
        visit(facet.values);
        visit(facet.ordinals);
    }
    for (auto* order : {&segment.by_id, &segment.by_title}) {
        visit(order->documents);
        visit(order->positions);
    }
    segment.completions.for_each_array(visit);
}

[[noreturn]] void throw_damaged(const char* cause)
{
    throw DamagedFile(cause);
}

template <class T> T copy_at(std::span<const std::byte> file, std::size_t offset)
{
    T value;
    std::memcpy(&value, file.data() + offset, sizeof(T));
    return value;
}

Header read_header(std::span<const std::byte> file)
{
    if (file.size() < sizeof(Header))
        throw_damaged("it is truncated");
    const auto header = copy_at<Header>(file, 0);
    if (header.magic != magic)
        throw_damaged("it is not a segment");
    if (header.version != FileVersion{})
        throw_damaged("it has another version");
    if (header.bytes != file.size())
        throw_damaged("its length does not match its header");
    if (header.documents == 0 || header.documents > segment_capacity)
        throw_damaged("its number of documents is invalid");
    return header;
}

std::vector<Section> read_sections(std::span<const std::byte> file, const Header& header, Checksums checksums)
{
    if (header.sections == 0 || header.sections > (file.size() - sizeof(Header)) / sizeof(Section))
        throw_damaged("its section table is truncated");
    std::vector<Section> table(header.sections);
    std::memcpy(table.data(), file.data() + sizeof(Header), table.size() * sizeof(Section));
    auto offset = align_up(sizeof(Header) + table.size() * sizeof(Section));
    if (offset > file.size())
        throw_damaged("its section table is truncated");
    if (checksums == Checksums::verified &&
        checksum_of(header, file.first(offset).subspan(sizeof(Header))) != header.checksum)
        throw_damaged("the checksum of its header does not match");
    for (std::uint32_t number = 0; number < table.size(); ++number) {
        const auto& section = table[number];
        if (section.number != number || section.offset != offset || offset > file.size() ||
            section.bytes > file.size() - offset || align_up(section.bytes) > file.size() - offset)
            throw_damaged("its section table is invalid");
        if (checksums == Checksums::verified &&
            checksum_of(file.subspan(offset, align_up(section.bytes))) != section.checksum)
            throw_damaged("the checksum of a section does not match");
        offset += align_up(section.bytes);
    }
    if (offset != file.size())
        throw_damaged("its section table is invalid");
    return table;
}

} // namespace

SegmentFile write_segment(const Segment& segment, const std::filesystem::path& path)
{
    const auto in_stock = std::span(segment.columns.in_stock.data(), segment.columns.in_stock.word_count());
    std::vector<std::span<const std::byte>> contents;
    std::vector<Section> table;
    const auto add = [&]<class T>(std::span<const T> values) {
        contents.push_back(std::as_bytes(values));
        table.push_back({.number = static_cast<std::uint32_t>(table.size()),
                         .element_bytes = sizeof(T),
                         .bytes = contents.back().size()});
    };
    for_each_array(segment, [&add](const auto& array) { add(std::span(array.data(), array.size())); });
    add(in_stock);

    constexpr std::array<std::byte, alignment> zeros{};
    const auto padding = [&zeros](std::size_t bytes) { return std::span(zeros).first(align_up(bytes) - bytes); };
    const auto head_bytes = sizeof(Header) + table.size() * sizeof(Section);
    auto offset = align_up(head_bytes);
    for (std::size_t number = 0; number < table.size(); ++number) {
        auto& section = table[number];
        section.offset = offset;
        section.checksum = checksum_of(padding(section.bytes), checksum_of(contents[number]));
        offset += align_up(section.bytes);
    }
    Header header{.magic = magic,
                  .documents = static_cast<std::uint32_t>(segment.size()),
                  .sections = static_cast<std::uint32_t>(table.size()),
                  .bytes = offset};
    header.checksum = checksum_of(padding(head_bytes), checksum_of(header, std::as_bytes(std::span(table))));

    const filesystem::PosixFile file(path, O_WRONLY | O_CREAT | O_TRUNC);
    std::string buffer; // combines small sections into one write
    const auto write = [&](std::span<const std::byte> bytes) {
        constexpr std::size_t max_buffered = 1UL << 16;
        buffer.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        if (buffer.size() >= max_buffered) {
            file.write(buffer);
            buffer.clear();
        }
    };
    write(std::as_bytes(std::span(&header, 1)));
    write(std::as_bytes(std::span(table)));
    write(padding(head_bytes));
    for (const auto& content : contents) {
        write(content);
        write(padding(content.size()));
    }
    file.write(buffer);
    file.sync();
    return {.bytes = header.bytes, .checksum = header.checksum};
}

std::shared_ptr<Segment> parse_segment(std::span<const std::byte> file, Checksums checksums)
{
    const auto header = read_header(file);
    const auto table = read_sections(file, header, checksums);
    auto segment = std::make_shared<Segment>();
    std::size_t next = 0;
    const auto take = [&]<class T>(std::in_place_type_t<T>) -> std::span<const T> {
        if (next == table.size())
            throw_damaged("a section is missing");
        const auto& section = table[next++];
        if (section.element_bytes != sizeof(T) || section.bytes % sizeof(T) != 0)
            throw_damaged("a section has another element type");
        return {reinterpret_cast<const T*>(file.data() + section.offset), section.bytes / sizeof(T)};
    };
    for_each_array(*segment, [&take]<class T>(SegmentArray<T>& array) {
        array = SegmentArray<T>::mapped(take(std::in_place_type<T>));
    });
    const auto in_stock = take(std::in_place_type<std::uint64_t>);
    if (next != table.size())
        throw_damaged("it has an extra section");
    segment->index.set_documents(header.documents);
    if (!is_consistent(*segment, header.documents) || !segment->columns.in_stock.assign(header.documents, in_stock))
        throw_damaged("its arrays are inconsistent");
    segment->count_statistics();
    segment->facet_combinations = FacetCombinations(segment->facets);
    return segment;
}

std::shared_ptr<const Segment> read_segment(const std::filesystem::path& path, const SegmentFile& expected)
{
    auto file = std::make_shared<const MappedFile>(path);
    const auto bytes = file->bytes();
    if (bytes.size() != expected.bytes || read_header(bytes).checksum != expected.checksum)
        throw_damaged("it is not the file that the manifest names");
    auto segment = parse_segment(bytes);
    segment->file = std::move(file);
    return segment;
}

} // namespace estante::search
