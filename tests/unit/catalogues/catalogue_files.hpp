// Makes catalogue files and reads whole files.
#pragma once

#include "adapters/catalogues/catalogue_reader.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace estante::catalogues {

inline std::span<const std::byte> bytes_of_file(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

inline std::string gzip(std::string_view text)
{
    z_stream zlib{};
    if (deflateInit2(&zlib, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("deflateInit2");
    std::string out(deflateBound(&zlib, text.size()) + 32, '\0');
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    zlib.avail_in = static_cast<uInt>(text.size());
    zlib.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib.avail_out = static_cast<uInt>(out.size());
    if (deflate(&zlib, Z_FINISH) != Z_STREAM_END)
        throw std::runtime_error("deflate");
    out.resize(zlib.total_out);
    deflateEnd(&zlib);
    return out;
}

struct WholeFile {
    std::vector<Row> rows;
    std::vector<RefusedRow> refused;
};

// Expects a known catalogue.
inline WholeFile read_whole(std::string_view text, const ReaderOptions& options = {})
{
    WholeFile whole;
    auto reader = create_catalogue_reader(memory_source(bytes_of_file(text)), options);
    if (!reader) {
        ADD_FAILURE() << reader.error().detail.en;
        return whole;
    }
    while (auto row = (*reader)->read()) {
        if (*row)
            whole.rows.push_back(std::move(**row));
        else
            whole.refused.push_back(std::move(row->error()));
    }
    EXPECT_FALSE((*reader)->read()) << "more after the end";
    EXPECT_EQ((*reader)->consumed_bytes(), text.size());
    EXPECT_EQ((*reader)->total_bytes(), text.size());
    return whole;
}

// The only row of a file.
inline Row only_row(std::string_view text, const ReaderOptions& options = {})
{
    WholeFile whole = read_whole(text, options);
    for (const auto& refused : whole.refused)
        ADD_FAILURE() << refused.line << ": " << refused.reason.en;
    EXPECT_EQ(whole.rows.size(), 1U);
    return whole.rows.empty() ? Row{} : std::move(whole.rows.front());
}

// Why the file as a whole is refused, in English.
inline std::string refusal_of_file(std::string_view text)
{
    const auto reader = create_catalogue_reader(memory_source(bytes_of_file(text)));
    return reader ? "accepted" : reader.error().detail.en;
}

} // namespace estante::catalogues
