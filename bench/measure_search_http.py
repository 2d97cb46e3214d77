"""Searches over HTTP: GET /v1/books/search. The reference is OpenSearch's _search. Both have the 88,511 works of tests/parity and get the
same searches in the same order from the same client, with 1 and 16 connections; they alternate. Both return ten hits with their books,
the exact total and all facets; ours also suggests a spelling for unknown words. OpenSearch is filled by our adapter, merged into one
segment, and runs with both JIT compilers of Java, which the test engine disables. To warm up, each repeats the same 5,000 searches until
that makes it no faster. Each round then sends 1,500 searches that neither has seen before, so that no cached response counts."""

import json
import os
import pathlib
import subprocess
import urllib.request

from harness import BINARY, ROOT, call, median, progress, print_result, scratch_folder, run_server
from engines import opensearch

CLIENTS = (1, 16)
ROUNDS = 3
WARM = 5000  # warm-up searches; none of them is measured
MIN_PASSES, MAX_PASSES = 3, 8  # of the warm-up
COUNT = int(os.environ.get("BENCH_SEARCHES", "1500"))  # of each round
LOAD = pathlib.Path(BINARY).parent / "bench" / "bench_http_searches"
PREFIX = "bench_"
MEAN, P99 = 10, 5  # target: how many times faster


def estante(*arguments, **settings):
    subprocess.run([BINARY, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env={**os.environ, **settings})


def request(engine, method, path):
    with urllib.request.urlopen(urllib.request.Request(engine + path, method=method), timeout=300) as response:
        return json.load(response)


def fill(folder):
    estante("tenant", "create", "bench", "--name", "Bench", "--manager", "boss@example.com", "--data", folder)
    for file in (ROOT / "demo" / "goodbooks10k_books.csv.gz", ROOT / "bench" / "data" / "gutenberg_all.csv.gz"):
        progress(f"importing {file.name} …")
        estante("import", file, "--tenant", "bench", "--price", "9.95", "--on-hand", 5, "--data", folder)


def load(url, clients, file, first, count, how="load"):
    port = url.rsplit(":", 1)[1]
    output = subprocess.run([LOAD, how, port, str(clients), str(first), str(count), file, "bench"], capture_output=True, text=True)
    assert output.returncode == 0, output.stderr
    return json.loads(output.stdout)


def warm(name, url, file):
    """Repeats the warm-up until a pass is less than a tenth faster than the best before. Returns the figures of the first pass."""
    passes = [load(url, 4, file, 0, WARM, "check")]
    while len(passes) < MIN_PASSES or (len(passes) < MAX_PASSES and passes[-1]["mean_ms"] < 0.9 * min(seen["mean_ms"] for seen in passes[:-1])):
        passes.append(load(url, 4, file, 0, WARM))
    progress(f"{name} is warm: mean {', '.join(format(seen['mean_ms'], '.2f') for seen in passes)} ms")
    return passes[0]


with scratch_folder() as folder, opensearch() as engine:
    fill(folder / "data")
    version = request(engine, "GET", "/")["version"]
    factor = "1" if version["lucene_version"].startswith("10") else "2.2"
    subprocess.run([LOAD, "requests", folder, f"{PREFIX}bench", factor], check=True)
    progress("filling OpenSearch …")
    estante("search", "query", "--tenant", "bench", "--limit", 1, "--data", folder / "data", ESTANTE_SEARCH="opensearch",
            ESTANTE_OPENSEARCH_ENDPOINT=engine, ESTANTE_OPENSEARCH_PREFIX=PREFIX)
    request(engine, "POST", f"/{PREFIX}bench/_forcemerge?max_num_segments=1")
    request(engine, "POST", f"/{PREFIX}bench/_refresh")
    works = request(engine, "GET", f"/{PREFIX}bench/_count")["count"]
    with run_server(folder / "data") as (url, _):
        assert call(url, "/v1/books/search?limit=1", tenant="bench")["total"] == works > 88_000, works
        sides = {"estante": (url, folder / "ours"), "opensearch": (engine, folder / "theirs")}
        seen = {name: warm(name, *where) for name, where in sides.items()}
        assert abs(seen["estante"]["books_each"] - seen["opensearch"]["books_each"]) < 0.01, "both must return the same number of books"
        measured = {(name, clients): [] for name in sides for clients in CLIENTS}
        for turn in range(ROUNDS):
            for place, clients in enumerate(CLIENTS):
                first = WARM + (turn * len(CLIENTS) + place) * COUNT
                for name, (address, file) in sides.items():
                    measured[name, clients].append(load(address, clients, file, first, COUNT))
                ours, theirs = (measured[name, clients][-1] for name in sides)
                progress(f"{clients:2} clients: estante mean {ours['mean_ms']:.3f}, p99 {ours['p99_ms']:.2f} ms; OpenSearch {theirs['mean_ms']:.3f}, "
                         f"{theirs['p99_ms']:.2f}: {theirs['mean_ms'] / ours['mean_ms']:.1f}×, {theirs['p99_ms'] / ours['p99_ms']:.1f}×")

figures, shares = {}, []
for clients in CLIENTS:
    for figure, target in (("mean_ms", MEAN), ("p99_ms", P99)):
        times = median(b[figure] / a[figure] for a, b in zip(measured["estante", clients], measured["opensearch", clients]))
        shares.append(times / target)
        figures[f"{figure.removesuffix('_ms')}_times_{clients}"] = times
        for name in sides:
            figures[f"{name}_{figure}_{clients}"] = median(m[figure] for m in measured[name, clients])
print_result("search-http", min(shares), 1, opensearch=version["number"], works=works, mean_target=MEAN, p99_target=P99,
       books_each=seen["estante"]["books_each"], bytes_each=seen["estante"]["bytes_each"],
       opensearch_bytes_each=seen["opensearch"]["bytes_each"], **figures)
