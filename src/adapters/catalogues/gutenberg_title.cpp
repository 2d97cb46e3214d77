#include "adapters/catalogues/gutenberg_title.hpp"

#include "domain/white_space.hpp"

#include <algorithm>

namespace estante::catalogues {

namespace {

constexpr std::string_view line_break = " / ";

// "de", "of", "y": lower case and at most three letters.
bool ends_with_short_word(std::string_view text)
{
    const auto space = text.rfind(' ');
    const auto word = text.substr(space == text.npos ? text.size() : space + 1);
    return !word.empty() && word.size() <= 3 && std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
}

// Subfields become line breaks, or their own punctuation.
std::string without_subfields(std::string text)
{
    for (auto at = text.find('$'); at != text.npos; at = text.find('$', at + 1)) {
        const bool subfield = at + 2 < text.size() && text[at + 1] >= 'a' && text[at + 1] <= 'z' &&
                              (text[at + 2] == ' ' || text[at + 2] == ':');
        if (!subfield)
            continue;
        const char code = text[at + 1];
        std::string before = text.substr(0, at);
        std::string_view after = std::string_view(text).substr(at + 2);
        after.remove_prefix(std::min(after.find_first_not_of(" :"), after.size()));
        while (before.ends_with(' '))
            before.pop_back();
        std::string_view separator = code == 'v' ? " " : line_break; // v: volume
        if (before.ends_with(';'))
            separator = "; ";
        else if (before.ends_with('='))
            separator = " = ";
        while (!before.empty() && std::string_view(" :/;=").contains(before.back()))
            before.pop_back();
        text = before + std::string(separator) + std::string(after);
        at = before.size();
    }
    return text;
}

} // namespace

GutenbergTitle gutenberg_title(std::string_view text)
{
    const std::string lines = without_subfields(collapse_white_space(text));
    GutenbergTitle title;
    for (std::string_view rest = lines; !rest.empty();) {
        const auto end = std::min(rest.find(line_break), rest.size());
        const auto part = rest.substr(0, end);
        rest.remove_prefix(std::min(end + line_break.size(), rest.size()));
        if (title.full.empty()) {
            title.full = title.main = part;
            continue;
        }
        const bool punctuated = std::string_view(".:;,!?").contains(title.full.back());
        title.full += punctuated || ends_with_short_word(title.full) || part.starts_with('(') ? " " : ": ";
        title.full += part;
    }
    while (!title.main.empty() && std::string_view(" :;,").contains(title.main.back()))
        title.main.pop_back();
    return title;
}

} // namespace estante::catalogues
