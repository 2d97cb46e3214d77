#include "adapters/search/segment_file.hpp"

#include "adapters/filesystem/open_file.hpp"
#include "adapters/search/file_version.hpp"
#include "adapters/search/mapped_file.hpp"
#include "ports/search_index.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace estante::search {
namespace {

static_assert(std::endian::native == std::endian::little); // the file's

constexpr std::size_t alignment = 64; // of sections: a cache line, and enough for every element
constexpr std::array<char, 8> magic{'E', 'S', 'T', 'S', 'E', 'G', '\r', '\n'};

struct Header {
    std::array<char, 8> magic{};
    FileVersion version{};
    std::uint32_t documents = 0;
    std::uint32_t sections = 0;
    std::uint64_t bytes = 0;    // of the whole file
    std::uint32_t unused = 0;   // 0
    std::uint32_t checksum = 0; // CRC-32 of all before the first section, with 0 here
};
static_assert(sizeof(Header) == 40 && alignof(Header) <= alignment);

struct Section {
    std::uint32_t number = 0;
    std::uint32_t element_bytes = 0;
    std::uint64_t offset = 0;   // from the beginning of the file
    std::uint64_t bytes = 0;    // without what fills it up to the next multiple of 64
    std::uint32_t checksum = 0; // CRC-32 of its bytes and of those that fill it up
    std::uint32_t unused = 0;   // 0
};
static_assert(sizeof(Section) == 32);

std::size_t padded(std::size_t bytes)
{
    return (bytes + alignment - 1) / alignment * alignment;
}

std::uint32_t checksum_of(std::span<const std::byte> bytes, std::uint32_t before = 0)
{
    if (bytes.empty()) // zlib begins anew at a null pointer
        return before;
    return static_cast<std::uint32_t>(crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// What comes before the first section.
std::uint32_t checksum_of(Header header, std::span<const std::byte> table_and_filling)
{
    header.checksum = 0;
    return checksum_of(table_and_filling, checksum_of(std::as_bytes(std::span(&header, 1))));
}

// All arrays of a segment in the order of the file: a section is known by its place here. A changed order or array is
// another format_version.
template <class Any, class Visit> void each_array(Any& segment, Visit&& visit)
{
    auto& columns = segment.columns;
    columns.ids.each_array(visit);
    columns.titles.each_array(visit);
    visit(columns.versions);
    visit(columns.ratings);
    visit(columns.prices);
    visit(columns.years);
    visit(columns.updated);
    for (auto& lengths : columns.lengths)
        visit(lengths);
    for (auto& norms : columns.norms)
        visit(norms);
    segment.index.each_array(visit);
    segment.plain_terms.each_array(visit);
    for (auto& facet : segment.facets) {
        visit(facet.groups);
        visit(facet.of_book);
    }
    for (auto* order : {&segment.by_id, &segment.by_title}) {
        visit(order->documents);
        visit(order->places);
    }
    segment.completions.each_array(visit);
}

[[noreturn]] void damaged(const char* how)
{
    throw DamagedFile(how);
}

template <class T> T copy_at(std::span<const std::byte> file, std::size_t offset)
{
    T value;
    std::memcpy(&value, file.data() + offset, sizeof(T));
    return value;
}

Header header_of(std::span<const std::byte> file)
{
    if (file.size() < sizeof(Header))
        damaged("it is cut off");
    const auto header = copy_at<Header>(file, 0);
    if (header.magic != magic)
        damaged("it is no segment");
    if (header.version != FileVersion{})
        damaged("it is of another version");
    if (header.bytes != file.size())
        damaged("it is cut off, or longer than it was");
    if (header.documents == 0 || header.documents > most_documents)
        damaged("its number of books is impossible");
    return header;
}

std::vector<Section> sections_of(std::span<const std::byte> file, const Header& header, Checksums checksums)
{
    if (header.sections == 0 || header.sections > (file.size() - sizeof(Header)) / sizeof(Section))
        damaged("its table is cut off");
    std::vector<Section> table(header.sections);
    std::memcpy(table.data(), file.data() + sizeof(Header), table.size() * sizeof(Section));
    auto offset = padded(sizeof(Header) + table.size() * sizeof(Section));
    if (offset > file.size())
        damaged("its table is cut off");
    if (checksums == Checksums::verified &&
        checksum_of(header, file.first(offset).subspan(sizeof(Header))) != header.checksum)
        damaged("its header has another checksum");
    for (std::uint32_t number = 0; number < table.size(); ++number) {
        const auto& section = table[number];
        if (section.number != number || section.offset != offset || offset > file.size() ||
            section.bytes > file.size() - offset || padded(section.bytes) > file.size() - offset)
            damaged("its table is impossible");
        if (checksums == Checksums::verified &&
            checksum_of(file.subspan(offset, padded(section.bytes))) != section.checksum)
            damaged("a section has another checksum");
        offset += padded(section.bytes);
    }
    if (offset != file.size())
        damaged("its table is impossible");
    return table;
}

bool are_places(std::span<const std::uint16_t> places, std::size_t documents)
{
    return places.size() == documents && std::ranges::all_of(places, [documents](auto at) { return at < documents; });
}

bool is_sound(const Order& order, std::size_t documents)
{
    if (!are_places(order.documents, documents) || !are_places(order.places, documents))
        return false;
    for (std::size_t place = 0; place < documents; ++place)
        if (order.places[order.documents[place]] != place)
            return false;
    return true;
}

// Of a facet's keys: a term, a decade, or a band there is.
std::size_t keys_of(const Segment& segment, Facet facet)
{
    switch (facet) {
    case Facet::category:
    case Facet::language:
        return segment.index.terms().size();
    case Facet::price_band:
        return std::size(price_band_cents) + 1;
    case Facet::decade:
        break;
    }
    return std::size_t{1} << 32; // any
}

bool is_sound(const Segment& segment, Facet facet)
{
    const auto& [groups, of_book] = segment.groups(facet);
    const auto keys = keys_of(segment, facet);
    if (of_book.size() != segment.size() || groups.size() > segment.size())
        return false;
    std::vector<std::uint32_t> books(groups.size(), 0);
    for (const auto group : of_book)
        if (group != no_group) {
            if (group >= groups.size())
                return false;
            ++books[group];
        }
    return std::ranges::equal(groups, books, {}, &Groups::Group::books) &&
           std::ranges::all_of(groups, [keys](const Groups::Group& group) {
               return static_cast<std::uint32_t>(group.key) <= keys - 1;
           });
}

bool is_sound(const Segment& segment, std::size_t documents)
{
    const auto& columns = segment.columns;
    const auto has_all = [documents](const auto&... arrays) { return ((arrays.size() == documents) && ...); };
    if (!has_all(columns.ids, columns.titles, columns.versions, columns.ratings, columns.prices, columns.years,
                 columns.updated) ||
        !columns.ids.is_sound() || !columns.titles.is_sound())
        return false;
    for (std::size_t field = 0; field < scored_fields; ++field)
        if (!has_all(columns.lengths[field], columns.norms[field]))
            return false;
    for (std::size_t facet = 0; facet < facet_count; ++facet)
        if (!is_sound(segment, static_cast<Facet>(facet)))
            return false;
    return is_sound(segment.by_id, documents) && is_sound(segment.by_title, documents) && segment.index.is_sound() &&
           segment.plain_terms.is_sound(segment.index.terms().size()) && segment.completions.is_sound(documents);
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
    each_array(segment, [&add](const auto& array) { add(std::span(array.data(), array.size())); });
    add(in_stock);

    constexpr std::array<std::byte, alignment> zeros{};
    const auto fill = [&zeros](std::size_t bytes) { return std::span(zeros).first(padded(bytes) - bytes); };
    const auto head_bytes = sizeof(Header) + table.size() * sizeof(Section);
    auto offset = padded(head_bytes);
    for (std::size_t number = 0; number < table.size(); ++number) {
        auto& section = table[number];
        section.offset = offset;
        section.checksum = checksum_of(fill(section.bytes), checksum_of(contents[number]));
        offset += padded(section.bytes);
    }
    Header header{.magic = magic,
                  .documents = static_cast<std::uint32_t>(segment.size()),
                  .sections = static_cast<std::uint32_t>(table.size()),
                  .bytes = offset};
    header.checksum = checksum_of(fill(head_bytes), checksum_of(header, std::as_bytes(std::span(table))));

    const filesystem::OpenFile file(path, O_WRONLY | O_CREAT | O_TRUNC);
    std::string pending; // small sections go out together
    const auto write = [&](std::span<const std::byte> bytes) {
        constexpr std::size_t enough = 1UL << 16;
        pending.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        if (pending.size() >= enough) {
            file.write(pending);
            pending.clear();
        }
    };
    write(std::as_bytes(std::span(&header, 1)));
    write(std::as_bytes(std::span(table)));
    write(fill(head_bytes));
    for (const auto& content : contents) {
        write(content);
        write(fill(content.size()));
    }
    file.write(pending);
    file.sync();
    return {.bytes = header.bytes, .checksum = header.checksum};
}

std::shared_ptr<Segment> segment_in(std::span<const std::byte> file, Checksums checksums)
{
    const auto header = header_of(file);
    const auto table = sections_of(file, header, checksums);
    auto segment = std::make_shared<Segment>();
    std::size_t next = 0;
    const auto take = [&]<class T>(std::in_place_type_t<T>) -> std::span<const T> {
        if (next == table.size())
            damaged("a section is missing");
        const auto& section = table[next++];
        if (section.element_bytes != sizeof(T) || section.bytes % sizeof(T) != 0)
            damaged("a section has other elements");
        return {reinterpret_cast<const T*>(file.data() + section.offset), section.bytes / sizeof(T)};
    };
    each_array(*segment,
               [&take]<class T>(FlatArray<T>& array) { array = FlatArray<T>::mapped(take(std::in_place_type<T>)); });
    const auto in_stock = take(std::in_place_type<std::uint64_t>);
    if (next != table.size())
        damaged("it has a section too many");
    segment->index.set_documents(header.documents);
    if (!is_sound(*segment, header.documents) || !segment->columns.in_stock.assign(header.documents, in_stock))
        damaged("its arrays do not fit together");
    segment->count_statistics();
    segment->joint_facets = JointFacets(segment->facets);
    return segment;
}

std::shared_ptr<const Segment> read_segment(const std::filesystem::path& path, const SegmentFile& expected)
{
    auto file = std::make_shared<const MappedFile>(path);
    const auto bytes = file->bytes();
    if (bytes.size() != expected.bytes || header_of(bytes).checksum != expected.checksum)
        damaged("it is not the file that was saved");
    auto segment = segment_in(bytes);
    segment->file = std::move(file);
    return segment;
}

} // namespace estante::search
