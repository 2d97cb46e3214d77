// Converts the members of a row to a book entry, with the same description and limits with which the API reads
// requests.
#pragma once

#include "adapters/catalogues/catalogue_reader.hpp"
#include "codec/reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante::catalogues {

// A row as a mapping converts it: members by their names in JSON, absent ones left out.
struct Draft {
    Map members;
    std::string source;
    std::vector<Repair> repairs;

    // Sets a text member, with single spaces; does nothing for a blank text.
    void put(std::string_view name, std::string_view text);
    // Sets a list, such as contributors or subjects; does nothing for an empty list.
    void put(std::string_view name, List list);
    void add_repair(RepairKind kind, std::string es, std::string en)
    {
        repairs.push_back({kind, {std::move(es), std::move(en)}});
    }
    // Sets the ISBN of a row whose cells a spreadsheet may have damaged, and reports what was repaired.
    void put_isbn(std::string_view isbn13_cell, std::string_view isbn10_cell);
    // Sets the language of a code of any kind; reports a code without an ISO 639-1 equivalent.
    void put_language(std::string_view code);
};

Value contributor(std::string name, std::string_view role = "author");

// Checks the members against the limits of BookEntry, Money and Stock; too many subjects are cut off. The reason names
// each wrong member. `numbers` says whether numbers are JSON numbers or texts.
std::expected<Row, Phrase> to_row(Draft draft, codec::Reader::Source numbers, const ReaderOptions& options);

// Helps a person to find the row: its title, else its id, else nothing; at most 200 bytes.
std::string subject_of(const Map& members);

// At most so many characters; invalid bytes and control characters are replaced.
std::string excerpt(std::string_view raw, std::size_t max_characters);

} // namespace estante::catalogues
