// Reads scalars from document values and collects every fault with its JSON pointer. The codecs (codec.hpp) are built
// on it.
#pragma once

#include "domain/result.hpp"
#include "domain/text_format.hpp"
#include "domain/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante::codec {

inline constexpr std::size_t max_list_items = 100;

class Reader {
public:
    std::vector<Fault> faults;

    // Source::text: a query string or path, where numbers, booleans and lists are text. Faults there point at `?name`
    // instead of `/name`.
    enum class Source { json, text };
    Source source = Source::json;

    [[gnu::noinline]] void add_fault(std::string code, std::string es, std::string en);
    // Runs `f` with the pointer at the member or element of this name.
    template <class F> void at_member(std::string_view name, F&& f)
    {
        const auto size = pointer_.size();
        push_segment(name);
        f();
        pointer_.resize(size);
    }

    bool text(const Value& value, std::string& out, std::size_t min, std::size_t max);
    void integer(const Value& value, std::int64_t& out, std::int64_t min, std::int64_t max);
    void boolean(const Value& value, bool& out);
    void hundredths(const Value& value, std::int64_t& out, std::int64_t min, std::int64_t max); // 29.99 → 2999
    void timestamp(const Value& value, std::int64_t& ms);
    void add_missing();
    void add_unknown_field();
    void add_not_one_of(std::string_view names);
    void add_bad_format(const TextFormat& format);
    void add_bad_id(std::string_view prefix);
    // The elements of an array, or of a comma-separated text, which are stored in `parts`. Null and a fault for
    // anything else.
    const List* elements(const Value& value, List& parts);
    const Map* members(const Value& value); // of an object; null and a fault for anything else

private:
    std::string pointer_;

    void push_segment(std::string_view name);
};

// Whether the text is well-formed UTF-8 (Unicode 15, table 3-7).
bool is_utf8(std::string_view text);

} // namespace estante::codec
