"""Each wrong request answers the problem that it should, and changes nothing."""

import base64
import hashlib
import hmac
import json
import sqlite3
import time

import pytest

import dynamodb
from estante import Client, faults, problem

JSON = {"Content-Type": "application/json"}


def dump(server):
    """Everything in the store except what processors write of their own accord, moments after what they count."""
    if dynamodb.ON_DYNAMODB:
        return dynamodb.digests(server.folder)
    with sqlite3.connect(f"file:{server.folder}/estante.db?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        rows = {}
        for table in ("books", "purchases", "users"):
            assert table in tables
            digest = hashlib.sha256()
            for row in database.execute(f"select * from {table} where pk not like '%#SUMMARY' and pk <> 'operator#STREAM' and sk not like 'COUNTED#%' order by pk, sk"):
                digest.update(repr(row).encode())
            rows[table] = digest.hexdigest()
        return rows


@pytest.fixture
def unchanged(server):
    """The store after the test is what it was when the test called this."""
    before = {}

    def begin():
        before.update(dump(server))

    yield begin
    assert before, "the test must say from when on nothing may change"
    assert dump(server) == before


def test_the_check_for_changes_sees_a_change(server, shop):
    before = dump(server)
    reader = Client(server, "goodbooks").login()
    logged_in = dump(server)
    assert logged_in != before
    reader.post("/v1/cart/items", {"book_id": shop.books()[0]["book_id"]})
    assert dump(server) != logged_in


def test_malformed_json_in_many_ways(shop, unchanged):
    reader = shop.login()
    unchanged()
    for data in (b"{", b"[]", b'{"book_id":', b'{"a":1}{"b":2}', b"\xff\xfe", b'{"title":"\xc3\x28"}', b'{"a":1,"a":2}',
                 b'{"quantity":1e400}', b"[" * 1000, b'"\\ud800"', b"\xef\xbb\xbf{}", b"nul", b'{"book_id":"a\\u0000b"}'):
        response = reader.post("/v1/cart/items", data=data, headers=JSON)
        problem(response, 400, "invalid")


def test_all_wrong_fields_are_reported_at_once(shop, unchanged):
    manager = shop.as_manager()
    unchanged()
    response = manager.post("/v1/books", {"title": "", "contributors": [{"name": 3}, {"nme": "x"}], "category": "a" * 101,
                                        "price": 29.999, "isbn": "123", "format": "scroll", "publication_year": "1999",
                                        "pages": 0, "colour": "red"})
    assert faults(response) == {
        "/title": "too_short", "/contributors/0/name": "wrong_type", "/contributors/1/name": "required",
        "/contributors/1/nme": "unknown_field", "/category": "too_long", "/price": "too_many_decimals", "/isbn": "bad_format",
        "/format": "not_one_of", "/publication_year": "wrong_type", "/pages": "out_of_range", "/colour": "unknown_field"}


def test_texts_are_in_spanish_unless_english_is_asked_for(shop):
    spanish = shop.get("/v1/users/me").json()
    english = shop.get("/v1/users/me", headers={"Accept-Language": "fr, en;q=0.8, es;q=0.3"}).json()
    assert spanish["detail"].startswith("Falta la cabecera") and english["detail"].startswith("The Authorization header")
    assert spanish["code"] == english["code"] == "unauthenticated"


def test_bodies_over_one_mebibyte_are_refused(shop, unchanged):
    manager = shop.as_manager()
    unchanged()
    large = json.dumps({"title": "x" * (1 << 20), "category": "a"}).encode()
    problem(manager.post("/v1/books", data=large), 413, "too_large")

    def pieces():
        for _ in range(40):
            yield b" " * (1 << 15)

    problem(manager.post("/v1/books", data=pieces()), 413, "too_large")


def test_media_types(shop, unchanged):
    reader = shop.login()
    unchanged()
    problem(reader.post("/v1/cart/items", data=b"a=1", headers={"Content-Type": "application/x-www-form-urlencoded"}), 415,
            "unsupported_media_type")
    problem(reader.get("/v1/cart", headers={"Accept": "text/html"}), 406, "not_acceptable")


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_of(header, payload, secret):
    signed = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(payload).encode())}"
    return f"{signed}.{b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def parts_of(token):
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def test_forged_expired_and_foreign_tokens(server, shop, unchanged):
    shop.login()
    libreria = Client(server, "libreria").login()
    header, payload = parts_of(shop.token)
    kid, secret = (server.folder / "keys").read_text().strip().split(":", 1)
    secret = secret.encode()
    unchanged()

    def refused(token, title="Token inválido"):
        client = Client(server, None)
        client.token = token
        assert problem(client.get("/v1/users/me"), 401, "unauthenticated")["title"] == title

    assert Client(server).request("GET", "/v1/users/me",
                                  headers={"Authorization": f"Bearer {token_of(header, payload, secret)}"}).status_code == 200
    refused(token_of({**header, "alg": "none"}, payload, secret))
    refused(f"{b64(json.dumps({**header, 'alg': 'none'}).encode())}.{shop.token.split('.')[1]}.")
    refused(token_of({**header, "alg": "HS512"}, payload, secret))
    refused(token_of({**header, "kid": "unknown"}, payload, secret))
    refused(token_of(header, payload, b"another secret of thirty-two bytes."))
    refused(token_of(header, {**payload, "tenant_id": "libreria"}, secret))  # the session is of goodbooks
    refused(token_of(header, {**payload, "user_id": parts_of(libreria.token)[1]["user_id"]}, secret))
    refused(token_of(header, {**payload, "exp": int(time.time()) - 1}, secret), "Token expirado")
    refused(token_of(header, {name: value for name, value in payload.items() if name != "tenant_id"}, secret),
            "Token inválido: sin tenant")
    refused(shop.token[:-2])
    refused("garbage")
    refused(shop.token + "x" * 5000)


def test_a_token_ends_with_its_session_at_once(shop):
    shop.login()
    assert shop.get("/v1/users/me").status_code == 200
    assert shop.post("/v1/users/logout", {"refresh_token": shop.refresh_token}).status_code == 204
    problem(shop.get("/v1/users/me"), 401, "unauthenticated")


def test_a_role_change_acts_at_once(shop):
    manager = shop.as_manager()
    reader = Client(shop.server, "goodbooks").register()
    user = reader.get("/v1/users/me").json()
    problem(reader.get("/v1/users"), 403, "forbidden")
    assert manager.put(f"/v1/users/{user['user_id']}/role", {"role": "manager"}).status_code == 200
    assert reader.get("/v1/users").status_code == 200
    assert manager.put(f"/v1/users/{user['user_id']}/role", {"role": "customer"}).status_code == 200
    problem(reader.get("/v1/users"), 403, "forbidden")


def test_an_old_refresh_token_ends_the_family(shop):
    shop.login()
    first = shop.refresh_token
    second = shop.post("/v1/users/refresh", {"refresh_token": first}).json()
    problem(shop.post("/v1/users/refresh", {"refresh_token": first}), 401, "unauthenticated")
    problem(shop.post("/v1/users/refresh", {"refresh_token": second["refresh_token"]}), 401, "unauthenticated")
    problem(Client(shop.server).post("/v1/users/refresh", {"refresh_token": "nonsense"}), 401, "unauthenticated")


def test_login_says_the_same_for_a_wrong_password_and_an_unknown_email(shop, unchanged):
    unchanged()
    wrong = shop.post("/v1/users/login", {"tenant_id": "goodbooks", "email": "customer@example.com", "password": "not this"})
    unknown = shop.post("/v1/users/login", {"tenant_id": "goodbooks", "email": "nobody@example.com", "password": "not this"})
    for response in (wrong, unknown):
        problem(response, 401, "unauthenticated")
    assert {**wrong.json(), "trace_id": ""} == {**unknown.json(), "trace_id": ""}


def test_tenants_that_disagree_or_are_missing(shop):
    problem(Client(shop.server).get("/v1/shop"), 400, "invalid")
    problem(Client(shop.server, "nosuch").get("/v1/shop"), 404, "not_found")
    problem(shop.post("/v1/users/login", {"tenant_id": "libreria", "email": "customer@example.com", "password": "estante-demo-1"}),
            403, "forbidden")
    shop.login()
    problem(shop.get("/v1/shop", headers={"X-Tenant-Id": "libreria"}), 403, "forbidden")


def test_quantities_and_the_ninety_first_line(shop, unchanged):
    reader = shop.login()
    books = [book["book_id"] for page in (1,) for book in shop.books("limit=100&sort=title")][:91]
    for book in books[:90]:
        assert reader.post("/v1/cart/items", {"book_id": book}).status_code == 200
    unchanged()
    assert faults(reader.post("/v1/cart/items", {"book_id": books[0], "quantity": 0})) == {"/quantity": "out_of_range"}
    assert faults(reader.post("/v1/cart/items", {"book_id": books[0], "quantity": 100})) == {"/quantity": "out_of_range"}
    assert faults(reader.put(f"/v1/cart/items/{books[0]}", {"quantity": 0})) == {"/quantity": "out_of_range"}
    problem(reader.post("/v1/cart/items", {"book_id": books[90]}), 400, "invalid")
    problem(reader.post("/v1/cart/items", {"book_id": "book_01J0000000000000000000000A"}), 404, "not_found")


def test_checkout_of_an_empty_cart(shop, unchanged):
    reader = shop.login()
    unchanged()
    problem(reader.post("/v1/purchases"), 409, "cart_empty")


def test_more_copies_than_there_are_is_said_at_checkout_only(shop, unchanged):
    manager = shop.as_manager()
    book = shop.books()[0]
    stock = manager.get(f"/v1/books/{book['book_id']}/stock")
    manager.put(f"/v1/books/{book['book_id']}/stock", {"on_hand": 2}, headers={"If-Match": stock.headers["ETag"]})
    reader = shop.login()
    assert reader.post("/v1/cart/items", {"book_id": book["book_id"], "quantity": 3}).status_code == 200
    unchanged()
    refused = problem(reader.post("/v1/purchases"), 409, "out_of_stock")
    assert [(line["book_id"], line["quantity"]) for line in refused["lines"]] == [(book["book_id"], 3)]


def test_a_price_that_changed_under_the_cart(shop):
    manager = shop.as_manager()
    book = shop.books()[0]
    path = f"/v1/books/{book['book_id']}"
    reader = shop.login()
    reader.post("/v1/cart/items", {"book_id": book["book_id"]})
    assert manager.patch(path, {"price": 99.95}).status_code == 200
    before = dump(shop.server)
    refused = problem(reader.post("/v1/purchases"), 409, "price_changed")
    assert refused["lines"][0]["unit_price"] == book["price"] and refused["lines"][0]["current_price"] == 99.95
    problem(reader.post("/v1/purchases", {"expected_total": book["price"]}), 409, "price_changed")
    assert dump(shop.server) == before
    cart = reader.get("/v1/cart").json()["items"][0]
    assert (cart["unit_price"], cart["current_price"]) == (book["price"], 99.95)
    assert reader.put(f"/v1/cart/items/{book['book_id']}", {"quantity": 1}).json()["total"] == 99.95
    problem(reader.post("/v1/purchases", {"expected_total": 1}), 409, "price_changed")
    assert reader.post("/v1/purchases", {"expected_total": 99.95}).status_code == 201


def test_preconditions(shop, unchanged):
    manager = shop.as_manager()
    book = shop.books()[0]["book_id"]
    unchanged()
    problem(manager.put(f"/v1/books/{book}/stock", {"on_hand": 1}), 428, "precondition_required")
    problem(manager.put(f"/v1/books/{book}/stock", {"on_hand": 1}, headers={"If-Match": '"77"'}), 412, "version_mismatch")
    problem(manager.patch(f"/v1/books/{book}", {"title": "x"}, headers={"If-Match": '"9.9"'}), 412, "version_mismatch")


def test_forged_and_foreign_cursors(server, shop, libreria):
    page = shop.get("/v1/books?category=Fantasy&limit=2").json()
    cursor = page["next_cursor"]
    assert cursor, "the demonstration has more than two fantasy books"
    assert shop.get(f"/v1/books?category=Fantasy&limit=3&cursor={cursor}").status_code == 200
    for client, path in ((shop, f"/v1/books?category=Fantasy&cursor={cursor}x"), (shop, f"/v1/books?category=Romance&cursor={cursor}"),
                         (libreria, f"/v1/books?category=Fantasy&cursor={cursor}"), (shop, "/v1/books?category=Fantasy&cursor=abc.def")):
        assert faults(client.get(path)) == {"?cursor": "bad_cursor"}


def test_paging_walks_everything_once(libreria):
    seen = []
    path = "/v1/books/search?q=de+la+novela+historia&limit=7"
    cursor = ""
    while True:
        page = libreria.get(path + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [book["book_id"] for book in page["items"]]
        if not (cursor := page["next_cursor"]):
            break
    assert len(seen) == len(set(seen)) == page["total"] > 20


def test_strange_targets_and_methods(shop):
    for target, status in (("/v1/books/%ff", 400), ("/v1/books/%00", 400), ("/v1/../../etc/passwd", 404), ("/v1/books/" + "a" * 3000, 400),
                           ("//", 404), ("/v1/books/search?q=%ff", 400)):
        response = shop.request("GET", target)
        assert response.status_code == status, (target, response.status_code)
    refused = shop.request("DELETE", "/v1/purchases")
    problem(refused, 405, "method_not_allowed")
    assert "POST" in refused.headers["Allow"]
    assert shop.request("OPTIONS", "/v1/purchases").status_code == 204
    assert shop.get("/v1/books?unknown=parameter&limit=1").status_code == 200
    assert faults(shop.get("/v1/books?limit=101")) == {"?limit": "out_of_range"}
    assert faults(shop.get("/v1/books/search?min_price=cheap&year_from=x")) == {"?min_price": "wrong_type", "?year_from": "wrong_type"}


def test_strange_queries_are_answered(libreria):
    for query in ("", "el la de", "!!!", "\"title:* OR 1=1\"", "🎉", "שלום עולם", "a" * 200, " ".join(["quijote"] * 25), "C++ C#", "\u202equijote"):
        response = libreria.request("GET", "/v1/books/search", params={"q": query, "limit": 3}) if query else libreria.get("/v1/books/search")
        assert response.status_code == 200, (query, response.text)
    assert faults(libreria.request("GET", "/v1/books/search", params={"q": "a" * 10_000})) == {"?q": "too_long"}
