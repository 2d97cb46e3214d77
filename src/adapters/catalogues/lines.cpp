#include "adapters/catalogues/lines.hpp"

#include <algorithm>
#include <iterator>

namespace estante::catalogues {

bool Lines::fill()
{
    if (at_ < chunk_.size())
        return true;
    constexpr std::size_t chunk_bytes = 65'536;
    chunk_.resize(chunk_bytes);
    chunk_.resize(bytes_.read(chunk_));
    at_ = 0;
    return !chunk_.empty();
}

std::optional<Line> Lines::next()
{
    if (!put_back_.empty()) {
        Line line = std::move(put_back_.front());
        put_back_.pop_front();
        return line;
    }
    if (!fill())
        return std::nullopt;
    Line line;
    line.number = ++number_;
    for (;;) {
        const auto end = std::min(chunk_.find_first_of("\r\n", at_), chunk_.size());
        const auto free_bytes = max_row_bytes - line.text.size();
        line.text.append(chunk_, at_, std::min(end - at_, free_bytes));
        line.too_long = line.too_long || end - at_ > free_bytes;
        at_ = end;
        if (at_ < chunk_.size())
            break;
        if (!fill()) {
            if (bytes_.damaged())
                return std::nullopt;
            break;
        }
    }
    if (at_ < chunk_.size()) {
        const bool carriage_return = chunk_[at_++] == '\r';
        if (carriage_return && fill() && chunk_[at_] == '\n')
            ++at_;
    }
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (line.number == 1 && line.text.starts_with(byte_order_mark))
        line.text.erase(0, byte_order_mark.size());
    return line;
}

void Lines::put_back(std::vector<Line> lines)
{
    put_back_.insert(put_back_.begin(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

} // namespace estante::catalogues
