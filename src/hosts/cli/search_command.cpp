#include "hosts/cli/command_tools.hpp"
#include "operations/books/search_books.hpp"

#include <fmt/format.h>

namespace estante::commands {

int search(Bookstore& store, const Options& options, Output& output)
{
    const auto tenant = tenant_from(store, options, output);
    const auto request = tenant ? request_from<books::SearchBooks>(options, output) : std::nullopt;
    if (!request)
        return 1;
    store.start_processors();
    TenantItems items(*tenant, store.ports().get<ItemStore>());
    const Caller anyone{.tenant = *tenant, .kind = Caller::Kind::anyone, .user = {}, .guest = {}, .session = {}};
    const auto found =
        store.run(books::search_books(anyone, *request, items, store.ports().get<books::BookCache>(),
                                      store.ports().get<SearchIndex>(), store.ports().get<BusinessCounters>()));
    if (!found) {
        print_error(found.error(), output);
        return 1;
    }
    output.line(fmt::format("{} found", found->total));
    for (const auto& item : found->items) {
        const auto& book = *item.book;
        std::string authors;
        for (const auto& contributor : book.contributors)
            (authors += authors.empty() ? "" : ", ") += contributor.name.value;
        output.line(fmt::format("{}  {} — {}{}", book.book_id.value, book.title.value, authors,
                                book.price ? fmt::format("  {} {}", to_string(*book.price), book.currency.value) : ""));
    }
    return 0;
}

} // namespace estante::commands
