// Reads scalars out of document values, and collects every fault with its JSON pointer. The described codec
// (described.hpp) puts the members of structs together from these.
#pragma once

#include "domain/result.hpp"
#include "domain/spelling.hpp"
#include "domain/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante::codec {

inline constexpr std::size_t max_list_items = 100;

class Reader {
public:
    std::vector<Fault> faults;

    // Texts of a query string or path: numbers, booleans and lists are spelled as text there, and faults point at
    // `?name` instead of `/name`.
    enum class Source { json, text };
    Source source = Source::json;

    [[gnu::noinline]] void fault(std::string code, std::string es, std::string en);
    // Runs `f` with the pointer one step deeper.
    template <class F> void in(std::string_view name, F&& f)
    {
        const auto size = at_.size();
        step(name);
        f();
        at_.resize(size);
    }

    bool text(const Value& value, std::string& out, std::size_t min, std::size_t max);
    void whole(const Value& value, std::int64_t& out, std::int64_t min, std::int64_t max);
    void boolean(const Value& value, bool& out);
    void hundredths(const Value& value, std::int64_t& out, std::int64_t min, std::int64_t max); // 29.99 → 2999
    void timestamp(const Value& value, std::int64_t& ms);
    void missing();
    void unknown();
    void not_one_of(std::string_view names);
    void bad_format(const Spelling& format);
    void bad_id(std::string_view prefix);
    // The elements of an array, or the parts of a comma-separated text; nothing, with a fault, for anything else.
    const List* elements(const Value& value, List& parts);
    const Map* members(const Value& value);

private:
    std::string at_;

    void step(std::string_view name);
};

// Whether the text is well-formed UTF-8 (Unicode 15, table 3-7).
bool is_utf8(std::string_view text);

} // namespace estante::codec
