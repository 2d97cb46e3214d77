"""`estante search verify` and `rebuild`: differences between the index and the store are listed, and repaired while the shop serves."""

import json
import sqlite3
import threading

import pytest

from small_shops import BOOK_COUNT
from estante import Client, Server, eventually
from test_opensearch import ENGINE, engine_call, on_opensearch

pytestmark = pytest.mark.only_on("sqlite")  # changes rows of SQLite behind the server's back


def verify(run_cli, server, *arguments):
    return run_cli("search", "verify", "--data", server.folder, *arguments)


def entry(database, title):
    """The row of a book's entry in libreria."""
    return database.execute("select pk, sk, body from books where pk like 'libreria#book_%' and sk like 'BOOK#%' and "
                            "json_extract(body, '$.title') = ?", (title,)).fetchone()


@pytest.fixture
def three(server, libreria):
    """Three books that the index has."""
    manager = libreria.as_manager()
    titles = ("Zarzaparrilla", "Zurcidora", "Zozobra")
    books = {}
    for title in titles:
        made = manager.post("/v1/books", {"title": title, "contributors": [{"name": "Nadie"}], "category": "Arte"})
        assert made.status_code == 201
        books[title] = made.json()["book_id"]
    eventually(lambda: all(libreria.get(f"/v1/books/search?q={title}").json()["total"] == 1 for title in titles))
    return books


def test_verify_says_that_nothing_differs(demo_server, run_cli):
    done = verify(run_cli, demo_server)
    assert done.returncode == 0, done
    assert done.stdout.splitlines() == ["goodbooks: 10000 books, the index matches the store",
                                        "libreria: 913 books, the index matches the store"]


def test_what_was_changed_behind_the_server_is_listed_and_repaired(server, libreria, three, run_cli):
    with sqlite3.connect(server.folder / "estante.db", timeout=10) as database:
        pk, sk, body = entry(database, "Zarzaparrilla")  # other contents under the same version
        database.execute("update books set body = ? where pk = ? and sk = ?", (json.dumps({**json.loads(body), "title": "Zigurat"}), pk, sk))
        pk, sk, body = entry(database, "Zurcidora")  # a version that the index has not
        item = json.loads(body)
        item["version"] += 1
        database.execute("update books set body = ?, version = ? where pk = ? and sk = ?", (json.dumps(item), item["version"], pk, sk))
        pk, sk, _ = entry(database, "Zozobra")  # gone
        database.execute("delete from books where pk = ?", (pk,))
    done = verify(run_cli, server, "--tenant", "libreria")
    assert done.returncode == 1, done
    lines = done.stdout.splitlines()
    assert lines[0] == f"libreria: {BOOK_COUNT + 2} books; in the index 0 missing, 1 orphaned, 1 stale, 1 with a content mismatch"
    assert sorted(lines[1:]) == sorted([f"  content mismatch {three['Zarzaparrilla']}", f"  stale {three['Zurcidora']}", f"  orphaned {three['Zozobra']}"])
    few = verify(run_cli, server, "--tenant", "libreria", "--examples", "1").stdout.splitlines()
    assert len(few) == 3 and few[2] == "  … and 2 more"

    done = verify(run_cli, server, "--tenant", "libreria", "--repair")
    assert done.returncode == 0, done
    assert done.stdout.splitlines()[-1] == "libreria: repaired by a rebuild"  # the changed one has no new version
    assert verify(run_cli, server).returncode == 0
    assert libreria.get("/v1/books/search?q=zigurat").json()["total"] == 1
    assert libreria.get("/v1/books/search?q=zozobra").json()["total"] == 0


def test_what_versions_allow_is_written_book_by_book(server, libreria, three, run_cli):
    with sqlite3.connect(server.folder / "estante.db", timeout=10) as database:
        pk, _, _ = entry(database, "Zozobra")
        database.execute("delete from books where pk = ?", (pk,))
    done = verify(run_cli, server, "--tenant", "libreria", "--repair")
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "libreria: repaired, 1 books written", done
    assert verify(run_cli, server).returncode == 0


def test_a_busy_shop_has_no_drift(server, libreria, run_cli):
    manager = libreria.as_manager()
    books = [book["book_id"] for book in libreria.books("limit=50&sort=title")]
    ended = threading.Event()

    def change_prices():
        price = 0
        while not ended.is_set():
            price += 1
            assert manager.patch(f"/v1/books/{books[price % 50]}", {"price": 5 + price % 90}, check=False).status_code == 200

    writer = threading.Thread(target=change_prices)
    writer.start()
    try:
        for _ in range(5):
            done = verify(run_cli, server, "--tenant", "libreria")
            assert done.returncode == 0, done
    finally:
        ended.set()
        writer.join()


def test_rebuild_and_mistakes(server, run_cli):
    data = ("--data", server.folder)
    done = run_cli("search", "rebuild", "--tenant", "libreria", *data)
    assert done.returncode == 0 and done.stdout == f"libreria: {BOOK_COUNT} books in the new index\n", done
    assert len(run_cli("search", "rebuild", *data).stdout.splitlines()) == 2
    for arguments, words in ((("verify", "--tenant", "nosuch"), "nosuch"), (("rebuild", "--tenant", "nosuch"), "nosuch"),
                             (("verify", "--examples", "many"), "--examples"), (("verify", "--examples", "1001"), "1000"),
                             (("query", "nosuch", "x"), "nosuch")):
        done = run_cli("search", *arguments, *data)
        assert done.returncode == 1 and words in done.stderr and len(done.stderr.strip().splitlines()) == 1, done
    for command in ("query", "verify", "rebuild"):
        assert run_cli("search", command, "--help").returncode == 0
    assert run_cli("search").returncode == 2


def test_searches_are_typed_with_and_without_the_word_query(server, run_cli):
    data = ("--data", server.folder)
    said = [run_cli("search", *arguments, *data).stdout
            for arguments in (("query", "libreria", "la", "barraca"), ("libreria", "la barraca"), ("libreria", "la", "barraca"),
                              ("--tenant", "libreria", "la", "barraca"), ("query", "--tenant", "libreria", "la barraca"))]
    assert "found" in said[0] and "arraca" in said[0] and said == [said[0]] * len(said)
    assert "found" in run_cli("search", "libreria", "verify", *data).stdout  # a word like any other
    assert run_cli("search", "libreria", "--limit", "1", *data).stdout.startswith(f"{BOOK_COUNT} found")


def test_documents_changed_behind_opensearch_are_listed_and_repaired(binary, shop_folder, prefix, run_cli):
    server = on_opensearch(binary, shop_folder, ENGINE, prefix).start()
    shop = Client(server, "libreria")
    alias = f"{prefix}libreria"
    books = [book["book_id"] for book in shop.books("limit=4&sort=title")]
    assert verify(run_cli, server, "--tenant", "libreria").returncode == 0

    def document(book):
        return engine_call("GET", f"/{alias}/_doc/{book}")

    engine_call("DELETE", f"/{alias}/_doc/{books[0]}?refresh=true")
    done = verify(run_cli, server, "--tenant", "libreria")
    assert done.returncode == 1 and done.stdout.splitlines() == [
        f"libreria: {BOOK_COUNT} books; in the index 1 missing, 0 orphaned, 0 stale, 0 with a content mismatch", f"  missing {books[0]}"], done
    altered = document(books[1])
    engine_call("PUT", f"/{alias}/_doc/{books[1]}?refresh=true&version_type=external_gte&version={altered['_version']}",
                {**altered["_source"], "description": "otra cosa"})
    ahead = document(books[2])
    engine_call("PUT", f"/{alias}/_doc/{books[2]}?refresh=true&version_type=external&version={ahead['_version'] + 9}", ahead["_source"])
    ghost = "book_01J0000000000000000000000A"
    engine_call("PUT", f"/{alias}/_doc/{ghost}?refresh=true&version_type=external&version=1", {**ahead["_source"], "book_id": ghost})
    done = verify(run_cli, server, "--tenant", "libreria")
    assert done.returncode == 1
    assert sorted(done.stdout.splitlines()[1:]) == sorted([f"  missing {books[0]}", f"  content mismatch {books[1]}", f"  stale {books[2]}", f"  orphaned {ghost}"])

    done = verify(run_cli, server, "--tenant", "libreria", "--repair")
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "libreria: repaired by a rebuild", done
    assert verify(run_cli, server, "--tenant", "libreria").returncode == 0
    assert shop.get("/v1/books/search?limit=1").json()["total"] == BOOK_COUNT

    engine_call("PUT", f"/{alias}/_doc/{ghost}?refresh=true&version_type=external&version=1", {**ahead["_source"], "book_id": ghost})
    done = verify(run_cli, server, "--tenant", "libreria", "--repair")
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "libreria: repaired, 1 books written", done
    assert server.stop() == 0


def test_an_index_that_is_gone_is_found_and_made_again(binary, shop_folder, prefix, run_cli):
    server = on_opensearch(binary, shop_folder, ENGINE, prefix).start()
    shop = Client(server, "libreria")
    manager = Client(server, "libreria").login("manager@example.com")
    assert manager.post("/v1/books", {"title": "Zozobra", "contributors": [{"name": "Nadie"}], "category": "Arte"}).status_code == 201
    eventually(lambda: shop.get("/v1/books/search?q=zozobra").json()["total"] == 1, 30)  # the stream has drained
    for index in engine_call("GET", f"/_alias/{prefix}libreria"):
        engine_call("DELETE", f"/{index}")
    done = verify(run_cli, server, "--tenant", "libreria")
    assert done.returncode == 1 and f"{BOOK_COUNT + 1} missing" in done.stdout, done
    done = verify(run_cli, server, "--tenant", "libreria", "--repair")
    assert done.returncode == 0, done
    assert shop.get("/v1/books/search?limit=1").json()["total"] == BOOK_COUNT + 1
    assert server.stop() == 0
