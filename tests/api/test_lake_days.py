"""`estante lake status` and `estante lake close`: on a served folder and on one that is not."""

import datetime
import gzip
import json

import pytest

from estante import Client, eventually

pytestmark = pytest.mark.only_on("sqlite")  # looks into the data folder
JANUARY = ("2026-01-30", "2026-01-31")


def lake(run_cli, server, *arguments):
    return run_cli("lake", *arguments, "--data", server.folder)


def object_of(server, shop, day, purchase_id):
    year, month, number = day.split("-")
    return server.folder / "lake" / shop / "purchases" / f"year={year}" / f"month={month}" / f"day={number}" / f"{purchase_id}.json.gz"


def given_past_sales(server, shop="libreria", days=JANUARY):
    """A sale of today, and the same as it would lie in the lake had it been made on other days."""
    customer = Client(server, shop).register()
    book = customer.books("limit=1&in_stock=true")[0]
    assert customer.post("/v1/cart/items", {"book_id": book["book_id"], "quantity": 2}).status_code == 200
    bought = customer.post("/v1/purchases", {}).json()
    today = bought["created_at"][:10]
    path = object_of(server, shop, today, bought["purchase_id"])
    eventually(path.exists)
    row = json.loads(gzip.decompress(path.read_bytes()))
    for number, day in enumerate(days):
        old = {**row, "purchase_id": row["purchase_id"][:-1] + str(number), "created_at": f"{day} 10:00:00.000"}
        put(server, shop, day, old)
    return today, row


def put(server, shop, day, row):
    path = object_of(server, shop, day, row["purchase_id"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps(row).encode()))
    return path


def bestsellers(server, shop="libreria"):
    response = Client(server, shop).as_manager().get(f"/v1/analytics/top-books?from={JANUARY[0]}&to={JANUARY[-1]}")
    assert response.status_code == 200, response.text
    return [(row["book_id"], row["items"]) for row in response.json()["items"]]


def test_what_is_over_is_closed_at_once_and_shown(server, run_cli):
    today, row = given_past_sales(server)
    before = lake(run_cli, server, "status", "--tenant", "libreria")
    assert before.returncode == 0, before
    assert before.stdout.splitlines()[0].startswith("libreria: 0 days closed, 0 months rolled up, 3 days open, catalogue exported ")
    for day in JANUARY:
        assert f"  {day}: 1 purchase, " in before.stdout and "can be closed" in before.stdout
    assert [line for line in before.stdout.splitlines() if today in line and "1 purchase, " in line and line.endswith("not due")]
    sold = bestsellers(server)
    assert sold == [(row["items"][0]["book_id"], 4)]

    closed = lake(run_cli, server, "close")
    assert closed.returncode == 0, closed
    assert [f"libreria {JANUARY[0]}: closed", f"libreria {JANUARY[1]}: closed", "libreria 2026-01: rolled up"] == [
        line for line in closed.stdout.splitlines() if line.startswith("libreria")]
    assert "goodbooks: nothing to close" in closed.stdout
    after = lake(run_cli, server, "status").stdout
    assert f"libreria: 2 days closed, the last {JANUARY[1]}, 1 month rolled up, 1 day open, " in after
    assert "goodbooks: 0 days closed" in after
    assert bestsellers(server) == sold
    assert "libreria: nothing to close" in lake(run_cli, server, "close", "--tenant", "libreria").stdout


def test_one_day_of_one_shop_also_while_nobody_serves(server, run_cli):
    given_past_sales(server)
    assert server.stop() == 0
    closed = lake(run_cli, server, "close", "--tenant", "libreria", "--day", JANUARY[1])
    assert closed.returncode == 0, closed
    assert closed.stdout.splitlines()[:2] == [f"libreria {JANUARY[1]}: closed", "libreria 2026-01: rolled up"]
    assert "is already closed" in lake(run_cli, server, "close", "--tenant", "libreria", "--day", JANUARY[1]).stdout
    assert "nothing was sold" in lake(run_cli, server, "close", "--tenant", "libreria", "--day", "2026-01-02").stdout
    assert "libreria: 1 day closed" in lake(run_cli, server, "status").stdout
    server.start()


def test_a_day_that_is_not_over_or_no_day_is_refused(server, run_cli):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    tomorrow = str(today + datetime.timedelta(days=1))
    for day, words in ((str(today), [str(today), "has not ended", "UTC", f"{tomorrow}T00:00:00"]), (tomorrow, ["has not ended"]),
                       ("2026-02-30", ["day must be", "2026-01-31", "2026-02-30"]), ("yesterday", ["day must be"]), ("", ["day must be"])):
        refused = lake(run_cli, server, "close", "--day", day)
        assert (refused.returncode, refused.stdout) == (1, ""), (day, refused)
        assert refused.stderr.count("\n") == 1 and all(word in refused.stderr for word in words), (day, refused.stderr)
    for command in ("status", "close"):
        unknown = lake(run_cli, server, command, "--tenant", "nosuch")
        assert unknown.returncode == 1 and "nosuch" in unknown.stderr
        assert "--tenant" in run_cli("lake", command, "--help").stdout


def test_a_damaged_object_is_named_and_keeps_only_its_day_open(server, run_cli):
    today, row = given_past_sales(server)
    damaged = object_of(server, "libreria", JANUARY[0], "purchase_cut")
    damaged.write_bytes(gzip.compress(b"{")[:5])
    key = str(damaged.relative_to(server.folder / "lake"))
    closed = lake(run_cli, server, "close", "--tenant", "libreria")
    assert closed.returncode == 1 and key in closed.stderr, closed
    assert closed.stdout.splitlines() == [f"libreria {JANUARY[1]}: closed", "libreria 2026-01: rolled up"]
    status = lake(run_cli, server, "status")
    assert status.returncode == 1 and f"{key} is damaged" in status.stderr, status
    assert "cannot be closed" in status.stdout
    assert bestsellers(server) == [(row["items"][0]["book_id"], 4)]

    damaged.unlink()
    assert lake(run_cli, server, "close").returncode == 0
    assert lake(run_cli, server, "status").returncode == 0
    parquet = next((server.folder / "lake" / "libreria" / "purchases_parquet").rglob("*.parquet"))
    parquet.unlink()
    missing = lake(run_cli, server, "status")
    assert missing.returncode == 1 and "is missing" in missing.stderr and str(parquet.relative_to(server.folder / "lake")) in missing.stderr
