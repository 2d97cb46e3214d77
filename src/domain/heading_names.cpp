#include "domain/heading_names.hpp"

#include "domain/heading_words.hpp"
#include "domain/white_space.hpp"

#include <algorithm>

namespace estante {

namespace {

// Splits at separators that are outside parentheses and brackets.
std::vector<std::string_view> split_outside(std::string_view text, std::string_view separators)
{
    std::vector<std::string_view> parts;
    std::size_t from = 0;
    int depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        depth += (c == '(' || c == '[') - (depth > 0 && (c == ')' || c == ']'));
        if (depth == 0 && separators.find(c) != separators.npos) {
            parts.push_back(text.substr(from, at - from));
            from = at + 1;
        }
    }
    parts.push_back(text.substr(from));
    return parts;
}

// Removes the notes in brackets at the end, as in "… [Translator]", and returns the role of the first.
ContributorRole take_role(std::string& text)
{
    auto role = ContributorRole::author;
    while (text.ends_with(']')) {
        const auto open = text.rfind('[');
        if (open == text.npos)
            break;
        role = heading::role_from_note(std::string_view(text).substr(open + 1, text.size() - open - 2))
                   .value_or(ContributorRole::author);
        text = collapse_white_space(std::string_view(text).substr(0, open));
        if (text.ends_with(','))
            text.pop_back();
    }
    return role;
}

// Removes the notes in parentheses, and stores the content of the first in `note`.
std::string without_notes(std::string_view text, std::string& note)
{
    std::string rest;
    int depth = 0;
    std::size_t opened = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '(') {
            opened = depth == 0 ? at + 1 : opened;
            ++depth;
        } else if (c == ')') {
            depth = std::max(depth - 1, 0);
            if (depth == 0 && opened > 0 && note.empty())
                note = text.substr(opened, at - opened);
        } else if (depth == 0) {
            rest += c;
        }
    }
    return collapse_white_space(rest);
}

std::vector<std::string_view> words_of(std::string_view text)
{
    return split_outside(text, " ,");
}

// Firms and bodies: "Longmans, Green, and Co.", "Lawson McGhee Library, Knoxville, Tenn.", "Great Britain. Army, 5th".
bool is_body(std::string_view heading)
{
    const auto before_comma = split_outside(heading, ",").front();
    const auto entry_words = words_of(before_comma);
    if (heading.contains(", and ") || std::ranges::any_of(words_of(heading), heading::is_firm) ||
        (entry_words.size() > 1 && std::ranges::any_of(entry_words, heading::is_institution)))
        return true;
    const auto stop = before_comma.find(". ");
    return stop != before_comma.npos && stop >= 4 &&
           std::ranges::all_of(before_comma.substr(stop - 3, 3), [](char c) { return c >= 'a' && c <= 'z'; });
}

// The parts of a person's heading.
struct PersonHeading {
    std::string entry; // the entry element: the heading is sorted by it
    std::string given;
    std::string honorific;
    std::string rank;
    std::string suffix;
    std::string byname;
    std::string note; // the first fuller form in parentheses
};

// "Earl Derr", "Duke Francis": a rank would continue with "of", "de" or another particle.
bool is_forename_like_a_title(std::string_view part)
{
    const auto words = words_of(part);
    return words.size() > 1 && !heading::is_particle(words[1]) && !words[1].starts_with("d'");
}

PersonHeading parse_person(const std::vector<std::string_view>& parts)
{
    PersonHeading person;
    person.entry = collapse_white_space(parts.front());
    bool first = true; // given names follow directly after the entry, or are absent
    for (const auto raw : std::vector(parts.begin() + 1, parts.end())) {
        const std::string part = without_notes(raw, person.note);
        if (part.empty() || part == "pseud." || heading::is_dates(part))
            continue;
        if (heading::is_suffix(part))
            person.suffix = part;
        else if (heading::is_honorific(part))
            person.honorific = person.honorific.empty() ? part : person.honorific;
        else if (heading::is_nobility_title(part) && !(first && is_forename_like_a_title(part)))
            person.rank = person.rank.empty() ? part : person.rank;
        else if (first)
            (heading::is_byname(part) ? person.byname : person.given) = part;
        first = false;
    }
    // "Oliphant, Mrs. (Margaret)"
    if (person.given.empty() && person.byname.empty() && person.rank.empty() && !person.honorific.empty() &&
        !person.note.empty()) {
        person.given = person.note;
        person.honorific.clear();
    }
    return person;
}

std::string joined(std::string_view left, std::string_view right)
{
    if (left.empty() || right.empty())
        return std::string(left.empty() ? right : left);
    const bool elided = left.ends_with('\'') && !left.ends_with(" de'");
    return std::string(left) + (elided ? "" : " ") + std::string(right);
}

std::string capitalized(std::string text)
{
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 32);
    return text;
}

// The name of a noble, from the rank that follows it in the heading (see heading_names.hpp).
std::string noble_name(const PersonHeading& person)
{
    const auto& [entry, given, honorific, rank, suffix, byname, note] = person;
    const auto rank_words = words_of(rank);
    const bool dangling = rank_words.size() > 1 && heading::is_particle(rank_words.back());
    const bool bare = rank_words.size() == 1;
    if (given.empty())
        return dangling || bare                      ? capitalized(joined(rank, entry))
               : honorific.empty() && byname.empty() ? entry + ", " + rank
                                                     : entry;
    if (given == entry || given.ends_with(" " + entry))
        return given;
    const auto given_words = words_of(given);
    const bool ends_with_particle = heading::is_particle(given_words.back()) || given.ends_with('\'');
    const bool has_family_name =
        !ends_with_particle && (given_words.size() > 2 || std::ranges::any_of(given_words, [](std::string_view word) {
                                    return heading::is_particle(word) || word.starts_with("d'");
                                }));
    if ((dangling && (rank_words.back() == "of" || has_family_name)) ||
        (bare && heading::is_peerage(rank) && given_words.size() > 1 && !ends_with_particle))
        return given + ", " + joined(rank, entry);
    if (!dangling || ends_with_particle || heading::is_romance_nobility_title(rank))
        return joined(given, entry);
    return joined(joined(given, rank.substr(rank.find(' ') + 1)), entry);
}

std::string person_name(const PersonHeading& person)
{
    std::string name = person.rank.empty() ? joined(person.given, person.entry) : noble_name(person);
    name = joined(capitalized(person.honorific), name);
    return joined(joined(name, person.byname), person.suffix);
}

} // namespace

std::optional<CreditedName> given_first_name(std::string_view heading)
{
    std::string text = collapse_white_space(heading);
    const auto role = take_role(text);
    const auto parts = split_outside(text, ",");
    if (parts.size() > 1 && !is_body(text))
        text = person_name(parse_person(parts));
    if (text.empty())
        return std::nullopt;
    return CreditedName{std::move(text), role};
}

std::vector<CreditedName> given_first_names(std::string_view cell)
{
    std::vector<CreditedName> names;
    for (const auto heading : split_outside(cell, ";|")) {
        auto name = given_first_name(heading);
        if (name && std::ranges::find(names, *name) == names.end())
            names.push_back(std::move(*name));
    }
    return names;
}

} // namespace estante
