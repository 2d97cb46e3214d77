"""Shared by the benchmarks of the whole program: load the demonstration, run a server, print the result."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = str(pathlib.Path(os.environ.get("ESTANTE_BIN", ROOT / "build/release/estante")).resolve())


def progress(text):
    print(text, file=sys.stderr, flush=True)


def print_result(name, ratio, target, holds=None, **figures):
    line = {"name": name, "ratio": round(ratio, 4), "target": target, "holds": ratio >= target if holds is None else bool(holds)}
    print(json.dumps({**line, **{key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items()}}))


@contextlib.contextmanager
def scratch_folder():
    """A temporary folder beside the build: on disk, as in production, not in memory."""
    (ROOT / "build").mkdir(exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "build"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def run_server(folder, command="serve", *arguments, prefix=()):
    process = subprocess.Popen([*prefix, BINARY, command, "--data", str(folder), "--listen", "127.0.0.1:0", "--admin-listen", "off", *arguments],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        for line in process.stdout:
            if match := re.match(r"listening on (\S+)", line):
                yield match.group(1), process
                break
        else:
            raise RuntimeError("the server did not start")
    finally:
        process.terminate()
        process.wait(timeout=30)


def load_demonstration(folder):
    progress("loading the demonstration …")
    with run_server(folder, "demo"):
        pass


def call(url, path, body=None, token=None, tenant=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if tenant:
        headers["X-Tenant-Id"] = tenant
    request = urllib.request.Request(url + path, None if body is None else json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def login(url, tenant="goodbooks", email="customer@example.com"):
    return call(url, "/v1/users/login", {"tenant_id": tenant, "email": email, "password": "estante-demo-1"})["token"]


def all_book_ids(url, tenant="goodbooks"):
    ids, cursor = [], ""
    while cursor is not None:
        page = call(url, "/v1/books/search?sort=title&limit=100" + (f"&cursor={cursor}" if cursor else ""), tenant=tenant)
        ids += [book["book_id"] for book in page["items"]]
        cursor = page["next_cursor"]
    return ids


median = statistics.median
