#include "adapters/search/index_checkpoint.hpp"

#include "adapters/search/metadata_file.hpp"
#include "adapters/search/segment_file.hpp"

namespace estante::search {
namespace {

constexpr std::string_view checkpoint_magic = "ESTCHK\r\n";

} // namespace

std::string encode(const IndexCheckpoint& checkpoint)
{
    MetadataWriter writer(checkpoint_magic);
    writer.put(checkpoint.id);
    writer.put(checkpoint.position);
    writer.put(checkpoint.previous);
    writer.put(checkpoint.save);
    writer.put(checkpoint.at_ms);
    return writer.finish();
}

std::optional<IndexCheckpoint> decode_checkpoint(std::string_view bytes)
{
    try {
        MetadataReader reader(bytes, checkpoint_magic);
        IndexCheckpoint checkpoint;
        checkpoint.id = reader.text();
        checkpoint.position = reader.text();
        checkpoint.previous = reader.text();
        checkpoint.save = reader.number<std::uint64_t>();
        checkpoint.at_ms = reader.number<std::int64_t>();
        reader.expect_end();
        return checkpoint;
    } catch (const DamagedFile&) {
        return std::nullopt;
    }
}

} // namespace estante::search
