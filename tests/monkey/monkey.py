#!/usr/bin/env python3
"""Fills twenty shops with odd but valid data while every background task runs at fifty times its pace, asks every report, export and
search of every shop, and compares all sums at the end. Exits with 1 and what was found, or with 0.

The same seed does the same things to the same shops, as far as the time allows; what their threads do in between may differ."""

import argparse
import csv
import datetime
import io
import json
import os
import pathlib
import queue
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import requests

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "api")]

from estante import PASSWORD, Client, Server, eventually  # noqa: E402
from folder_figures import pages  # noqa: E402
from routes import EXCLUDED, Visits, get_routes  # noqa: E402
from shop import Shop, cents_of, characters  # noqa: E402

PACE = 50
# Lines of the log that are warnings and yet no finding, with the reason. Errors are findings always.
EXPECTED_WARNINGS = {
    r"business counters, daily summaries: \d+ wait, 0 are dropped: .*a condition did not hold": "the processor counted a purchase in the same summary; they are added again",
}
INTERVALS_MS = {"lake-maintenance": 60_000, "counter-flush": 5_000, "search-save": 2_000, "search-fill": 10_000, "store-sweep": 1_000, "stream-retry": 250}
WORKERS = 3
CYCLE_S = 600  # after which the sums are compared and the server is started again
FILLING, VISITING = 0.45, 0.75  # of a cycle; the sums take the rest


class Monkey:
    def __init__(self, binary, folder, seed, seconds):
        self.binary = binary
        self.folder = folder
        self.seed = seed
        self.seconds = seconds
        self.first_day = today()
        quick = [argument for task, ms in INTERVALS_MS.items() for argument in (f"--{task}-interval-ms", max(1, ms // PACE))]
        self.server = Server(binary, folder, "serve", *quick)
        self.shops = [Shop(self.server, f"shop-{n:02d}", character, seed, self.first_day) for n, character in enumerate(characters(seed))]
        self.visited = {}
        self.requests = 0
        self.stopping = threading.Event()
        self.found = []

    def cli(self, *arguments, **options):
        return subprocess.run([self.binary, *arguments, "--data", self.folder], capture_output=True, text=True, timeout=120, **options)

    def run(self):
        made = self.cli("operator", "create", "operator@example.com", "--password-stdin", input=PASSWORD)
        assert made.returncode == 0, made
        for shop in self.shops:
            if shop.character.past:
                shop.lay_down_the_past(self.folder / "lake")
        self.server.start()
        self.operator = Client(self.server, "operator").login("operator@example.com")
        self.in_parallel(lambda shop: shop.open(self.operator))
        cycles = max(1, self.seconds // CYCLE_S)
        rounds = sum(self.cycle(self.seconds / cycles) for _ in range(cycles))
        assert self.server.stop() == 0
        self.check_the_log()
        books, purchases = sum(shop.book_count for shop in self.shops), sum(len(shop.purchases) for shop in self.shops)
        print(f"monkey: {len(self.shops)} shops, {books:,} books, {purchases:,} purchases, {rounds} rounds, {self.requests:,} visits of "
              f"{len(self.visited)} routes: nothing found", flush=True)

    def cycle(self, seconds):
        begun, rounds = time.monotonic(), 0
        while time.monotonic() < begun + seconds * FILLING:
            self.in_parallel(self.fill)
            rounds += 1
        self.in_parallel(self.visit_each_form)
        while time.monotonic() < begun + seconds * VISITING:
            self.in_parallel(self.visit_some)
        self.check_that_all_routes_were_visited()
        self.in_parallel(self.check_sums)
        self.check_the_whole()
        self.restart()
        self.in_parallel(self.check_sums)
        return rounds

    def in_parallel(self, action):
        """For each shop, each by one thread at a time. The first finding ends it."""
        waiting = queue.SimpleQueue()
        for shop in self.shops:
            waiting.put(shop)

        def work():
            while not self.found:
                try:
                    shop = waiting.get_nowait()
                except queue.Empty:
                    return
                try:
                    action(shop)
                except Exception as error:  # whatever it is, it is a finding
                    self.found.append(f"{shop.name} ({shop.character}), after {shop.did[-8:]}: {describe(error)}")

        workers = [threading.Thread(target=work) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.check_the_process()
        if self.found:
            raise AssertionError("\n".join(self.found))

    # ---- what is done

    def fill(self, shop):
        """Some steps, and a look at every route."""
        for _ in range(6):
            shop.step()
        self.visit_some(shop)

    def visit_some(self, shop):
        """Each route with some of all the values that its parameters may have."""
        self.visit(shop, lambda visits, known: [shop.random.choice(list(visits.all(known)))])

    def visit_each_form(self, shop):
        self.visit(shop, lambda visits, known: visits.forms(known))

    def visit(self, shop, chosen):
        known = shop.known()
        for path, operation in get_routes(self.server.openapi()).items():
            if path in EXCLUDED:
                continue
            visits = Visits(path, operation, shop.random, today())
            for query, accept in chosen(visits, known):
                self.ask(shop, visits, known, query, accept)

    def ask(self, shop, visits, known, query, accept):
        path, there = visits.path_for(known)
        client = self.operator if path.startswith("/v1/tenants") else shop.manager
        response = client.request("GET", path, params=query, headers={"Accept": accept or "application/json, */*;q=0.1"})
        self.requests += 1
        wanted = (200,) if there else (404,)
        if "{" in visits.path and "purchase" not in visits.path:
            wanted += (404,)  # the shop's own steps delete books; an index may be a moment behind
        assert response.status_code in wanted, f"GET {path} {query} {accept} answered {response.status_code}: {response.text[:500]}"
        if response.status_code == 200:
            self.visited[visits.path] = self.visited.get(visits.path, 0) + 1
        kind = response.headers["Content-Type"] if response.status_code == 200 else ""
        if kind == "application/vnd.apache.parquet":
            assert response.content[:4] == response.content[-4:] == b"PAR1", f"GET {path} {query}: no Parquet"
        if kind == "application/json" and isinstance(response.json(), dict) and response.json().get("next_cursor"):
            following = client.request("GET", path, params={**query, "cursor": response.json()["next_cursor"]})
            assert following.status_code == 200, f"GET {path} {query}, the next page, answered {following.status_code}: {following.text[:500]}"

    # ---- what must follow

    def check_that_all_routes_were_visited(self):
        routes = set(get_routes(self.server.openapi()))
        unknown = set(EXCLUDED) - routes
        assert not unknown, f"excluded, but no route: {sorted(unknown)}"
        missed = routes - set(EXCLUDED) - set(self.visited)
        assert not missed, f"no shop had an response of {sorted(missed)}"

    def check_sums(self, shop):
        """The purchases one by one, the day's figures, the lake's reports in each form, SQL, stock and search say the same."""
        manager = shop.manager
        purchases = pages(manager, "/v1/purchases")
        expect_equal("purchases, each", {p["purchase_id"]: p for p in purchases}, shop.purchases)
        count, copies, cents = shop.sales()
        self.expect_eventually("the daily figures in the lake", lambda: self.daily_figures(shop), [*shop.sales(), len(shop.purchases), shop.accounts_made, shop.searches])
        self.expect_eventually("the report since the start", lambda: self.report_since_the_start(shop), shop.sales())

        ever = f"from={today() - datetime.timedelta(days=3659)}&to={today()}"
        summed = manager.get(f"/v1/analytics/summary?{ever}").json()["period"]
        expect_equal("summary", [summed["purchases"], summed["items"], cents_of(summed["revenue"])], shop.sales_ever())
        month = f"from={today() - datetime.timedelta(days=29)}&to={today()}"
        for by, period, wanted in (("hour", month, [count, copies, cents]), ("day", ever, shop.sales_ever()), ("month", ever, shop.sales_ever())):
            rows = self.in_two_forms(manager, f"/v1/analytics/daily?by={by}&{period}")
            expect_equal(f"daily by {by}", [sum(row["purchases"] for row in rows), sum(row["items"] for row in rows), sum(cents_of(row["revenue"]) for row in rows)],
                         wanted)
            if by == "day":
                for day, sums in shop.past.items():
                    (row,) = [row for row in rows if row["begin"].startswith(str(day))]
                    expect_equal(f"{day}", [row["purchases"], row["items"], cents_of(row["revenue"])], sums)
        for path in ("top-books?by=all", "top-books?by=category", "customers?"):
            rows = self.in_two_forms(manager, f"/v1/analytics/{path}&limit=1000&{ever}")
            if len(rows) < 1000:
                expect_equal(path, [sum(row["items"] for row in rows), sum(cents_of(row["revenue"]) for row in rows)], shop.sales_ever()[1:])
        self.in_two_forms(manager, f"/v1/analytics/authors?limit=1000&{ever}")

        live = manager.get("/v1/analytics/live?since=2199-01-01T00:00:00Z").json()["today"]
        expect_equal("live", [live["purchases"], live["items"], cents_of(live["revenue"])], shop.sales(on=live["day"]))
        expect_equal("SQL over purchases", self.sql(shop, "SELECT count(*), coalesce(sum(len(items)), 0) FROM purchases WHERE status NOT IN ('cancelled', 'refunded')"),
                     [shop.sales_ever()[0], self.lines_ever(shop)])

        total = "/v1/books/search?limit=1"
        self.expect_eventually("books found", lambda: manager.get(total).json()["total"], shop.book_count)
        expect_equal("categories", sum(row["count"] for row in manager.get("/v1/categories").json()["items"]), shop.book_count)
        books = pages(manager, "/v1/books/search", sort="title")
        expect_equal("books, each once", len({book["book_id"] for book in books}), shop.book_count)
        for book_id, on_hand in list(shop.books.items())[:40]:
            expect_equal(f"copies of {book_id}", manager.get(f"/v1/books/{book_id}/stock").json()["on_hand"], on_hand)

    def lines_ever(self, shop):
        counted = [purchase for purchase in shop.purchases.values() if purchase["status"] not in ("cancelled", "refunded")]
        return sum(len(purchase["items"]) for purchase in counted) + sum(count for count, _, _ in shop.past.values())

    def expect_eventually(self, what, ask, should_be, timeout_s=20):
        """What follows a commit may take a moment."""
        last = [None]

        def is_so():
            last[0] = ask()
            return last[0] == should_be

        try:
            eventually(is_so, timeout_s)
        except AssertionError:
            expect_equal(what, last[0], should_be)

    def daily_figures(self, shop):
        """Purchases that count, their copies and cents, and the three counters, of all days."""
        days = [json.loads(path.read_bytes()) for path in (self.folder / "lake" / shop.name / "daily_summary").rglob("summary.json")]
        return [sum(day["count"] for day in days), sum(day["items"] for day in days), sum(cents_of(day["revenue"]) for day in days),
                *(sum(day[name] for day in days) for name in ("book_purchases", "new_user_registrations", "search_queries"))]

    def report_since_the_start(self, shop):
        period = shop.manager.get(f"/v1/analytics/summary?from={self.first_day}&to={today()}").json()["period"]
        return [period["purchases"], period["items"], cents_of(period["revenue"])]

    def in_two_forms(self, manager, path):
        """The rows as JSON, after the CSV was found to have the same."""
        rows = manager.get(path).json()["items"]
        table = list(csv.DictReader(io.StringIO(manager.get(path + "&format=csv").content.decode(), newline="")))
        expect_equal(f"rows of {path} as CSV", len(table), len(rows))
        for row, cells in zip(rows, table):
            for name, value in row.items():
                if name in cells and isinstance(value, int):
                    expect_equal(f"{path}: {name}", int(cells[name]), value)
        return rows

    def sql(self, shop, statement):
        done = self.cli("analytics", "sql", statement, "--tenant", shop.name, "--csv")
        assert done.returncode == 0, f"{statement}: {done}"
        return [int(cell) for cell in list(csv.reader(io.StringIO(done.stdout)))[1]]

    def check_the_whole(self):
        eventually(lambda: self.cli("streams", "status").stdout.count("up to date") == 2, 60)
        for arguments, words in ((("streams", "dead-letters", "list"), "no dead letters"), (("search", "verify"), ""), (("lake", "status"), "")):
            done = self.cli(*arguments)
            assert done.returncode == 0 and words in done.stdout, f"{' '.join(arguments)}: {done}"
        closed = sum(len(shop.past) for shop in self.shops)
        eventually(lambda: sum(int(line.split()[1]) for line in self.cli("lake", "status").stdout.splitlines() if not line.startswith(" ")) == closed, 30)

    def restart(self):
        """What was answered from memory is now answered from the disk."""
        assert self.server.stop() == 0
        self.check_the_log()
        self.server.start()
        self.in_parallel(lambda shop: shop.manager.login("manager@example.com"))

    def check_the_process(self):
        if self.server.process.poll() is not None:
            self.server.reader.join(timeout=10)
            raise AssertionError(f"the process ended with {self.server.process.returncode}: {self.server.lines[-3:]}; "
                                 f"meanwhile: {self.found[:1]}")
        self.check_the_log()

    def check_the_log(self):
        errors = [line for line in self.server.lines if re.match(r"\S+Z (error|critical|warning) ", line) or " died of " in line]
        errors = [line for line in errors if not any(re.search(f"Z warning {expected}", line) for expected in EXPECTED_WARNINGS)]
        assert not errors, "in the log: " + "\n".join(errors[:10])


def today():
    return datetime.datetime.now(datetime.timezone.utc).date()


def expect_equal(what, is_now, should_be):
    assert is_now == should_be, f"{what}: {str(is_now)[:1500]} instead of {str(should_be)[:1500]}"


def describe(error):
    if isinstance(error, (requests.ConnectionError, requests.Timeout)):
        return f"{type(error).__name__}: {str(error)[:300]}"
    return "".join(traceback.format_exception(error))[-3000:]


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", type=int)
    parser.add_argument("--seed", type=int, default=None, help="to do again what a run did")
    parser.add_argument("--binary", default=str(root / "build" / "release" / "estante"))
    parser.add_argument("--keep", metavar="FOLDER", help="leave the data folder there")
    chosen = parser.parse_args()
    seed = random.SystemRandom().getrandbits(32) if chosen.seed is None else chosen.seed
    print(f"monkey: seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(chosen.keep or os.path.join(place, "data"))
        folder.mkdir(mode=0o700, parents=True)
        monkey = Monkey(os.path.abspath(chosen.binary), folder, seed, chosen.seconds)
        try:
            monkey.run()
        except Exception as error:
            text = str(error) if isinstance(error, AssertionError) and str(error) else describe(error)
            print(f"monkey: found with seed {seed} (scripts/monkey {chosen.seconds} --seed {seed}):\n{text}\nthe program's last lines:", *monkey.server.lines[-8:],
                  sep="\n", file=sys.stderr, flush=True)
            return 1
        finally:
            if monkey.server.process and monkey.server.process.poll() is None:
                monkey.server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
