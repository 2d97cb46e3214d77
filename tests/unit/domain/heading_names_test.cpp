#include "domain/heading_names.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace estante {
namespace {

std::string turned(std::string_view heading)
{
    const auto credited = given_first_name(heading);
    return credited ? credited->name : "nothing";
}

void expect_turned(std::initializer_list<std::pair<const char*, const char*>> cases)
{
    for (const auto& [heading, name] : cases)
        EXPECT_EQ(turned(heading), name) << heading;
}

// All headings are Project Gutenberg's.
TEST(Names, OfPeopleHaveTheGivenNameFirst)
{
    expect_turned({
        {"Jefferson, Thomas", "Thomas Jefferson"},
        {"Rojas, Fernando de", "Fernando de Rojas"},
        {"Cervantes Saavedra, Miguel de", "Miguel de Cervantes Saavedra"},
        {"Kennedy, John F. (John Fitzgerald)", "John F. Kennedy"},
        {"Sandick, R. A. (Rudolf Adriaan) van", "R. A. van Sandick"},
        {"Redmond-Howard, L. G., (Louis George)", "L. G. Redmond-Howard"},
        {"Ward, William (Author at Arthur Westbrook Co. (Cleveland, Ohio))", "William Ward"},
        {"Castro, Modesto  de", "Modesto de Castro"},
        {"Wycliffe, John\u200F", "John Wycliffe"},
        {"Biggers, Earl Derr", "Earl Derr Biggers"},
        {"King, Charles", "Charles King"},
        {"Church, Alfred John", "Alfred John Church"},
    });
}

TEST(Names, OmitDatesAndWordsThatDistinguishNamesakes)
{
    expect_turned({
        {"Smith, John, 1850-1920", "John Smith"},
        {"Cervantes Saavedra, Miguel de, 1547-1616", "Miguel de Cervantes Saavedra"},
        {"Núñez Cabeza de Vaca, Alvar, active 16th century", "Alvar Núñez Cabeza de Vaca"},
        {"Homer, 750? BCE-650? BCE", "Homer"},
        {"Murakami, Haruki, 1949-", "Haruki Murakami"},
        {"Sunzi, active 6th century B.C.", "Sunzi"},
        {"Adam, of Cobsam, active approximately 1462", "Adam of Cobsam"},
        {"Wu, Chuhou, jin shi 1053", "Chuhou Wu"},
        {"Jones, John, of Dublin", "John Jones"},
        {"Foreman, John, F.R.G.S.", "John Foreman"},
        {"King, James, Vicar of St. Mary's, Berwick-upon-Tweed", "James King"},
        {"Aristotle, pseud.", "Aristotle"},
    });
}

TEST(Names, KeepHonorificsBeforeAndSuffixesAfter)
{
    expect_turned({
        {"Alger, Horatio, Jr.", "Horatio Alger Jr."},
        {"Morse, John T., Jr. (John Torrey)", "John T. Morse Jr."},
        {"Porter, Charles W., III (Charles Wesley)", "Charles W. Porter III"},
        {"Rosny, J.-H., aîné", "J.-H. Rosny aîné"},
        {"Irving E. Cox, Jr.", "Irving E. Cox Jr."},
        {"Ward, Humphry, Mrs.", "Mrs. Humphry Ward"},
        {"Budge, E. A. Wallis (Ernest Alfred Wallis), Sir", "Sir E. A. Wallis Budge"},
        {"Oliphant, Mrs. (Margaret)", "Margaret Oliphant"},
        {"Molesworth, Mrs.", "Mrs. Molesworth"},
        {"Prévost, abbé", "Abbé Prévost"},
        {"Teresa, of Avila, Saint", "Saint Teresa of Avila"},
        {"Pius II, Pope", "Pope Pius II"},
    });
}

TEST(Names, OfNoblesAreInSpokenOrder)
{
    expect_turned({
        {"Tolstoy, Leo, graf", "Leo Tolstoy"},
        {"Tennyson, Alfred Tennyson, Baron", "Alfred Tennyson"},
        {"Byron, George Gordon Byron, Baron", "George Gordon Byron"},
        {"Chesterfield, Philip Dormer Stanhope, Earl of", "Philip Dormer Stanhope, Earl of Chesterfield"},
        {"Rochester, John Wilmot, Earl of,", "John Wilmot, Earl of Rochester"},
        {"Disraeli, Benjamin, Earl of Beaconsfield", "Benjamin Disraeli"},
        {"Kelvin, William Thomson, Baron", "William Thomson, Baron Kelvin"},
        {"Ségur, Sophie, comtesse de", "Sophie de Ségur"},
        {"Saint-Simon, Louis de Rouvroy, duc de", "Louis de Rouvroy, duc de Saint-Simon"},
        {"Holbach, Paul Henri Thiry, baron d'", "Paul Henri Thiry, baron d'Holbach"},
        {"Lautréamont, comte de", "Comte de Lautréamont"},
        {"Arnim, Ludwig Achim, Freiherr von", "Ludwig Achim von Arnim"},
        {"Eisenstein, Richard, Freiherr von und zu", "Richard von und zu Eisenstein"},
        {"Pardo Bazán, Emilia, condesa de", "Emilia Pardo Bazán"},
        {"Rivas, Angel de Saavedra, duque de", "Angel de Saavedra, duque de Rivas"},
        {"Romero de Terreros, Manuel, marqués de San Francisco", "Manuel Romero de Terreros"},
        {"Comminges, Aimery de, comte de", "Aimery de Comminges"},
        {"Henry VIII, King of England", "Henry VIII, King of England"},
        {"Marguerite, Queen, consort of Henry IV, King of France", "Queen Marguerite"},
    });
}

TEST(Names, OfOneWordIncludeTheirByname)
{
    expect_turned({
        {"Leonardo, da Vinci", "Leonardo da Vinci"},
        {"Marie, de France, active 12th century", "Marie de France"},
        {"Pliny, the Younger", "Pliny the Younger"},
        {"Charles, d'Orléans", "Charles d'Orléans"},
        {"Judah, ha-Levi, active 12th century", "Judah ha-Levi"},
    });
}

TEST(Names, AreUnchangedWithoutACommaAndForCorporateBodies)
{
    for (const auto* heading : {
             "Anonymous",
             "Various",
             "Unknown",
             "Voltaire",
             "Dante Alighieri",
             "United States. Army. Corps of Engineers. Manhattan District",
             "First Presbyterian Church (Marion, Ohio). Ladies' Aid Society",
             "Real Academia de la Historia (Spain)",
             "Longmans, Green, and Co.",
             "Bliss, Sands, & Foster",
             "Longman, Brown, Green, and Longmans",
             "Great Britain. Army. Highland Light Infantry. Battalion, 5th",
             "Virginia. History, Government, and Geography Service",
             "Dakota Engineering Company, Mitchell, S.D.",
             "Lawson McGhee Library, Knoxville, Tenn.",
             "Knox Gelatine, Inc.",
         })
        EXPECT_EQ(turned(heading), heading);
}

TEST(Names, HaveTheirRoleInBrackets)
{
    using enum ContributorRole;
    const std::pair<const char*, CreditedName> cases[] = {
        {"Smith, John, 1850-1920 [Translator]", {"John Smith", translator}},
        {"Doré, Gustave, 1832-1883 [Illustrator]", {"Gustave Doré", illustrator}},
        {"Quiller-Couch, Arthur, 1863-1944 [Editor]", {"Arthur Quiller-Couch", editor}},
        {"Lamb, Charles [Compiler]", {"Charles Lamb", editor}},
        {"Librivox [Narrator]", {"Librivox", narrator}},
        {"Anonymous [Author of introduction, etc.]", {"Anonymous", contributor}},
        {"Braga Jr., [pseud.]", {"Braga Jr.", author}},
        {"Diogenes [pseudonym]", {"Diogenes", author}},
    };
    for (const auto& [heading, credited] : cases)
        EXPECT_EQ(given_first_name(heading), credited) << heading;
}

TEST(Names, AreNothingForAnEmptyHeading)
{
    for (const auto* heading : {"", " ", ",", " , , ", "[Translator]"})
        EXPECT_EQ(turned(heading), "nothing") << heading;
}

TEST(Names, TerminateForMalformedHeadingsAndNeverGrow)
{
    std::vector<std::string> headings{"((((", "))))",  "a, (b",     "a), b",          "[",   "]",
                                      "a]",   "[[a]]", "a [b] [c]", "\xFF\xFE, \xC3", "',',"};
    for (const char mark : {'(', ','})
        headings.emplace_back(100'000, mark);
    for (const auto& heading : headings) {
        const auto credited = given_first_name(heading);
        EXPECT_LE(credited ? credited->name.size() : 0, heading.size()) << heading.substr(0, 20);
    }
}

TEST(Names, InACellAreSeparatedBySemicolonsOrBars)
{
    const auto names = given_first_names("Hamilton, Alexander; Madison, James; Jay, John|Anonymous; ; Madison, James");
    ASSERT_EQ(names.size(), 4U);
    EXPECT_EQ(names[0].name, "Alexander Hamilton");
    EXPECT_EQ(names[2].name, "John Jay");
    EXPECT_EQ(names[3].name, "Anonymous");
    EXPECT_EQ(given_first_names("Mission (1902; 1904)").size(), 1U);
    EXPECT_TRUE(given_first_names("").empty());
}

} // namespace
} // namespace estante
