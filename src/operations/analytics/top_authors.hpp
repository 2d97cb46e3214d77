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
    std::string author{}; // as the catalogue has it now; "" for books that are gone
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

// The authors whose books brought most; of a book with several each has the whole revenue, so they do not add up.
// Errors: invalid (the period), unavailable.
Task<Result<TopAuthorsView>> top_authors(const Caller& caller, const TopAuthors& request, TenantItems& items,
                                         Analytics& analytics, Clock& clock);

} // namespace estante::analytics
