#include "unit/moves/two_stores_fixture.hpp"

namespace estante::moves {
namespace {

ItemDigest digest_of(const std::vector<Item>& items)
{
    ItemDigest digest;
    for (const Item& item : items)
        digest.add(item);
    return digest;
}

TEST(ItemDigest, DoesNotDependOnTheOrder)
{
    const Item one{{"pk", "a"}, {"sk", "1"}};
    const Item two{{"pk", "a"}, {"sk", "2"}};
    EXPECT_EQ(digest_of({one, two}), digest_of({two, one}));
    EXPECT_NE(digest_of({one, two}), digest_of({one, one}));
    EXPECT_NE(digest_of({one}), digest_of({one, one, one}));
    EXPECT_NE(digest_of({}), digest_of({one}));
}

TEST(ItemDigest, IsTheSumOfTheItemsSha256ModuloTwoToThe256)
{
    const Item item{{"pk", "a"}, {"sk", "1"}};
    const Digest once = sha256(R"({"pk":"a","sk":"1"})");
    EXPECT_EQ(digest_of({item}).sum, once);
    Digest doubled{};
    for (std::size_t i = 0; i < doubled.size(); ++i)
        doubled[i] = static_cast<std::uint8_t>(once[i] << 1 | (i > 0 ? once[i - 1] >> 7 : 0));
    EXPECT_EQ(digest_of({item, item}).sum, doubled);
}

TEST(ItemDigest, DiffersForADifferenceOfOneCent)
{
    const Item item{{"pk", "a"}, {"sk", "1"}, {"price", *Number::parse("29.90")}};
    Item other = item;
    other.insert_or_assign("price", Value(*Number::parse("29.91")));
    EXPECT_NE(digest_of({item}), digest_of({other}));
}

TEST(ItemDigests, CountItemsByTenantAndTable)
{
    TwoStores stores(TwoStores::Direction::memory_to_sqlite);
    const auto digests = stores.digests(stores.from);
    ASSERT_EQ(digests.size(), 4);
    EXPECT_EQ(count_items(digests.at("acme2")), TwoStores::items_per_shop);
    EXPECT_EQ(count_items(digests.at("acme")), TwoStores::items_per_shop + 1); // the cart that has not expired
    EXPECT_EQ(digests.at("acme")[static_cast<std::size_t>(Table::books)].items, TwoStores::books);
    EXPECT_EQ(count_items(digests.at("operator")), 1); // without the checkpoint of the stream
}

TEST(ItemDigests, OfOneTenantExcludeTenantsWithTheSamePrefix)
{
    TwoStores stores(TwoStores::Direction::memory_to_sqlite);
    const auto digests = stores.digests(stores.from, "acme");
    ASSERT_EQ(digests.size(), 1);
    for (const Table table : {Table::books, Table::purchases}) {
        const auto at = static_cast<std::size_t>(table);
        EXPECT_EQ(digests.at("acme")[at], stores.digests(stores.from).at("acme")[at]);
    }
}

TEST(ItemDigests, OfOneTenantAreTheSameBeforeAndAfterTheSwitch)
{
    TwoStores stores(TwoStores::Direction::memory_to_sqlite);
    const auto users = [&](std::optional<std::string> tenant) {
        return stores.digests(stores.from, std::move(tenant)).at("acme")[static_cast<std::size_t>(Table::users)];
    };
    const auto single = users("acme");
    const auto with_all = users({});
    Item item = run(stores.from.items().get(Table::users, {"acme#TENANT", "TENANT"})).value().value();
    item.insert_or_assign("status", Value("suspended"));
    stores.put(item, Table::users);
    EXPECT_EQ(users("acme"), single);
    EXPECT_NE(users({}), with_all);
}

TEST(ItemDigests, ReportTheTenantAndTableThatDiffer)
{
    TwoStores stores(TwoStores::Direction::memory_to_sqlite);
    const auto before = stores.digests(stores.from);
    EXPECT_TRUE(differences(before, before).empty());

    stores.put(TwoStores::book("acme2", 3, 99));
    stores.remove({"northwind#user_1", "PURCHASE#purchase_1"}, Table::purchases);
    const auto differ = differences(before, stores.digests(stores.from));
    ASSERT_EQ(differ.size(), 2);
    EXPECT_EQ(differ[0].tenant, "acme2");
    EXPECT_EQ(differ[0].table, Table::books);
    EXPECT_EQ(differ[0].from.items, differ[0].to.items);
    EXPECT_EQ(differ[1].tenant, "northwind");
    EXPECT_EQ(differ[1].table, Table::purchases);
    EXPECT_EQ(differ[1].from.items, differ[1].to.items + 1);
}

TEST(ItemDigests, ReportATenantThatOneSideLacks)
{
    TwoStores stores(TwoStores::Direction::memory_to_sqlite);
    const auto all = stores.digests(stores.from);
    auto without = all;
    without.erase("operator");
    ASSERT_EQ(differences(all, without).size(), 1);
    EXPECT_EQ(differences(all, without)[0].tenant, "operator");
    EXPECT_EQ(differences(without, all).size(), 1);
}

} // namespace
} // namespace estante::moves
