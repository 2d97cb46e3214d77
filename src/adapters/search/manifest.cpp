#include "adapters/search/manifest.hpp"

#include "adapters/search/record_file.hpp"

#include <utility>

namespace estante::search {
namespace {

constexpr std::string_view manifest_magic = "ESTMAN\r\n";

} // namespace

std::string encode(const Manifest& manifest)
{
    RecordWriter writer(manifest_magic);
    writer.put(manifest.save);
    writer.put(static_cast<std::uint32_t>(manifest.parts.size()));
    for (const auto& part : manifest.parts) {
        writer.put(part.number);
        writer.put(part.file.bytes);
        writer.put(part.file.checksum);
        writer.put(static_cast<std::uint32_t>(part.deleted.size()));
        for (const auto word : part.deleted)
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
    RecordReader reader(bytes, manifest_magic);
    Manifest manifest;
    manifest.save = reader.number<std::uint64_t>();
    for (auto parts = reader.number<std::uint32_t>(); parts > 0; --parts) {
        auto& part = manifest.parts.emplace_back();
        part.number = reader.number<std::uint64_t>();
        part.file.bytes = reader.number<std::uint64_t>();
        part.file.checksum = reader.number<std::uint32_t>();
        for (auto words = reader.number<std::uint32_t>(); words > 0; --words)
            part.deleted.push_back(reader.number<std::uint64_t>());
    }
    for (auto removed = reader.number<std::uint32_t>(); removed > 0; --removed) {
        auto book_id = reader.text();
        manifest.tombstones.push_back({std::move(book_id), reader.number<std::uint64_t>()});
    }
    reader.end();
    return manifest;
}

} // namespace estante::search
