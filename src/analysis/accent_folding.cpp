#include "analysis/accent_folding.hpp"

#include "analysis/utf8.hpp"
#include "domain/icu_status.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

namespace estante::analysis {

namespace {

const icu::Normalizer2& decomposition()
{
    static const icu::Normalizer2* const nfd = [] {
        UErrorCode status = U_ZERO_ERROR;
        const auto* const instance = icu::Normalizer2::getNFDInstance(status);
        return check_icu(instance, status, "decompose letters");
    }();
    return *nfd;
}

bool is_mark(UChar32 c)
{
    return u_charType(c) == U_NON_SPACING_MARK;
}

} // namespace

void append_folded(std::string& out, std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto c = next_code_point(text, at);
        if (c < 0x80) {
            out += static_cast<char>(c);
            continue;
        }
        if (is_mark(c))
            continue;
        icu::UnicodeString parts;
        const bool composed = decomposition().getDecomposition(c, parts) != 0;
        const auto base = parts.char32At(0);
        // Only a letter followed by marks is accented. A Hangul syllable decomposes into letters.
        bool accented = composed;
        for (int32_t at_part = U16_LENGTH(base); accented && at_part < parts.length();) {
            const auto part = parts.char32At(at_part);
            at_part += U16_LENGTH(part);
            accented = is_mark(part);
        }
        append_code_point(out, accented ? base : c);
    }
}

std::string fold_accents(std::string_view text)
{
    std::string folded;
    folded.reserve(text.size());
    append_folded(folded, text);
    return folded;
}

bool is_folded(std::string_view text)
{
    return is_ascii(text) || fold_accents(text) == text;
}

} // namespace estante::analysis
