// From the members of a row to a book entry, by the same description and limits as the API reads requests with.
#pragma once

#include "adapters/catalogues/catalogue_reader.hpp"
#include "codec/reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante::catalogues {

// What a mapping has made of a row: members by their names in JSON, absent ones left out.
struct Draft {
    Map members;
    std::string source;
    std::vector<Repair> repairs;

    // Puts a text member, single-spaced; nothing for a blank one.
    void put(std::string_view name, std::string_view text);
    // Puts names as contributors and texts as subjects; nothing for an empty list.
    void put(std::string_view name, List list);
    void repaired(RepairKind kind, std::string es, std::string en)
    {
        repairs.push_back({kind, {std::move(es), std::move(en)}});
    }
    // Puts the ISBN of a row whose cells a spreadsheet may have damaged, and reports what was done about it.
    void put_isbn(std::string_view isbn13_cell, std::string_view isbn10_cell);
    // Puts the language of a code of any kind; reports one that has no ISO 639-1 code.
    void put_language(std::string_view code);
};

Value contributor(std::string name, std::string_view role = "author");

// Holds the members to the limits of BookEntry, Money and Stock; too many subjects are cut. A reason names each wrong
// member. `numbers` says whether numbers are JSON numbers or are spelled as text.
std::expected<Row, Phrase> row_of(Draft draft, codec::Reader::Source numbers, const ReaderOptions& options);

// For a person to find the row by: its title, else its id, else nothing; at most 200 bytes.
std::string subject_of(const Map& members);

// At most so many characters or bytes, cut between characters; broken bytes and controls replaced.
std::string excerpt(std::string_view raw, std::size_t max_characters);
std::string_view cut_bytes(std::string_view text, std::size_t max_bytes);

} // namespace estante::catalogues
