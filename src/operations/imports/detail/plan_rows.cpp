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

using Claims = std::vector<std::optional<Item>>;
using Outcome = RowPlan::Outcome;

// Half of a SHA-256 is enough to tell different rows apart.
std::string digest_of_text(std::string_view text)
{
    const Digest digest = sha256(text);
    return hex(std::span(digest).first(digest.size() / 2));
}

// Covers everything that the row says about the book itself. on_hand is left out because it only applies when the book
// is created.
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

std::optional<Phrase> reason_to_refuse(const BookEntry& entry)
{
    if (entry.category.value.empty())
        return Phrase{"Falta la categoría: póngala en la fila o indique una en la importación («category»).",
                      "The category is missing: add it to the row or set one for the import (“category”)."};
    if (const auto allowed = books::check_entry(entry); !allowed)
        return allowed.error().faults.front().reason;
    return std::nullopt;
}

RowPlan refusal(Phrase reason)
{
    return {.outcome = Outcome::refused, .actions = {}, .reason = std::move(reason)};
}

RowPlan creation(const IdentifiedRow& identified, IdGenerator& ids, std::int64_t now_ms)
{
    const CatalogueRow& row = identified.row;
    const Book book{.id = ids.make<BookId>(),
                    .entry = row.entry,
                    .created_ms = now_ms,
                    .updated_ms = now_ms,
                    .source = identified.source};
    RowPlan plan{.outcome = Outcome::created};
    books::add_create_actions(plan.actions, book, {.on_hand = row.on_hand.value_or(0), .price = row.price});
    const Key claim = source_claim_key(book.source);
    for (Action& action : plan.actions) {
        if (Put& put = std::get<Put>(action); key_of(put.item) == claim)
            set_digest(put.item, identified.digest);
    }
    return plan;
}

RowPlan replacement(const IdentifiedRow& identified, const StockedBook& before, const Item& claim, std::int64_t now_ms)
{
    const CatalogueRow& row = identified.row;
    RowPlan plan;
    const auto price = row.price ? row.price : before.stock.price;
    const auto after = books::add_replace_actions(plan.actions, before, row.entry, price, std::nullopt, now_ms);
    plan.outcome = after ? Outcome::updated : Outcome::unchanged;
    Put claim_put{.table = Table::books, .item = claim, .conditions = {digest_is(digest_of(claim))}};
    set_digest(claim_put.item, identified.digest);
    plan.actions.emplace_back(std::move(claim_put));
    return plan;
}

// The claims of the rows for which `key_of` returns a key, and nothing for the others.
template <class KeyOf>
Task<Result<Claims>> read_claims(TenantItems& items, const std::vector<IdentifiedRow>& rows, KeyOf key_of)
{
    Claims claims(rows.size());
    std::vector<Key> keys;
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (auto key = key_of(i)) {
            keys.push_back(std::move(*key));
            positions.push_back(i);
        }
    }
    if (keys.empty())
        co_return claims;
    auto found = co_await items.batch_get(Table::books, std::move(keys));
    if (!found)
        co_return store_failure(found.error());
    for (std::size_t i = 0; i < positions.size(); ++i)
        claims[positions[i]] = std::move((*found)[i]);
    co_return claims;
}

} // namespace

IdentifiedRow identify_row(CatalogueRow row, const ImportDefaults& defaults)
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

Task<Result<std::vector<RowPlan>>> plan_rows(TenantItems& items, const std::vector<IdentifiedRow>& rows,
                                             IdGenerator& ids, std::int64_t now_ms)
{
    const auto sources = co_await read_claims(
        items, rows, [&](std::size_t i) { return std::optional(source_claim_key(rows[i].source)); });
    if (!sources)
        co_return std::unexpected(sources.error());
    const auto isbns = co_await read_claims(items, rows, [&](std::size_t i) -> std::optional<Key> {
        const BookEntry& entry = rows[i].row.entry;
        const bool is_unchanged = (*sources)[i] && digest_of(*(*sources)[i]) == rows[i].digest;
        if (is_unchanged || !entry.isbn)
            return std::nullopt;
        return isbn_claim_key(*entry.isbn, entry.condition.value);
    });
    if (!isbns)
        co_return std::unexpected(isbns.error());

    std::vector<RowPlan> plans(rows.size());
    std::vector<BookId> changed;
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& claim = (*sources)[i];
        const auto& isbn = (*isbns)[i];
        if (auto reason = reason_to_refuse(rows[i].row.entry)) {
            plans[i] = refusal(std::move(*reason));
        } else if (isbn && (!claim || claimed_book(*isbn) != claimed_book(*claim))) {
            plans[i] = refusal(books::isbn_in_use(rows[i].row.entry, claimed_book(*isbn)));
        } else if (!claim) {
            plans[i] = creation(rows[i], ids, now_ms);
        } else if (digest_of(*claim) != rows[i].digest) {
            changed.push_back(claimed_book(*claim));
            positions.push_back(i);
        }
    }
    const auto found = co_await read_book_items(items, changed);
    if (!found)
        co_return store_failure(found.error());
    for (std::size_t i = 0; i < positions.size(); ++i) {
        // If a book is deleted between the two reads, so is its claim. The transaction then fails, and the row is
        // planned again alone.
        const auto& book = (*found)[i];
        const auto& identified = rows[positions[i]];
        plans[positions[i]] = book
                                  ? replacement(identified, stocked_book_from(*book), *(*sources)[positions[i]], now_ms)
                                  : creation(identified, ids, now_ms);
    }
    co_return plans;
}

} // namespace estante::imports
