#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/duckdb_tables.hpp"
#include "adapters/filesystem/filesystem_objects.hpp"
#include "codec/lake_layout.hpp"
#include "operations/books/update_book.hpp"
#include "processors/lake/export_books.hpp"
#include "records/books.hpp"
#include "support/checkout_test.hpp"
#include "support/failing_objects.hpp"
#include "support/temporary_folder.hpp"

#include <filesystem>

namespace estante {
namespace {

class ExportBooks : public CheckoutTest {
protected:
    TemporaryFolder folder;
    std::unique_ptr<ObjectStore> lake = create_filesystem_objects(folder / "lake");
    FailingObjects failing{*lake};
    std::unique_ptr<LakeTables> tables = create_duckdb_lake_tables(*lake, {.scratch = folder / "tables"});
    const TenantId acme{"acme"};
    const std::filesystem::path file = folder / "books.parquet";

    Result<std::size_t> do_export() { return run(export_books(all, acme, failing, *tables, file)); }
    // "title|first author|authors|category|isbn|price" of each book in the lake, by title.
    std::vector<std::string> exported()
    {
        const duck::Database database({});
        duck::Connection connection(database);
        std::vector<std::string> books;
        for (const duck::Row& row : connection.rows(
                 "SELECT concat_ws('|', title, author, array_to_string(authors, '+'), category, coalesce(isbn, '-'), "
                 "coalesce(CAST(price AS VARCHAR), '-')) FROM read_parquet($1) ORDER BY title",
                 {(folder / "lake" / lake_layout::books_key(acme)).string()}))
            books.push_back(duck::text(row, 0));
        return books;
    }
    bool is_exported() { return run(lake->get(lake_layout::books_key(acme))).value().has_value(); }
    // Whether a change since the last call affects the export.
    bool is_affected()
    {
        const auto changes = run(memory->changes().next("reader", 1000)).value();
        if (!changes.empty())
            run(memory->changes().acknowledge("reader", changes.back().position)).value();
        return std::ranges::any_of(changes, affects_export);
    }
};

TEST_F(ExportBooks, ExportsAllBooksOfTheTenantOnly)
{
    auto todo = entry("Todo", "Ensayo");
    todo.isbn = isbn("9788420412146");
    todo.contributors.push_back({.name = {"O'Brien"}, .role = {}});
    create(new_book(std::move(todo), Money{7'35})).value();
    create(new_book(entry("Nada"), std::nullopt)).value();
    create(new_book(entry("Ajeno")), "northwind").value();

    EXPECT_EQ(do_export().value(), 2U);

    EXPECT_EQ(exported(),
              (std::vector<std::string>{"Nada|Ana María Matute|Ana María Matute|Novela|-|-",
                                        "Todo|Ana María Matute|Ana María Matute+O'Brien|Ensayo|9788420412146|7.35"}));
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(ExportBooks, WritesAnEmptyFileForATenantWithoutBooks)
{
    EXPECT_EQ(do_export().value(), 0U);
    EXPECT_TRUE(exported().empty());
}

TEST_F(ExportBooks, LeavesOutADamagedBook)
{
    given_book("Nada");
    const auto damaged = given_book("Rota").book_id;
    for (Item item : everything()) {
        if (key_of(item).pk.ends_with(damaged.value) && key_of(item).sk.starts_with("BOOK#")) {
            item.insert_or_assign("title", Value(7));
            run(memory->items().put({.table = Table::books, .item = std::move(item)})).value();
        }
    }
    EXPECT_EQ(do_export().value(), 1U);
    EXPECT_EQ(exported().size(), 1U);
}

TEST_F(ExportBooks, KeepsThePreviousExportOnAFullDisk)
{
    given_book("Nada");
    ASSERT_TRUE(do_export());
    given_book("Todo");
    failing.fail_after(0);

    const auto full = do_export();

    EXPECT_EQ(code_of(full), Errc::unavailable);
    EXPECT_NE(full.error().detail.en.find("No space left"), std::string::npos) << full.error().detail.en;
    EXPECT_EQ(exported().size(), 1U);
    EXPECT_FALSE(std::filesystem::exists(file));
    failing.recover();
    EXPECT_EQ(do_export().value(), 2U);
    EXPECT_EQ(exported().size(), 2U);
}

TEST_F(ExportBooks, FailsWhenItsTemporaryFileCannotBeCreated)
{
    given_book("Nada");
    EXPECT_EQ(code_of(run(export_books(all, acme, failing, *tables, folder / "no" / "folder.parquet"))),
              Errc::unavailable);
    EXPECT_FALSE(is_exported());
}

TEST_F(ExportBooks, IsAffectedByEntriesAndPricesButNotBySales)
{
    const auto book = given_book("Nada").book_id;
    EXPECT_TRUE(is_affected());
    given_purchase(customer, book, 2);
    set_on_hand(book, 0);
    EXPECT_FALSE(is_affected());
    set_price(book, Money{9'95});
    EXPECT_TRUE(is_affected());
    delete_book(book);
    EXPECT_TRUE(is_affected());
    EXPECT_FALSE(is_affected());
}

} // namespace
} // namespace estante
