#include "analysis/analyzer.hpp"

#include "analysis/utf8.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstdint>

namespace estante::analysis {
namespace {

constexpr std::size_t min_stemmed_length = 5; // UTF-16 units

std::size_t utf16_length(std::string_view text)
{
    std::size_t units = 0;
    for (std::size_t at = 0; at < text.size();) {
        units += utf16_units(next_code_point(text, at));
    }
    return units;
}

// The base vowel of one with grave, acute, circumflex or diaeresis, given the second byte of U+00C0–U+00FF. 0: not one.
char base_vowel(std::uint8_t second)
{
    switch (second) {
    case 0xA0:
    case 0xA1:
    case 0xA2:
    case 0xA4: // à á â ä
        return 'a';
    case 0xA8:
    case 0xA9:
    case 0xAA:
    case 0xAB: // è é ê ë
        return 'e';
    case 0xAC:
    case 0xAD:
    case 0xAE:
    case 0xAF: // ì í î ï
        return 'i';
    case 0xB2:
    case 0xB3:
    case 0xB4:
    case 0xB6: // ò ó ô ö
        return 'o';
    case 0xB9:
    case 0xBA:
    case 0xBB:
    case 0xBC: // ù ú û ü
        return 'u';
    default:
        return 0;
    }
}

void fold_vowels(std::string& word)
{
    constexpr char first_byte = '\xC3';
    std::size_t to = 0;
    for (std::size_t from = 0; from < word.size(); ++from, ++to) {
        const char vowel = word[from] == first_byte ? base_vowel(static_cast<std::uint8_t>(word[from + 1])) : '\0';
        word[to] = vowel != 0 ? vowel : word[from];
        from += vowel != 0 ? 1 : 0;
    }
    word.resize(to);
}

bool is_dropped_vowel(char c)
{
    return c == 'o' || c == 'a' || c == 'e';
}

} // namespace

void append_lower_case(std::string& out, std::string_view word)
{
    for (std::size_t at = 0; at < word.size();) {
        const auto byte = static_cast<std::uint8_t>(word[at]);
        if (byte < 0x80) {
            out += static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
            ++at;
            continue;
        }
        append_code_point(out, u_tolower(next_code_point(word, at)));
    }
}

bool is_stop_word(std::string_view word)
{
    return word == "el" || word == "la" || word == "de" || word == "que" || word == "y" || word == "a";
}

void stem_spanish(std::string& word)
{
    const bool ascii = is_ascii(word);
    if ((ascii ? word.size() : utf16_length(word)) < min_stemmed_length)
        return;
    if (!ascii)
        fold_vowels(word);
    if (is_dropped_vowel(word.back())) {
        word.pop_back();
        return;
    }
    if (word.back() != 's')
        return;
    const auto size = word.size();
    if (word.ends_with("ces")) {
        word[size - 3] = 'z';
        word.resize(size - 2);
    } else if (is_dropped_vowel(word[size - 2])) {
        word.resize(size - 2);
    }
}

bool SpanishAnalyzer::next(std::string_view& term)
{
    std::string_view word;
    while (tokens_.next(word)) {
        term_.clear();
        append_lower_case(term_, word);
        if (is_stop_word(term_))
            continue;
        stem_spanish(term_);
        term = term_;
        return true;
    }
    return false;
}

std::string analyze_word(std::string_view word)
{
    SpanishAnalyzer terms(word);
    std::string_view term;
    return terms.next(term) ? std::string(term) : std::string();
}

} // namespace estante::analysis
