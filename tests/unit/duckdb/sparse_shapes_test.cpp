// Tables of which something is empty: a list, a column in all rows, everything.
#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/duckdb_tables.hpp"
#include "processors/lake/close_day.hpp"
#include "processors/lake/monthly_rollup.hpp"
#include "support/ports.hpp"
#include "unit/duckdb/lake_test.hpp"

#include <functional>

namespace estante {
namespace {

using Kind = ExportedTable::Kind;

std::vector<duck::Row> rows_of_file(const std::filesystem::path& file, const std::string& columns)
{
    const duck::Database database({});
    duck::Connection connection(database);
    return connection.rows("SELECT " + columns + " FROM read_parquet($1)", {file.string()});
}

class SparseLake : public LakeTest {
protected:
    std::unique_ptr<LakeTables> tables =
        create_duckdb_lake_tables(*lake, {.scratch = folder.path() / "tables", .memory_mb = 128});
    std::unique_ptr<TableExport> exports = create_duckdb_table_export({.scratch = folder.path() / "exports"});
    std::unique_ptr<Analytics> analytics = create_duckdb_analytics(*lake, options());
    const Period january{.first = day("2026-01-01"), .last = day("2026-01-31")};

    std::vector<duck::Row> exported(ExportedTable table, const std::string& columns)
    {
        const auto bytes = run(exports->parquet(std::move(table)));
        EXPECT_TRUE(bytes);
        const auto file = folder.path() / "exported.parquet";
        std::ofstream(file, std::ios::binary) << bytes.value_or("");
        return rows_of_file(file, columns);
    }

    static std::vector<LakeBook> full_books(std::size_t count)
    {
        std::vector<LakeBook> books;
        for (std::size_t i = 0; i < count; ++i)
            books.push_back({.book_id = "book_" + std::to_string(i),
                             .title = "Nada",
                             .author = "Carmen Laforet",
                             .authors = {"Carmen Laforet", "Ana"},
                             .category = "Novela",
                             .isbn = "9788420412146",
                             .price = "29.99",
                             .publication_year = "1945"});
        return books;
    }

    // How each optional value reads back, by book: "authors|author|category|isbn|price|year".
    std::vector<std::string> exported_books(const std::vector<LakeBook>& books)
    {
        const auto file = folder.path() / "books.parquet";
        const auto written = run(tables->write_books(books, file));
        EXPECT_TRUE(written) << (written ? "" : written.error().detail.en);
        std::vector<std::string> lines;
        for (const auto& row : rows_of_file(
                 file,
                 "concat_ws('|', coalesce(array_to_string(authors, '+'), ''), author, category, coalesce(isbn, '-'), "
                 "coalesce(CAST(price AS VARCHAR), '-'), coalesce(CAST(publication_year AS VARCHAR), "
                 "'-')), len(authors)"))
            lines.push_back(duck::text(row, 0) + "/" + std::to_string(duck::whole(row, 1)));
        return lines;
    }

    Purchase purchase_of(Day on, PurchaseStatus status)
    {
        auto purchase = random_purchase(on, 1);
        purchase.status = status;
        return purchase;
    }
};

TEST_F(SparseLake, ExportsATableWithoutRowsWithItsColumnsAndTypes)
{
    const std::vector<ExportedTable::Column> columns{
        {"title", Kind::text}, {"copies", Kind::whole}, {"revenue", Kind::amount}, {"sold_at", Kind::moment}};
    EXPECT_TRUE(exported({.columns = columns, .rows = {}}, "title").empty());
    const duck::Database database({});
    duck::Connection connection(database);
    const auto types =
        connection.rows("SELECT string_agg(column_type, ' ') FROM (DESCRIBE SELECT * FROM read_parquet('" +
                        (folder.path() / "exported.parquet").string() + "'))");
    EXPECT_EQ(duck::text(types.at(0), 0), "VARCHAR BIGINT DECIMAL(18,2) TIMESTAMP");
}

TEST_F(SparseLake, ExportsColumnsThatAreEmptyOrZeroInAllRows)
{
    for (const std::size_t count : {1U, 2U, 3'000U}) {
        ExportedTable table{
            .columns = {{"a", Kind::text}, {"b", Kind::whole}, {"c", Kind::amount}, {"d", Kind::moment}}};
        for (std::size_t i = 0; i < count; ++i)
            table.rows.push_back({std::string(), std::int64_t{0}, std::int64_t{0}, std::int64_t{0}});
        const auto rows = exported(std::move(table), "a, b, CAST(c AS VARCHAR), CAST(epoch_ms(d) AS BIGINT)");
        const duck::Row expected{std::string(), std::int64_t{0}, std::string("0.00"), std::int64_t{0}};
        EXPECT_EQ(rows, std::vector(count, expected));
    }
}

TEST_F(SparseLake, ExportsACatalogueWithoutBooks)
{
    EXPECT_TRUE(exported_books({}).empty());
}

TEST_F(SparseLake, ExportsACatalogueOfWhichOneColumnIsEmptyInAllRows)
{
    const std::string whole = "Carmen Laforet+Ana|Carmen Laforet|Novela|9788420412146|29.99|1945/2";
    struct Shape {
        const char* what;
        std::function<void(LakeBook&)> empty;
        std::string line;
    };
    const Shape shapes[] = {
        {"nothing", [](LakeBook&) {}, whole},
        {"authors",
         [](LakeBook& book) {
             book.authors.clear();
             book.author.clear();
         },
         "||Novela|9788420412146|29.99|1945/0"},
        {"category", [](LakeBook& book) { book.category.clear(); },
         "Carmen Laforet+Ana|Carmen Laforet||9788420412146|29.99|1945/2"},
        {"ISBN", [](LakeBook& book) { book.isbn.clear(); }, "Carmen Laforet+Ana|Carmen Laforet|Novela|-|29.99|1945/2"},
        {"price", [](LakeBook& book) { book.price.clear(); },
         "Carmen Laforet+Ana|Carmen Laforet|Novela|9788420412146|-|1945/2"},
        {"year", [](LakeBook& book) { book.publication_year.clear(); },
         "Carmen Laforet+Ana|Carmen Laforet|Novela|9788420412146|29.99|-/2"},
        {"title", [](LakeBook& book) { book.title.clear(); }, whole},
        {"everything", [](LakeBook& book) { book = {.book_id = book.book_id}; }, "|||-|-|-/0"},
    };
    for (const Shape& shape : shapes) {
        SCOPED_TRACE(shape.what);
        for (const std::size_t count : {1U, 999U, 1'000U, 1'001U}) { // about a batch
            auto books = full_books(count);
            std::ranges::for_each(books, shape.empty);
            EXPECT_EQ(exported_books(books), std::vector(count, shape.line));
        }
        auto books = full_books(1'500); // the second batch alone
        std::for_each(books.begin() + 1'000, books.end(), shape.empty);
        const auto lines = exported_books(books);
        EXPECT_EQ(std::ranges::count(lines, whole), shape.line == whole ? 1'500 : 1'000);
    }
}

TEST_F(SparseLake, AnswersEveryQuestionWithoutSales)
{
    expect_equal(*analytics, acme, january);
    ASSERT_TRUE(run(tables->write_books({}, folder.path() / "books.parquet")));
    ASSERT_TRUE(run(lake->put_file(lake_layout::books_key(acme), folder.path() / "books.parquet")));
    expect_equal(*analytics, acme, january);
}

TEST_F(SparseLake, AnswersEveryQuestionWithNothingButCancellations)
{
    ManualClock clock{first_ms(day("2026-02-10"))};
    for (const auto status : {PurchaseStatus::cancelled, PurchaseStatus::refunded})
        sell(acme, purchase_of(day("2026-01-30"), status));
    expect_equal(*analytics, acme, january);
    ASSERT_EQ(*run(close_day(*lake, *tables, acme, day("2026-01-30"), "a", clock, folder.path() / "tables")),
              Closing::closed);
    expect_equal(*analytics, acme, january);
    ASSERT_EQ(*run(roll_up_month(*lake, *tables, acme, month_of(day("2026-01-30")), "b", clock.now_ms(),
                                 folder.path() / "tables")),
              Summing::summed);
    expect_equal(*analytics, acme, january);
}

TEST_F(SparseLake, AnswersEveryQuestionAboutBooksWithoutCategoryAuthorsOrATitle)
{
    auto sale = purchase_of(day("2026-01-30"), PurchaseStatus::placed);
    for (PurchaseLine& line : sale.lines)
        line.title.clear();
    sell(acme, sale);
    std::vector<LakeBook> books;
    for (const PurchaseLine& line : sale.lines) {
        reference.put_entry(acme, line.book_id, {"", {}});
        books.push_back({.book_id = line.book_id.value});
    }
    ASSERT_TRUE(run(tables->write_books(books, folder.path() / "books.parquet")));
    ASSERT_TRUE(run(lake->put_file(lake_layout::books_key(acme), folder.path() / "books.parquet")));
    expect_equal(*analytics, acme, january);
}

TEST_F(SparseLake, WritesADayWithoutPurchases)
{
    const DayFiles files{.purchases = folder.path() / "p.parquet", .books = folder.path() / "b.parquet"};
    EXPECT_EQ(*run(tables->write_day(acme, day("2026-01-30"), files)), 0U);
    EXPECT_EQ(duck::whole(rows_of_file(files.purchases, "count(*)").at(0), 0), 0);
    EXPECT_EQ(duck::whole(rows_of_file(files.books, "count(*)").at(0), 0), 0);
}

TEST(Connections, TakeAnEmptyListAndAnEmptyText)
{
    const duck::Database database({});
    duck::Connection connection(database);
    const auto rows = connection.rows("SELECT len($1::VARCHAR[]), $2, len($3::VARCHAR[])",
                                      {std::vector<std::string>{}, std::string(), std::vector<std::string>{""}});
    EXPECT_EQ(rows.at(0), (duck::Row{std::int64_t{0}, std::string(), std::int64_t{1}}));
}

TEST(Connections, ThrowWhatDuckDBRefuses)
{
    const duck::Database database({});
    duck::Connection connection(database);
    EXPECT_THROW(connection.rows("SELECT $1", {std::string("\xff")}), std::exception); // no UTF-8
    EXPECT_THROW(connection.rows("SELECT 1", {std::int64_t{1}}), duck::DuckDBError);   // a value too many
    EXPECT_THROW(connection.rows("", {}), duck::DuckDBError);
    EXPECT_THROW(connection.rows("SELECT CAST($1 AS DECIMAL(18,2))", {std::string("x")}), duck::DuckDBError);
    EXPECT_EQ(duck::whole(connection.rows("SELECT 7::BIGINT").at(0), 0), 7); // and it goes on
}

} // namespace
} // namespace estante
