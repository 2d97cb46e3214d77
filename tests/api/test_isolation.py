"""No shop sees another: a foreign id answers exactly like one that never existed."""

from estante import Client

# What may differ between two answers to the same kind of nothing.
OF_EACH_REQUEST = {"x-request-id", "date"}


def comparable(response):
    body = response.json()
    body.pop("trace_id")
    headers = {name.lower(): value for name, value in response.headers.items() if name.lower() not in OF_EACH_REQUEST}
    return response.status_code, body, headers


def foreign_things(server):
    """Ids of things in goodbooks."""
    reader = Client(server, "goodbooks").login()
    book = reader.books()[0]["book_id"]
    reader.post("/v1/cart/items", {"book_id": book})
    purchase = reader.post("/v1/purchases").json()["purchase_id"]
    user = reader.get("/v1/users/me").json()["user_id"]
    manager = reader.as_manager()
    started = manager.post("/v1/imports", data=b"title,category\r\nA,B\r\n", headers={"Content-Type": "text/csv"})
    return {"book_id": book, "purchase_id": purchase, "user_id": user, "import_id": started.json()["import_id"]}


def requests_for(ids):
    yield "GET", f"/v1/books/{ids['book_id']}", None
    yield "PATCH", f"/v1/books/{ids['book_id']}", {"title": "mine"}
    yield "DELETE", f"/v1/books/{ids['book_id']}", None
    yield "GET", f"/v1/books/{ids['book_id']}/stock", None
    yield "POST", f"/v1/books/{ids['book_id']}/stock/adjustments", {"delta": 1, "reason": "x"}
    yield "POST", "/v1/cart/items", {"book_id": ids["book_id"]}
    yield "PUT", f"/v1/cart/items/{ids['book_id']}", {"quantity": 1}
    yield "GET", f"/v1/purchases/{ids['purchase_id']}", None
    yield "POST", f"/v1/purchases/{ids['purchase_id']}/cancel", {}
    yield "PUT", f"/v1/purchases/{ids['purchase_id']}/status", {"status": "paid"}
    yield "GET", f"/v1/users/{ids['user_id']}", None
    yield "PUT", f"/v1/users/{ids['user_id']}/role", {"role": "manager"}
    yield "GET", f"/v1/imports/{ids['import_id']}", None
    yield "GET", f"/v1/imports/{ids['import_id']}/refused-rows", None


def test_a_foreign_id_is_like_one_that_never_existed(server):
    ids = foreign_things(server)
    never = {name: value[:-4] + ("0000" if value[-4:] != "0000" else "0001") for name, value in ids.items()}
    stranger = Client(server, "libreria").login("manager@example.com")
    own = Client(server, "goodbooks").login("manager@example.com")
    for (method, path, body), (_, other, other_body) in zip(requests_for(ids), requests_for(never)):
        foreign = stranger.request(method, path, body)
        absent = stranger.request(method, other, other_body)
        assert foreign.status_code == 404, (method, path, foreign.text)
        assert comparable(foreign) == comparable(absent), (method, path)
        if method == "GET":  # it is there for its own shop, so the 404 means something
            assert own.request(method, path).status_code == 200, path


def test_another_customers_purchase_is_not_there_either(server):
    ids = foreign_things(server)
    other = Client(server, "goodbooks").register()
    assert other.get(f"/v1/purchases/{ids['purchase_id']}").status_code == 404
    assert other.post(f"/v1/purchases/{ids['purchase_id']}/cancel").status_code == 404
    assert other.get("/v1/purchases").json()["items"] == []


def test_the_same_email_is_two_people_in_two_shops(server):
    first = Client(server, "goodbooks").register("same@example.com")
    second = Client(server, "libreria").register("same@example.com")
    assert first.get("/v1/users/me").json()["user_id"] != second.get("/v1/users/me").json()["user_id"]


def test_search_and_lists_stay_within_the_shop(server):
    spanish = Client(server, "libreria")
    english = Client(server, "goodbooks")
    assert english.get("/v1/books/search?q=hunger+games").json()["total"] >= 3
    assert spanish.get("/v1/books/search?q=hunger+games").json()["total"] == 0
    assert spanish.get("/v1/books/suggest?prefix=the+hunger").json()["items"] == []
    book = english.books()[0]["book_id"]
    assert spanish.get(f"/v1/books?ids={book}").json()["items"] == []


def test_a_cart_token_of_another_shop_is_refused(server):
    guest = Client(server, "goodbooks")
    added = guest.post("/v1/cart/items", {"book_id": guest.books()[0]["book_id"]})
    thief = Client(server, "libreria")
    thief.cart_token = added.headers["X-Cart-Token"]
    assert thief.get("/v1/cart").status_code == 401
    thief.tenant = "goodbooks"
    thief.cart_token = added.headers["X-Cart-Token"].split(".")[0] + "." + "A" * 22
    assert thief.get("/v1/cart").status_code == 401
