#include "operations/imports/find_import.hpp"
#include "operations/imports/get_import.hpp"
#include "operations/imports/list_refused_rows.hpp"
#include "operations/imports/run_import.hpp"
#include "operations/imports/start_import.hpp"
#include "support/bookshop_test.hpp"

namespace estante {
namespace {

class RecordedJobs final : public ImportJobs {
public:
    struct Started {
        TenantId tenant;
        ImportId job;
        Upload upload;
    };
    std::vector<Started> started;

    Task<void> start(TenantId tenant, ImportId job, Upload upload) override
    {
        started.push_back({std::move(tenant), std::move(job), std::move(upload)});
        co_return;
    }
};

class OnlyRefusals final : public CatalogueRows {
public:
    explicit OnlyRefusals(std::size_t count) : left_(count) {}
    CatalogueRecord next() override
    {
        if (left_ == 0)
            return EndOfRows{};
        --left_;
        return RowRefusal{.row = ++row_, .subject = "Nada", .reason = {"No vale.", "No good."}};
    }

private:
    std::size_t left_;
    std::size_t row_ = 0;
};

class ImportOperations : public BookshopTest {
protected:
    RecordedJobs jobs;

    Result<imports::StartedImport> start(std::string media_type,
                                         IdempotencyGuard<imports::StartedImport> idempotency = {})
    {
        imports::StartImport request;
        request.upload = {"/spool/1", std::move(media_type)};
        request.category = Text<1, 100>{"Varios"};
        return run(imports::start_import(manager, request, items, jobs, clock, ids, idempotency));
    }
    Result<imports::ImportProgress> get(const ImportId& id) { return run(imports::get_import(manager, {id}, items)); }
    void refuse(const ImportId& id, std::size_t rows)
    {
        OnlyRefusals refusals(rows);
        const auto job = run(imports::find_import(items, id)).value();
        run(imports::run_import(items, job, refusals, clock, ids)).value();
    }
};

TEST_F(ImportOperations, StoreTheJobAndStartIt)
{
    const auto started = start("text/csv; charset=utf-8").value();

    EXPECT_EQ(started.status_code(), 202);
    EXPECT_EQ(started.status, ImportStatus::waiting);
    EXPECT_EQ(started.location(), "/v1/imports/" + started.import_id.value);
    ASSERT_EQ(jobs.started.size(), 1U);
    EXPECT_EQ(jobs.started[0].tenant.value, "acme");
    EXPECT_EQ(jobs.started[0].job, started.import_id);
    EXPECT_EQ(jobs.started[0].upload.path, "/spool/1");
    const auto job = run(imports::find_import(items, started.import_id)).value();
    EXPECT_EQ(job.media_type, "text/csv");
    EXPECT_EQ(job.defaults.category, (Text<1, 100>{"Varios"}));
    EXPECT_EQ(static_cast<const imports::ImportView&>(get(started.import_id).value()),
              static_cast<const imports::ImportView&>(started));
}

TEST_F(ImportOperations, RefuseOtherMediaTypes)
{
    const auto before = everything();
    for (const std::string media_type : {"", "application/json", "text/html", "image/png"})
        EXPECT_EQ(code_of(start(media_type)), Errc::unsupported_media_type) << media_type;
    EXPECT_TRUE(jobs.started.empty());
    EXPECT_EQ(everything(), before);
    for (const std::string media_type : {"text/csv", "application/x-ndjson", "application/gzip"})
        EXPECT_TRUE(start(media_type)) << media_type;
}

TEST_F(ImportOperations, StartOnceUnderOneIdempotencyKey)
{
    start("text/csv", idempotency<imports::StartedImport>("k")).value();
    EXPECT_EQ(code_of(start("text/csv", idempotency<imports::StartedImport>("k"))), Errc::conflict);
    EXPECT_EQ(jobs.started.size(), 1U);
}

TEST_F(ImportOperations, StartNoJobThatIsNotStored)
{
    store.fail_after(0);
    EXPECT_EQ(code_of(start("text/csv")), Errc::unavailable);
    EXPECT_TRUE(jobs.started.empty());
}

TEST_F(ImportOperations, ShowCountsAndTheFirstRefusedRows)
{
    const auto id = start("text/csv").value().import_id;
    refuse(id, 45);

    const auto shown = get(id).value();
    EXPECT_EQ(shown.status, ImportStatus::done);
    EXPECT_EQ(shown.rows, 45);
    EXPECT_EQ(shown.refused, 45);
    ASSERT_EQ(shown.refused_rows.size(), 20U);
    EXPECT_EQ(shown.refused_rows[0], (imports::RefusedRowView{1, "Nada", {"No vale.", "No good."}}));
}

TEST_F(ImportOperations, ListAllRefusedRowsInTheirOrder)
{
    const auto id = start("text/csv").value().import_id;
    refuse(id, 45);

    std::vector<std::int64_t> rows;
    imports::ListRefusedRows request{.import_id = id};
    do {
        const auto page = run(imports::list_refused_rows(manager, request, items)).value();
        for (const auto& row : page.items)
            rows.push_back(row.row);
        request.cursor = page.next_cursor.value;
    } while (request.cursor);

    ASSERT_EQ(rows.size(), 45U);
    EXPECT_TRUE(std::ranges::is_sorted(rows));
}

TEST_F(ImportOperations, ShowWhyAJobFailed)
{
    const auto id = start("text/csv").value().import_id;
    run(imports::fail_import(items, id, {"No es un CSV.", "It is no CSV."}, clock)).value();

    const auto shown = get(id).value();
    EXPECT_EQ(shown.status, ImportStatus::failed);
    EXPECT_EQ(shown.failure, (imports::ReasonView{"No es un CSV.", "It is no CSV."}));
}

TEST_F(ImportOperations, AreNotFoundInAnotherShop)
{
    const auto id = start("text/csv").value().import_id;
    auto theirs = items_of("northwind");
    EXPECT_EQ(code_of(run(imports::get_import(manager, {id}, theirs))), Errc::not_found);
    EXPECT_EQ(code_of(run(imports::list_refused_rows(manager, {.import_id = id}, theirs))), Errc::not_found);
}

TEST_F(ImportOperations, ExpireAfterNinetyDays)
{
    const auto id = start("text/csv").value().import_id;
    refuse(id, 1);
    clock.advance(90 * day_ms - 1000);
    EXPECT_TRUE(get(id));
    clock.advance(1000);
    EXPECT_EQ(code_of(get(id)), Errc::not_found);
}

TEST(ImportRecord, BecomesAnItemAndBack)
{
    ImportJob job{.id = ImportId::from(Ulid{}),
                  .media_type = "text/csv",
                  .defaults = {.source = SourceName{"gutenberg"},
                               .category = Text<1, 100>{"Varios"},
                               .price = Money{9'95},
                               .on_hand = 4},
                  .status = ImportStatus::failed,
                  .counts = {.rows = 10, .created = 1, .updated = 2, .unchanged = 3, .refused = 4},
                  .failure = Phrase{"No", "No"},
                  .created_ms = 1'700'000'000'000,
                  .updated_ms = 1'700'000'000'001};
    EXPECT_EQ(import_from(to_item(job)), job);
    EXPECT_EQ(key_of(to_item(job)), (Key{"IMPORT#" + job.id.value, "IMPORT"}));
    const RowRefusal refusal{.row = 7, .subject = "Nada", .reason = {"No", "No"}};
    EXPECT_EQ(refusal_from(to_item(refusal, job, 12)), refusal);
    EXPECT_EQ(key_of(to_item(refusal, job, 12)), (Key{"IMPORT#" + job.id.value, "REFUSED#000012"}));

    job.defaults = {};
    job.failure.reset();
    EXPECT_EQ(import_from(to_item(job)), job);
}

TEST(SourceName, IsShortAndLowerCase)
{
    EXPECT_TRUE(SourceName::parse("goodbooks10k"));
    EXPECT_TRUE(SourceName::parse("proveedor-1"));
    for (const auto* wrong : {"", "Gutenberg", "a:b", "a#b", "ñ", "12345678901234567890123456789012345678901"})
        EXPECT_FALSE(SourceName::parse(wrong)) << wrong;
}

} // namespace
} // namespace estante
