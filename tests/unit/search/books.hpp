// Test data for the search engine.
#pragma once

#include "adapters/search/tenant_index.hpp"
#include "ports/search_index.hpp"

#include <cstdint>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace estante::search {

inline const analysis::TitleCollation& collation()
{
    static const analysis::TitleCollation spanish;
    return spanish;
}

inline SearchDocument book(std::string id, std::string title, std::string author = {}, std::string description = {})
{
    return {.book_id = std::move(id),
            .version = 1,
            .title = std::move(title),
            .author = std::move(author),
            .description = std::move(description)};
}

inline IndexChange put(SearchDocument document)
{
    return {.book_id = document.book_id, .version = document.version, .document = std::move(document)};
}

inline constexpr std::uint64_t removed_version = std::uint64_t{1} << 62;

inline IndexChange removal(std::string id)
{
    return {.book_id = std::move(id), .version = removed_version};
}

inline std::vector<std::string> lines_of(const std::string& file)
{
    std::ifstream stream(std::string(ESTANTE_SOURCE_DIR) + "/tests/unit/search/data/" + file);
    if (!stream)
        throw std::runtime_error("no test data in " + file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

inline std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (auto end = text.find(separator); end != std::string::npos; end = text.find(separator, begin)) {
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    parts.push_back(text.substr(begin));
    return parts;
}

// Generates books from a small vocabulary, with random values in every field that a search uses.
class BookGenerator {
public:
    explicit BookGenerator(std::uint64_t seed) : random_(seed) {}

    std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }
    std::string words(std::size_t count)
    {
        static const std::vector<std::string> vocabulary{
            "el",     "la",      "historia", "casa",    "Casas",   "noche",    "amor",    "Amores", "mar",
            "viento", "sombra",  "Quijote",  "camino",  "luz",     "luces",    "canción", "niño",   "niños",
            "ciudad", "perros",  "años",     "soledad", "tiempo",  "río",      "montaña", "guerra", "paz",
            "jardín", "secreto", "invierno", "the",     "of",      "love",     "night",   "日本",   "☺",
            "Müller", "García",  "Márquez",  "Isabel",  "Allende", "Cervantes"};
        std::string text;
        for (std::size_t word = 0; word < count; ++word)
            text += (word == 0 ? "" : " ") + vocabulary[std::min(below(vocabulary.size()), below(vocabulary.size()))];
        return text;
    }
    SearchDocument make(std::size_t number, std::uint64_t version = 1)
    {
        static const std::vector<std::string> categories{"Novela", "Poesía", "Ensayo", "Historia", ""};
        static const std::vector<std::string> names{"Isabel Allende", "García Márquez", "Cervantes"};
        SearchDocument document = book("book_" + std::to_string(10'000 + number), words(1 + below(7)), words(below(4)),
                                       below(3) == 0 ? std::string() : words(below(90)));
        document.version = version;
        document.contributors = {names[below(names.size())], names[below(names.size())]};
        document.category = categories[below(categories.size())];
        document.language = below(3) == 0 ? "en" : "es";
        if (below(6) == 0)
            document.isbn = "9788437604572";
        document.rating = static_cast<double>(below(6) * 100) / 100;
        if (below(4) != 0)
            document.price_cents = static_cast<std::int64_t>(500 + below(40) * 50);
        if (below(5) != 0)
            document.publication_year = static_cast<int>(1900 + below(60)) - (below(20) == 0 ? 2200 : 0);
        document.in_stock = below(2) == 0;
        document.updated_ms = static_cast<std::int64_t>(1'700'000'000'000 + below(50) * 1000);
        return document;
    }

private:
    std::mt19937_64 random_;
};

} // namespace estante::search
