#include "domain/book.hpp"

namespace estante {

std::string author_line(const BookEntry& entry)
{
    const auto is_author = [](const Contributor& contributor) {
        return contributor.role.value == ContributorRole::author;
    };
    const bool any_author = std::ranges::any_of(entry.contributors, is_author);
    std::string line;
    for (const Contributor& contributor : entry.contributors) {
        if (!any_author || is_author(contributor))
            (line += line.empty() ? "" : ", ") += contributor.name.value;
    }
    return line;
}

} // namespace estante
