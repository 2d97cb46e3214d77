// Reads the physical lines of a catalogue, numbered as in an editor.
#pragma once

#include "adapters/catalogues/decoded_bytes.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace estante::catalogues {

inline constexpr std::size_t max_row_bytes = 1'048'576;

struct Line {
    std::size_t number = 0;
    std::string text;      // without its line break
    bool too_long = false; // over max_row_bytes: `text` has only the beginning
};

class Lines {
public:
    explicit Lines(std::unique_ptr<ByteSource> source) : bytes_(std::move(source)) {}

    // The next line, ended by LF, CR, CR LF or the end of the file; the first one without a byte order mark. A line
    // that damaged compressed data cuts off is not returned.
    std::optional<Line> next();
    // next() returns these lines again, in order, before the others.
    void put_back(std::vector<Line> lines);

    const DecodedBytes& bytes() const { return bytes_; }
    std::size_t last_number() const { return number_; }

private:
    DecodedBytes bytes_;
    std::deque<Line> put_back_;
    std::string chunk_;
    std::size_t at_ = 0;
    std::size_t number_ = 0;

    bool fill();
};

} // namespace estante::catalogues
