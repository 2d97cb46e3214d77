#include "domain/day_summary.hpp"

#include <utility>

namespace estante {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

} // namespace

SoldItems& SoldItems::operator+=(const SoldItems& other)
{
    items += other.items;
    revenue_cents += other.revenue_cents;
    return *this;
}

SoldItems& SoldItems::operator-=(const SoldItems& other)
{
    items -= other.items;
    revenue_cents -= other.revenue_cents;
    return *this;
}

DaySales& DaySales::operator+=(const DaySales& other)
{
    purchases += other.purchases;
    sold += other.sold;
    return *this;
}

DaySales& DaySales::operator-=(const DaySales& other)
{
    purchases -= other.purchases;
    sold -= other.sold;
    return *this;
}

Money DaySummary::average() const
{
    if (total.purchases <= 0)
        return {};
    return {(2 * total.sold.revenue_cents + total.purchases) / (2 * total.purchases)};
}

CountedSale to_counted_sale(const Purchase& purchase, const std::map<BookId, std::string>& categories)
{
    CountedSale sale{.hour = static_cast<int>((purchase.created_ms - first_ms(day_of(purchase.created_ms))) / hour_ms)};
    sale.sales.purchases = 1;
    sale.sales.sold.revenue_cents = purchase.total.cents;
    for (const PurchaseLine& line : purchase.lines) {
        sale.sales.sold.items += line.quantity;
        const auto category = categories.find(line.book_id);
        sale.by_category[category == categories.end() ? std::string() : category->second] +=
            SoldItems{.items = line.quantity, .revenue_cents = line.subtotal.cents};
    }
    return sale;
}

void add_sale(DaySummary& summary, CountedSale& sale)
{
    summary.total += sale.sales;
    summary.by_hour.at(static_cast<std::size_t>(sale.hour)) += sale.sales;
    ++summary.book_purchases;
    for (auto share = sale.by_category.begin(); share != sale.by_category.end();) {
        if (!summary.by_category.contains(share->first) && summary.by_category.size() >= DaySummary::max_categories) {
            sale.other_categories += share->second;
            share = sale.by_category.erase(share);
        } else {
            summary.by_category[share->first] += share->second;
            ++share;
        }
    }
    summary.other_categories += sale.other_categories;
}

void subtract_sale(DaySummary& summary, const CountedSale& sale)
{
    summary.total -= sale.sales;
    summary.by_hour.at(static_cast<std::size_t>(sale.hour)) -= sale.sales;
    for (const auto& [category, share] : sale.by_category) {
        SoldItems& left = summary.by_category[category];
        left -= share;
        if (left == SoldItems{})
            summary.by_category.erase(category);
    }
    summary.other_categories -= sale.other_categories;
}

} // namespace estante
