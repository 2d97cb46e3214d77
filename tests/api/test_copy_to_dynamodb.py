"""What an embedded shop holds goes to DynamoDB and comes back the same."""

import sqlite3

import pytest

import dynamodb
from estante import Client, Server, eventually

pytestmark = pytest.mark.only_on("dynamodb")


def copy(binary, source, target, folder, *more):
    """With the policy of the copying role. The end of the session asserts that it sufficed."""
    done = dynamodb.run_as("COPYING", dynamodb.engine_of(folder).gate, binary, "copy", "--from", source, "--to", target, *more)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "differs" not in done.stdout and (more or "goodbooks" in done.stdout)
    return done.stdout


def rows(folder):
    """The items of an embedded store as they lie in its file."""
    with sqlite3.connect(f"file:{folder}/estante.db?mode=ro", uri=True) as database:
        return {table: database.execute(f"select pk, sk, body from {table} order by pk, sk").fetchall() for table in ("users", "books", "purchases")}


def test_there_and_back_nothing_differs(binary, server, tmp_path):
    """From the DynamoDB that served users, carts and purchases to an embedded store, on to another DynamoDB, and back."""
    reader = Client(server, "goodbooks").register("ana@example.com")
    for book in reader.books()[:3]:
        reader.post("/v1/cart/items", {"book_id": book["book_id"]})
    assert reader.post("/v1/purchases", {}).status_code == 201
    reader.post("/v1/cart/items", {"book_id": reader.books()[0]["book_id"], "quantity": 2})
    assert server.stop() == 0

    first = copy(binary, f"dynamodb:{dynamodb.STAGE}", f"sqlite:{tmp_path}/first", server.folder)
    other = tmp_path / "other"
    other.mkdir()
    dynamodb.make_tables_without_streams(dynamodb.engine_of(other).url, dynamodb.STAGE)
    there = copy(binary, f"sqlite:{tmp_path}/first", f"dynamodb:{dynamodb.STAGE}", other)
    made = dynamodb.run_as("TABLES", dynamodb.engine_of(other).gate, binary, "tables", "create", "--stage", dynamodb.STAGE)
    assert made.returncode == 0 and "its stream is on" in made.stdout, made
    back = copy(binary, f"dynamodb:{dynamodb.STAGE}", f"sqlite:{tmp_path}/second", other)
    dynamodb.forget(other)

    assert first == there == back
    assert rows(tmp_path / "first") == rows(tmp_path / "second")
    server.start()


def test_the_copy_can_be_served(binary, server, tmp_path):
    copy(binary, f"dynamodb:{dynamodb.STAGE}", f"sqlite:{tmp_path}/served", server.folder)
    embedded = Server(binary, tmp_path / "served")
    embedded.environment = {}
    embedded.start()
    try:
        assert Client(embedded, "libreria").books("q=quijote")[0]["title"] == Client(server, "libreria").books("q=quijote")[0]["title"]
    finally:
        assert embedded.stop() == 0


def test_a_shop_moves_out_and_back_while_the_server_runs(binary, server, tmp_path):
    here, there = f"dynamodb:{dynamodb.STAGE}", f"sqlite:{tmp_path}/moved"
    counts = dynamodb.engine_of(server.folder).gate.counts
    assert "libreria is open in sqlite" in copy(binary, here, there, server.folder, "--tenant", "libreria")
    eventually(lambda: Client(server, "libreria").get("/v1/shop").status_code == 403)
    copy(binary, there, here, server.folder, "--tenant", "libreria", "--replace")
    eventually(lambda: Client(server, "libreria").get("/v1/shop").status_code == 200)
    copy(binary, here, there, server.folder, "--tenant", "libreria", "--replace")
    used = {action for (role, action, allowed) in counts if role == "copying" and allowed}
    assert used >= {"Scan", "GetItem", "UpdateItem", "BatchGetItem", "BatchWriteItem", "PutItem", "GetRecords"}, used
