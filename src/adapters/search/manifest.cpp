#include "adapters/search/manifest.hpp"

#include "adapters/search/metadata_file.hpp"

#include <utility>

namespace estante::search {
namespace {

constexpr std::string_view manifest_magic = "ESTMAN\r\n";

} // namespace

std::string encode(const Manifest& manifest)
{
    MetadataWriter writer(manifest_magic);
    writer.put(manifest.save);
    writer.put(static_cast<std::uint32_t>(manifest.segments.size()));
    for (const auto& segment : manifest.segments) {
        writer.put(segment.number);
        writer.put(segment.file.bytes);
        writer.put(segment.file.checksum);
        writer.put(static_cast<std::uint32_t>(segment.deleted.size()));
        for (const auto word : segment.deleted)
            writer.put(word);
    }
    writer.put(static_cast<std::uint32_t>(manifest.tombstones.size()));
    for (const auto& tombstone : manifest.tombstones) {
        writer.put(tombstone.book_id);
        writer.put(tombstone.version);
    }
    return writer.finish();
}

Manifest decode_manifest(std::string_view bytes)
{
    MetadataReader reader(bytes, manifest_magic);
    Manifest manifest;
    manifest.save = reader.number<std::uint64_t>();
    for (auto segments = reader.number<std::uint32_t>(); segments > 0; --segments) {
        auto& segment = manifest.segments.emplace_back();
        segment.number = reader.number<std::uint64_t>();
        segment.file.bytes = reader.number<std::uint64_t>();
        segment.file.checksum = reader.number<std::uint32_t>();
        for (auto words = reader.number<std::uint32_t>(); words > 0; --words)
            segment.deleted.push_back(reader.number<std::uint64_t>());
    }
    for (auto removed = reader.number<std::uint32_t>(); removed > 0; --removed) {
        auto book_id = reader.text();
        manifest.tombstones.push_back({std::move(book_id), reader.number<std::uint64_t>()});
    }
    reader.expect_end();
    return manifest;
}

} // namespace estante::search
