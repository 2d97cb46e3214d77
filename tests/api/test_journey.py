"""A customer's way through a shop, on the real catalogue, across a restart of the server."""

from estante import Client, Server, eventually, problem


def test_from_registration_to_history_across_a_restart(binary, shop_folder):
    server = Server(binary, shop_folder).start()
    reader = Client(server, "goodbooks").register("ana@example.com")
    profile = reader.get("/v1/users/me")
    assert profile.status_code == 200
    assert profile.json()["email"] == "ana@example.com"
    assert profile.json()["role"] == "customer"

    found = reader.get("/v1/books/search?q=hunger+games&in_stock=true").json()
    assert found["total"] >= 3
    book = found["items"][0]
    assert "Hunger Games" in book["title"]
    manager = reader.as_manager()
    before = manager.get(f"/v1/books/{book['book_id']}/stock").json()["on_hand"]

    cart = reader.post("/v1/cart/items", {"book_id": book["book_id"], "quantity": 1})
    assert cart.status_code == 200, cart.text
    assert server.stop() == 0

    server = Server(binary, shop_folder).start()
    reader.server = manager.server = server
    cart = reader.get("/v1/cart").json()
    assert [line["book_id"] for line in cart["items"]] == [book["book_id"]]

    bought = reader.post("/v1/purchases", {"expected_total": cart["total"], "delivery": {"method": "collect"}})
    assert bought.status_code == 201, bought.text
    assert bought.headers["Location"] == f"/v1/purchases/{bought.json()['purchase_id']}"
    assert bought.json()["total_amount"] == book["price"]
    assert bought.json()["status"] == "placed"

    history = reader.get("/v1/purchases").json()["items"]
    assert [purchase["purchase_id"] for purchase in history] == [bought.json()["purchase_id"]]
    assert reader.get(bought.headers["Location"]).json() == bought.json()
    assert reader.get("/v1/cart").json()["items"] == []
    assert manager.get(f"/v1/books/{book['book_id']}/stock").json()["on_hand"] == before - 1
    assert server.stop() == 0


def test_a_guest_fills_a_cart_and_keeps_it_when_registering(shop):
    book = shop.books()[0]
    added = shop.post("/v1/cart/items", {"book_id": book["book_id"], "quantity": 2})
    shop.cart_token = added.headers["X-Cart-Token"]
    assert shop.get("/v1/cart").json()["items"][0]["quantity"] == 2

    stranger = Client(shop.server, "goodbooks")
    assert stranger.get("/v1/cart").json()["items"] == []

    shop.register()
    shop.cart_token = None
    assert shop.get("/v1/cart").json()["items"][0]["quantity"] == 2


def test_a_manager_runs_the_shop(libreria):
    manager = libreria.as_manager()
    made = manager.post("/v1/books", {"title": "El libro de arena", "contributors": [{"name": "Jorge Luis Borges"}],
                                      "category": "Cuentos", "isbn": "978-84-206-3312-1", "price": 12.5, "language": "es"})
    assert made.status_code == 201, made.text
    book = made.json()
    assert book["isbn"] == "9788420633121"
    path = made.headers["Location"]
    assert libreria.get("/v1/books/isbn/84-206-3312-7").json()["book_id"] == book["book_id"]

    stock = manager.get(f"{path}/stock")
    counted = manager.put(f"{path}/stock", {"on_hand": 5}, headers={"If-Match": stock.headers["ETag"]})
    assert counted.json()["on_hand"] == 5
    adjusted = manager.post(f"{path}/stock/adjustments", {"delta": -2, "reason": "damaged in transport"})
    assert adjusted.json()["on_hand"] == 3

    found = lambda: [hit["book_id"] for hit in libreria.get("/v1/books/search?q=borges+arena").json()["items"]]
    eventually(lambda: found()[:1] == [book["book_id"]])
    etag = libreria.get(path).headers["ETag"]
    changed = manager.patch(path, {"price": 13.9}, headers={"If-Match": etag})
    assert changed.json()["price"] == 13.9 and changed.headers["ETag"] != etag
    stale = manager.patch(path, {"price": 11}, headers={"If-Match": etag})
    assert stale.status_code == 412
    assert libreria.get(path).json()["price"] == 13.9

    assert manager.delete(path).status_code == 204
    assert libreria.get(path).status_code == 404
    eventually(lambda: book["book_id"] not in found())


def test_purchases_go_through_their_states(shop):
    reader = Client(shop.server, "goodbooks").register()
    book = shop.books()[0]
    reader.post("/v1/cart/items", {"book_id": book["book_id"]})
    purchase = reader.post("/v1/purchases").json()
    manager = shop.as_manager()
    status = f"/v1/purchases/{purchase['purchase_id']}/status"
    assert manager.put(status, {"status": "paid"}).json()["status"] == "paid"
    assert manager.put(status, {"status": "collected"}).status_code == 409
    assert manager.put(status, {"status": "ready"}).json()["status"] == "ready"

    before = manager.get(f"/v1/books/{book['book_id']}/stock").json()["on_hand"]
    cancelled = reader.post(f"/v1/purchases/{purchase['purchase_id']}/cancel")
    assert cancelled.json()["status"] == "cancelled"
    assert manager.get(f"/v1/books/{book['book_id']}/stock").json()["on_hand"] == before + 1
    assert reader.post(f"/v1/purchases/{purchase['purchase_id']}/cancel").status_code == 409
    assert manager.put(status, {"status": "refunded"}).json()["status"] == "refunded"
    assert manager.get("/v1/purchases?status=refunded").json()["items"][0]["purchase_id"] == purchase["purchase_id"]


def test_an_operator_opens_suspends_and_reopens_a_shop(server):
    operator = Client(server, "operator").login("operator@example.com")
    body = {"tenant_id": "acme", "name": "Acme", "manager_email": "boss@example.com", "language": "en", "currency": "EUR",
            "vat_rate": 4}
    made = operator.post("/v1/tenants", body)
    assert made.status_code == 201, made.text
    assert operator.post("/v1/tenants", body).status_code == 409

    boss = Client(server, "acme")
    welcome = boss.post("/v1/users/accept-invitation",
                        {"tenant_id": "acme", "invitation": made.json()["invitation"], "password": "a good password"})
    assert welcome.status_code == 201, welcome.text
    boss.token = welcome.json()["token"]
    assert boss.get("/v1/users").json()["items"][0]["role"] == "manager"
    again = Client(server, "acme").post("/v1/users/accept-invitation", {
        "tenant_id": "acme", "invitation": made.json()["invitation"], "password": "a good password"})
    problem(again, 404, "not_found")

    assert operator.post("/v1/tenants/acme/suspend").status_code == 200
    assert boss.get("/v1/users/me").status_code == 403
    assert Client(server, "acme").get("/v1/shop").status_code == 403
    assert operator.post("/v1/tenants/acme/resume").status_code == 200
    assert boss.get("/v1/users/me").status_code == 200
    assert boss.get("/v1/tenants").status_code == 403


def test_a_double_click_on_open_is_one_shop(server):
    operator = Client(server, "operator").login("operator@example.com")
    body = {"tenant_id": "acme", "name": "Acme", "manager_email": "boss@example.com"}
    made, again = (operator.post("/v1/tenants", body, headers={"Idempotency-Key": "once"}) for _ in range(2))
    assert (made.status_code, again.status_code) == (201, 201), again.text
    assert again.headers["Idempotent-Replayed"] == "true" and again.json()["tenant"] == made.json()["tenant"]


def test_a_catalogue_is_imported_over_http(libreria):
    manager = libreria.as_manager()
    csv = "title,contributors,category,price,stock,source_id\r\n" \
          "La busca,Pío Baroja,Novela,9.95,3,b-1\r\n" \
          ",Nadie,Novela,1.00,1,b-2\r\n"
    started = manager.post("/v1/imports", data=csv.encode(), headers={"Content-Type": "text/csv", "Idempotency-Key": "i1"})
    assert started.status_code == 202, started.text
    path = started.headers["Location"]
    done = eventually(lambda: (lambda job: job if job["status"] in ("done", "failed") else None)(manager.get(path).json()))
    assert (done["status"], done["created"], done["refused"]) == ("done", 1, 1), done
    assert manager.get(f"{path}/refused-rows").json()["items"][0]["row"] == 2
    refused = manager.get(f"{path}/refused-rows.csv", headers={"Accept": "text/csv"})
    assert refused.text.startswith("row,subject,reason_es,reason_en\r\n2,")
    again = manager.post("/v1/imports", data=csv.encode(), headers={"Content-Type": "text/csv", "Idempotency-Key": "i1"})
    assert again.headers["Idempotent-Replayed"] == "true" and again.headers["Location"] == path
    eventually(lambda: libreria.get("/v1/books/search?q=baroja+busca").json()["total"] >= 1)
