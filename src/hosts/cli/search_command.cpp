#include "hosts/cli/command_options.hpp"
#include "operations/books/search_books.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace estante::commands {

namespace {

// Of the words, the first is the shop unless --tenant names it; the others are the query.
Options with_shop_and_query(Options options)
{
    std::string words = option(options, "words");
    if (!options.contains("tenant_id")) {
        const auto end = std::min(words.find(' '), words.size());
        options["tenant_id"] = words.substr(0, end);
        words.erase(0, end + 1);
    }
    if (!words.empty())
        options["q"] = words;
    return options;
}

} // namespace

int search(Bookstore& store, const Options& options, Output& output)
{
    const Options named = with_shop_and_query(options);
    const auto tenant = tenant_from(store, named, output);
    const auto request = tenant ? request_from<books::SearchBooks>(named, output) : std::nullopt;
    if (!request)
        return 1;
    store.start_processors();
    TenantItems items(*tenant, store.ports().get<ItemStore>());
    const Caller anonymous{.tenant = *tenant, .kind = Caller::Kind::anyone, .user = {}, .guest = {}, .session = {}};
    const auto found =
        store.run(books::search_books(anonymous, *request, items, store.ports().get<books::BookCache>(),
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
