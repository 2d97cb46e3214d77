#include "operations/books/detail/book_changes.hpp"

#include "operations/books/book_view.hpp"
#include "operations/detail/if_match.hpp"
#include "records/store_failure.hpp"

#include <fmt/format.h>

#include <map>

namespace estante::books {

namespace {

Fault too_many(std::string pointer, std::size_t limit, std::size_t count)
{
    return {std::move(pointer),
            "too_long",
            {fmt::format("Admite {} elementos como máximo y tiene {}.", limit, count),
             fmt::format("It can have at most {} elements and has {}.", limit, count)}};
}

// Puts the items that are new or changed and deletes those that are no longer needed. The entry is always written, at
// the version that was read.
void add_differences(std::vector<Action>& actions, const Book& before, const Book& after)
{
    std::map<Key, Item> old;
    for (Item& item : items_of(before)) {
        Key key = key_of(item);
        old.emplace(std::move(key), std::move(item));
    }
    for (Item& item : items_of(after)) {
        const Key key = key_of(item);
        const auto same = old.find(key);
        if (same == old.end()) {
            actions.emplace_back(Put{.table = Table::books, .item = std::move(item), .conditions = {Absent{}}});
            continue;
        }
        if (is_entry(key))
            actions.emplace_back(
                Put{.table = Table::books, .item = std::move(item), .conditions = {VersionIs{before.version}}});
        else if (same->second != item)
            actions.emplace_back(Put{.table = Table::books, .item = std::move(item)});
        old.erase(same);
    }
    for (const auto& [key, item] : old) {
        Delete removal{.table = Table::books, .key = key};
        if (is_entry(key))
            removal.conditions.emplace_back(VersionIs{before.version});
        actions.emplace_back(std::move(removal));
    }
}

bool has_version(const std::optional<IfMatch>& if_match)
{
    return if_match && if_match->etag != "*";
}

// The update of the stock, or a check of its version, if either is needed.
void add_stock_change(std::vector<Action>& actions, const StockedBook& before, const StockedBook& after,
                      const std::optional<IfMatch>& if_match)
{
    Update update = stock_update(before.book.id);
    const bool price_changes = before.stock.price != after.stock.price;
    const bool isbn_changes = before.book.entry.isbn != after.book.entry.isbn;
    if (price_changes)
        set_price(update, before.stock, after.stock.price);
    if (isbn_changes)
        set_isbn(update, after.book.entry.isbn);
    if (has_version(if_match))
        update.conditions.emplace_back(availability_is(before.stock.availability_version));
    if (price_changes || isbn_changes)
        actions.emplace_back(std::move(update));
    else if (has_version(if_match))
        actions.emplace_back(
            Check{.table = Table::books, .key = update.key, .conditions = std::move(update.conditions)});
}

} // namespace

Result<void> check_entry(const BookEntry& entry)
{
    std::vector<Fault> faults;
    if (entry.contributors.size() > BookEntry::max_contributors)
        faults.push_back(too_many("/contributors", BookEntry::max_contributors, entry.contributors.size()));
    if (entry.subjects.size() > BookEntry::max_subjects)
        faults.push_back(too_many("/subjects", BookEntry::max_subjects, entry.subjects.size()));
    if (!faults.empty())
        return invalid(std::move(faults));
    return {};
}

void add_create_actions(std::vector<Action>& actions, const Book& book, const Stock& stock)
{
    for (Item& item : items_of(book))
        actions.emplace_back(Put{.table = Table::books, .item = std::move(item), .conditions = {Absent{}}});
    actions.emplace_back(Put{.table = Table::books,
                             .item = to_item(StockRecord{.book_id = book.id, .stock = stock, .isbn = book.entry.isbn}),
                             .conditions = {Absent{}}});
}

std::optional<StockedBook> add_replace_actions(std::vector<Action>& actions, const StockedBook& before, BookEntry entry,
                                               std::optional<Money> price, const std::optional<IfMatch>& if_match,
                                               std::int64_t now_ms)
{
    if (entry == before.book.entry && price == before.stock.price)
        return std::nullopt;
    StockedBook after = before;
    after.book.entry = std::move(entry);
    ++after.book.version;
    after.book.updated_ms = now_ms;
    if (price != before.stock.price)
        after.stock = with_price(before.stock, price);
    add_differences(actions, before.book, after.book);
    add_stock_change(actions, before, after, if_match);
    return after;
}

void add_delete_actions(std::vector<Action>& actions, const StockedBook& book, const std::optional<IfMatch>& if_match)
{
    for (const Item& item : items_of(book.book)) {
        Delete removal{.table = Table::books, .key = key_of(item)};
        if (is_entry(removal.key))
            removal.conditions.emplace_back(VersionIs{book.book.version});
        actions.emplace_back(std::move(removal));
    }
    Delete stock{.table = Table::books, .key = stock_key(book.book.id)};
    if (has_version(if_match))
        stock.conditions.emplace_back(availability_is(book.stock.availability_version));
    actions.emplace_back(std::move(stock));
}

Result<void> check_etag(const std::optional<IfMatch>& if_match, const StockedBook& book)
{
    if (!has_version(if_match) || if_match->etag == etag_of(book))
        return {};
    return failure(Errc::version_mismatch,
                   "La versión de If-Match no es la actual del libro. Léalo otra vez y repita el cambio.",
                   "The version in If-Match is not the book's current one. Read it again and repeat the change.");
}

Phrase isbn_in_use(const BookEntry& entry, const BookId& holder)
{
    const auto isbn = entry.isbn->hyphenated();
    const bool used = entry.condition.value == BookCondition::used;
    return {fmt::format("El ISBN {} ({}) ya es del libro {}.", isbn, used ? "usado" : "nuevo", holder.value),
            fmt::format("The ISBN {} ({}) already belongs to the book {}.", isbn, used ? "used" : "new", holder.value)};
}

std::unexpected<Error> book_write_error(const StoreError& error, const BookEntry& entry,
                                        const std::optional<IfMatch>& if_match)
{
    if (!is_condition_failed(error))
        return store_failure(error);
    for (const FailedAction& failed : error.failed) {
        if (!failed.current || !is_isbn_claim(key_of(*failed.current)) || !entry.isbn)
            continue;
        auto detail = isbn_in_use(entry, claimed_book(*failed.current));
        return failure(Errc::already_exists, std::move(detail.es), std::move(detail.en));
    }
    return write_conflict(if_match);
}

} // namespace estante::books
