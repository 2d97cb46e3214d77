// Fuzzes the decoders of manifests and checkpoints (the first byte selects one) with mutated files whose checksum is
// correct again.
#include "adapters/search/index_checkpoint.hpp"
#include "adapters/search/manifest.hpp"
#include "fuzz/mutation.hpp"

#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace estante::search;

constexpr std::size_t checksum_bytes = sizeof(std::uint32_t);

const Manifest valid_manifest{
    .save = 7,
    .segments = {{.number = 3, .file = {.bytes = 4096, .checksum = 5}, .deleted = {6, 0}}, {.number = 4}},
    .tombstones = {{"book_1", 9}, {"book_2", 1}}};
const estante::IndexCheckpoint valid_checkpoint{.id = "id", .position = "12", .previous = "11", .save = 7, .at_ms = 1};

void require(bool condition)
{
    if (!condition)
        std::abort();
}

std::string with_checksum(std::string bytes)
{
    const auto sum = static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    return bytes.append(reinterpret_cast<const char*>(&sum), sizeof(sum));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const bool is_checkpoint = data[0] == 'c';
    auto whole = is_checkpoint ? encode(valid_checkpoint) : encode(valid_manifest);
    whole.resize(whole.size() - checksum_bytes);
    const auto bytes = with_checksum(estante::mutate(whole, {data + 1, size - 1}));
    if (is_checkpoint) {
        const auto checkpoint = decode_checkpoint(bytes);
        require(!checkpoint || encode(*checkpoint) == bytes);
        return 0;
    }
    try {
        require(encode(decode_manifest(bytes)) == bytes);
    } catch (const DamagedFile&) {
        require(!estante::rejections_fail());
    }
    return 0;
}
