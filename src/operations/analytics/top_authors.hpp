#pragma once

#include "domain/caller.hpp"
#include "operations/analytics/report_options.hpp"
#include "ports/analytics.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

namespace estante::analytics {

struct TopAuthors {
    std::optional<CalendarDate> from{};
    std::optional<CalendarDate> to{};
    RowLimit limit{};
    std::optional<ListFormat> format{};
};
BOOST_DESCRIBE_STRUCT(TopAuthors, (), (from, to, limit, format))

struct AuthorSalesView {
    std::string author{}; // as the catalogue has it now; "" for deleted books
    std::uint64_t items = 0;
    Money revenue{};
};
BOOST_DESCRIBE_STRUCT(AuthorSalesView, (), (author, items, revenue))

struct TopAuthorsView {
    CalendarDate from{};
    CalendarDate to{};
    Currency currency{};
    std::vector<AuthorSalesView> items{};

    ExportedTable table() const;
    std::string file_name() const { return file_name_of("authors", from, to); }
};
BOOST_DESCRIBE_STRUCT(TopAuthorsView, (), (from, to, currency, items))

// The authors with the highest revenue. Each author of a book has its whole revenue, so the rows do not add up.
// Errors: invalid (the period), unavailable.
Task<Result<TopAuthorsView>> top_authors(const Caller& caller, const TopAuthors& request, TenantItems& items,
                                         Analytics& analytics, Clock& clock);

} // namespace estante::analytics
