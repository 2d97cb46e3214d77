// A book of a shop's catalogue. Its stock and price are stored apart, so that a sale does not write the catalogue
// entry.
#pragma once

#include "domain/ids.hpp"
#include "domain/isbn.hpp"
#include "domain/limited.hpp"
#include "domain/money.hpp"
#include "domain/text_format.hpp"

#include <boost/describe.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante {

// ISO 639-1: two lower-case letters ("es", "en", "ca").
struct LanguageCode {
    static constexpr TextFormat format{"un código ISO 639-1 de dos letras minúsculas",
                                       "an ISO 639-1 code of two lower-case letters"};
    static constexpr std::string_view pattern = "^[a-z]{2}$";
    std::string value;

    auto operator<=>(const LanguageCode&) const = default;
    static std::optional<LanguageCode> parse(std::string_view text)
    {
        if (text.size() != 2 || !std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; }))
            return std::nullopt;
        return LanguageCode{std::string(text)};
    }
};

enum class ContributorRole { author, editor, translator, illustrator, narrator, contributor };
BOOST_DESCRIBE_ENUM(ContributorRole, author, editor, translator, illustrator, narrator, contributor)

struct Contributor {
    Text<1, 200> name; // given name first: "Gabriel García Márquez"
    Or<ContributorRole, ContributorRole::author> role;

    bool operator==(const Contributor&) const = default;
};
BOOST_DESCRIBE_STRUCT(Contributor, (), (name, role))

// `new` is a keyword: the codec drops the trailing underscore of an enumerator, so JSON has "new" and "used".
enum class BookCondition { new_, used };
BOOST_DESCRIBE_ENUM(BookCondition, new_, used)

enum class BookFormat { paperback, hardcover, ebook, audiobook, other };
BOOST_DESCRIBE_ENUM(BookFormat, paperback, hardcover, ebook, audiobook, other)

// Hundredths of a star: 434 is 4.34 in items and JSON. 0 to 5 stars.
struct Rating {
    static constexpr std::int64_t max_hundredths = 500;
    std::int64_t hundredths = 0;

    auto operator<=>(const Rating&) const = default;
};

// The editable part of a book: the catalogue entry without id, versions and stock.
struct BookEntry {
    Text<1, 500> title;
    std::optional<Text<1, 500>> original_title;
    std::vector<Contributor> contributors; // at most 50; the first counts as the main author
    std::optional<Text<1, 200>> publisher;
    std::optional<LanguageCode> language;
    std::optional<Int<-3000, 2200>> publication_year; // negative: BCE
    std::optional<Text<1, 10000>> description;
    Text<1, 100> category;
    std::vector<Text<1, 200>> subjects; // at most 50
    std::optional<Isbn> isbn;
    Or<BookCondition, BookCondition::new_> condition;
    std::optional<Rating> rating;
    Or<BookFormat, BookFormat::paperback> format;
    std::optional<Int<1, 100000>> pages;

    static constexpr std::size_t max_contributors = 50;
    static constexpr std::size_t max_subjects = 50;

    bool operator==(const BookEntry&) const = default;
};
BOOST_DESCRIBE_STRUCT(BookEntry, (),
                      (title, original_title, contributors, publisher, language, publication_year, description,
                       category, subjects, isbn, condition, rating, format, pages))

struct Book {
    BookId id;
    BookEntry entry;
    std::int64_t version = 1;
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;
    std::string source{}; // of an imported book, "gutenberg:320"; empty for one created through the API

    bool operator==(const Book&) const = default;
};

struct Stock {
    static constexpr std::int64_t max_on_hand = 1'000'000;

    std::int64_t on_hand = 0;
    std::optional<Money> price;            // absent: not for sale
    std::int64_t availability_version = 1; // advances on a price change and when on_hand crosses 0
    std::int64_t version = 1;              // advances on every change

    bool in_stock() const { return on_hand > 0; }
    bool operator==(const Stock&) const = default;
};

// The names of the contributors with the role author, or of all contributors if there is none, joined by ", ".
std::string author_line(const BookEntry& entry);

} // namespace estante
