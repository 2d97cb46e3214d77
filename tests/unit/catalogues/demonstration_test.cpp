#include "adapters/catalogues/demonstration.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace estante::catalogues {
namespace {

std::vector<Row> all_rows(DemonstrationShop shop)
{
    std::vector<Row> rows;
    const auto reader = demonstration_reader(shop);
    while (auto row = reader->read()) {
        EXPECT_TRUE(*row) << row->error().reason.en;
        if (*row)
            rows.push_back(std::move(**row));
    }
    return rows;
}

class Demonstration : public testing::TestWithParam<DemonstrationShop> {};
INSTANTIATE_TEST_SUITE_P(Both, Demonstration,
                         testing::Values(DemonstrationShop::libreria, DemonstrationShop::goodbooks));

TEST_P(Demonstration, HasTypicalPrices)
{
    for (const Row& row : all_rows(GetParam())) {
        ASSERT_TRUE(row.price);
        EXPECT_GE(row.price->cents, 595);
        EXPECT_LE(row.price->cents, 3995);
        EXPECT_TRUE((std::set<std::int64_t>{95, 90, 50}.contains(row.price->cents % 100))) << row.price->cents;
    }
}

TEST_P(Demonstration, HasNoStockForAboutOneIn25)
{
    const auto rows = all_rows(GetParam());
    double sold_out = 0;
    std::int64_t most = 0;
    for (const Row& row : rows) {
        ASSERT_TRUE(row.on_hand);
        EXPECT_GE(*row.on_hand, 0);
        sold_out += *row.on_hand == 0;
        most = std::max(most, *row.on_hand);
    }
    EXPECT_EQ(most, 60);
    EXPECT_NEAR(sold_out / static_cast<double>(rows.size()), 0.04, 0.015);
}

TEST_P(Demonstration, HasDescriptionsThatSayTheyAreFictitious)
{
    const bool spanish = GetParam() == DemonstrationShop::libreria;
    for (const Row& row : all_rows(GetParam())) {
        ASSERT_TRUE(row.entry.description);
        const std::string& text = row.entry.description->value;
        EXPECT_TRUE(text.ends_with(spanish ? "Texto ficticio de demostración."
                                           : "This description is fictitious demonstration text."))
            << text;
        EXPECT_NE(text.find(row.entry.title.value), std::string::npos);
        EXPECT_LE(text.size(), 10'000U);
    }
}

TEST_P(Demonstration, IsTheSameInEveryRunAndOrder)
{
    const auto rows = all_rows(GetParam());
    const auto again = all_rows(GetParam());
    ASSERT_EQ(rows.size(), again.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ASSERT_EQ(rows[i].entry, again[i].entry);
        ASSERT_EQ(rows[i].price, again[i].price);
        ASSERT_EQ(rows[i].on_hand, again[i].on_hand);
    }
    Row alone;
    alone.source = rows[500].source;
    alone.source_id = rows[500].source_id;
    alone.entry.title = rows[500].entry.title;
    add_fictitious_offer(alone, GetParam());
    EXPECT_EQ(alone.price, rows[500].price);
    EXPECT_EQ(alone.on_hand, rows[500].on_hand);
}

TEST(DemonstrationGoodbooks, IsSpreadOverFourteenCategories)
{
    const auto rows = all_rows(DemonstrationShop::goodbooks);
    ASSERT_EQ(rows.size(), 10'000U);
    std::map<std::string, int> categories;
    for (const Row& row : rows)
        ++categories[row.entry.category.value];
    EXPECT_EQ(categories.size(), 14U);
    EXPECT_NEAR(categories["Fiction"], 2200, 200);
    EXPECT_NEAR(categories["Poetry"], 100, 50);
    // Must not change: guides and screenshots show it.
    EXPECT_EQ(rows[0].entry.title.value, "The Hunger Games (The Hunger Games, #1)");
    EXPECT_EQ(rows[0].price, Money{1995});
}

TEST(DemonstrationLibreria, SellsPrintedBooksUnderSpanishHeadings)
{
    const auto rows = all_rows(DemonstrationShop::libreria);
    ASSERT_EQ(rows.size(), 913U);
    int hardcover = 0;
    for (const Row& row : rows) {
        EXPECT_NE(row.entry.format.value, BookFormat::ebook);
        hardcover += row.entry.format.value == BookFormat::hardcover;
        EXPECT_EQ(row.entry.language->value, "es");
    }
    EXPECT_NEAR(hardcover, 274, 60);
    EXPECT_EQ(rows[0].entry.category.value, "Literaturas románicas");
}

} // namespace
} // namespace estante::catalogues
