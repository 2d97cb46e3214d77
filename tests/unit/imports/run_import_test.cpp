#include "operations/books/get_book_by_isbn.hpp"
#include "operations/books/list_books.hpp"
#include "operations/imports/run_import.hpp"
#include "support/bookshop_test.hpp"

#include <functional>

namespace estante {
namespace {

// The rows of a test.
class ListedRows final : public CatalogueRows {
public:
    std::vector<CatalogueRecord> records;
    std::function<void()> before_each;

    explicit ListedRows(std::vector<CatalogueRecord> given) : records(std::move(given)) {}

    CatalogueRecord next() override
    {
        if (before_each)
            before_each();
        return at_ < records.size() ? records[at_++] : CatalogueRecord(EndOfRows{});
    }

private:
    std::size_t at_ = 0;
};

class RunImport : public BookshopTest {
protected:
    ImportJob job{.id = ids.make<ImportId>(), .media_type = "text/csv", .defaults = {}, .created_ms = clock.now_ms()};

    static CatalogueRow row(std::size_t n, std::string title, std::string source_id = {})
    {
        CatalogueRow row{.row = n, .entry = entry(std::move(title)), .source = "gutenberg"};
        row.source_id = source_id.empty() ? std::to_string(n) : std::move(source_id);
        row.price = Money{10'00};
        row.on_hand = 3;
        return row;
    }
    static CatalogueRow with_isbn(CatalogueRow row, std::string_view text)
    {
        row.entry.isbn = isbn(text);
        return row;
    }

    ImportCounts import(std::vector<CatalogueRecord> records)
    {
        ListedRows rows(std::move(records));
        return run(imports::run_import(items, job, rows, clock, ids)).value().counts;
    }
    ImportJob stored_job() { return import_from(*run(items.get(Table::books, import_key(job.id))).value()); }
    std::vector<RowRefusal> refusals()
    {
        std::vector<RowRefusal> found;
        auto query = refused_rows(job.id);
        query.limit = 1000;
        for (const Item& item : run(items.query(std::move(query))).value().items)
            found.push_back(refusal_from(item));
        return found;
    }
    std::vector<books::BookView> books_in(std::string category = "Novela")
    {
        books::ListBooks request{.category = Text<1, 100>{std::move(category)}};
        request.limit.value.value = 100;
        return run(books::list_books(customer, request, items, *index)).value().items;
    }
    // All items except the job, whose times and counts differ.
    std::vector<Item> catalogue()
    {
        auto found = everything();
        std::erase_if(found, [](const Item& item) { return text_of(item, "pk").starts_with("acme#IMPORT#"); });
        return found;
    }
};

TEST_F(RunImport, CreatesABookFromEachRow)
{
    auto first = with_isbn(row(1, "Nada"), "9780439023481");
    EXPECT_EQ(import({first, row(2, "Todo")}), (ImportCounts{.rows = 2, .created = 2}));

    const auto books = books_in();
    ASSERT_EQ(books.size(), 2U);
    EXPECT_EQ(static_cast<const BookEntry&>(books[0]), first.entry);
    EXPECT_EQ(books[0].price, Money{10'00});
    EXPECT_EQ(stock(books[0].book_id).on_hand, 3);
    EXPECT_EQ(stored_job().status, ImportStatus::done);
    EXPECT_EQ(stored_job().counts, (ImportCounts{.rows = 2, .created = 2}));
    EXPECT_TRUE(refusals().empty());
}

TEST_F(RunImport, ChangesNothingIfRepeated)
{
    const std::vector<CatalogueRecord> rows{with_isbn(row(1, "Nada"), "9780439023481"), row(2, "Todo")};
    import(rows);
    const auto before = catalogue();
    clock.advance(day_ms);

    EXPECT_EQ(import(rows), (ImportCounts{.rows = 2, .unchanged = 2}));
    EXPECT_EQ(catalogue(), before);
}

TEST_F(RunImport, IdentifiesRowsWithoutIdsByIsbnOrTitle)
{
    auto by_isbn = with_isbn(row(1, "Nada"), "9780439023481");
    auto used = by_isbn;
    used.entry.condition.value = BookCondition::used;
    auto by_title = row(2, "Lazarillo");
    by_isbn.source_id = used.source_id = by_title.source_id = "";
    auto other_author = by_title;
    other_author.entry = entry("Lazarillo", "Novela", "Otro");
    const std::vector<CatalogueRecord> rows{by_isbn, used, by_title, other_author};

    EXPECT_EQ(import(rows), (ImportCounts{.rows = 4, .created = 4}));
    EXPECT_EQ(import(rows), (ImportCounts{.rows = 4, .unchanged = 4}));
}

TEST_F(RunImport, ReplacesTheEntryAndPriceOfAChangedRow)
{
    import({row(1, "Nada"), row(2, "Todo")});
    const auto before = books_in();
    set_on_hand(before[0].book_id, 50);
    clock.advance(1000);

    auto better = row(1, "Nada (2.ª edición)");
    better.price = Money{12'00};
    better.on_hand = 7;
    EXPECT_EQ(import({better, row(2, "Todo")}), (ImportCounts{.rows = 2, .updated = 1, .unchanged = 1}));

    const auto after = books_in();
    EXPECT_EQ(after[0].book_id, before[0].book_id);
    EXPECT_EQ(after[0].title.value, "Nada (2.ª edición)");
    EXPECT_EQ(after[0].price, Money{12'00});
    EXPECT_EQ(after[0].version, 2);
    EXPECT_EQ(stock(after[0].book_id).on_hand, 50); // imports do not change existing stock
    EXPECT_EQ(after[1], before[1]);
    EXPECT_EQ(import({better}), (ImportCounts{.rows = 1, .unchanged = 1}));
}

TEST_F(RunImport, KeepsManualCorrectionsOfUnchangedRows)
{
    import({row(1, "Nda")});
    const auto id = books_in()[0].book_id;
    books::UpdateBook correction{.book_id = id};
    correction.title = Text<1, 500>{"Nada"};
    run(books::update_book(manager, correction, items, clock)).value();

    EXPECT_EQ(import({row(1, "Nda")}), (ImportCounts{.rows = 1, .unchanged = 1}));
    EXPECT_EQ(book(id).value().title.value, "Nada");
}

TEST_F(RunImport, CountsARowEqualToACorrectionAsUnchanged)
{
    import({row(1, "Nda")});
    const auto id = books_in()[0].book_id;
    books::UpdateBook correction{.book_id = id};
    correction.title = Text<1, 500>{"Nada"};
    run(books::update_book(manager, correction, items, clock)).value();

    EXPECT_EQ(import({row(1, "Nada")}), (ImportCounts{.rows = 1, .unchanged = 1}));
    EXPECT_EQ(book(id).value().version, 2);
}

TEST_F(RunImport, RefusesAnIsbnOfAnotherBookAndNamesTheBook)
{
    auto by_hand = entry("Nada");
    by_hand.isbn = isbn("9780439023481");
    const auto holder = create(new_book(by_hand)).value();

    EXPECT_EQ(import({with_isbn(row(7, "Otra"), "9780439023481"), row(8, "Todo")}),
              (ImportCounts{.rows = 2, .created = 1, .refused = 1}));
    ASSERT_EQ(refusals().size(), 1U);
    EXPECT_EQ(refusals()[0].row, 7U);
    EXPECT_EQ(refusals()[0].subject, "Otra");
    EXPECT_NE(refusals()[0].reason.es.find(holder.book_id.value), std::string::npos);
    EXPECT_NE(refusals()[0].reason.en.find(holder.book_id.value), std::string::npos);
}

TEST_F(RunImport, UsesTheFirstOfTwoRowsWithOneIsbn)
{
    EXPECT_EQ(import({with_isbn(row(1, "Nada"), "9780439023481"), with_isbn(row(2, "Otra"), "9780439023481")}),
              (ImportCounts{.rows = 2, .created = 1, .refused = 1}));
    EXPECT_EQ(books_in()[0].title.value, "Nada");
    EXPECT_NE(refusals()[0].reason.es.find(books_in()[0].book_id.value), std::string::npos);
}

TEST_F(RunImport, UpdatesTheBookWithTheSecondOfTwoRowsWithOneId)
{
    EXPECT_EQ(import({row(1, "Nada", "x"), row(2, "Nada, corregida", "x")}),
              (ImportCounts{.rows = 2, .created = 1, .updated = 1}));
    ASSERT_EQ(books_in().size(), 1U);
    EXPECT_EQ(books_in()[0].title.value, "Nada, corregida");
}

TEST_F(RunImport, RefusesAnUpdateWithAnotherBooksIsbn)
{
    import({with_isbn(row(1, "Nada"), "9780439023481"), row(2, "Todo")});
    const auto before = books_in();

    EXPECT_EQ(import({with_isbn(row(2, "Todo"), "9780439023481")}), (ImportCounts{.rows = 1, .refused = 1}));
    EXPECT_EQ(books_in(), before);
}

TEST_F(RunImport, AppliesTheDefaultsOfTheJob)
{
    job.defaults = {
        .source = SourceName{"proveedor"}, .category = Text<1, 100>{"Varios"}, .price = Money{7'50}, .on_hand = 2};
    auto bare = row(1, "Nada");
    bare.entry.category.value.clear();
    bare.price.reset();
    bare.on_hand.reset();

    EXPECT_EQ(import({bare, row(2, "Todo")}).created, 2);

    const auto varied = books_in("Varios");
    ASSERT_EQ(varied.size(), 1U);
    EXPECT_EQ(varied[0].price, Money{7'50});
    EXPECT_EQ(stock(varied[0].book_id).on_hand, 2);
    EXPECT_EQ(books_in()[0].price, Money{10'00});
    EXPECT_TRUE(*run(items.get(Table::books, source_claim_key("proveedor:1"))));
    EXPECT_FALSE(*run(items.get(Table::books, source_claim_key("gutenberg:1"))));
}

TEST_F(RunImport, RefusesRowsWithoutACategoryOrWithTooManyContributors)
{
    auto uncategorized = row(1, "Nada");
    uncategorized.entry.category.value.clear();
    auto crowded = row(2, "Enciclopedia");
    crowded.entry.contributors.assign(51, crowded.entry.contributors.front());

    EXPECT_EQ(import({uncategorized, crowded}), (ImportCounts{.rows = 2, .refused = 2}));
    EXPECT_EQ(refusals().size(), 2U);
    EXPECT_NE(refusals()[0].reason.en.find("category"), std::string::npos);
}

TEST_F(RunImport, RecordsTheRefusalsOfTheReader)
{
    const RowRefusal unreadable{.row = 2, .subject = "", .reason = {"Faltan columnas.", "Columns are missing."}};
    EXPECT_EQ(import({row(1, "Nada"), unreadable, row(3, "Todo")}),
              (ImportCounts{.rows = 3, .created = 2, .refused = 1}));
    EXPECT_EQ(refusals(), std::vector{unreadable});
}

TEST_F(RunImport, StoresABoundedNumberOfRefusedRows)
{
    std::vector<CatalogueRecord> records;
    for (std::size_t n = 1; n <= max_stored_refusals + 50; ++n)
        records.emplace_back(RowRefusal{.row = n, .subject = "", .reason = {"No.", "No."}});
    EXPECT_EQ(import(std::move(records)).refused, max_stored_refusals + 50);

    std::size_t kept = 0;
    auto query = refused_rows(job.id);
    query.limit = 1000;
    do {
        const auto page = run(items.query(query)).value();
        kept += page.items.size();
        query.after = page.next;
    } while (query.after);
    EXPECT_EQ(kept, static_cast<std::size_t>(max_stored_refusals));
}

TEST_F(RunImport, IsFinishedByTheNextRunAfterAnyInterruption)
{
    std::vector<CatalogueRecord> records;
    for (std::size_t n = 1; n <= 250; ++n)
        records.emplace_back(row(n, "Libro " + std::to_string(n)));
    int interruptions = 0;
    for (std::size_t writes = 0;; ++writes) {
        store.fail_after(writes);
        ListedRows rows(records);
        const auto done = run(imports::run_import(items, job, rows, clock, ids));
        if (done)
            break;
        ASSERT_EQ(code_of(done), Errc::unavailable);
        ++interruptions;
    }
    store.fail_after(std::nullopt);
    EXPECT_GT(interruptions, 5);

    EXPECT_EQ(import(records), (ImportCounts{.rows = 250, .unchanged = 250}));
    std::size_t claims = 0;
    for (const Item& item : catalogue())
        claims += text_of(item, "pk").starts_with("acme#SOURCE#");
    EXPECT_EQ(claims, 250U);
}

TEST_F(RunImport, ImportsRowsOneByOneIfAnIsbnIsTakenAtTheSameTime)
{
    std::vector<CatalogueRecord> records;
    for (std::size_t n = 1; n <= 10; ++n)
        records.emplace_back(row(n, "Libro " + std::to_string(n)));
    records[4] = with_isbn(row(5, "Nada"), "9780439023481");
    ListedRows rows(records);
    auto by_hand = entry("La mía");
    by_hand.isbn = isbn("9780439023481");
    int nth = 0;
    rows.before_each = [&] {
        if (++nth == 11) // all rows are read; the next write is the transaction that imports them
            store.before_next_write([&] { create(new_book(by_hand)).value(); });
    };

    const auto done = run(imports::run_import(items, job, rows, clock, ids)).value();

    EXPECT_EQ(done.counts, (ImportCounts{.rows = 10, .created = 9, .refused = 1}));
    EXPECT_EQ(refusals().at(0).row, 5U);
}

TEST_F(RunImport, ReportsItsProgress)
{
    std::vector<CatalogueRecord> records;
    for (std::size_t n = 1; n <= 250; ++n)
        records.emplace_back(row(n, "Libro " + std::to_string(n)));
    ListedRows rows(records);
    rows.before_each = [&] { clock.advance(20); };
    std::vector<std::int64_t> seen;
    std::vector<std::int64_t> stored;

    run(imports::run_import(items, job, rows, clock, ids, [&](const ImportCounts& counts) {
        seen.push_back(counts.rows);
        stored.push_back(stored_job().counts.rows);
        EXPECT_EQ(stored_job().status, ImportStatus::running);
    })).value();

    EXPECT_EQ(seen, (std::vector<std::int64_t>{100, 200, 250}));
    EXPECT_EQ(stored, (std::vector<std::int64_t>{0, 100, 200}));
    EXPECT_EQ(stored_job().counts.rows, 250);
}

TEST_F(RunImport, CompletesAnEmptyCatalogue)
{
    EXPECT_EQ(import({}), ImportCounts{});
    EXPECT_EQ(stored_job().status, ImportStatus::done);
}

TEST_F(RunImport, ImportsOnlyIntoItsShop)
{
    import({with_isbn(row(1, "Nada"), "9780439023481")});
    auto theirs = items_of("northwind");
    ListedRows rows({with_isbn(row(1, "Nada"), "9780439023481")});
    EXPECT_EQ(run(imports::run_import(theirs, job, rows, clock, ids)).value().counts.created, 1);
    EXPECT_EQ(books_in().size(), 1U);
}

TEST_F(RunImport, RecreatesADeletedBook)
{
    import({row(1, "Nada")});
    const auto id = books_in()[0].book_id;
    delete_book(id);

    EXPECT_EQ(import({row(1, "Nada")}), (ImportCounts{.rows = 1, .created = 1}));
    EXPECT_NE(books_in()[0].book_id, id);
}

} // namespace
} // namespace estante
