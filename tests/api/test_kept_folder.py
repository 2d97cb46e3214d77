"""A data folder that an earlier program left (tests/data/README.md) is opened by this one, and nothing of it is lost or read otherwise."""

import json
import pathlib
import tarfile

import pytest

import dynamodb
from estante import Client, Server, eventually
from folder_figures import figures_of

pytestmark = pytest.mark.skipif(dynamodb.ON_DYNAMODB, reason="about a data folder")
DATA = pathlib.Path(__file__).resolve().parents[1] / "data"


@pytest.fixture
def held():
    return json.loads((DATA / "folder-v1.json").read_text(encoding="utf-8"))


@pytest.fixture
def kept(binary, tmp_path, monkeypatch):
    """This program on a copy of the folder, under the name that its lake was noted with."""
    monkeypatch.chdir(tmp_path)
    with tarfile.open(DATA / "folder-v1.tar.gz") as archive:
        archive.extractall(".")
    server = Server(binary, "folder-v1").start()
    yield server
    assert server.stop() == 0


def estante(run_cli, *arguments):
    return run_cli(*arguments, "--data", "folder-v1")


def test_an_earlier_folder_is_read_as_it_was(kept, held, run_cli):
    unfinished = held.pop("unfinished_import")
    manager = Client(kept, unfinished["shop"]).as_manager()
    at = f"/v1/imports/{unfinished['import_id']}"
    eventually(lambda: manager.get(at).json()["status"] == "done")  # it went on where it was cut off
    done = manager.get(at).json()
    assert (done["created"] + done["unchanged"] + done["updated"], done["refused"]) == (unfinished["rows"], 0)
    eventually(lambda: estante(run_cli, "search", "verify").returncode == 0)

    lake = [line for line in estante(run_cli, "lake", "status").stdout.splitlines() if not line.startswith(" ")]
    assert lake == held.pop("lake")
    now = json.loads(json.dumps(figures_of(kept, estante(run_cli, "streams", "dead-letters", "list").stdout, held["cart_token"])))
    imported, before = now["shops"][unfinished["shop"]], held["shops"][unfinished["shop"]]
    assert imported.pop("books") == before.pop("books") + unfinished["rows"]
    for grown in ("copies", "categories", "hits"):  # by the import
        assert imported.pop(grown) != before.pop(grown)
    assert now == held
    assert not [line for line in kept.lines if "rebuilt" in line or " error " in line], kept.lines


def test_an_earlier_folder_goes_on_selling(kept, held, run_cli):
    replayed = estante(run_cli, "streams", "dead-letters", "replay")
    assert (replayed.returncode, replayed.stdout.splitlines()) == (0, ["books_stream: 1 processed, 0 left", "purchases_stream: 1 processed, 0 left"])
    guest = Client(kept, "libreria")
    guest.cart_token = held["cart_token"]
    assert guest.login("customer0@example.com").get("/v1/cart").json()["items"][0]["quantity"] == held["guest_cart"][0][1]
    bought = guest.post("/v1/purchases")
    assert bought.status_code == 201, bought.text
    manager = Client(kept, "libreria").as_manager()
    eventually(lambda: manager.get("/v1/analytics/summary").json()["period"]["purchases"] == 1)
    opened = Client(kept, "operator").login("operator@example.com").get("/v1/tenants").json()["items"]
    assert {shop["tenant_id"] for shop in opened} == set(held["shops"])
