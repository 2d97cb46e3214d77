"""The embedded search index on disk: what is saved is kept, what is damaged is rebuilt, and the shop sells meanwhile."""

import shutil
import sqlite3

import pytest

from small_shops import BOOK_COUNT
from estante import Client, Server, eventually

pytestmark = pytest.mark.only_on("sqlite")  # the database of a data folder is looked at

KEPT = "search index: 2 shops kept, 0 rebuilt"


def serve(binary, folder, *arguments, **options):
    return Server(binary, folder, "serve", "--log-level", "debug", *arguments, **options).start()


def said(server, text):
    return any(text in line for line in server.lines)


def add_book(manager, title):
    made = manager.post("/v1/books", {"title": title, "contributors": [{"name": "Nadie"}], "category": "Arte"})
    assert made.status_code == 201, made.text
    return made.json()["book_id"]


def total(shop, text):
    response = shop.get(f"/v1/books/search?q={text}")
    assert response.status_code == 200, response.text
    return response.json()["total"]


def segments(folder, tenant):
    return sorted((folder / "search-index" / "shops" / tenant).glob("segment-*"))


def acknowledged(folder):
    """Its place in the stream, and that of the newest change of a book: other processors' own writes may come later."""
    with sqlite3.connect(folder / "estante.db", timeout=10) as database:
        newest = database.execute("select max(sequence) from changes where sk like 'BOOK#%' or sk = 'STOCK'").fetchone()[0]
        return database.execute("select sequence from checkpoints where processor = 'books_stream'").fetchone()[0], newest


def saved(folder):
    place, newest = acknowledged(folder)
    return place >= newest


def damage(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def test_a_start_reads_the_index_that_the_last_process_left(binary, shop_folder):
    before = {path: path.stat().st_mtime_ns for tenant in ("goodbooks", "libreria") for path in segments(shop_folder, tenant)}
    assert len(before) >= 2
    server = serve(binary, shop_folder)
    assert total(Client(server, "libreria"), "quijote") > 0
    assert total(Client(server, "goodbooks"), "tolkien") > 0
    assert server.stop() == 0
    eventually(lambda: said(server, KEPT))
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_killed_server_finds_all_changes_again_without_a_rebuild(binary, shop_folder):
    server = serve(binary, shop_folder)
    manager = Client(server, "libreria").as_manager()
    for number in range(5):
        add_book(manager, f"Zarzaparrilla {number}")
    gone = add_book(manager, "Zurcidora")
    eventually(lambda: saved(shop_folder))
    assert manager.delete(f"/v1/books/{gone}", headers={"If-Match": manager.get(f"/v1/books/{gone}").headers["ETag"]}).status_code == 204
    for number in range(5, 9):
        add_book(manager, f"Zarzaparrilla {number}")
    server.kill()

    server = serve(binary, shop_folder)
    libreria = Client(server, "libreria")
    eventually(lambda: total(libreria, "zarzaparrilla") == 9)
    assert total(libreria, "zurcidora") == 0
    eventually(lambda: said(server, KEPT))
    assert not said(server, "rebuilt:")
    assert server.stop() == 0
    assert saved(shop_folder)


def test_a_server_that_is_killed_again_and_again_loses_nothing(binary, shop_folder):
    for round_number in range(4):
        server = serve(binary, shop_folder)
        manager = Client(server, "libreria").as_manager()
        for number in range(6):
            add_book(manager, f"Zozobra {round_number} {number}")
        server.kill()
    server = serve(binary, shop_folder)
    eventually(lambda: total(Client(server, "libreria"), "zozobra") == 24)
    assert not said(server, "another state of the store")
    assert server.stop() == 0


def test_a_damaged_file_is_noticed_and_its_shop_rebuilt_while_the_other_serves(binary, shop_folder):
    damage(max(segments(shop_folder, "libreria"), key=lambda path: path.stat().st_size))
    server = serve(binary, shop_folder)
    libreria = Client(server, "libreria")
    response = libreria.get("/v1/books/search?q=quijote")
    if response.status_code != 200:  # until it is rebuilt
        assert response.status_code == 503 and int(response.headers["Retry-After"]) > 0
    assert total(Client(server, "goodbooks"), "tolkien") > 0
    add_book(libreria.as_manager(), "Zarzaparrilla")  # the shop works meanwhile
    eventually(lambda: libreria.get("/v1/books/search?q=quijote").status_code == 200)
    eventually(lambda: total(libreria, "zarzaparrilla") == 1)
    assert total(libreria, "quijote") > 0
    eventually(lambda: said(server, "the search index of libreria is damaged and will be rebuilt: segment-"))
    eventually(lambda: said(server, "search index of libreria rebuilt: 20"))
    assert not said(server, "search index of goodbooks rebuilt")
    assert server.stop() == 0

    server = serve(binary, shop_folder)
    assert total(Client(server, "libreria"), "zarzaparrilla") == 1
    eventually(lambda: said(server, KEPT))
    assert server.stop() == 0


@pytest.mark.parametrize("what", ["truncated", "empty", "gone", "manifest"])
def test_each_kind_of_damage_ends_in_a_rebuild(binary, shop_folder, what):
    segment = max(segments(shop_folder, "libreria"), key=lambda path: path.stat().st_size)
    if what == "truncated":
        with segment.open("r+b") as file:
            file.truncate(segment.stat().st_size - 100)
    elif what == "empty":
        segment.write_bytes(b"")
    elif what == "gone":
        segment.unlink()
    else:
        damage(segment.with_name("manifest"))
    server = serve(binary, shop_folder)
    libreria = Client(server, "libreria")
    eventually(lambda: libreria.get("/v1/books/search?q=quijote").status_code == 200)
    assert total(libreria, "quijote") > 0
    eventually(lambda: said(server, f"search index of libreria rebuilt: {BOOK_COUNT} books"))
    assert server.stop() == 0


def test_an_index_of_another_state_of_the_store_is_not_believed(binary, shop_folder, tmp_path):
    older = tmp_path / "older.db"
    shutil.copyfile(shop_folder / "estante.db", older)  # of a stopped server
    server = serve(binary, shop_folder)
    add_book(Client(server, "libreria").as_manager(), "Zarzaparrilla")
    eventually(lambda: total(Client(server, "libreria"), "zarzaparrilla") == 1)
    assert server.stop() == 0
    for name in ("estante.db-wal", "estante.db-shm"):
        (shop_folder / name).unlink(missing_ok=True)
    shutil.copyfile(older, shop_folder / "estante.db")

    server = serve(binary, shop_folder)
    assert total(Client(server, "libreria"), "zarzaparrilla") == 0
    assert total(Client(server, "libreria"), "quijote") > 0
    eventually(lambda: said(server, "the search index belonged to another state of the store; 2 shops rebuilt"))
    assert server.stop() == 0


def test_a_removed_index_folder_is_made_again(binary, shop_folder):
    shutil.rmtree(shop_folder / "search-index")
    server = serve(binary, shop_folder)
    assert total(Client(server, "libreria"), "quijote") > 0
    assert server.stop() == 0
    assert segments(shop_folder, "libreria")
    server = serve(binary, shop_folder)
    assert total(Client(server, "libreria"), "quijote") > 0
    eventually(lambda: said(server, KEPT))
    assert server.stop() == 0


def test_while_the_index_cannot_be_saved_searches_go_on_and_the_stream_is_not_acknowledged(binary, shop_folder):
    server = serve(binary, shop_folder)
    manager = Client(server, "libreria").as_manager()
    blocked = shop_folder / "search-index" / "shops" / "libreria" / "manifest.new"
    eventually(lambda: saved(shop_folder))
    before, _ = acknowledged(shop_folder)
    blocked.mkdir()  # no manifest can be written now
    add_book(manager, "Zarzaparrilla")
    eventually(lambda: total(manager, "zarzaparrilla") == 1)
    eventually(lambda: said(server, "the search index cannot be saved"))
    assert acknowledged(shop_folder)[0] == before
    blocked.rmdir()
    eventually(lambda: said(server, "the search index is saved again"))
    eventually(lambda: saved(shop_folder))
    assert server.stop() == 0


def test_shops_leave_memory_and_come_back(binary, demo_folder):
    server = serve(binary, demo_folder, "--search-memory-mb", "1")
    for _ in range(3):
        assert total(Client(server, "libreria"), "quijote") > 0
        assert total(Client(server, "goodbooks"), "tolkien") > 0
    manager = Client(server, "libreria").as_manager()
    add_book(manager, "Zarzaparrilla")
    eventually(lambda: total(manager, "zarzaparrilla") == 1)
    assert total(Client(server, "goodbooks"), "tolkien") > 0
    assert total(manager, "zarzaparrilla") == 1
    assert server.stop() == 0


def test_a_senseless_memory_is_refused(binary, shop_folder, run_cli):
    done = run_cli("serve", "--data", shop_folder, "--search-memory-mb", "0")
    assert done.returncode != 0
    assert "search-memory-mb (flag --search-memory-mb) must be a whole number from 1 to 1048576, is '0'" in done.stderr
