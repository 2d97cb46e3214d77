"""The processors from outside: what is bought comes into the lake and the day's figures; status, replay and dead letters."""

import gzip
import json
import sqlite3

import pytest

from estante import Client, Server, eventually

pytestmark = pytest.mark.only_on("sqlite")  # looks into the data folder


def streams(run_cli, server, *arguments):
    return run_cli("streams", *arguments, "--data", server.folder)


def up_to_date(run_cli, server):
    lines = streams(run_cli, server, "status").stdout.splitlines()
    return len(lines) == 2 and all("up to date" in line for line in lines)


def buy(server, shop, copies=1):
    customer = Client(server, shop)
    customer.register()
    book = customer.books("limit=1&in_stock=true")[0]
    assert customer.post("/v1/cart/items", {"book_id": book["book_id"], "quantity": copies}).status_code == 200
    bought = customer.post("/v1/purchases", {})
    assert bought.status_code == 201, bought.text
    return customer, bought.json()


def objects(server, shop, kind="purchases"):
    return sorted((server.folder / "lake" / shop / kind).rglob("*.json*"))


def lake_purchases(server, shop):
    return {path.name.split(".")[0]: json.loads(gzip.decompress(path.read_bytes())) for path in objects(server, shop)}


def summary(server, shop):
    (path,) = objects(server, shop, "daily_summary")
    return json.loads(path.read_bytes())


def test_a_purchase_is_in_the_lake_and_in_the_days_figures(server, run_cli):
    customer, bought = buy(server, "libreria", 2)
    row = eventually(lambda: lake_purchases(server, "libreria").get(bought["purchase_id"]))
    assert (row["tenant_id"], row["status"], row["number"]) == ("libreria", "placed", bought["number"])
    assert row["total_amount"] == bought["total_amount"]
    assert not {"email", "address", "name", "delivery"} & set(row)
    eventually(lambda: objects(server, "libreria", "daily_summary") and summary(server, "libreria")["count"] == 1)
    assert summary(server, "libreria")["items"] == 2
    eventually(lambda: summary(server, "libreria")["new_user_registrations"] >= 1)  # the fixture has accounts too

    cancelled = customer.post(f"/v1/purchases/{bought['purchase_id']}/cancel")
    assert cancelled.status_code == 200
    eventually(lambda: summary(server, "libreria")["count"] == 0)
    eventually(lambda: lake_purchases(server, "libreria")[bought["purchase_id"]]["status"] == "cancelled")
    assert (summary(server, "libreria")["revenue"], summary(server, "libreria")["book_purchases"]) == (0, 1)
    assert objects(server, "goodbooks") == []


def test_searches_are_counted_also_over_a_restart(server, libreria):
    for words in ("amor", "guerra", "amor"):
        assert libreria.get(f"/v1/books/search?q={words}").status_code == 200
    assert server.stop() == 0
    assert summary(server, "libreria")["search_queries"] == 3
    server.start()
    assert Client(server, "libreria").get("/v1/books/search?q=paz").status_code == 200
    eventually(lambda: summary(server, "libreria")["search_queries"] == 4)


def test_replays_change_nothing(server, run_cli):
    for _ in range(3):
        buy(server, "libreria")
    eventually(lambda: objects(server, "libreria", "daily_summary") and summary(server, "libreria")["count"] == 3)
    eventually(lambda: summary(server, "libreria")["search_queries"] == 3)  # counted in memory, and written every few seconds
    eventually(lambda: up_to_date(run_cli, server))
    before = {path: path.read_bytes() for path in objects(server, "libreria") + objects(server, "libreria", "daily_summary")}

    for start in ("beginning", "2026-01-01", "2001-01-01T00:00:00Z"):
        done = streams(run_cli, server, "replay", "--processor", "purchases_stream", "--from", start)
        assert done.returncode == 0, done
        eventually(lambda: up_to_date(run_cli, server))
    after = {path: path.read_bytes() for path in objects(server, "libreria") + objects(server, "libreria", "daily_summary")}
    assert after == before


def test_a_lost_lake_is_made_again_from_the_tables(server, run_cli, binary, shop_folder):
    _, bought = buy(server, "libreria")
    eventually(lambda: lake_purchases(server, "libreria").get(bought["purchase_id"]))
    assert server.stop() == 0
    elsewhere = shop_folder.parent / "another lake"
    again = Server(binary, shop_folder, "serve", "--lake", elsewhere)
    again.start()
    try:
        eventually(lambda: list(elsewhere.rglob(f"{bought['purchase_id']}.json.gz")))
        eventually(lambda: list(elsewhere.rglob("summary.json")))
    finally:
        assert again.stop() == 0
    server.start()


def test_a_damaged_purchase_is_a_dead_letter_until_it_is_repaired(server, run_cli):
    _, bought = buy(server, "libreria")
    eventually(lambda: lake_purchases(server, "libreria").get(bought["purchase_id"]))
    sort_key = f"PURCHASE#{bought['purchase_id']}"
    with sqlite3.connect(server.folder / "estante.db", timeout=10) as database:
        (body,) = database.execute("select body from purchases where sk = ?", (sort_key,)).fetchone()
        database.execute("update purchases set body = ? where sk = ?", (body.replace('"placed"', '"bought"'), sort_key))
    assert streams(run_cli, server, "replay", "--processor", "purchases_stream", "--from", "beginning").returncode == 0

    listed = streams(run_cli, server, "dead-letters", "list")
    assert listed.returncode == 0
    (line,) = listed.stdout.splitlines()
    assert line.startswith("purchases_stream ") and sort_key in line and "status" in line
    assert "1 dead letters" in streams(run_cli, server, "status").stdout
    _, other = buy(server, "libreria")  # the rest goes on
    eventually(lambda: lake_purchases(server, "libreria").get(other["purchase_id"]))
    still = streams(run_cli, server, "dead-letters", "replay", "--processor", "purchases_stream")
    assert (still.returncode, still.stdout.strip()) == (1, "purchases_stream: 0 processed, 1 left")

    with sqlite3.connect(server.folder / "estante.db", timeout=10) as database:
        database.execute("update purchases set body = ? where sk = ?", (body, sort_key))
    replayed = streams(run_cli, server, "dead-letters", "replay")
    assert (replayed.returncode, replayed.stdout.splitlines()) == (0, ["books_stream: 0 processed, 0 left",
                                                                  "purchases_stream: 1 processed, 0 left"])
    assert streams(run_cli, server, "dead-letters", "list").stdout.strip() == "no dead letters"


@pytest.mark.parametrize("arguments, words", [
    (("replay", "--processor", "nobody", "--from", "beginning"), ("nobody", "books_stream", "purchases_stream")),
    (("replay", "--processor", "purchases_stream", "--from", "yesterday"), ("--from", "yesterday", "2026-01-31", "beginning")),
    (("dead-letters", "list", "--processor", "x"), ("there is no processor 'x'",)),
])
def test_mistakes_are_named(server, run_cli, arguments, words):
    done = streams(run_cli, server, *arguments)
    assert done.returncode == 1
    for word in words:
        assert word in done.stderr
