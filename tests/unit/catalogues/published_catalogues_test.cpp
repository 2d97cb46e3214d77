// goodbooks-10k and Project Gutenberg's catalogue: single rows, and the demonstration's files whole.
#include "adapters/catalogues/demonstration.hpp"
#include "adapters/catalogues/gutenberg_title.hpp"
#include "adapters/catalogues/library_of_congress.hpp"
#include "catalogue_files.hpp"

#include <map>

namespace estante::catalogues {
namespace {

std::string_view text_of_bytes(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Row goodbook(const std::string& isbn, const std::string& isbn13, const std::string& authors, const std::string& year,
             const std::string& original, const std::string& title, const std::string& language)
{
    return only_row("book_id,goodreads_book_id,isbn,isbn13,authors,original_publication_year,original_title,title,"
                    "language_code,average_rating\n"
                    "42,7," +
                    isbn + "," + isbn13 + ",\"" + authors + "\"," + year + ",\"" + original + "\",\"" + title + "\"," +
                    language + ",4.3\n");
}

TEST(Goodbooks, RowBecomesABook)
{
    const Row row = goodbook("439023483", "9.78043902348e+12", "Suzanne Collins, Una Traductora,  Suzanne Collins",
                             "2008.0", "The Hunger Games", "The Hunger  Games (The Hunger Games, #1)", "en-US");
    EXPECT_EQ(row.source, "goodbooks10k");
    EXPECT_EQ(row.source_id, "42");
    EXPECT_EQ(row.line, 2U);
    EXPECT_EQ(row.entry.title.value, "The Hunger Games (The Hunger Games, #1)");
    EXPECT_EQ(row.entry.original_title->value, "The Hunger Games");
    ASSERT_EQ(row.entry.contributors.size(), 2U);
    EXPECT_EQ(row.entry.contributors[1].name.value, "Una Traductora");
    EXPECT_EQ(row.entry.publication_year->value, 2008);
    EXPECT_EQ(row.entry.language->value, "en");
    EXPECT_EQ(row.entry.rating->hundredths, 430);
    EXPECT_EQ(row.entry.category.value, "Unclassified");
    EXPECT_EQ(row.entry.isbn->value, "9780439023481");
    ASSERT_EQ(row.entry.subjects.size(), 1U);
    EXPECT_EQ(row.entry.subjects[0].value, "Series: The Hunger Games");
    ASSERT_EQ(row.repairs.size(), 1U);
    EXPECT_EQ(row.repairs[0].kind, RepairKind::isbn_restored);
    EXPECT_EQ(row.price, std::nullopt);
}

TEST(Goodbooks, KeepsYearsBeforeTheCommonEra)
{
    EXPECT_EQ(goodbook("", "", "Homer", "-720.0", "Ὀδύσσεια", "The Odyssey", "eng").entry.publication_year->value,
              -720);
    EXPECT_EQ(goodbook("", "", "Homer", "", "", "The Odyssey", "eng").entry.publication_year, std::nullopt);
}

TEST(Goodbooks, MakesSubjectsFromTheSeriesInATitle)
{
    const auto series = [](const std::string& title) {
        std::string all;
        for (const auto& subject : goodbook("", "", "A", "", "", title, "").entry.subjects)
            all += subject.value + "|";
        return all;
    };
    EXPECT_EQ(series("Thud! (Discworld, #34; City Watch #7)"), "Series: Discworld|Series: City Watch|");
    EXPECT_EQ(series("The Shining (The Shining #1)"), "Series: The Shining|");
    EXPECT_EQ(series("Bloody Bones (Anita Blake, Vampire Hunter #5)"), "Series: Anita Blake, Vampire Hunter|");
    EXPECT_EQ(series("Saga #1"), "");
    EXPECT_EQ(series("#GIRLBOSS"), "");
    EXPECT_EQ(series("Emma (Annotated)"), "");
    EXPECT_EQ(series("Odd (#1)"), "");
}

TEST(Goodbooks, ReportsAnIsbnThatCannotBeRestored)
{
    const Row row =
        goodbook("812971060", "9.78081297106e+12", "Azar Nafisi", "2003.0", "", "Reading Lolita in Tehran", "mul");
    EXPECT_EQ(row.entry.isbn, std::nullopt);
    EXPECT_EQ(row.entry.language, std::nullopt);
    ASSERT_EQ(row.repairs.size(), 2U);
    EXPECT_EQ(row.repairs[0].kind, RepairKind::language_left_out);
    EXPECT_EQ(row.repairs[1].kind, RepairKind::isbn_left_out);
    EXPECT_EQ(row.repairs[1].note.en, "The ISBN cannot be restored from “9.78081297106e+12” and “812971060”.");
    EXPECT_TRUE(goodbook("", "", "A", "", "", "T", "").repairs.empty()); // no ISBN, nothing to report
}

// The numbers agree with a repaired copy of the data set that was made independently: 9,277 ISBNs, the same for each
// book.
TEST(Goodbooks, ReadsTheWholeFileWithoutARefusal)
{
    const WholeFile whole = read_whole(text_of_bytes(demonstration_goodbooks()));
    EXPECT_TRUE(whole.refused.empty());
    ASSERT_EQ(whole.rows.size(), 10'000U);
    std::map<RepairKind, int> repairs;
    std::map<std::string, int> languages;
    int without_isbn = 0;
    int before_our_era = 0;
    int without_year = 0;
    for (std::size_t i = 0; i < whole.rows.size(); ++i) {
        const Row& row = whole.rows[i];
        ASSERT_EQ(row.source_id, std::to_string(i + 1));
        ASSERT_EQ(row.line, i + 2);
        for (const auto& repair : row.repairs)
            ++repairs[repair.kind];
        without_isbn += !row.entry.isbn;
        without_year += !row.entry.publication_year;
        before_our_era += row.entry.publication_year && row.entry.publication_year->value < 0;
        ++languages[row.entry.language ? row.entry.language->value : "none"];
        ASSERT_FALSE(row.entry.contributors.empty());
        ASSERT_TRUE(row.entry.rating);
    }
    EXPECT_EQ(without_isbn, 723);
    EXPECT_EQ(repairs[RepairKind::isbn_restored], 9242);
    EXPECT_EQ(repairs[RepairKind::isbn_conflict], 19);
    EXPECT_EQ(repairs[RepairKind::isbn_left_out], 158);
    EXPECT_EQ(repairs[RepairKind::language_left_out], 3);
    EXPECT_EQ(before_our_era, 31);
    EXPECT_EQ(without_year, 21);
    EXPECT_EQ(languages["en"], 8730);
    EXPECT_EQ(languages["es"], 20);
    EXPECT_EQ(languages["none"], 1087);
}

TEST(Gutenberg, RowBecomesABook)
{
    const Row row =
        only_row("gutenberg_id,title,authors,author_birth,author_death,language,lcc,lcsh,bookshelves,rights\n"
                 "2000,Don Quijote,\"Cervantes Saavedra, Miguel de\",1547,1616,en/es,PQ|E201,"
                 "\"Romances|Picaresque literature, Spanish|Romances\",Best Books,Public domain in the USA.\n",
                 {.category = "Sin clasificar", .heading_language = "es", .language = "es"});
    EXPECT_EQ(row.source, "gutenberg");
    EXPECT_EQ(row.source_id, "2000");
    EXPECT_EQ(row.entry.title.value, "Don Quijote");
    ASSERT_EQ(row.entry.contributors.size(), 1U);
    EXPECT_EQ(row.entry.contributors[0].name.value, "Miguel de Cervantes Saavedra");
    EXPECT_EQ(row.entry.language->value, "es");
    EXPECT_EQ(row.entry.category.value, "Literaturas románicas");
    ASSERT_EQ(row.entry.subjects.size(), 2U);
    EXPECT_EQ(row.entry.subjects[1].value, "Picaresque literature, Spanish");
    EXPECT_EQ(row.entry.format.value, BookFormat::ebook);
    EXPECT_EQ(row.entry.isbn, std::nullopt);
    EXPECT_TRUE(row.repairs.empty());
}

TEST(Gutenberg, ReadsATrimmedCatalogueWithoutSubjects)
{
    const WholeFile whole = read_whole("gutenberg_id,title,authors,language,lcc\n"
                                       "1,The Declaration,\"Jefferson, Thomas\",en,E201|JK\n"
                                       "2,The Mayflower Compact,,en/es,\n"
                                       "3,Beowulf,Unknown,ang/enm,PR\n");
    ASSERT_EQ(whole.rows.size(), 3U);
    EXPECT_EQ(whole.rows[0].entry.category.value, "History of the Americas");
    EXPECT_EQ(whole.rows[1].entry.category.value, "Unclassified");
    EXPECT_EQ(whole.rows[1].entry.language->value, "en");
    EXPECT_TRUE(whole.rows[1].entry.contributors.empty());
    EXPECT_EQ(whole.rows[2].entry.language, std::nullopt);
    ASSERT_EQ(whole.rows[2].repairs.size(), 1U);
    EXPECT_EQ(whole.rows[2].repairs[0].note.en, "The language “ang/enm” has no ISO 639-1 code.");
}

TEST(Gutenberg, ReadsDatesAndRolesOfThePublishedCatalogue)
{
    const WholeFile whole = read_whole(
        "Text#,Type,Issued,Title,Language,Authors,Subjects,LoCC,Bookshelves\n"
        "8800,Text,2005-09-01,\"The divine comedy\nillustrated\",en,"
        "\"Dante Alighieri, 1265-1321; Cary, Henry Francis, 1772-1844 [Translator]; Doré, Gustave, 1832-1883 "
        "[Illustrator]\",Epic poetry; Hell -- Poetry,PQ,Italian Literature\n"
        "9000,Sound,2005-09-01,A reading,en,Librivox,,PQ,\n");
    ASSERT_EQ(whole.rows.size(), 1U);
    const BookEntry& book = whole.rows[0].entry;
    EXPECT_EQ(book.title.value, "The divine comedy illustrated");
    ASSERT_EQ(book.contributors.size(), 3U);
    EXPECT_EQ(book.contributors[0].name.value, "Dante Alighieri");
    EXPECT_EQ(book.contributors[1].name.value, "Henry Francis Cary");
    EXPECT_EQ(book.contributors[1].role.value, ContributorRole::translator);
    EXPECT_EQ(book.contributors[2].role.value, ContributorRole::illustrator);
    ASSERT_EQ(book.subjects.size(), 2U);
    EXPECT_EQ(book.subjects[1].value, "Hell -- Poetry");
    ASSERT_EQ(whole.refused.size(), 1U);
    EXPECT_EQ(whole.refused[0].line, 4U);
    EXPECT_EQ(whole.refused[0].subject, "A reading");
    EXPECT_EQ(whole.refused[0].reason.en, "The work is of type Sound, not Text.");
}

TEST(Gutenberg, CleansTitlesOfLineBreaksAndMarc)
{
    const std::tuple<const char*, const char*, const char*> cases[] = {
        {"Don Quijote", "Don Quijote", "Don Quijote"},
        {"Manfredo / Drama en tres actos", "Manfredo: Drama en tres actos", "Manfredo"},
        {"Corazón : $b (diario de un niño)", "Corazón (diario de un niño)", "Corazón"},
        {"The crowd : $b A study of the popular mind", "The crowd: A study of the popular mind", "The crowd"},
        {"Composition / $b A series of exercises", "Composition: A series of exercises", "Composition"},
        {"Hetty Gray; $b or, Nobody's bairn", "Hetty Gray; or, Nobody's bairn", "Hetty Gray; or, Nobody's bairn"},
        {"The right to read = $b Le droit de lire", "The right to read = Le droit de lire",
         "The right to read = Le droit de lire"},
        {"World's War Events $v Volume 3 / Beginning", "World's War Events Volume 3: Beginning",
         "World's War Events Volume 3"},
        {"Dress design $b: an account of costume", "Dress design: an account of costume", "Dress design"},
        {"Ciudad Encantada. / Que se creia", "Ciudad Encantada. Que se creia", "Ciudad Encantada."},
        {"Morsamor / peregrinaciones y lances de amor de / Miguel de Zuheros",
         "Morsamor: peregrinaciones y lances de amor de Miguel de Zuheros", "Morsamor"},
        {"Entretiens / Interviews / Entrevistas", "Entretiens: Interviews: Entrevistas", "Entretiens"},
        {"The $30,000 Bequest", "The $30,000 Bequest", "The $30,000 Bequest"},
        {"Diary: March/April 1659", "Diary: March/April 1659", "Diary: March/April 1659"},
        {"  /  ", "/", "/"},
        {"$b ", "$b", "$b"},
        {"", "", ""},
    };
    for (const auto& [text, full, main] : cases) {
        EXPECT_EQ(gutenberg_title(text).full, full) << text;
        EXPECT_EQ(gutenberg_title(text).main, main) << text;
    }
}

TEST(Gutenberg, MovesATitleOverTheLimitToTheDescription)
{
    const std::string header = "gutenberg_id,title,authors,language,lcc\n";
    const std::string subtitle(520, 's');
    const Row row = only_row(header + "1,Pinnock's History / " + subtitle + ",,en,D\n");
    EXPECT_EQ(row.entry.title.value, "Pinnock's History");
    EXPECT_EQ(row.entry.description->value, "Pinnock's History: " + subtitle);
    ASSERT_EQ(row.repairs.size(), 1U);
    EXPECT_EQ(row.repairs[0].kind, RepairKind::title_shortened);
    const WholeFile whole = read_whole(header + "1," + subtitle + ",,en,D\n");
    ASSERT_EQ(whole.refused.size(), 1U);
    EXPECT_EQ(whole.refused[0].reason.en, "title: must have 1 to 500 characters, has 520");
}

TEST(LibraryOfCongress, HasAHeadingForEachClass)
{
    EXPECT_EQ(class_heading("PQ", "en"), "Romance literatures");
    EXPECT_EQ(class_heading("PQ", "es"), "Literaturas románicas");
    EXPECT_EQ(class_heading("E201", "en"), "History of the Americas");
    EXPECT_EQ(class_heading("D731", "en"), "World history");
    EXPECT_EQ(class_heading("BX", "en"), "Philosophy, psychology and religion");
    EXPECT_EQ(class_heading("P1", "en"), "Philology and linguistics");
    EXPECT_EQ(class_heading("PX", "en"), "Philology and linguistics");
    for (const auto* letters : {"", "I", "O", "W", "X", "Y", "1", "é"})
        EXPECT_EQ(class_heading(letters, "en"), std::nullopt) << letters;
    for (const char letter : std::string_view("ABCDEFGHJKLMNPQRSTUVZ"))
        EXPECT_TRUE(class_heading({&letter, 1}, "es")) << letter;
}

TEST(Gutenberg, ReadsAllNineHundredAndThirteenSpanishWorks)
{
    const WholeFile whole = read_whole(text_of_bytes(demonstration_gutenberg_es()),
                                       {.category = "-", .heading_language = "es", .language = "es"});
    EXPECT_TRUE(whole.refused.empty());
    ASSERT_EQ(whole.rows.size(), 913U);
    std::map<std::string, int> categories;
    int anonymous = 0;
    int repaired = 0;
    for (const Row& row : whole.rows) {
        ASSERT_TRUE(row.entry.language);
        EXPECT_EQ(row.entry.language->value, "es") << row.entry.title.value;
        ++categories[row.entry.category.value];
        anonymous += row.entry.contributors.empty();
        repaired += !row.repairs.empty();
        EXPECT_EQ(row.entry.title.value.find('$'), std::string::npos) << row.entry.title.value;
        for (const auto& contributor : row.entry.contributors)
            EXPECT_EQ(contributor.name.value.find(" active "), std::string::npos) << contributor.name.value;
    }
    EXPECT_EQ(categories["Literaturas románicas"], 534);
    EXPECT_EQ(categories["Historia de América"], 122);
    EXPECT_EQ(categories["-"], 0);
    EXPECT_EQ(anonymous, 41);
    EXPECT_EQ(repaired, 1);
}

} // namespace
} // namespace estante::catalogues
