#include "adapters/memory/memory_item_store.hpp"
#include "ports/tenant_items.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

namespace estante {

namespace {

class TenantItemsTest : public testing::Test {
protected:
    ManualClock clock;
    PartitionVersions partition_versions;
    std::unique_ptr<Store> memory = create_memory_store(clock, &partition_versions);
    ItemStore& store = memory->items();
    TenantItems acme{TenantId{"acme"}, store};
    TenantItems other{TenantId{"acme2"}, store};

    std::optional<Item> stored(const std::string& pk, const std::string& sk)
    {
        return run(store.get(Table::books, {pk, sk})).value();
    }
    static std::optional<Item> get(TenantItems& items, const std::string& pk, const std::string& sk = "S")
    {
        return run(items.get(Table::books, {pk, sk})).value();
    }
    static void put(TenantItems& items, Item item)
    {
        ASSERT_TRUE(run(items.put({.table = Table::books, .item = std::move(item)})));
    }
    static Item book(const std::string& pk, const std::string& sk = "S")
    {
        return {{"pk", pk},          {"sk", sk},           {"gsi1pk", "CATEGORY"},
                {"gsi1sk", pk + sk}, {"gsi2pk", "AUTHOR"}, {"gsi2sk", pk + sk}};
    }
    static Item for_tenant(Item item, const std::string& tenant)
    {
        item.insert_or_assign("tenant_id", tenant);
        return item;
    }
};

} // namespace

TEST_F(TenantItemsTest, WritesEveryPartitionUnderTheTenantAndReturnsRelativeKeys)
{
    put(acme, book("book_1"));
    EXPECT_EQ(stored("acme#book_1", "S"), (Item{{"pk", "acme#book_1"},
                                                {"sk", "S"},
                                                {"gsi1pk", "acme#CATEGORY"},
                                                {"gsi1sk", "book_1S"},
                                                {"gsi2pk", "acme#AUTHOR"},
                                                {"gsi2sk", "book_1S"},
                                                {"tenant_id", "acme"}}));
    EXPECT_EQ(get(acme, "book_1"), for_tenant(book("book_1"), "acme"));
}

TEST_F(TenantItemsTest, DropsItemsThatAnotherTenantPutIntoItsIndex)
{
    const auto put_raw = [&](const std::string& tenant, const std::string& id) {
        ASSERT_TRUE(run(store.put(
            {.table = Table::books,
             .item = {{"pk", tenant + "#" + id}, {"sk", "S"}, {"gsi1pk", "acme#CATEGORY"}, {"gsi1sk", id}}})));
    };
    const auto listed = [&](std::size_t limit) {
        std::vector<std::string> ids;
        Query query{.table = Table::books, .index = Index::gsi1, .partition = "CATEGORY", .limit = limit};
        do {
            auto page = run(acme.query(query)).value();
            for (const Item& item : page.items)
                ids.emplace_back(text_of(item, "pk"));
            query.after = std::move(page.next);
        } while (query.after);
        return ids;
    };
    for (const char* id : {"b", "c", "h"})
        put_raw("acme", id);
    const std::vector<std::string> own{"b", "c", "h"};
    EXPECT_EQ(listed(10), own);
    for (const char* id : {"a", "d", "e", "f", "g", "i", "j"})
        put_raw("acme2", id);
    for (const std::size_t limit : {1, 2, 3, 4, 10})
        EXPECT_EQ(listed(limit), own) << "pages of " << limit;
}

TEST_F(TenantItemsTest, DoesNotReadAnotherTenantsItems)
{
    put(other, book("book_1"));
    EXPECT_EQ(get(acme, "book_1"), std::nullopt);
    EXPECT_EQ(get(acme, "acme2#book_1"), std::nullopt);
    EXPECT_EQ(get(acme, "2#book_1"), std::nullopt);
    EXPECT_EQ(run(acme.batch_get(Table::books, {{"book_1", "S"}}))->at(0), std::nullopt);
    EXPECT_TRUE(run(acme.query({.table = Table::books, .partition = "book_1"}))->items.empty());
    EXPECT_TRUE(run(acme.query({.table = Table::books, .index = Index::gsi1, .partition = "CATEGORY"}))->items.empty());
    EXPECT_EQ(get(other, "book_1"), for_tenant(book("book_1"), "acme2")) << "which is there";
}

TEST_F(TenantItemsTest, DoesNotChangeAnotherTenantsItems)
{
    put(other, book("book_1"));
    ASSERT_TRUE(run(acme.remove({.table = Table::books, .key = {"book_1", "S"}})));
    ASSERT_TRUE(run(acme.update({.table = Table::books, .key = {"book_1", "S"}, .set = {{"n", 1}}})));
    ASSERT_TRUE(run(acme.batch_write({Delete{.table = Table::books, .key = {"book_1", "S"}}})));
    ASSERT_TRUE(run(acme.transact({Put{.table = Table::books, .item = book("book_1"), .conditions = {Absent{}}}})));
    EXPECT_EQ(get(other, "book_1"), for_tenant(book("book_1"), "acme2"));
}

TEST_F(TenantItemsTest, QualifiesEveryActionOfATransaction)
{
    put(acme, book("doomed"));
    put(acme, book("witness"));
    ASSERT_TRUE(run(acme.transact({Put{.table = Table::books, .item = book("new")},
                                   Update{.table = Table::books,
                                          .key = {"updated", "S"},
                                          .set = {{"gsi1pk", "CATEGORY"}, {"gsi1sk", "x"}, {"name", "CATEGORY"}}},
                                   Delete{.table = Table::books, .key = {"doomed", "S"}},
                                   Check{.table = Table::books, .key = {"witness", "S"}, .conditions = {Present{}}}})));
    EXPECT_TRUE(stored("acme#new", "S"));
    EXPECT_FALSE(stored("acme#doomed", "S"));
    EXPECT_EQ(stored("acme#updated", "S"), (Item{{"pk", "acme#updated"},
                                                 {"sk", "S"},
                                                 {"gsi1pk", "acme#CATEGORY"},
                                                 {"gsi1sk", "x"},
                                                 {"name", "CATEGORY"},
                                                 {"tenant_id", "acme"}}));
}

TEST_F(TenantItemsTest, QualifiesEveryWriteOfABatch)
{
    put(acme, book("doomed"));
    ASSERT_TRUE(run(acme.batch_write(
        {Put{.table = Table::books, .item = book("new")}, Delete{.table = Table::books, .key = {"doomed", "S"}}})));
    EXPECT_TRUE(stored("acme#new", "S"));
    EXPECT_FALSE(stored("acme#doomed", "S"));
    const auto items = run(acme.batch_get(Table::books, {{"doomed", "S"}, {"new", "S"}})).value();
    EXPECT_EQ(items.at(0), std::nullopt);
    EXPECT_EQ(items.at(1), for_tenant(book("new"), "acme"));
}

TEST_F(TenantItemsTest, AnUpdateReturnsTheItemRelative)
{
    put(acme, book("book_1"));
    const auto item = run(acme.update({.table = Table::books, .key = {"book_1", "S"}, .add = {{"n", 1}}}));
    ASSERT_TRUE(item);
    Item expected = for_tenant(book("book_1"), "acme");
    expected.emplace("n", 1);
    EXPECT_EQ(*item, expected);
}

TEST_F(TenantItemsTest, AnUpdateOfAnIndexKeyThatIsNotAStringIsInvalid)
{
    const auto result = run(acme.update({.table = Table::books, .key = {"book_1", "S"}, .set = {{"gsi1pk", 5}}}));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, StoreError::Code::invalid);
}

TEST_F(TenantItemsTest, TheItemsOfFailedActionsAreRelative)
{
    put(acme, book("book_1"));
    const auto expected = for_tenant(book("book_1"), "acme");
    const Conditions absent{Absent{}};
    const auto current = [](const auto& result) { return result.error().failed.at(0).current; };
    EXPECT_EQ(current(run(acme.put({.table = Table::books, .item = book("book_1"), .conditions = absent}))), expected);
    EXPECT_EQ(current(run(acme.update({.table = Table::books, .key = {"book_1", "S"}, .conditions = absent}))),
              expected);
    EXPECT_EQ(current(run(acme.remove({.table = Table::books, .key = {"book_1", "S"}, .conditions = absent}))),
              expected);
    EXPECT_EQ(current(run(acme.transact({Check{.table = Table::books, .key = {"book_1", "S"}, .conditions = absent}}))),
              expected);
}

TEST_F(TenantItemsTest, CursorsAreRelativeAndContinueTheQuery)
{
    for (const char* sk : {"1", "2", "3"})
        put(acme, book("book_1", sk));
    Query query{.table = Table::books, .partition = "book_1", .limit = 2};
    const auto first = run(acme.query(query)).value();
    EXPECT_EQ(first.next, (Cursor{.key = {"book_1", "2"}}));
    query.after = first.next;
    EXPECT_EQ(run(acme.query(query)).value().items, (std::vector{for_tenant(book("book_1", "3"), "acme")}));

    Query indexed{.table = Table::books, .index = Index::gsi1, .partition = "CATEGORY", .limit = 2};
    const auto page = run(acme.query(indexed)).value();
    EXPECT_EQ(page.next, (Cursor{.key = {"book_1", "2"}, .index_key = Key{"CATEGORY", "book_12"}}));
    indexed.after = page.next;
    EXPECT_EQ(run(acme.query(indexed)).value().items, (std::vector{for_tenant(book("book_1", "3"), "acme")}));
}

TEST_F(TenantItemsTest, AnItemInAnIndexOfTheOperatorKeepsThatKey)
{
    const std::string tenant(40, 'a');
    TenantItems items{TenantId{tenant}, store};
    ASSERT_TRUE(run(store.put(
        {.table = Table::books,
         .item = {{"pk", tenant + "#TENANT"}, {"sk", "TENANT"}, {"gsi1pk", "operator#TENANTS"}, {"gsi1sk", tenant}}})));
    EXPECT_EQ(get(items, "TENANT", "TENANT"),
              (Item{{"pk", "TENANT"}, {"sk", "TENANT"}, {"gsi1pk", "operator#TENANTS"}, {"gsi1sk", tenant}}));
}

TEST_F(TenantItemsTest, AllItemsReturnsTheItemsOfAnyTenant)
{
    put(acme, book("book_1"));
    AllItems all(store);
    auto items = all.of(TenantId{"acme"});
    EXPECT_TRUE(get(items, "book_1"));
    EXPECT_EQ(&all.store(), &store);
}

TEST_F(TenantItemsTest, AReadSetIsValidUntilAPartitionThatWasReadIsWritten)
{
    put(acme, book("book_1"));
    const auto stands_after = [this](auto read, Item written) {
        ReadSet reads(partition_versions);
        TenantItems items(TenantId{"acme"}, store, &reads);
        read(items);
        EXPECT_TRUE(reads.is_valid());
        put(acme, {{"pk", "unrelated"}, {"sk", "S"}});
        EXPECT_TRUE(reads.is_valid());
        put(acme, std::move(written));
        return reads.is_valid();
    };
    EXPECT_FALSE(stands_after([](TenantItems& items) { get(items, "book_1"); }, book("book_1")));
    EXPECT_FALSE(stands_after([](TenantItems& items) { get(items, "not_yet"); }, book("not_yet")));
    EXPECT_FALSE(
        stands_after([](TenantItems& items) { run(items.batch_get(Table::books, {{"book_1", "S"}, {"book_2", "S"}})); },
                     book("book_2")));
    EXPECT_FALSE(
        stands_after([](TenantItems& items) { run(items.query({.table = Table::books, .partition = "book_1"})); },
                     book("book_1", "T")));
    EXPECT_FALSE(stands_after(
        [](TenantItems& items) {
            run(items.query({.table = Table::books, .index = Index::gsi2, .partition = "AUTHOR"}));
        },
        book("book_9")));
}

} // namespace estante
