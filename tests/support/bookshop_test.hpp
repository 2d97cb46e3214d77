// Two shops in memory, and a search index that a test updates when it wants.
#pragma once

#include "adapters/search/embedded_search.hpp"
#include "operations/books/create_book.hpp"
#include "operations/books/delete_book.hpp"
#include "operations/books/get_book.hpp"
#include "operations/books/get_stock.hpp"
#include "operations/books/set_stock.hpp"
#include "operations/books/update_book.hpp"
#include "processors/search/books_stream.hpp"
#include "records/idempotency_records.hpp"
#include "records/tenants.hpp"
#include "support/store_test.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace estante {

class BookshopTest : public StoreTest {
protected:
    std::unique_ptr<SearchIndex> index = search::create_search_index();
    TenantItems items = items_of("acme");
    Caller manager = caller_in("acme", Caller::Kind::manager);
    Caller customer = caller_in("acme", Caller::Kind::customer);

    void SetUp() override
    {
        given_shop("acme");
        given_shop("northwind");
    }

    Caller caller_in(const std::string& tenant, Caller::Kind kind)
    {
        Caller caller;
        caller.tenant = {tenant};
        caller.kind = kind;
        if (kind == Caller::Kind::guest)
            caller.guest = ids.make<GuestId>();
        else if (kind != Caller::Kind::anyone)
            caller.user = ids.make<UserId>();
        return caller;
    }

    void given_shop(const std::string& tenant, TenantSettings settings = {.name = {"Librería"}, .delivery = {}})
    {
        const Tenant shop{.id = {tenant}, .settings = std::move(settings)};
        run(memory->items().put({.table = Table::users, .item = to_item(shop)})).value();
    }

    static BookEntry entry(std::string title, std::string category = "Novela", std::string author = "Ana María Matute")
    {
        BookEntry entry;
        entry.title = {std::move(title)};
        entry.category = {std::move(category)};
        entry.contributors = {{.name = {std::move(author)}, .role = {}}};
        return entry;
    }

    template <std::int64_t Min, std::int64_t Max> static Int<Min, Max> whole(std::int64_t value)
    {
        Int<Min, Max> limited;
        limited.value = value;
        return limited;
    }

    static books::CreateBook new_book(BookEntry entry, std::optional<Money> price = Money{20'00},
                                      std::int64_t on_hand = 10)
    {
        books::CreateBook request;
        static_cast<BookEntry&>(request) = std::move(entry);
        request.price = price;
        request.on_hand.value.value = on_hand;
        return request;
    }

    Result<books::BookView> create(const books::CreateBook& request, const std::string& tenant = "acme",
                                   IdempotencyGuard<books::BookView> idempotency = {})
    {
        auto for_tenant = items_of(tenant);
        return run(
            books::create_book(caller_in(tenant, Caller::Kind::manager), request, for_tenant, clock, ids, idempotency));
    }
    books::BookView given_book(std::string title, std::optional<Money> price = Money{20'00}, std::int64_t on_hand = 10)
    {
        return create(new_book(entry(std::move(title)), price, on_hand)).value();
    }
    Result<books::BookView> book(const BookId& id) { return run(books::get_book(customer, {id}, items)); }
    books::StockView stock(const BookId& id) { return run(books::get_stock(manager, {id}, items)).value(); }
    void set_price(const BookId& id, std::optional<Money> price)
    {
        books::UpdateBook request{.book_id = id};
        request.price = price;
        run(books::update_book(manager, request, items, clock)).value();
    }
    void set_on_hand(const BookId& id, std::int64_t on_hand)
    {
        books::SetStock request{.book_id = id, .if_match = {stock(id).etag()}, .on_hand = {}};
        request.on_hand.value = on_hand;
        run(books::set_stock(manager, request, items)).value();
    }
    void delete_book(const BookId& id) { run(books::delete_book(manager, {id, std::nullopt}, items)).value(); }

    // The record that the gateway makes of a request with this Idempotency-Key.
    template <class Response> IdempotencyGuard<Response> idempotency(const std::string& key)
    {
        return IdempotencyGuard<Response>([key](const Response&) {
            const Key record = idempotency_key("user_x", key);
            return Item{{"pk", record.pk}, {"sk", record.sk}};
        });
    }

    // Updates the search index with everything that was committed.
    void update_index()
    {
        auto changes = run(memory->changes().next("books_stream", 1000)).value();
        while (!changes.empty()) {
            const auto position = changes.back().position;
            EXPECT_TRUE(run(books_stream(all, *index, std::move(changes))).value().empty());
            run(memory->changes().acknowledge("books_stream", position)).value();
            changes = run(memory->changes().next("books_stream", 1000)).value();
        }
    }

    std::vector<std::string> sort_keys_of(const std::string& partition, Table table = Table::books)
    {
        std::vector<std::string> keys;
        for (const Item& item : run(items.query({.table = table, .partition = partition})).value().items)
            keys.push_back(key_of(item).sk);
        return keys;
    }
};

inline Isbn isbn(std::string_view text)
{
    return Isbn::parse(text).value();
}

} // namespace estante
