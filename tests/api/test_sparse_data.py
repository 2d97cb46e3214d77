"""Odd but valid data: what of a shop may be empty is empty."""

import csv
import io
import subprocess

import pytest

import dynamodb
from estante import PASSWORD, Client, Server, eventually

pytestmark = pytest.mark.skipif(dynamodb.ON_DYNAMODB, reason="about the lake in the data folder")
EXPORTS = ("top-books", "top-books?by=category", "authors", "customers", "daily", "daily?by=hour")


@pytest.fixture
def quick(binary, tmp_path):
    """One shop, whose catalogue is exported twenty times a second."""
    folder = tmp_path / "data"

    def cli(*arguments, **options):
        subprocess.run([binary, *arguments, "--data", folder], check=True, capture_output=True, text=True, timeout=60, **options)

    cli("tenant", "create", "acme", "--name", "Acme", "--manager", "boss@example.com")
    cli("user", "create", "acme", "manager@example.com", "--role", "manager", "--password-stdin", input=PASSWORD)
    server = Server(binary, folder, "serve", "--lake-maintenance-interval-ms", 50).start()
    yield server
    assert server.stop() == 0


def export_of(server):
    return server.folder / "lake" / "acme" / "books" / "books.parquet"


def import_rows(manager, rows):
    started = manager.post("/v1/imports", data=rows.encode(), headers={"Content-Type": "text/csv"})
    assert started.status_code == 202, started.text
    at = "/v1/imports/" + started.json()["import_id"]
    eventually(lambda: manager.get(at).json()["status"] == "done")
    return manager.get(at).json()


@pytest.mark.parametrize("rows", [
    pytest.param("title,category\nA,x\n", id="one book"),
    pytest.param("title,category\n" + "".join(f"Libro {n},x\n" for n in range(1_200)), id="more than a batch"),
    pytest.param("title\nSin nada\n", id="titles alone"),
])
def test_a_catalogue_without_contributors_is_exported(quick, rows):
    eventually(export_of(quick).exists)  # without any book
    before = export_of(quick).stat().st_mtime_ns
    manager = Client(quick, "acme").as_manager()
    assert import_rows(manager, rows)["created"] == rows.count("\n") - 1
    eventually(lambda: export_of(quick).stat().st_mtime_ns > before)
    eventually(lambda: exported_books(quick) == rows.count("\n") - 1)
    assert manager.get("/v1/analytics/authors").json()["items"] == []


def exported_books(server):
    done = subprocess.run([server.arguments[0], "analytics", "sql", "SELECT count(*) FROM books", "--tenant", "acme", "--csv",
                           "--data", server.folder], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done
    return int(list(csv.reader(io.StringIO(done.stdout)))[1][0])


@pytest.mark.parametrize("path", EXPORTS)
def test_a_period_without_sales_is_exported_in_every_form(quick, path):
    manager = Client(quick, "acme").as_manager()
    joined = path + ("&" if "?" in path else "?")
    for form in ("json", "csv", "parquet"):
        response = manager.get(f"/v1/analytics/{joined}format={form}&from=2026-01-01&to=2026-01-05")
        assert response.status_code == 200, response.text
        if form == "parquet":
            assert response.content[:4] == response.content[-4:] == b"PAR1"
        if form == "csv" and not path.startswith("daily"):
            assert len(list(io.StringIO(response.text))) == 1, "names alone"
