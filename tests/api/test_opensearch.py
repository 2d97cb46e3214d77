"""Searches answered by OpenSearch: the same answers, kept over a restart, and a shop that sells while it is away."""

import http.server
import os
import threading
import uuid

import pytest
import requests

from estante import Client, Server, eventually, problem

ENGINE = os.environ.get("ESTANTE_TEST_OPENSEARCH") or os.environ.get("ESTANTE_TEST_OPENSEARCH_2")
needs_engine = pytest.mark.skipif(not ENGINE, reason="needs ESTANTE_TEST_OPENSEARCH: scripts/standins up opensearch")


def on_opensearch(binary, folder, url, prefix):
    server = Server(binary, folder)
    server.environment |= {"ESTANTE_SEARCH": "opensearch", "ESTANTE_OPENSEARCH_ENDPOINT": url, "ESTANTE_OPENSEARCH_PREFIX": prefix}
    return server


def engine_call(method, path, body=None):
    """A request to the engine itself, which must succeed."""
    answer = requests.request(method, ENGINE + path, json=body, timeout=30)
    assert answer.ok, answer.text
    return answer.json()


@pytest.fixture
def prefix():
    """Of indexes of this test alone."""
    name = f"test-{uuid.uuid4().hex[:12]}_"
    yield name
    for index in requests.get(f"{ENGINE}/_alias/{name}*", timeout=10).json():
        requests.delete(f"{ENGINE}/{index}", timeout=10)


class Relay:
    """Stands before the engine, and can be away."""

    def __init__(self, engine):
        self.away = True
        relay = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if relay.away:
                    return self.close_connection_at_once()
                headers = {"Content-Type": self.headers["Content-Type"]} if "Content-Type" in self.headers else {}
                answer = requests.request(self.command, engine + self.path, data=body, headers=headers, timeout=60)
                self.send_response(answer.status_code)
                self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def close_connection_at_once(self):
                self.close_connection = True

            do_GET = do_PUT = do_POST = do_DELETE = forward

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@needs_engine
def test_both_engines_give_the_same_answers_over_http(binary, shop_folder, prefix):
    asked = ["q=la+casa+de", "q=quijote&in_stock=true", "q=historia&max_price=12", "sort=title&limit=30", "q=cien+anos&tolerant=true",
             "q=Cervantes&sort=-price", "category=Novela", "q=el+la+de", "q=%F0%9F%93%9A", "q=title%3Aquijote+AND+(", "q=quijto"]
    answers = []
    for server in (Server(binary, shop_folder), on_opensearch(binary, shop_folder, ENGINE, prefix)):
        server.start()
        shop = Client(server, "libreria")
        answers.append([shop.get(f"/v1/books/search?{query}").json() for query in asked])
        answers[-1] += [shop.get(f"/v1/books/suggest?prefix={prefix}").json() for prefix in ("el", "cuent", "cuetno", "x")]
        answers[-1].append(shop.get("/v1/categories").json())
        assert server.stop() == 0
    for query, ours, theirs in zip([*asked, "el", "cuent", "cuetno", "x", "categories"], *answers):
        for answer in (ours, theirs):
            answer.pop("next_cursor", None)  # each engine's own
        assert ours == theirs, query
    assert sum(answer["total"] for answer in answers[0][: len(asked)]) > 500


@needs_engine
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


@needs_engine
def test_a_shop_sells_while_opensearch_is_away(binary, shop_folder, prefix):
    relay = Relay(ENGINE)
    server = on_opensearch(binary, shop_folder, relay.url, prefix).start()
    shop = Client(server, "libreria")
    away = shop.get("/v1/books/search?q=quijote")
    problem(away, 503, "unavailable")
    assert int(away.headers["Retry-After"]) >= 1
    problem(shop.get("/v1/books/suggest?prefix=qui"), 503, "unavailable")
    category = shop.get("/v1/shop").json()
    assert category["tenant_id"] == "libreria"
    manager = Client(server, "libreria").login("manager@example.com")
    made = manager.post("/v1/books", {"title": "Yacimientos olvidados", "contributors": [{"name": "Nadie"}], "category": "Arte",
                                      "price": 9.5, "on_hand": 3})
    assert made.status_code == 201, made.text
    customer = Client(server, "libreria").login()
    assert customer.post("/v1/cart/items", {"book_id": made.json()["book_id"]}).status_code == 200
    assert customer.post("/v1/purchases", {}).status_code == 201
    relay.away = False
    eventually(lambda: shop.get("/v1/books/search?q=yacimientos").json().get("total") == 1, 40)
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
