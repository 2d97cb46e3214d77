"""Many at once: nothing is sold twice, nothing is done twice, nothing acknowledged is lost."""

import concurrent.futures
import threading

from estante import Client, Server, problem


def at_once(actions):
    """Runs them on threads that begin together; answers their results in order."""
    barrier = threading.Barrier(len(actions))

    def begin(action):
        barrier.wait()
        return action()

    with concurrent.futures.ThreadPoolExecutor(len(actions)) as pool:
        return [done.result() for done in [pool.submit(begin, action) for action in actions]]


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


def test_two_hundred_buyers_of_fifty_copies(server, shop):
    manager = shop.as_manager()
    book = shop.books()[0]["book_id"]
    set_copies(manager, book, 50)
    answers = at_once([lambda client=client: client.post("/v1/purchases") for client in shoppers(server, 200, book)])
    sold = [answer for answer in answers if answer.status_code == 201]
    for answer in answers:
        if answer.status_code != 201:
            problem(answer, 409, "out_of_stock")
    assert len(sold) == 50
    assert on_hand(manager, book) == 0
    assert len({answer.json()["number"] for answer in sold}) == 50


def test_two_buyers_of_the_last_copy(server, shop):
    manager = shop.as_manager()
    book = shop.books()[0]["book_id"]
    for _ in range(5):
        set_copies(manager, book, 1)
        answers = at_once([lambda client=client: client.post("/v1/purchases") for client in shoppers(server, 2, book)])
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        assert on_hand(manager, book) == 0


def test_a_double_click_on_buy_is_one_purchase(server, shop):
    manager = shop.as_manager()
    book = shop.books()[0]["book_id"]
    set_copies(manager, book, 10)
    (client,) = shoppers(server, 1, book)
    answers = at_once([lambda: client.post("/v1/purchases", headers={"Idempotency-Key": "click"}) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["purchase_id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 7
    assert on_hand(manager, book) == 9
    assert len(client.get("/v1/purchases").json()["items"]) == 1

    other = client.post("/v1/purchases", {"expected_total": 1}, headers={"Idempotency-Key": "click"})
    problem(other, 422, "idempotency_mismatch")
    problem(client.post("/v1/purchases", headers={"Idempotency-Key": "click me"}), 400, "invalid")


def test_without_a_key_a_double_click_still_buys_once(server, shop):
    book = shop.books()[0]["book_id"]
    (client,) = shoppers(server, 1, book)
    answers = at_once([lambda: client.post("/v1/purchases") for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


def test_adjustments_are_never_lost(shop):
    manager = shop.as_manager()
    book = shop.books()[0]["book_id"]
    set_copies(manager, book, 100)
    clients = [shop.as_manager() for _ in range(8)]
    answers = at_once([lambda c=c: [c.post(f"/v1/books/{book}/stock/adjustments", {"delta": -1, "reason": "count"}) for _ in range(5)]
                       for c in clients])
    done = sum(answer.status_code == 201 for batch in answers for answer in batch)
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
    assert on_hand(manager, book) == 10_000 - sold  # no copy left without a purchase, none sold twice
    assert server.stop() == 0
