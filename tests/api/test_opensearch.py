"""Searches answered by OpenSearch or Elasticsearch: the same responses, kept over a restart, and a shop that sells while it is away."""

import http.server
import json
import os
import threading
import time

import pytest
import requests

import engines
from small_shops import BOOK_COUNT
from estante import Client, Server, eventually, problem

ENGINE = engines.SEARCH


def on_opensearch(binary, folder, url, prefix):
    server = Server(binary, folder)
    server.environment |= {"ESTANTE_SEARCH": "opensearch", "ESTANTE_OPENSEARCH_ENDPOINT": url, "ESTANTE_OPENSEARCH_PREFIX": prefix}
    return server


def engine_call(method, path, body=None):
    """A request to the engine itself, which must succeed."""
    response = requests.request(method, ENGINE + path, json=body, timeout=30)
    assert response.ok, response.text
    return response.json()


class Relay:
    """Stands before the engine, and does to each request what `manner` says."""

    MANNERS = ("away", "slow", "cut", "half_of_the_shards", "late", "no_json", "overloaded", "broken")

    def __init__(self, engine, manner="away"):
        self.engine = engine
        self.manner = manner
        self.held = threading.Event()  # lets go what "slow" holds back
        relay = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                relay.response(self, body)

            def send(self, status, content, announced=None, media_type="application/json"):
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(content) if announced is None else announced))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PUT = do_POST = do_DELETE = do

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def forwarded(self, handler, body):
        headers = {"Content-Type": handler.headers["Content-Type"]} if "Content-Type" in handler.headers else {}
        response = requests.request(handler.command, self.engine + handler.path, data=body, headers=headers, timeout=60)
        return response.status_code, response.content

    def response(self, handler, body):
        manner = self.manner
        if manner in ("away", "slow"):
            if manner == "slow":
                self.held.wait(60)
            handler.close_connection = True
        elif manner == "no_json":
            handler.send(200, b"<html>a proxy's page</html>", media_type="text/html")
        elif manner == "overloaded":
            handler.send(429, b'{"error":{"type":"circuit_breaking_exception","reason":"too much"},"status":429}')
        elif manner == "broken":
            handler.send(503, b'{"error":{"type":"cluster_block_exception","reason":"no master"},"status":503}')
        elif manner == "cut":
            handler.send(200, b'{"took":1,"hits":{"total":{"value":', announced=5000)
            handler.close_connection = True
        else:
            status, content = self.forwarded(handler, body)
            if handler.path.split("?")[0].endswith("/_search") and status == 200:
                content = self.partial(content, manner)
            handler.send(status, content)

    @staticmethod
    def partial(content, manner):
        response = json.loads(content)
        if manner == "half_of_the_shards":
            response["_shards"] = {"total": 2, "successful": 1, "skipped": 0, "failed": 1}
        elif manner == "late":
            response["timed_out"] = True
        return json.dumps(response).encode()

    def stop(self):
        self.held.set()
        self.server.shutdown()
        self.server.server_close()


def test_both_engines_give_the_same_answers_over_http(binary, shop_folder, prefix):
    asked = ["q=la+casa+de", "q=quijote&in_stock=true", "q=historia&max_price=12", "sort=title&limit=30", "q=cien+anos&tolerant=true",
             "q=Cervantes&sort=-price", "category=Novela", "q=el+la+de", "q=%F0%9F%93%9A", "q=title%3Aquijote+AND+(", "q=quijto"]
    responses = []
    for server in (Server(binary, shop_folder), on_opensearch(binary, shop_folder, ENGINE, prefix)):
        server.start()
        shop = Client(server, "libreria")
        responses.append([shop.get(f"/v1/books/search?{query}").json() for query in asked])
        responses[-1] += [shop.get(f"/v1/books/suggest?prefix={prefix}").json() for prefix in ("el", "cuent", "cuetno", "x")]
        responses[-1].append(shop.get("/v1/categories").json())
        assert server.stop() == 0
    for query, ours, theirs in zip([*asked, "el", "cuent", "cuetno", "x", "categories"], *responses):
        for response in (ours, theirs):
            response.pop("next_cursor", None)  # each engine's own
        assert ours == theirs, query
    assert sum(response["total"] for response in responses[0][: len(asked)]) > BOOK_COUNT


def test_the_index_is_kept_and_follows_what_was_written_meanwhile(binary, shop_folder, prefix):
    server = on_opensearch(binary, shop_folder, ENGINE, prefix).start()
    assert server.stop() == 0
    before = requests.get(f"{ENGINE}/_alias/{prefix}libreria", timeout=10).json()
    embedded = Server(binary, shop_folder).start()
    manager = Client(embedded, "libreria").login("manager@example.com")
    made = manager.post("/v1/books", {"title": "Xilografías raras", "contributors": [{"name": "Nadie"}], "category": "Arte"})
    assert made.status_code == 201, made.text
    assert embedded.stop() == 0
    server = on_opensearch(binary, shop_folder, ENGINE, prefix).start()
    shop = Client(server, "libreria")
    eventually(lambda: shop.get("/v1/books/search?q=xilografias&tolerant=true").json()["total"] == 1)
    assert requests.get(f"{ENGINE}/_alias/{prefix}libreria", timeout=10).json().keys() == before.keys()
    assert server.stop() == 0


@pytest.mark.parametrize("manner", Relay.MANNERS)
def test_while_opensearch_fails_searches_wait_and_the_shop_sells(binary, shop_folder, prefix, manner):
    relay = Relay(ENGINE, manner="right")
    server = on_opensearch(binary, shop_folder, relay.url, prefix).start()
    shop = Client(server, "libreria")
    manager = Client(server, "libreria").login("manager@example.com")
    customer = Client(server, "libreria").login()
    assert shop.get("/v1/books/search?q=quijote").json()["total"] > 0

    relay.manner = manner
    for path in ("search?q=quijote", "suggest?prefix=qui"):
        away = shop.get(f"/v1/books/{path}")
        problem(away, 503, "unavailable")
        assert int(away.headers["Retry-After"]) >= 1 and ENGINE not in away.text
    began = time.monotonic()
    assert shop.get("/v1/shop").json()["tenant_id"] == "libreria"
    assert manager.get("/v1/books?category=Novela&limit=1").status_code == 200
    made = manager.post("/v1/books", {"title": "Yacimientos olvidados", "contributors": [{"name": "Nadie"}], "category": "Arte",
                                      "price": 9.5, "on_hand": 3})
    assert made.status_code == 201, made.text
    assert customer.post("/v1/cart/items", {"book_id": made.json()["book_id"]}).status_code == 200
    assert customer.post("/v1/purchases", {}).status_code == 201
    assert time.monotonic() - began < 2  # nothing of this waited for the engine

    relay.manner = "right"
    relay.held.set()
    found = eventually(lambda: (page := shop.get("/v1/books/search?q=yacimientos")).status_code == 200 and page.json()["items"], 40)
    assert [book["book_id"] for book in found] == [made.json()["book_id"]]
    assert server.stop() == 0
    relay.stop()


def test_an_engine_that_is_away_at_the_start_is_filled_when_it_comes(binary, shop_folder, prefix):
    relay = Relay(ENGINE)
    server = on_opensearch(binary, shop_folder, relay.url, prefix).start()
    shop = Client(server, "libreria")
    problem(shop.get("/v1/books/search?q=quijote"), 503, "unavailable")
    assert shop.get("/v1/shop").status_code == 200
    relay.manner = "right"
    eventually(lambda: shop.get("/v1/books/search?limit=1").json().get("total") == BOOK_COUNT, 60)
    assert server.stop() == 0
    relay.stop()


def test_verify_says_so_when_the_engine_is_away(binary, shop_folder, prefix, run_cli):
    relay = Relay(ENGINE, manner="right")
    server = on_opensearch(binary, shop_folder, relay.url, prefix).start()
    relay.manner = "away"
    for command in (("verify",), ("verify", "--repair"), ("rebuild",)):
        done = run_cli("search", *command, "--tenant", "libreria", "--data", server.folder)
        assert done.returncode == 1 and "not available" in done.stderr and len(done.stderr.strip().splitlines()) == 1, done
    assert server.stop() == 0
    relay.stop()


def test_settings_of_opensearch_are_explained(run_cli, tmp_path):
    for settings, words in (({"ESTANTE_SEARCH": "lucene"}, "embedded or opensearch"),
                            ({"ESTANTE_SEARCH": "opensearch"}, "opensearch-endpoint"),
                            ({"ESTANTE_SEARCH": "opensearch", "ESTANTE_OPENSEARCH_ENDPOINT": "http://127.0.0.1:1",
                              "ESTANTE_OPENSEARCH_ENDPOINTS": "acme"}, "shop=URL"),
                            ({"ESTANTE_SEARCH": "opensearch", "ESTANTE_OPENSEARCH_ENDPOINT": "http://127.0.0.1:1",
                              "ESTANTE_OPENSEARCH_PREFIX": "Books"}, "opensearch-prefix")):
        done = run_cli("serve", "--data", tmp_path / "new", "--listen", "127.0.0.1:0", env={**os.environ, **settings})
        assert done.returncode == 1 and words in done.stderr and len(done.stderr.strip().splitlines()) == 1, done
