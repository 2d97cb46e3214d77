#include "operations/imports/detail/plan_rows.hpp"

#include "codec/digest.hpp"
#include "codec/json.hpp"
#include "operations/books/detail/book_changes.hpp"
#include "records/books.hpp"
#include "records/books_with_stock.hpp"
#include "records/store_failure.hpp"

#include <fmt/format.h>

namespace estante::imports {

namespace {

using Found = std::vector<std::optional<Item>>;
using Outcome = RowPlan::Outcome;

// Half of a SHA-256: enough to tell what differs by accident.
std::string digest_of_text(std::string_view text)
{
    const Digest digest = sha256(text);
    return hex(std::span(digest).first(digest.size() / 2));
}

// Everything that the row says about the book itself; on_hand is about a moment.
std::string digest_of_row(const CatalogueRow& row)
{
    Item item = to_item(Book{.id = {}, .entry = row.entry});
    item.insert_or_assign("price", row.price ? Value(Number::hundredths(row.price->cents)) : Value());
    return digest_of_text(json::to_text(Value(std::move(item))));
}

std::string id_of_row(const CatalogueRow& row)
{
    if (!row.source_id.empty())
        return row.source_id;
    const BookEntry& entry = row.entry;
    if (entry.isbn)
        return fmt::format("isbn-{}-{}", entry.isbn->value,
                           entry.condition.value == BookCondition::used ? "used" : "new");
    std::string text = entry.title.value;
    for (const Contributor& contributor : entry.contributors)
        (text += '\n') += contributor.name.value;
    return "text-" + digest_of_text(text);
}

Phrase isbn_taken(const BookEntry& entry, const BookId& holder)
{
    const bool used = entry.condition.value == BookCondition::used;
    return {fmt::format("El ISBN {} ({}) ya es del libro {}.", entry.isbn->hyphenated(), used ? "usado" : "nuevo",
                        holder.value),
            fmt::format("The ISBN {} ({}) belongs to the book {} already.", entry.isbn->hyphenated(),
                        used ? "used" : "new", holder.value)};
}

std::optional<Phrase> reason_to_refuse(const BookEntry& entry)
{
    if (entry.category.value.empty())
        return Phrase{"Falta la categoría, y la importación no da ninguna por omisión.",
                      "The category is missing, and the import names none for such rows."};
    if (const auto allowed = books::check(entry); !allowed)
        return allowed.error().faults.front().reason;
    return std::nullopt;
}

RowPlan refused(Phrase reason)
{
    return {.outcome = Outcome::refused, .actions = {}, .reason = std::move(reason)};
}

RowPlan creation(const IdentifiedRow& incoming, Ids& ids, std::int64_t now_ms)
{
    const CatalogueRow& row = incoming.row;
    const Book book{.id = ids.make<BookId>(),
                    .entry = row.entry,
                    .created_ms = now_ms,
                    .updated_ms = now_ms,
                    .source = incoming.source};
    RowPlan step{.outcome = Outcome::created};
    books::add_create_actions(step.actions, book, {.on_hand = row.on_hand.value_or(0), .price = row.price});
    const Key claim = source_claim_key(book.source);
    for (Action& action : step.actions) {
        if (Put& put = std::get<Put>(action); key_of(put.item) == claim)
            set_digest(put.item, incoming.digest);
    }
    return step;
}

RowPlan replacement(const IdentifiedRow& incoming, const StockedBook& before, const Item& claim, std::int64_t now_ms)
{
    const CatalogueRow& row = incoming.row;
    RowPlan step;
    const auto price = row.price ? row.price : before.stock.price;
    const auto after = books::add_replace_actions(step.actions, before, row.entry, price, std::nullopt, now_ms);
    step.outcome = after ? Outcome::updated : Outcome::unchanged;
    Put remembered{.table = Table::books, .item = claim, .conditions = {digest_is(digest_of(claim))}};
    set_digest(remembered.item, incoming.digest);
    step.actions.emplace_back(std::move(remembered));
    return step;
}

// Claims of the rows for which `key_of` names one; nothing in the places of the others.
template <class KeyOf>
Task<Result<Found>> read_claims(TenantItems& items, const std::vector<IdentifiedRow>& rows, KeyOf key_of)
{
    Found claims(rows.size());
    std::vector<Key> keys;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (auto key = key_of(i)) {
            keys.push_back(std::move(*key));
            places.push_back(i);
        }
    }
    if (keys.empty())
        co_return claims;
    auto found = co_await items.batch_get(Table::books, std::move(keys));
    if (!found)
        co_return store_failure(found.error());
    for (std::size_t i = 0; i < places.size(); ++i)
        claims[places[i]] = std::move((*found)[i]);
    co_return claims;
}

} // namespace

IdentifiedRow incoming(CatalogueRow row, const ImportDefaults& defaults)
{
    if (row.entry.category.value.empty() && defaults.category)
        row.entry.category = *defaults.category;
    if (!row.price)
        row.price = defaults.price;
    if (!row.on_hand)
        row.on_hand = defaults.on_hand;
    const std::string_view source = defaults.source ? defaults.source->value : row.source;
    std::string name = fmt::format("{}:{}", source, id_of_row(row));
    std::string digest = digest_of_row(row);
    return {std::move(row), std::move(name), std::move(digest)};
}

Task<Result<std::vector<RowPlan>>> plan_rows(TenantItems& items, const std::vector<IdentifiedRow>& rows, Ids& ids,
                                             std::int64_t now_ms)
{
    const auto sources = co_await read_claims(
        items, rows, [&](std::size_t i) { return std::optional(source_claim_key(rows[i].source)); });
    if (!sources)
        co_return std::unexpected(sources.error());
    const auto isbns = co_await read_claims(items, rows, [&](std::size_t i) -> std::optional<Key> {
        const BookEntry& entry = rows[i].row.entry;
        const bool as_before = (*sources)[i] && digest_of(*(*sources)[i]) == rows[i].digest;
        if (as_before || !entry.isbn)
            return std::nullopt;
        return isbn_claim_key(*entry.isbn, entry.condition.value);
    });
    if (!isbns)
        co_return std::unexpected(isbns.error());

    std::vector<RowPlan> steps(rows.size());
    std::vector<BookId> changed;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& claim = (*sources)[i];
        const auto& isbn = (*isbns)[i];
        if (auto reason = reason_to_refuse(rows[i].row.entry)) {
            steps[i] = refused(std::move(*reason));
        } else if (isbn && (!claim || claimed_book(*isbn) != claimed_book(*claim))) {
            steps[i] = refused(isbn_taken(rows[i].row.entry, claimed_book(*isbn)));
        } else if (!claim) {
            steps[i] = creation(rows[i], ids, now_ms);
        } else if (digest_of(*claim) != rows[i].digest) {
            changed.push_back(claimed_book(*claim));
            places.push_back(i);
        }
    }
    const auto found = co_await read_book_items(items, changed);
    if (!found)
        co_return store_failure(found.error());
    for (std::size_t i = 0; i < places.size(); ++i) {
        // A book that went between the two reads took its claim with it: its row is planned again, alone.
        const auto& book = (*found)[i];
        const auto& incoming = rows[places[i]];
        steps[places[i]] = book ? replacement(incoming, stocked_book_from(*book), *(*sources)[places[i]], now_ms)
                                : creation(incoming, ids, now_ms);
    }
    co_return steps;
}

} // namespace estante::imports
