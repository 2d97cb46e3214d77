#include "adapters/memory/memory_analytics.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace estante {

namespace {

bool is_counted(const Purchase& purchase)
{
    return purchase.status != PurchaseStatus::cancelled && purchase.status != PurchaseStatus::refunded;
}

bool is_in_period(const Period& period, const Purchase& purchase)
{
    return purchase.created_ms >= first_ms(period) && purchase.created_ms < end_ms(period);
}

void add(Sales& sales, const Purchase& purchase)
{
    ++sales.purchases;
    sales.revenue_cents += purchase.total.cents;
    for (const PurchaseLine& line : purchase.lines)
        sales.items += static_cast<std::uint64_t>(line.quantity);
}

template <class Row, class Order> std::vector<Row> first_rows(std::vector<Row> rows, std::size_t limit, Order order)
{
    std::ranges::sort(rows, {}, order);
    rows.resize(std::min(rows.size(), limit));
    return rows;
}

std::vector<BookSales> by_book(const std::vector<Purchase>& purchases)
{
    std::map<std::string, BookSales> books;
    for (const Purchase& purchase : purchases) {
        for (const PurchaseLine& line : purchase.lines) {
            BookSales& book = books[line.book_id.value];
            book.book_id = line.book_id.value;
            book.title = line.title;
            book.items += static_cast<std::uint64_t>(line.quantity);
            book.revenue_cents += line.subtotal.cents;
        }
    }
    std::vector<BookSales> rows;
    rows.reserve(books.size());
    for (auto& [id, book] : books)
        rows.push_back(std::move(book));
    return rows;
}

} // namespace

void MemoryAnalytics::put(const TenantId& tenant, Purchase purchase)
{
    const std::lock_guard lock(mutex_);
    shops_[tenant.value].purchases.insert_or_assign(purchase.id.value, std::move(purchase));
}

void MemoryAnalytics::put_entry(const TenantId& tenant, const BookId& book, Entry entry)
{
    const std::lock_guard lock(mutex_);
    shops_[tenant.value].entries.insert_or_assign(book.value, std::move(entry));
}

MemoryAnalytics::Shop MemoryAnalytics::shop(const TenantId& tenant)
{
    const std::lock_guard lock(mutex_);
    const auto found = shops_.find(tenant.value);
    return found == shops_.end() ? Shop{} : found->second;
}

std::vector<Purchase> MemoryAnalytics::sold(const TenantId& tenant, const Period& period)
{
    std::vector<Purchase> purchases;
    for (auto& [id, purchase] : shop(tenant).purchases) {
        if (is_counted(purchase) && is_in_period(period, purchase))
            purchases.push_back(purchase);
    }
    return purchases;
}

Task<Result<Sales>> MemoryAnalytics::totals(TenantId tenant, Period period)
{
    if (auto checked = check(period); !checked)
        co_return std::unexpected(std::move(checked.error()));
    Sales sales;
    for (const Purchase& purchase : sold(tenant, period))
        add(sales, purchase);
    co_return sales;
}

Task<Result<std::vector<SalesAt>>> MemoryAnalytics::series(TenantId tenant, Period period, Granularity granularity)
{
    if (auto checked = check(period, granularity); !checked)
        co_return std::unexpected(std::move(checked.error()));
    std::map<std::int64_t, Sales> sums;
    for (const auto begin_ms : interval_begins(period, granularity))
        sums[begin_ms] = {};
    for (const Purchase& purchase : sold(tenant, period))
        add(sums[interval_begin(purchase.created_ms, granularity)], purchase);
    std::vector<SalesAt> rows;
    rows.reserve(sums.size());
    for (const auto& [begin_ms, sales] : sums)
        rows.push_back({.begin_ms = begin_ms, .sales = sales});
    co_return rows;
}

Task<Result<std::vector<BookSales>>> MemoryAnalytics::top_books(TenantId tenant, Period period, bool by_category,
                                                                std::size_t limit)
{
    if (auto checked = check(period); !checked)
        co_return std::unexpected(std::move(checked.error()));
    auto entries = shop(tenant).entries;
    std::map<std::string, std::vector<BookSales>> groups;
    for (BookSales& book : by_book(sold(tenant, period))) {
        book.category = entries[book.book_id].category;
        groups[by_category ? book.category : ""].push_back(book);
    }
    std::vector<BookSales> rows;
    for (auto& [category, books] : groups) {
        books = first_rows(std::move(books), limit, [](const BookSales& book) {
            return std::tuple(-static_cast<std::int64_t>(book.items), -book.revenue_cents, book.book_id);
        });
        for (std::uint32_t rank = 1; BookSales & book : books)
            book.rank = rank++;
        std::ranges::move(books, std::back_inserter(rows));
    }
    co_return rows;
}

Task<Result<std::vector<AuthorSales>>> MemoryAnalytics::authors(TenantId tenant, Period period, std::size_t limit)
{
    if (auto checked = check(period); !checked)
        co_return std::unexpected(std::move(checked.error()));
    auto entries = shop(tenant).entries;
    std::map<std::string, AuthorSales> sums;
    for (const BookSales& book : by_book(sold(tenant, period))) {
        auto names = entries[book.book_id].authors;
        if (names.empty())
            names.emplace_back();
        for (const std::string& name : std::set<std::string>(names.begin(), names.end())) {
            AuthorSales& author = sums[name];
            author.author = name;
            author.items += book.items;
            author.revenue_cents += book.revenue_cents;
        }
    }
    std::vector<AuthorSales> rows;
    rows.reserve(sums.size());
    for (auto& [name, author] : sums)
        rows.push_back(std::move(author));
    co_return first_rows(std::move(rows), limit,
                         [](const AuthorSales& author) { return std::pair(-author.revenue_cents, author.author); });
}

Task<Result<std::vector<CustomerSales>>> MemoryAnalytics::best_customers(TenantId tenant, Period period,
                                                                         std::size_t limit)
{
    if (auto checked = check(period); !checked)
        co_return std::unexpected(std::move(checked.error()));
    std::map<std::string, Sales> sums;
    for (const Purchase& purchase : sold(tenant, period))
        add(sums[purchase.user_id.value], purchase);
    std::vector<CustomerSales> rows;
    rows.reserve(sums.size());
    for (const auto& [user, sales] : sums)
        rows.push_back({.user_id = user, .sales = sales});
    co_return first_rows(std::move(rows), limit, [](const CustomerSales& customer) {
        return std::pair(-customer.sales.revenue_cents, customer.user_id);
    });
}

Task<Result<CustomerKinds>> MemoryAnalytics::customer_kinds(TenantId tenant, Period period)
{
    if (auto checked = check(period); !checked)
        co_return std::unexpected(std::move(checked.error()));
    std::set<std::string> earlier_customers;
    std::map<std::string, std::int64_t> revenue_cents;
    for (const auto& [id, purchase] : shop(tenant).purchases) {
        if (!is_counted(purchase))
            continue;
        if (purchase.created_ms < first_ms(period))
            earlier_customers.insert(purchase.user_id.value);
        else if (is_in_period(period, purchase))
            revenue_cents[purchase.user_id.value] += purchase.total.cents;
    }
    CustomerKinds kinds;
    for (const auto& [user, cents] : revenue_cents) {
        const bool returning = earlier_customers.contains(user);
        ++(returning ? kinds.returning_customers : kinds.new_customers);
        (returning ? kinds.returning_revenue_cents : kinds.new_revenue_cents) += cents;
    }
    co_return kinds;
}

} // namespace estante
