"""Checkouts over HTTP: each client adds three books to the cart with three requests and checks out with a fourth. The
reference is reads of one book by wrk on the same server. One load process runs on the same machine and uses part of its CPU."""

import concurrent.futures
import json
import os
import pathlib
import subprocess

from harness import BINARY, all_book_ids, call, load_demonstration, login, median, progress, print_result, scratch_folder, run_server

CLIENTS = (1, 8, 64, 512)
ROUNDS = 3
LOAD = pathlib.Path(BINARY).parent / "bench" / "bench_http_checkouts"


def register(url, number):
    body = {"tenant_id": "goodbooks", "email": f"customer{number}@example.com", "password": "a good password"}
    return call(url, "/v1/users/register", body)["token"]


def add_stock(url, books):
    """Adds so many copies that no book sells out."""
    token = login(url, email="manager@example.com")
    for book in books:
        call(url, f"/v1/books/{book}/stock/adjustments", {"delta": 100_000, "reason": "benchmark"}, token=token)


def checkouts(url, clients, count, file):
    port = url.rsplit(":", 1)[1]
    output = subprocess.run([LOAD, port, str(clients), str(count), file], capture_output=True, text=True, check=True).stdout
    return json.loads(output)


def reads(url, token, book):
    command = ["wrk", "-t1", "-c64", "-d2s", "-H", f"Authorization: Bearer {token}", f"{url}/v1/books/{book}"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(next(line for line in output.splitlines() if line.startswith("Requests/sec")).split()[1])


with scratch_folder() as folder:
    load_demonstration(folder / "data")
    with run_server(folder / "data") as (url, process):
        books = all_book_ids(url)[:200]
        add_stock(url, books)
        progress(f"registering {max(CLIENTS)} customers …")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            tokens = list(pool.map(lambda n: register(url, n), range(max(CLIENTS))))
        (folder / "load").write_text("\n".join([*tokens, "-", *books]) + "\n")
        at_64, read = [], []
        for turn in range(ROUNDS):
            at_64.append(checkouts(url, 64, 5000, folder / "load"))
            read.append(reads(url, tokens[0], books[0]))
            progress(f"64 clients: {at_64[-1]['per_s']:.0f} checkouts/s (4 requests each), checkout p50 {at_64[-1]['p50_ms']:.1f} ms, "
                     f"p99 {at_64[-1]['p99_ms']:.1f} ms; reads of a book {read[-1]:.0f}/s")
        for clients in CLIENTS:
            at = checkouts(url, clients, 1000 if clients == 1 else 5000, folder / "load")
            progress(f"{clients:3} clients: {at['per_s']:.0f}/s, checkout p50 {at['p50_ms']:.2f} ms, p99 {at['p99_ms']:.2f} ms")
    ratio = median(a["per_s"] * 4 / b for a, b in zip(at_64, read))
    print_result("checkout-http", ratio, 0.05, per_s=median(a["per_s"] for a in at_64), p99_ms=median(a["p99_ms"] for a in at_64),
           reads_per_s=median(read))
