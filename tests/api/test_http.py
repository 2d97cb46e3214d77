"""HTTP itself: keep-alive, conditional reads, caches that are exact, compression, slow and broken clients, stopping."""

import gzip
import json
import signal
import socket
import threading

import requests

from estante import Client, Server


def raw(server, data, until_closed=True):
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(data)
        response = b""
        while chunk := connection.recv(65536):
            response += chunk
            if not until_closed and b"\r\n\r\n" in response:
                break
        return response


def test_conditional_reads(server, shop):
    path = f"/v1/books/{shop.books()[0]['book_id']}"
    first = shop.get(path)
    etag = first.headers["ETag"]
    for _ in range(3):  # the cached response behaves like the first
        again = shop.get(path, headers={"If-None-Match": etag})
        assert again.status_code == 304 and again.headers["ETag"] == etag
        assert shop.get(path).json() == first.json()
    head = shop.request("HEAD", path)
    assert head.status_code == 200 and int(head.headers["Content-Length"]) == len(first.content)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "X-Tenant-Id" in first.headers["Vary"]


def test_kept_answers_are_exact(server, shop):
    manager = shop.as_manager()
    book = shop.books()[0]["book_id"]
    path = f"/v1/books/{book}"
    for price in (11.11, 12.22, 13.33):
        shop.get(path)
        assert manager.patch(path, {"price": price}).status_code == 200
        for client in [Client(server, "goodbooks") for _ in range(6)]:  # on every loop
            assert client.get(path).json()["price"] == price
    stock = manager.get(f"{path}/stock")
    manager.put(f"{path}/stock", {"on_hand": 0}, headers={"If-Match": stock.headers["ETag"]})
    assert shop.get(path).json()["in_stock"] is False
    manager.delete(path)
    assert shop.get(path).status_code == 404


def test_answers_are_compressed_when_asked(server, shop):
    book = next(book for book in shop.books("limit=100") if len(json.dumps(book)) > 1200)
    path = f"{server.url}/v1/books/{book['book_id']}"
    headers = {"X-Tenant-Id": "goodbooks", "Accept-Encoding": "gzip"}
    for _ in range(2):
        with requests.get(path, headers=headers, stream=True, timeout=10) as response:
            assert response.headers["Content-Encoding"] == "gzip"
            assert json.loads(gzip.decompress(response.raw.read()))["book_id"] == book["book_id"]
    plain = requests.get(path, headers={**headers, "Accept-Encoding": "identity"}, timeout=10)
    assert "Content-Encoding" not in plain.headers


def test_request_ids_are_echoed_when_they_are_harmless(shop):
    assert shop.get("/v1/shop", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == "abc-1"
    assert len(shop.get("/v1/shop", headers={"X-Request-Id": "x" * 200}).headers["X-Request-Id"]) < 100


def test_two_requests_in_one_packet(server):
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert raw(server, request + last).count(b"HTTP/1.1 200 OK") == 2


def test_broken_requests_end_the_connection_with_a_problem(server):
    for data in (b"NONSENSE\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"GET / HTTP/3.9\r\n\r\n",
                 b"GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"):
        assert raw(server, data).startswith(b"HTTP/1.1 400"), data
    assert raw(server, b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n").startswith(b"HTTP/1.1 431")
    assert Client(server, "goodbooks").get("/v1/shop").status_code == 200


def test_health_and_readiness(server):
    assert requests.get(f"{server.url}/healthz", timeout=5).json() == {"status": "ok"}
    assert requests.get(f"{server.url}/readyz", timeout=5).json() == {"status": "ready"}


def test_security_headers_and_no_store_for_what_is_private(shop):
    shop.login()
    response = shop.get("/v1/cart")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_stopping_answers_what_is_in_flight(binary, shop_folder):
    server = Server(binary, shop_folder).start()
    shop = Client(server, "goodbooks")
    responses = []
    begun = threading.Barrier(9)

    def login():
        begun.wait()
        try:
            responses.append(shop.server and requests.post(
                f"{server.url}/v1/users/login",
                json={"tenant_id": "goodbooks", "email": "customer@example.com", "password": "estante-demo-1"}, timeout=30).status_code)
        except requests.ConnectionError:
            responses.append("refused")  # it came after the end of accepting

    threads = [threading.Thread(target=login) for _ in range(8)]
    for thread in threads:
        thread.start()
    begun.wait()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=30) == 0
    for thread in threads:
        thread.join()
    assert set(responses) <= {200, "refused"}
    assert "stopped" in server.lines


def test_the_openapi_document_is_whole(server):
    document = server.openapi()
    assert document["openapi"] == "3.1.0"
    operations = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
    for expected in ("register_user", "login_user", "refresh_session", "logout_user", "get_profile", "update_profile", "change_password",
                     "delete_user", "list_users", "get_user", "set_role", "accept_invitation", "get_shop", "list_categories",
                     "create_book", "update_book", "delete_book", "put_book_by_isbn", "get_book", "get_book_by_isbn", "list_books",
                     "search_books", "suggest_books", "get_stock", "set_stock", "adjust_stock", "start_import", "get_import", "get_cart",
                     "add_to_cart", "set_quantity", "remove_from_cart", "clear_cart", "checkout", "list_purchases", "get_purchase",
                     "cancel_purchase", "set_status", "sales_summary", "daily_sales", "top_books", "top_authors", "best_customers",
                     "live_sales", "create_tenant", "get_tenant", "update_tenant", "list_tenants", "suspend_tenant"):
        assert expected in operations
    references = set()

    def walk(node):
        if isinstance(node, dict):
            if "$ref" in node:
                references.add(node["$ref"].removeprefix("#/components/schemas/"))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)
    assert references <= set(document["components"]["schemas"])
