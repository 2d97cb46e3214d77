"""Concurrency: no overselling, idempotency, durability of acknowledged writes."""

import concurrent.futures
import threading

from estante import Client, Server, problem


def run_concurrently(actions):
    """Runs the actions on threads that start together; returns their results in order."""
    barrier = threading.Barrier(len(actions))

    def start(action):
        barrier.wait()
        return action()

    with concurrent.futures.ThreadPoolExecutor(len(actions)) as pool:
        return [done.result() for done in [pool.submit(start, action) for action in actions]]


def set_copies(manager, book, copies):
    stock = manager.get(f"/v1/books/{book}/stock")
    assert manager.put(f"/v1/books/{book}/stock", {"on_hand": copies}, headers={"If-Match": stock.headers["ETag"]}).status_code == 200


def on_hand(manager, book):
    return manager.get(f"/v1/books/{book}/stock").json()["on_hand"]


def shoppers(server, count, book, quantity=1):
    """Registered customers with the book in their carts."""

    def one():
        client = Client(server, "goodbooks").register()
        assert client.post("/v1/cart/items", {"book_id": book, "quantity": quantity}).status_code == 200
        return client

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: one(), range(count)))


def test_200_buyers_of_50_copies_do_not_oversell(server, shop):
    manager = shop.as_manager()
    book = shop.books()[0]["book_id"]
    set_copies(manager, book, 50)
    responses = run_concurrently([lambda client=client: client.post("/v1/purchases") for client in shoppers(server, 200, book)])
    sold = [response for response in responses if response.status_code == 201]
    for response in responses:
        if response.status_code != 201:
            problem(response, 409, "out_of_stock")
    assert len(sold) == 50
    assert on_hand(manager, book) == 0
    assert len({response.json()["number"] for response in sold}) == 50


def test_one_of_two_buyers_gets_the_last_copy(server, shop):
    manager = shop.as_manager()
    book = shop.books()[0]["book_id"]
    for _ in range(5):
        set_copies(manager, book, 1)
        responses = run_concurrently([lambda client=client: client.post("/v1/purchases") for client in shoppers(server, 2, book)])
        assert sorted(response.status_code for response in responses) == [201, 409]
        assert on_hand(manager, book) == 0


def test_concurrent_checkouts_with_one_idempotency_key_create_one_purchase(server, shop):
    manager = shop.as_manager()
    book = shop.books()[0]["book_id"]
    set_copies(manager, book, 10)
    (client,) = shoppers(server, 1, book)
    responses = run_concurrently([lambda: client.post("/v1/purchases", headers={"Idempotency-Key": "click"}) for _ in range(8)])
    assert {response.status_code for response in responses} == {201}
    assert len({response.json()["purchase_id"] for response in responses}) == 1
    assert sum("Idempotent-Replayed" in response.headers for response in responses) == 7
    assert on_hand(manager, book) == 9
    assert len(client.get("/v1/purchases").json()["items"]) == 1

    other = client.post("/v1/purchases", {"expected_total": 1}, headers={"Idempotency-Key": "click"})
    problem(other, 422, "idempotency_mismatch")
    problem(client.post("/v1/purchases", headers={"Idempotency-Key": "click me"}), 400, "invalid")


def test_concurrent_checkouts_without_a_key_create_one_purchase(server, shop):
    book = shop.books()[0]["book_id"]
    (client,) = shoppers(server, 1, book)
    responses = run_concurrently([lambda: client.post("/v1/purchases") for _ in range(4)])
    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409]


def test_concurrent_stock_adjustments_are_not_lost(shop):
    manager = shop.as_manager()
    book = shop.books()[0]["book_id"]
    set_copies(manager, book, 100)
    clients = [shop.as_manager() for _ in range(8)]
    responses = run_concurrently([
        lambda c=c: [c.post(f"/v1/books/{book}/stock/adjustments", {"delta": -1, "reason": "count"}) for _ in range(5)]
        for c in clients])
    done = sum(response.status_code == 201 for batch in responses for response in batch)
    assert done > 0
    assert on_hand(manager, book) == 100 - done
    problem(manager.post(f"/v1/books/{book}/stock/adjustments", {"delta": -1000, "reason": "x"}), 409, "out_of_stock")


def test_kill_during_checkouts_loses_no_acknowledged_purchase(binary, shop_folder):
    server = Server(binary, shop_folder).start()
    shop = Client(server, "goodbooks")
    book = shop.books()[0]["book_id"]
    manager = shop.as_manager()
    set_copies(manager, book, 10_000)
    clients = shoppers(server, 8, book)
    acknowledged = []
    enough = threading.Event()

    def buy(client):
        while True:
            try:
                bought = client.post("/v1/purchases", check=False)
                if bought.status_code == 201:
                    acknowledged.append((client, bought.json()["purchase_id"]))
                    if len(acknowledged) >= 100:
                        enough.set()
                client.post("/v1/cart/items", {"book_id": book}, check=False)
            except OSError:
                return

    threads = [threading.Thread(target=buy, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    server.kill()
    for thread in threads:
        thread.join(30)

    server = Server(binary, shop_folder).start()
    for client in (*clients, manager):
        client.server = server
    for client, purchase in acknowledged:
        assert client.get(f"/v1/purchases/{purchase}").status_code == 200
    sold = 0
    for client in clients:
        cursor = None
        while True:
            page = client.get("/v1/purchases?limit=100" + (f"&cursor={cursor}" if cursor else "")).json()
            sold += len(page["items"])
            if not (cursor := page["next_cursor"]):
                break
    assert len(acknowledged) <= sold <= len(acknowledged) + len(clients)
    assert on_hand(manager, book) == 10_000 - sold  # every copy sold has exactly one purchase
    assert server.stop() == 0
