#include "catalogue_files.hpp"

namespace estante::catalogues {
namespace {

using namespace estante::literals;

// Every member, in each of the shop's two kinds of file.
constexpr std::string_view full_csv = "source_id,title,original_title,contributors,publisher,language,publication_year,"
                                      "description,category,subjects,isbn,"
                                      "condition,rating,format,pages,price,stock\n"
                                      "A-1,Cuentos,Tales,Edgar Allan Poe|Julio Cortázar (translator)|Los "
                                      "(otros),Alianza,spa,1956,\"Dos\nlíneas\",Relatos,"
                                      "Terror|Clásicos,978-0-439-02348-1,used,4.34,hardcover,512,12.50,7\n";
constexpr std::string_view full_ndjson =
    R"j({"source_id":"A-1","title":"Cuentos","original_title":"Tales","contributors":[{"name":"Edgar Allan Poe"},)j"
    R"j({"name":"Julio Cortázar","role":"translator"},{"name":"Los (otros)","role":"author"}],"publisher":"Alianza",)j"
    R"j("language":"es","publication_year":1956,"description":"Dos líneas","category":"Relatos","subjects":["Terror",)j"
    R"j("Clásicos"],"isbn":"978-0-439-02348-1","condition":"used","rating":4.34,"format":"hardcover","pages":512,)j"
    R"j("price":12.50,"on_hand":7})j";

TEST(ShopFiles, CarryEveryMemberOfABook)
{
    for (const auto file : {full_csv, full_ndjson}) {
        const Row row = only_row(file);
        EXPECT_EQ(row.source, "shop");
        EXPECT_EQ(row.source_id, "A-1");
        const BookEntry& book = row.entry;
        EXPECT_EQ(book.title.value, "Cuentos");
        EXPECT_EQ(book.original_title->value, "Tales");
        ASSERT_EQ(book.contributors.size(), 3U);
        EXPECT_EQ(book.contributors[0].role.value, ContributorRole::author);
        EXPECT_EQ(book.contributors[1].name.value, "Julio Cortázar");
        EXPECT_EQ(book.contributors[1].role.value, ContributorRole::translator);
        EXPECT_EQ(book.contributors[2].name.value, "Los (otros)");
        EXPECT_EQ(book.publisher->value, "Alianza");
        EXPECT_EQ(book.language->value, "es");
        EXPECT_EQ(book.publication_year->value, 1956);
        EXPECT_EQ(book.description->value, "Dos líneas");
        EXPECT_EQ(book.category.value, "Relatos");
        ASSERT_EQ(book.subjects.size(), 2U);
        EXPECT_EQ(book.subjects[1].value, "Clásicos");
        EXPECT_EQ(book.isbn->value, "9780439023481");
        EXPECT_EQ(book.condition.value, BookCondition::used);
        EXPECT_EQ(book.rating->hundredths, 434);
        EXPECT_EQ(book.format.value, BookFormat::hardcover);
        EXPECT_EQ(book.pages->value, 512);
        EXPECT_EQ(row.price, 12.50_eur);
        EXPECT_EQ(row.on_hand, 7);
        EXPECT_TRUE(row.repairs.empty());
    }
    EXPECT_EQ(only_row(full_csv).entry, only_row(full_ndjson).entry);
    EXPECT_EQ(only_row(gzip(full_csv)).entry, only_row(gzip(full_ndjson)).entry);
}

TEST(ShopFiles, NeedNothingButTheTitle)
{
    for (const auto* file : {"title\nUno\n", "\xEF\xBB\xBF\n\n Title \r\n Uno \r\n", "{\"title\":\"Uno\"}",
                             "\n  {\"title\":\"Uno\"}\n\n"}) {
        const Row row = only_row(file, {.category = "Otros", .heading_language = "es", .language = "es"});
        EXPECT_EQ(row.entry.title.value, "Uno");
        EXPECT_EQ(row.entry.category.value, "Otros");
        EXPECT_EQ(row.price, std::nullopt);
        EXPECT_EQ(row.on_hand, std::nullopt);
        EXPECT_EQ(row.source_id, "");
        EXPECT_EQ(row.entry.condition.value, BookCondition::new_);
    }
}

TEST(ShopFiles, LeaveTheCategoryEmptyIfTheCallerHasNone)
{
    EXPECT_EQ(
        only_row("title\nUno\n", {.category = "", .heading_language = "es", .language = "es"}).entry.category.value,
        "");
}

TEST(ShopCsv, MayBeSeparatedBySemicolonsWithDecimalCommas)
{
    const Row row = only_row("title;price;stock;isbn\nUno, dos;1250,5;0;439023483\n");
    EXPECT_EQ(row.entry.title.value, "Uno, dos");
    EXPECT_EQ(row.price, 1250.50_eur);
    EXPECT_EQ(row.on_hand, 0);
    EXPECT_EQ(row.entry.isbn->value, "9780439023481");
    ASSERT_EQ(row.repairs.size(), 1U);
    EXPECT_EQ(row.repairs[0].kind, RepairKind::isbn_restored);
    EXPECT_EQ(row.repairs[0].note.en, "ISBN 9780439023481: “439023483” lacked leading zeros.");
}

TEST(ShopCsv, RefusesRowsOverTheLimitsWithTheirReason)
{
    const std::string header =
        "title,price,stock,isbn,language,publication_year,rating,contributors,condition,pages,source_id,subjects\n";
    const std::string long_title(501, 't');
    const std::string long_name(201, 'n');
    const std::string long_subject(201, 's');
    std::string many = "a";
    for (int i = 0; i < 50; ++i)
        many += "|b" + std::to_string(i);
    const std::pair<std::string, const char*> cases[] = {
        {",1,1,,,,,,,,,", "title: is required"},
        {"  ,1,1,,,,,,,,,", "title: is required"},
        {long_title + ",1,1,,,,,,,,,", "title: must have 1 to 500 characters, has 501"},
        {"T,1.234,1,,,,,,,,,", "price: must have at most two decimals"},
        {"T,\"1,234\",1,,,,,,,,,", "price: must be a number"},
        {"T,1000000.01,1,,,,,,,,,", "price: must be 0.00 to 1000000.00"},
        {"T,-1,1,,,,,,,,,", "price: must be 0.00"},
        {"T,12 €,1,,,,,,,,,", "price: must be a number"},
        {"T,1,-1,,,,,,,,,", "on_hand: must be 0 to 1000000, is -1"},
        {"T,1,1.5,,,,,,,,,", "on_hand: must be a whole number"},
        {"T,1,1,9780439023480,,,,,,,,", "isbn: must be an ISBN-13 or ISBN-10"},
        {"T,1,1,9.78043902348E+12,,,,,,,,", "isbn: a spreadsheet has removed digits"},
        {"T,1,1,,klingon,,,,,,,", "language: must be an ISO 639-1 code"},
        {"T,1,1,,,2201,,,,,,", "publication_year: must be -3000 to 2200"},
        {"T,1,1,,,MCMLVI,,,,,,", "publication_year: must be a whole number"},
        {"T,1,1,,,,5.01,,,,,", "rating: must be 0.00 to 5.00"},
        {"T,1,1,,,,," + long_name + ",,,,", "contributors/0/name: must have 1 to 200 characters"},
        {"T,1,1,,,,," + many + ",,,,", "contributors: must have at most 50"},
        {"T,1,1,,,,,,nuevo,,,", "condition: must be one of: new, used"},
        {"T,1,1,,,,,,,0,,", "pages: must be 1 to 100000"},
        {"T,1,1,,,,,,,," + std::string(201, 'i') + ",", "source_id: must have 1 to 200 characters"},
        {"T,1,1,,,,,,,,ñ" + std::string(199, 'i') + ",", "source_id: must take at most 200 bytes"},
        {"T,1,1,,,,,,,,," + long_subject, "subjects/0: must have 1 to 200 characters"},
        {"T,1,1,,,,,,,,", "The row has 11 columns and the header line 12."},
        {"T,1,1,,,,,,,,,,", "The row has 13 columns and the header line 12."},
        {"T\xE9,1,1,,,,,,,,,", "not UTF-8"},
        {"T\x01,1,1,,,,,,,,,", "title: has control characters"},
        {"T,x,y,,,,,,,,,", "; on_hand: must be a whole number"}, // all wrong fields at once
    };
    std::string file = header;
    for (const auto& [row, reason] : cases)
        file += row + "\n";
    file += "The last is good,1,1,,,,,,,,,\n";
    const WholeFile whole = read_whole(file);
    ASSERT_EQ(whole.refused.size(), std::size(cases));
    for (std::size_t i = 0; i < std::size(cases); ++i) {
        EXPECT_EQ(whole.refused[i].line, i + 2);
        EXPECT_EQ(whole.refused[i].row, i + 1);
        EXPECT_NE(whole.refused[i].reason.en.find(cases[i].second), std::string::npos) << cases[i].first << "\n"
                                                                                       << whole.refused[i].reason.en;
        EXPECT_FALSE(whole.refused[i].reason.es.empty());
        EXPECT_EQ(whole.refused[i].excerpt.substr(0, 1), cases[i].first.substr(0, 1));
    }
    ASSERT_EQ(whole.rows.size(), 1U);
    EXPECT_EQ(whole.rows[0].line, std::size(cases) + 2);
    EXPECT_EQ(whole.rows[0].row, std::size(cases) + 1);
}

TEST(ShopCsv, KeepsTheFirstFiftySubjects)
{
    std::string file = "title,subjects\nUno,s0";
    for (int i = 1; i < 60; ++i)
        file += "|s" + std::to_string(i);
    const Row row = only_row(file);
    ASSERT_EQ(row.entry.subjects.size(), 50U);
    EXPECT_EQ(row.entry.subjects.back().value, "s49");
    ASSERT_EQ(row.repairs.size(), 1U);
    EXPECT_EQ(row.repairs[0].kind, RepairKind::subjects_cut);
    EXPECT_EQ(row.repairs[0].note.en, "Of 60 subjects the first 50 are kept.");
}

TEST(ShopCsv, LosesOnlyTheRowWithAnOpenQuote)
{
    const WholeFile whole = read_whole("title,price\nUno,1\nDos,\"2\nTres,3\n\"Cuatro, con coma\",4\nCinco,5\n");
    ASSERT_EQ(whole.refused.size(), 1U);
    EXPECT_EQ(whole.refused[0].line, 3U);
    EXPECT_EQ(whole.refused[0].excerpt, "Dos,\"2");
    EXPECT_EQ(whole.refused[0].subject, "Dos,\"2");
    ASSERT_EQ(whole.rows.size(), 4U);
    EXPECT_EQ(whole.rows[2].entry.title.value, "Cuatro, con coma");
    EXPECT_EQ(whole.rows[2].line, 5U);
}

TEST(ShopCsv, NamesARefusedRowByItsTitleOrId)
{
    const WholeFile whole = read_whole("title,price,source_id\n" + std::string(300, 'y') + "ñ,x,1\n,1,N-2\n");
    ASSERT_EQ(whole.refused.size(), 2U);
    EXPECT_EQ(whole.refused[0].subject, std::string(200, 'y'));
    EXPECT_EQ(whole.refused[0].excerpt.size(), 200U);
    EXPECT_EQ(whole.refused[1].subject, "N-2");
}

TEST(ShopNdjson, RefusesWhatTheApiRefuses)
{
    const std::pair<const char*, const char*> cases[] = {
        {"{\"title\":\"T\"", "not valid JSON"},
        {"{\"title\":\"T\",\"title\":\"U\"}", "duplicate key"},
        {"{\"title\":\"T\",\"price\":1e400}", "not valid JSON"},
        {"{\"title\":\"T\",\"price\":\"12.50\"}", "price: must be a number"},
        {"{\"title\":\"T\",\"colour\":1}", "colour: is not a known field"},
        {"{\"title\":7}", "title: must be a string"},
        {"{}", "title: is required"},
        {"[]", "not a JSON object"},
        {"nonsense", "not valid JSON"},
        {"{\"title\":\"T\xFF\"}", "not UTF-8"},
        {"{\"title\":\"T\",\"on_hand\":1000001}", "on_hand: must be 0 to 1000000"},
        {"{\"title\":\"T\",\"contributors\":[{\"role\":\"author\"}]}", "contributors/0/name: is required"},
        {"{\"title\":\"T\"} {\"title\":\"U\"}", "not valid JSON"},
    };
    std::string file = "{\"title\":\"The first is good\"}\n";
    for (const auto& [row, reason] : cases)
        file += std::string(row) + "\n";
    const WholeFile whole = read_whole(file);
    EXPECT_EQ(whole.rows.size(), 1U);
    ASSERT_EQ(whole.refused.size(), std::size(cases));
    for (std::size_t i = 0; i < std::size(cases); ++i) {
        EXPECT_EQ(whole.refused[i].line, i + 2);
        EXPECT_NE(whole.refused[i].reason.en.find(cases[i].second), std::string::npos) << cases[i].first << "\n"
                                                                                       << whole.refused[i].reason.en;
    }
}

TEST(CatalogueReader, ExplainsWhyAFileOfAnotherKindIsRefused)
{
    EXPECT_NE(refusal_of_file("").find("empty"), std::string::npos);
    EXPECT_NE(refusal_of_file("\n \n").find("empty"), std::string::npos);
    EXPECT_NE(refusal_of_file("PK\x03\x04 and so on").find("spreadsheet"), std::string::npos);
    EXPECT_NE(refusal_of_file("\xD0\xCF\x11\xE0\xA1").find("spreadsheet"), std::string::npos);
    EXPECT_NE(refusal_of_file(std::string("\xFF\xFEt\0i\0", 6)).find("UTF-16"), std::string::npos);
    EXPECT_NE(refusal_of_file("[{\"title\":\"T\"}]").find("one JSON object on each line"), std::string::npos);
    EXPECT_NE(refusal_of_file("<?xml version=\"1.0\"?>").find("XML"), std::string::npos);
    EXPECT_NE(refusal_of_file("autor,precio\nX,1\n").find("It needs the column title"), std::string::npos);
    EXPECT_NE(refusal_of_file("title,titulo\nX,1\n").find("“titulo” is unknown"), std::string::npos);
    EXPECT_NE(refusal_of_file("title,price,title\nX,1,Y\n").find("“title” occurs twice"), std::string::npos);
    EXPECT_NE(refusal_of_file("\"title\nX\n").find("not valid CSV"), std::string::npos);
    EXPECT_NE(refusal_of_file("title,\xE9\n").find("not valid CSV in UTF-8"), std::string::npos);
    EXPECT_NE(refusal_of_file(std::string_view(gzip("title\nX\n")).substr(0, 12)).find("damaged"), std::string::npos);
    EXPECT_EQ(refusal_of_file("title\n"), "accepted");
}

TEST(CatalogueReader, EndsDamagedGzipWithARefusal)
{
    std::string file = "title,price\n";
    for (int i = 0; i < 5000; ++i)
        file += "Libro " + std::to_string(i * 7919) + ",1\n";
    const std::string whole = gzip(file);
    auto reader =
        create_catalogue_reader(memory_source(bytes_of_file(std::string_view(whole).substr(0, whole.size() - 2000))));
    ASSERT_TRUE(reader);
    std::size_t good = 0;
    std::vector<RefusedRow> refused;
    while (auto row = (*reader)->read()) {
        if (*row)
            ++good;
        else
            refused.push_back(row->error());
    }
    EXPECT_GT(good, 1000U);
    EXPECT_LT(good, 5000U);
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].line, good + 2);
    EXPECT_NE(refused[0].reason.en.find("damaged or incomplete"), std::string::npos);
}

TEST(CatalogueReader, ImplementsThePortOfImports)
{
    auto reader = create_catalogue_reader(memory_source(bytes_of_file("title,price\nUno,1\nDos,x\n")));
    ASSERT_TRUE(reader);
    CatalogueRows& rows = **reader;
    const auto first = rows.next();
    ASSERT_TRUE(std::holds_alternative<CatalogueRow>(first));
    EXPECT_EQ(std::get<CatalogueRow>(first).row, 1U);
    EXPECT_EQ(std::get<CatalogueRow>(first).entry.title.value, "Uno");
    const auto second = rows.next();
    ASSERT_TRUE(std::holds_alternative<RowRefusal>(second));
    EXPECT_EQ(std::get<RowRefusal>(second).row, 2U);
    EXPECT_EQ(std::get<RowRefusal>(second).subject, "Dos");
    EXPECT_TRUE(std::holds_alternative<EndOfRows>(rows.next()));
    EXPECT_TRUE(std::holds_alternative<EndOfRows>(rows.next()));
}

TEST(CatalogueReader, ShowsProgress)
{
    std::string file = "title\n";
    while (file.size() < 1'000'000)
        file += "Un libro cualquiera\n";
    auto reader = create_catalogue_reader(memory_source(bytes_of_file(file)));
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->total_bytes(), file.size());
    std::uint64_t before = (*reader)->consumed_bytes();
    EXPECT_LT(before, file.size() / 2);
    for (int i = 0; i < 25'000; ++i)
        (*reader)->read();
    EXPECT_GT((*reader)->consumed_bytes(), before);
    EXPECT_LT((*reader)->consumed_bytes(), file.size());
}

TEST(CatalogueReader, IsNotFoundForAMissingFile)
{
    EXPECT_EQ(create_catalogue_reader("/no/such/catalogue.csv").error().code, Errc::not_found);
}

} // namespace
} // namespace estante::catalogues
