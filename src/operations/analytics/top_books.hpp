#pragma once

#include "domain/caller.hpp"
#include "operations/analytics/report_options.hpp"
#include "ports/analytics.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::analytics {

// Over all books, or within each category.
enum class Ranking { all, category };
BOOST_DESCRIBE_ENUM(Ranking, all, category)

struct TopBooks {
    std::optional<CalendarDate> from{};
    std::optional<CalendarDate> to{};
    Or<Ranking, Ranking::all> by{};
    RowLimit limit{}; // in total, or for each category
    std::optional<ListFormat> format{};
};
BOOST_DESCRIBE_STRUCT(TopBooks, (), (from, to, by, limit, format))

struct BookSalesView {
    std::int64_t rank = 1;
    std::string category{}; // as the catalogue has it now; "" for a deleted book
    std::string book_id{};
    std::string title{}; // as in its last sale
    std::uint64_t items = 0;
    Money revenue{};
};
BOOST_DESCRIBE_STRUCT(BookSalesView, (), (rank, category, book_id, title, items, revenue))

struct TopBooksView {
    CalendarDate from{};
    CalendarDate to{};
    Ranking by = Ranking::all;
    Currency currency{};
    std::vector<BookSalesView> items{};

    ExportedTable table() const;
    std::string file_name() const { return file_name_of("top-books", from, to); }
};
BOOST_DESCRIBE_STRUCT(TopBooksView, (), (from, to, by, currency, items))

// The best-selling books: by copies, then by revenue. Errors: invalid (the period), unavailable.
Task<Result<TopBooksView>> top_books(const Caller& caller, const TopBooks& request, TenantItems& items,
                                     Analytics& analytics, Clock& clock);

} // namespace estante::analytics
