"""Live sales: GET /v1/analytics/live."""

import statistics
import time

import pytest

from estante import Client, Server, eventually, faults, problem
from event_stream import EventStream


class Shop:
    """A shop with a manager and a customer who buys."""

    def __init__(self, server, tenant):
        self.server = server
        self.manager = Client(server, tenant).login("manager@example.com")
        self.customer = Client(server, tenant).register()
        # The manager sets a large stock of the cheapest book.
        self.book = self.customer.books("limit=1&in_stock=true")[0]["book_id"]
        stock = self.manager.get(f"/v1/books/{self.book}/stock")
        assert self.manager.put(f"/v1/books/{self.book}/stock", {"on_hand": 1000}, headers={"If-Match": stock.headers["ETag"]}).ok

    def sell(self, quantity=1):
        assert self.customer.post("/v1/cart/items", {"book_id": self.book, "quantity": quantity}).ok
        bought = self.customer.post("/v1/purchases")
        assert bought.status_code == 201, bought.text
        return bought.json()

    def watch(self, **options):
        stream = EventStream(self.manager, **options)
        assert stream.response.status_code == 200, stream.response.text
        stream.wait_for("today")
        return stream


@pytest.fixture
def goodbooks(server):
    return Shop(server, "goodbooks")


@pytest.fixture
def rival(server):
    return Shop(server, "libreria")


def ids(sales):
    return [sale["purchase_id"] for sale in sales]


def test_sale_is_delivered_within_one_second(goodbooks):
    stream = goodbooks.watch()
    before = stream.of("today")[-1]
    latencies_s = []
    for count in range(1, 11):
        sold = goodbooks.sell(quantity=2)
        response_at = time.monotonic()
        assert stream.wait_for("sale", count, timeout_s=1)[-1]["purchase_id"] == sold["purchase_id"]
        latencies_s.append(next(at for name, data, _, at in stream.events if name == "sale" and data["purchase_id"] == sold["purchase_id"])
                      - response_at)
    print(f"\na sale is delivered {statistics.median(latencies_s) * 1000:.1f} ms after its response (median of {len(latencies_s)}), "
          f"at most {max(latencies_s) * 1000:.1f} ms")
    sale = stream.of("sale")[-1]
    assert sale["total_amount"] == sold["total_amount"] and sale["number"] == sold["number"]
    assert sale["items"][0]["quantity"] == 2
    eventually(lambda: stream.of("today")[-1]["purchases"] == before["purchases"] + 10)
    today = stream.of("today")[-1]
    assert today["items"] == before["items"] + 20
    assert today["revenue"] == pytest.approx(before["revenue"] + 10 * sold["total_amount"])
    stream.close()


def test_cancellation_is_delivered_and_subtracted_from_today(goodbooks):
    stream = goodbooks.watch()
    before = stream.of("today")[-1]
    sold = goodbooks.sell()
    stream.wait_for("sale")
    assert goodbooks.customer.post(f"/v1/purchases/{sold['purchase_id']}/cancel").ok
    cancelled = stream.wait_for("cancellation")[0]
    assert cancelled["purchase_id"] == sold["purchase_id"] and cancelled["status"] == "cancelled"
    eventually(lambda: stream.of("today")[-1] == before)
    stream.close()


def test_streams_of_two_shops_are_isolated(goodbooks, rival):
    streams = [goodbooks.watch(), rival.watch()]
    sold = [[], []]
    for _ in range(5):
        for shop, own in zip((goodbooks, rival), sold):
            own.append(shop.sell()["purchase_id"])
    for stream, own in zip(streams, sold):
        stream.wait_for("sale", 5)
        assert ids(stream.of("sale")) == own
        eventually(lambda stream=stream: stream.of("today")[-1]["purchases"] == stream.of("today")[0]["purchases"] + 5)
        stream.close()
    # A cursor of one shop acts in another only as a timestamp.
    foreign = rival.manager.get(f"/v1/analytics/live?since={streams[0].last_id()}").json()
    assert not set(ids(foreign["items"])) & set(sold[0])


def test_stream_resumes_after_last_event_id_and_across_a_restart(binary, shop_folder):
    server = Server(binary, shop_folder).start()
    shop = Shop(server, "goodbooks")
    stream = shop.watch()
    shop.sell()
    stream.wait_for("sale")
    cursor = stream.last_id()
    stream.close()
    missed = [shop.sell()["purchase_id"], shop.sell()["purchase_id"]]

    resumed = shop.watch(last_event_id=cursor)
    assert ids(resumed.wait_for("sale", 2)) == missed
    missed.append(shop.sell()["purchase_id"])
    assert ids(resumed.wait_for("sale", 3)) == missed
    resumed.close()
    assert server.stop() == 0

    server = Server(binary, shop_folder).start()
    shop.server = shop.manager.server = shop.customer.server = server
    again = shop.watch(last_event_id=cursor)
    assert ids(again.wait_for("sale", 3)) == missed
    missed.append(shop.sell()["purchase_id"])
    assert ids(again.wait_for("sale", 4)) == missed
    assert again.of("gap") == []
    again.close()
    assert server.stop() == 0


def test_since_returns_only_new_sales(goodbooks):
    manager = goodbooks.manager
    start = manager.get("/v1/analytics/live", headers={"Accept": "application/json"})
    assert start.headers["Content-Type"] == "application/json"
    assert start.json()["items"] == []
    sold = [goodbooks.sell()["purchase_id"] for _ in range(3)]
    page = manager.get(f"/v1/analytics/live?since={start.json()['cursor']}").json()
    assert ids(page["items"]) == sold
    assert page["more"] is False
    assert page["today"]["purchases"] == start.json()["today"]["purchases"] + 3
    assert manager.get(f"/v1/analytics/live?since={page['cursor']}").json()["items"] == []
    assert set(sold) <= set(ids(manager.get("/v1/analytics/live?since=2026-01-01").json()["items"]))


def test_connections_are_limited_per_shop_and_in_total(binary, shop_folder):
    server = Server(binary, shop_folder, "serve", "--live-connections", 3, "--live-connections-of-shop", 2).start()
    goodbooks, rival = Shop(server, "goodbooks"), Shop(server, "libreria")
    first, second = goodbooks.watch(), goodbooks.watch()
    beyond = EventStream(goodbooks.manager)
    assert "Retry-After" in beyond.response.headers
    assert "2" in problem(beyond.response, 429, "rate_limited")["detail"]
    assert goodbooks.manager.get("/v1/analytics/live?since=2026-01-01").ok, "a request with ?since= does not count as a connection"
    third = rival.watch()
    problem(EventStream(rival.manager).response, 503, "unavailable")

    first.close()  # the server detects the disconnect
    eventually(lambda: EventStream(goodbooks.manager).response.status_code == 200)
    for stream in (second, third):
        stream.close()
    assert server.stop() == 0


def test_stream_ends_on_logout(goodbooks):
    logged_out = Client(goodbooks.server, "goodbooks").login("manager@example.com")
    stream = EventStream(logged_out)
    stream.wait_for("today")
    other = goodbooks.watch()
    assert logged_out.post("/v1/users/logout", {"refresh_token": logged_out.refresh_token}).status_code == 204
    goodbooks.sell()
    other.wait_for("sale")
    assert stream.wait_for("end", timeout_s=5) == [{"reason": "session_ended"}]
    assert stream.of("sale") == [], "a sale after the logout was delivered"
    assert stream.ended.wait(5)
    other.close()


def test_stream_ends_when_the_role_is_revoked(goodbooks):
    promoted = Client(goodbooks.server, "goodbooks").register()
    user = promoted.get("/v1/users/me").json()["user_id"]
    assert EventStream(promoted).response.status_code == 403
    assert goodbooks.manager.put(f"/v1/users/{user}/role", {"role": "manager"}).ok
    stream = EventStream(promoted)
    stream.wait_for("today")
    assert goodbooks.manager.put(f"/v1/users/{user}/role", {"role": "customer"}).ok
    goodbooks.sell()
    assert stream.wait_for("end", timeout_s=5) == [{"reason": "forbidden"}]
    assert stream.of("sale") == []


def test_stream_ends_when_the_shop_is_suspended(goodbooks, rival, run_cli):
    stream, other = goodbooks.watch(), rival.watch()
    done = run_cli("tenant", "suspend", "goodbooks", "--data", goodbooks.server.folder)
    assert done.returncode == 0, done.stderr
    assert stream.wait_for("end", timeout_s=5) == [{"reason": "suspended"}]
    rival.sell()
    other.wait_for("sale")
    other.close()


def test_server_stops_with_open_streams(binary, shop_folder):
    server = Server(binary, shop_folder).start()
    shop = Shop(server, "goodbooks")
    stream = shop.watch()
    shop.sell()
    stream.wait_for("sale")
    started = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - started < 5
    assert stream.ended.wait(5), f"the response was truncated: {stream.failure}"


def test_only_managers_of_the_shop_may_open_a_stream(shared_server):
    def open_stream(client, **options):
        return EventStream(client, **options).response

    customer = Client(shared_server, "goodbooks").login()
    problem(open_stream(customer), 403, "forbidden")
    problem(open_stream(customer, headers={"Authorization": None, "X-Tenant-Id": "goodbooks"}), 401, "unauthenticated")
    manager = customer.as_manager()
    problem(open_stream(manager, headers={"X-Tenant-Id": "libreria"}), 403, "forbidden")


@pytest.fixture(scope="module")
def shared_manager(shared_server):
    return Client(shared_server, "goodbooks").as_manager()


@pytest.mark.parametrize("since", ["", "x", "yesterday", "-1", "1.2.3", "1795854466513.", "' OR 1=1 --", "../../etc/passwd",
                                   "9" * 40, "1" * 3000])
def test_invalid_cursor_is_rejected(shared_manager, since):
    manager = shared_manager
    response = manager.get("/v1/analytics/live?since=" + since.replace(" ", "%20").replace("'", "%27"))
    assert set(faults(response)) == {"?since"}
    if since.strip() and len(since) < 100:
        problem(EventStream(manager, last_event_id=since).response, 400, "invalid")


def test_head_does_not_hold_a_connection(shared_manager):
    head = shared_manager.request("HEAD", "/v1/analytics/live")
    assert head.status_code == 200
    assert head.headers["Content-Type"] == "text/event-stream"
