#include "codec/json.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace estante::json {

namespace {

namespace bj = boost::json;

enum class ParseFault { duplicate_key = 1, number_range, zero_character };

class ParseFaultCategory : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "estante.json"; }
    std::string message(int code) const override
    {
        switch (static_cast<ParseFault>(code)) {
        case ParseFault::duplicate_key:
            return "duplicate key";
        case ParseFault::number_range:
            return "number out of range";
        case ParseFault::zero_character:
            return "U+0000 in a string";
        }
        return "rejected";
    }
};

boost::system::error_code error_from(ParseFault fault)
{
    static const ParseFaultCategory category;
    return {static_cast<int>(fault), category};
}

// Builds the value from Boost.JSON's parser events, which include the text of numbers.
class Builder {
public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = 1024;
    static constexpr std::size_t max_string_size = std::size_t(-1);

    bool on_document_begin(bj::error_code&) { return true; }
    bool on_document_end(bj::error_code&) { return true; }
    bool on_object_begin(bj::error_code&) { return open(true); }
    bool on_object_end(std::size_t, bj::error_code& error) { return close_object(error); }
    bool on_array_begin(bj::error_code&) { return open(false); }
    bool on_array_end(std::size_t, bj::error_code&) { return close_array(); }
    bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return append_text(part); }
    bool on_key(bj::string_view part, std::size_t, bj::error_code& error)
    {
        append_text(part);
        if (text_.find('\0') != text_.npos)
            return failed(error, ParseFault::zero_character);
        frames_.back().key = take_text();
        return true;
    }
    bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return append_text(part); }
    bool on_string(bj::string_view part, std::size_t, bj::error_code& error)
    {
        append_text(part);
        if (text_.find('\0') != text_.npos)
            return failed(error, ParseFault::zero_character);
        return add(Value(take_text()));
    }
    bool on_number_part(bj::string_view part, bj::error_code&) { return append_text(part); }
    bool on_int64(std::int64_t, bj::string_view part, bj::error_code& error) { return number(part, error); }
    bool on_uint64(std::uint64_t, bj::string_view part, bj::error_code& error) { return number(part, error); }
    bool on_double(double, bj::string_view part, bj::error_code& error) { return number(part, error); }
    bool on_bool(bool value, bj::error_code&) { return add(Value(value)); }
    bool on_null(bj::error_code&) { return add(Value()); }
    bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
    bool on_comment(bj::string_view, bj::error_code&) { return true; }

    Value take() { return std::move(root_); }

private:
    // An open object or array. Members are sorted when it is closed: inserting them one by one into a flat map would
    // take quadratic time for keys in descending order.
    struct Frame {
        Map::sequence_type members;
        List elements;
        std::string key;
        bool is_object = false;
    };
    std::vector<Frame> frames_;
    std::string text_;
    Value root_;

    static bool failed(bj::error_code& error, ParseFault fault)
    {
        error = error_from(fault);
        return false;
    }
    bool append_text(bj::string_view part)
    {
        text_.append(part.data(), part.size());
        return true;
    }
    std::string take_text()
    {
        std::string text = std::move(text_);
        text_.clear();
        return text;
    }
    bool number(bj::string_view part, bj::error_code& error)
    {
        append_text(part);
        auto value = Number::parse(text_);
        text_.clear();
        if (!value)
            return failed(error, ParseFault::number_range);
        return add(Value(std::move(*value)));
    }
    bool open(bool is_object)
    {
        frames_.push_back({.members = {}, .elements = {}, .key = {}, .is_object = is_object});
        return true;
    }
    bool close_array()
    {
        List elements = std::move(frames_.back().elements);
        frames_.pop_back();
        return add(Value(std::move(elements)));
    }
    bool close_object(bj::error_code& error)
    {
        auto members = std::move(frames_.back().members);
        frames_.pop_back();
        const auto key_of = [](const auto& member) -> const std::string& { return member.first; };
        const auto not_ascending = [](const std::string& left, const std::string& right) { return left >= right; };
        if (std::ranges::adjacent_find(members, not_ascending, key_of) !=
            members.end()) { // not in the order that `write` produces
            std::ranges::sort(members, {}, key_of);
            if (std::ranges::adjacent_find(members, {}, key_of) != members.end())
                return failed(error, ParseFault::duplicate_key);
        }
        Map map;
        map.adopt_sequence(boost::container::ordered_unique_range, std::move(members));
        return add(Value(std::move(map)));
    }
    bool add(Value value)
    {
        if (frames_.empty()) {
            root_ = std::move(value);
            return true;
        }
        Frame& frame = frames_.back();
        if (frame.is_object)
            frame.members.emplace_back(std::move(frame.key), std::move(value));
        else
            frame.elements.push_back(std::move(value));
        return true;
    }
};

} // namespace

std::expected<Value, ParseError> parse(std::string_view text, std::size_t max_depth)
{
    bj::parse_options options;
    options.max_depth = max_depth;
    bj::basic_parser<Builder> parser(options);
    bj::error_code error;
    const auto read = parser.write_some(false, text.data(), text.size(), error);
    if (!error && read != text.size())
        error = make_error_code(bj::error::extra_data);
    if (error)
        return std::unexpected(ParseError{read, error.message()});
    return parser.handler().take();
}

void write_string(std::string& out, std::string_view text)
{
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += "\\u00";
            out += hex[c >> 4];
            out += hex[c & 15];
        }
    }
    out.append(text, plain, text.npos);
    out += '"';
}

void write(std::string& out, const Value& value)
{
    struct Writer {
        std::string& out;

        void operator()(std::nullptr_t) const { out += "null"; }
        void operator()(bool b) const { out += b ? "true" : "false"; }
        void operator()(const Number& n) const { out += n.text(); }
        void operator()(const std::string& s) const { write_string(out, s); }
        void operator()(const List& list) const
        {
            out += '[';
            for (const Value& element : list) {
                if (out.back() != '[')
                    out += ',';
                write(out, element);
            }
            out += ']';
        }
        void operator()(const Map& map) const
        {
            out += '{';
            bool first = true;
            for (const auto& [name, element] : map) {
                if (!std::exchange(first, false))
                    out += ',';
                write_string(out, name);
                out += ':';
                write(out, element);
            }
            out += '}';
        }
    };
    std::visit(Writer{out}, value.data);
}

std::string to_text(const Value& value)
{
    std::string text;
    write(text, value);
    return text;
}

} // namespace estante::json

namespace estante {

const Map& map_in(const Map& map, std::string_view name)
{
    static const Map none;
    const Value* value = find(map, name);
    const Map* found = value ? value->if_map() : nullptr;
    return found ? *found : none;
}

const List& list_in(const Map& map, std::string_view name)
{
    static const List none;
    const Value* value = find(map, name);
    const List* found = value ? value->if_list() : nullptr;
    return found ? *found : none;
}

} // namespace estante
