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
             fmt::format("It may have at most {} elements and has {}.", limit, count)}};
}

// Moves the items from how they were to how they are: what is new, changed, or no longer there. The entry is written in
// any case, at the version that was read.
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
        Delete gone{.table = Table::books, .key = key};
        if (is_entry(key))
            gone.conditions.emplace_back(VersionIs{before.version});
        actions.emplace_back(std::move(gone));
    }
}

bool names_a_version(const std::optional<IfMatch>& if_match)
{
    return if_match && if_match->etag != "*";
}

// What the transaction does to the stock, if anything.
void add_stock_change(std::vector<Action>& actions, const StockedBook& before, const StockedBook& after,
                      const std::optional<IfMatch>& if_match)
{
    Update change = stock_update(before.book.id);
    const bool repriced = before.stock.price != after.stock.price;
    const bool renumbered = before.book.entry.isbn != after.book.entry.isbn;
    if (repriced)
        set_price(change, before.stock, after.stock.price);
    if (renumbered)
        set_isbn(change, after.book.entry.isbn);
    if (names_a_version(if_match))
        change.conditions.emplace_back(availability_is(before.stock.availability_version));
    if (repriced || renumbered)
        actions.emplace_back(std::move(change));
    else if (names_a_version(if_match))
        actions.emplace_back(
            Check{.table = Table::books, .key = change.key, .conditions = std::move(change.conditions)});
}

} // namespace

Result<void> check(const BookEntry& entry)
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
        Delete gone{.table = Table::books, .key = key_of(item)};
        if (is_entry(gone.key))
            gone.conditions.emplace_back(VersionIs{book.book.version});
        actions.emplace_back(std::move(gone));
    }
    Delete stock{.table = Table::books, .key = stock_key(book.book.id)};
    if (names_a_version(if_match))
        stock.conditions.emplace_back(availability_is(book.stock.availability_version));
    actions.emplace_back(std::move(stock));
}

Result<void> check_etag(const std::optional<IfMatch>& if_match, const StockedBook& book)
{
    if (!names_a_version(if_match) || if_match->etag == etag_of(book))
        return {};
    return failure(Errc::version_mismatch,
                   "La versión de If-Match no es la actual del libro. Léalo otra vez y repita el cambio.",
                   "The version in If-Match is not the book's current one. Read it again and repeat the change.");
}

std::unexpected<Error> book_write_error(const StoreError& error, const BookEntry& entry,
                                        const std::optional<IfMatch>& if_match)
{
    if (!is_condition_failed(error))
        return store_failure(error);
    for (const FailedAction& failed : error.failed) {
        if (!failed.current || !is_isbn_claim(key_of(*failed.current)) || !entry.isbn)
            continue;
        const auto isbn = entry.isbn->hyphenated();
        const auto holder = claimed_book(*failed.current).value;
        const bool used = entry.condition.value == BookCondition::used;
        return failure(
            Errc::already_exists,
            fmt::format("El ISBN {} ({}) ya es del libro {}.", isbn, used ? "usado" : "nuevo", holder),
            fmt::format("The ISBN {} ({}) belongs to the book {} already.", isbn, used ? "used" : "new", holder));
    }
    return write_conflict(if_match);
}

} // namespace estante::books
