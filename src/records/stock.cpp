#include "records/stock.hpp"

#include "records/item_attributes.hpp"

namespace estante {

namespace {

// Changes on_hand. Fails unless the transition to or from sold out (on_hand 0) is the same as computed from the stock
// that was read.
Update copies_update(const BookId& book, const Stock& seen, std::int64_t change)
{
    Update update{.table = Table::books, .key = stock_key(book), .add = {{"on_hand", change}, {"version", 1}}};
    const std::int64_t then = seen.on_hand + change;
    if ((seen.on_hand == 0) != (then == 0)) {
        update.add.emplace_back("availability_version", 1);
        update.conditions.emplace_back(Equals{"on_hand", seen.on_hand});
    } else {
        update.conditions.emplace_back(AtLeast{"on_hand", change < 0 ? 1 - change : 1});
    }
    return update;
}

Map adjustment_value(const Adjustment& adjustment)
{
    return {{"delta", adjustment.delta},
            {"reason", adjustment.reason},
            {"user_id", adjustment.user_id.value},
            {"at", time_value(adjustment.at_ms)}};
}

Adjustment adjustment_from(const Map& map)
{
    return {.delta = int_at(map, "delta"),
            .reason = text_at(map, "reason"),
            .user_id = parsed_at<UserId>(map, "user_id"),
            .at_ms = time_at(map, "at")};
}

} // namespace

Key stock_key(const BookId& book)
{
    return {book.value, "STOCK"};
}

bool is_stock(const Key& key)
{
    return key.pk.starts_with(BookId::prefix) && key.sk == "STOCK";
}

Item to_item(const StockRecord& record)
{
    const Stock& stock = record.stock;
    Key key = stock_key(record.book_id);
    Item item{{"pk", std::move(key.pk)},
              {"sk", std::move(key.sk)},
              {"book_id", record.book_id.value},
              {"on_hand", stock.on_hand},
              {"availability_version", stock.availability_version},
              {"version", stock.version}};
    if (stock.price)
        item.emplace("price", Number::hundredths(stock.price->cents));
    if (record.isbn)
        item.emplace("isbn", record.isbn->value);
    if (record.adjustment)
        item.emplace("adjustment", adjustment_value(*record.adjustment));
    return item;
}

StockRecord stock_from(const Item& item)
{
    StockRecord record{.book_id = parsed_at<BookId>(item, "book_id"),
                       .stock = {.on_hand = int_at(item, "on_hand"),
                                 .price = std::nullopt,
                                 .availability_version = int_at(item, "availability_version"),
                                 .version = int_at(item, "version")},
                       .isbn = optional_parsed_at<Isbn>(item, "isbn")};
    if (const auto cents = optional_hundredths_at(item, "price"))
        record.stock.price = Money{*cents};
    if (find(item, "adjustment"))
        record.adjustment = adjustment_from(map_at(item, "adjustment"));
    return record;
}

Update sale_update(const BookId& book, const Stock& seen, Money price, std::int64_t copies)
{
    Update update = copies_update(book, seen, -copies);
    update.conditions.emplace_back(Equals{"price", Number::hundredths(price.cents)});
    return update;
}

Update arrival_update(const BookId& book, const Stock& seen, std::int64_t copies)
{
    return copies_update(book, seen, copies);
}

Update loss_update(const BookId& book, const Stock& seen, std::int64_t copies)
{
    return copies_update(book, seen, -copies);
}

Update count_update(const BookId& book, const Stock& seen, std::int64_t on_hand)
{
    const Stock then = with_on_hand(seen, on_hand);
    return {.table = Table::books,
            .key = stock_key(book),
            .set = {{"on_hand", then.on_hand},
                    {"version", then.version},
                    {"availability_version", then.availability_version}},
            .conditions = {VersionIs{seen.version}}};
}

Update stock_update(const BookId& book)
{
    return {.table = Table::books, .key = stock_key(book), .add = {{"version", 1}}, .conditions = {Present{}}};
}

void set_price(Update& change, const Stock& seen, std::optional<Money> price)
{
    if (seen.price)
        change.conditions.emplace_back(Equals{"price", Number::hundredths(seen.price->cents)});
    else
        change.conditions.emplace_back(Lacks{"price"});
    change.add.emplace_back("availability_version", 1);
    if (price)
        change.set.emplace_back("price", Number::hundredths(price->cents));
    else
        change.remove.emplace_back("price");
}

void set_isbn(Update& change, const std::optional<Isbn>& isbn)
{
    if (isbn)
        change.set.emplace_back("isbn", isbn->value);
    else
        change.remove.emplace_back("isbn");
}

void set_adjustment(Update& change, const Adjustment& adjustment)
{
    change.set.emplace_back("adjustment", adjustment_value(adjustment));
}

Condition availability_is(std::int64_t availability_version)
{
    return Equals{"availability_version", availability_version};
}

Stock with_on_hand(Stock seen, std::int64_t on_hand)
{
    if ((seen.on_hand == 0) != (on_hand == 0))
        ++seen.availability_version;
    ++seen.version;
    seen.on_hand = on_hand;
    return seen;
}

Stock with_price(Stock seen, std::optional<Money> price)
{
    ++seen.availability_version;
    ++seen.version;
    seen.price = price;
    return seen;
}

} // namespace estante
