#!/usr/bin/env python3
"""Run by scripts/athena-proof: a generated lake of two tenants, queried through Trino, DuckDB and the adapter, and compared with sums computed here."""

import collections
import datetime
import decimal
import gzip
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import boto3
import botocore.config
import duckdb

import trino_gateway

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "release"
S3, MOTO, TRINO = (os.environ[f"ESTANTE_TEST_{name}"] for name in ("S3", "MOTO", "TRINO"))
FIRST, LAST = datetime.date(2026, 1, 5), datetime.date(2026, 2, 20)
CLOSED = [datetime.date(2026, 1, 5) + datetime.timedelta(days) for days in range(20)] + [datetime.date(2026, 2, 3)]
PREFIX = "stage/lake"
ITEMS = ("STRUCT(book_id VARCHAR, title VARCHAR, quantity INTEGER, unit_price DECIMAL(18,2), subtotal DECIMAL(18,2), vat_rate DECIMAL(18,2))[]")
VAT = "STRUCT(rate DECIMAL(18,2), net DECIMAL(18,2), tax DECIMAL(18,2))[]"
COLUMNS = {"purchase_id": "VARCHAR", "user_id": "VARCHAR", "number": "VARCHAR", "status": "VARCHAR", "total_amount": "DECIMAL(18,2)",
           "currency": "VARCHAR", "created_at": "TIMESTAMP", "updated_at": "TIMESTAMP", "items": ITEMS, "vat": VAT, "delivery_method": "VARCHAR",
           "payment_method": "VARCHAR"}


def partition(day):
    return f"year={day:%Y}/month={day:%m}/day={day:%d}"


def cents(amount):
    return int(decimal.Decimal(str(amount)).scaleb(2))


def make_books(rng):
    categories = ["Novela", "Poesía", "Programming", "C#"]
    authors = ["Rosalía de Castro", "Robert Martin", "Gabriel García Márquez", "Emilia Pardo Bazán"]
    return [{"book_id": f"book_{n:03}", "title": f"Título {n} 'con comillas'", "authors": rng.sample(authors, 1 + n % 2), "category": categories[n % 4],
             "isbn": "", "price": round(5 + n * 0.73, 2), "publication_year": 1900 + n} for n in range(40)]


def make_purchases(tenant, books, rng):
    purchases = []
    for n in range(600):
        at = datetime.datetime(2025, 12, 20) + datetime.timedelta(seconds=rng.randrange(70 * 86400), milliseconds=rng.randrange(1000))
        if n < 4:  # the boundaries of the period
            at = [datetime.datetime(2026, 1, 4, 23, 59, 59, 999000), datetime.datetime(2026, 1, 5), datetime.datetime(2026, 2, 20, 23, 59, 59, 999000),
                  datetime.datetime(2026, 2, 21)][n]
        items = []
        for book in rng.sample(books, rng.randint(1, 4)):
            quantity = rng.randint(1, 3)
            items.append({"book_id": book["book_id"], "title": f"{book['title']} ({at:%j})", "quantity": quantity, "unit_price": book["price"],
                          "subtotal": round(book["price"] * quantity, 2), "vat_rate": 4})
        if n % 97 == 0:
            items.append({"book_id": "book_gone", "title": "Agotado", "quantity": 1, "unit_price": 0.1, "subtotal": 0.1, "vat_rate": 4})
        total = round(sum(item["subtotal"] for item in items), 2)
        timestamp = f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03}"
        purchases.append({"purchase_id": f"purchase_{tenant}_{n:04}", "tenant_id": tenant, "user_id": f"user_{rng.randrange(60):02}", "number": f"2026-{n}",
                          "status": rng.choice(["placed", "paid", "collected", "shipped", "cancelled", "refunded"]), "total_amount": total,
                          "currency": "EUR", "created_at": timestamp, "updated_at": timestamp, "items": items,
                          "vat": [{"rate": 4, "net": round(total / 1.04, 2), "tax": round(total - total / 1.04, 2)}], "delivery_method": "collect",
                          "payment_method": "in_shop", "at": at})
    return purchases


class Lake:
    """The objects in S3, and copies in a folder for DuckDB."""

    def __init__(self, folder):
        self.folder, self.bucket = pathlib.Path(folder), f"proof-{os.getpid()}-{random.SystemRandom().randrange(10**9)}"
        self.s3 = boto3.client("s3", endpoint_url=S3, region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="testtest",
                               config=botocore.config.Config(s3={"addressing_style": "path"}))
        self.sql = duckdb.connect()

    def put(self, key, data):
        self.s3.put_object(Bucket=self.bucket, Key=f"{PREFIX}/{key}", Body=data)
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def put_parquet(self, key, columns, rows):
        (self.folder / "rows.json").write_text("\n".join(json.dumps(row) for row in rows))
        types = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
        self.sql.execute(f"COPY (SELECT * FROM read_json('{self.folder}/rows.json', columns={{{types}}})) TO '{self.folder}/rows.parquet' (FORMAT parquet)")
        self.put(key, (self.folder / "rows.parquet").read_bytes())

    def fill(self, tenant, books, purchases):
        by_day = collections.defaultdict(list)
        for purchase in purchases:
            row = {name: value for name, value in purchase.items() if name != "at"}
            day = purchase["at"].date()
            by_day[day].append(row)
            self.put(f"{tenant}/purchases/{partition(day)}/{purchase['purchase_id']}.json.gz", gzip.compress(json.dumps(row, ensure_ascii=False).encode(), mtime=0))
        for day in CLOSED:
            self.put_parquet(f"{tenant}/purchases_parquet/{partition(day)}/purchases.parquet", COLUMNS, by_day[day])
        self.put(f"{tenant}/closed_days.json", json.dumps({"days": [str(day) for day in CLOSED]}).encode())
        types = {"book_id": "VARCHAR", "title": "VARCHAR", "author": "VARCHAR", "authors": "VARCHAR[]", "category": "VARCHAR", "isbn": "VARCHAR",
                 "price": "DECIMAL(18,2)", "publication_year": "INTEGER"}
        self.put_parquet(f"{tenant}/books/books.parquet", types, [book | {"author": ", ".join(book["authors"])} for book in books])
        self.put(f"{tenant}/purchases/{partition(FIRST)}/damaged.json.gz", gzip.compress(b'{"purchase_id": "purchase_damaged", "total_am'))


def run_on_trino(database, name, parameters, table):
    sql = (ROOT / "deploy/aws/queries" / f"{name}.athena.sql").read_text().replace("FROM purchases", f"FROM {table}")
    return query_rows(sql, parameters, database)


def query_rows(sql, parameters, database):
    query = trino_gateway.Query(TRINO, sql, parameters, database)
    while query.state in ("QUEUED", "RUNNING"):
        pass
    if query.state != "SUCCEEDED":
        raise RuntimeError(query.reason)
    return [tuple(str(cell) for cell in row) for row in query.rows]


def run_on_duckdb(lake, name, parameters, table):
    suffix, reader = ("*.json.gz", "read_json") if table == "purchases" else ("*.parquet", "read_parquet")
    extra = f", columns={{{', '.join(f'{name}: {chr(39)}{kind}{chr(39)}' for name, kind in COLUMNS.items())}}}, ignore_errors=true, format='newline_delimited'" \
        if reader == "read_json" else ""
    lake.sql.execute(f"""CREATE OR REPLACE VIEW {table} AS SELECT * EXCLUDE (filename), regexp_extract(filename, '{lake.folder}/([^/]+)/', 1) AS tenant_id
        FROM {reader}('{lake.folder}/*/{table}/*/*/*/{suffix}', hive_partitioning=true, hive_types_autocast=false, filename=true{extra})
        WHERE purchase_id IS NOT NULL""")
    lake.sql.execute(f"""CREATE OR REPLACE VIEW books AS SELECT * EXCLUDE (filename), regexp_extract(filename, '{lake.folder}/([^/]+)/', 1) AS tenant_id
        FROM read_parquet('{lake.folder}/*/books/books.parquet', filename=true)""")
    sql = (ROOT / "deploy/aws/queries" / f"{name}.duckdb.sql").read_text().replace("FROM purchases", f"FROM {table}")
    fixed = lambda cell: f"{cell:.2f}" if isinstance(cell, float) else str(cell)
    return [tuple(fixed(cell) for cell in row) for row in lake.sql.execute(sql, parameters).fetchall()]


def sales(purchases):
    return [len(purchases), sum(item["quantity"] for p in purchases for item in p["items"]), sum(cents(p["total_amount"]) for p in purchases)]


def milliseconds(at):
    return int((at - datetime.datetime(1970, 1, 1)).total_seconds() * 1000)


def series(purchases, begins, begin_of):
    groups = collections.defaultdict(list)
    for purchase in purchases:
        groups[begin_of(purchase["at"])].append(purchase)
    return [[milliseconds(begin), sales(groups[begin])] for begin in begins]


def ranked_books(purchases, books):
    category = {book["book_id"]: book["category"] for book in books}
    found = {}
    for purchase in sorted(purchases, key=lambda p: (p["at"], p["purchase_id"])):
        for item in purchase["items"]:
            entry = found.setdefault(item["book_id"], [category.get(item["book_id"], ""), item["book_id"], "", 0, 0])
            entry[2] = item["title"]
            entry[3] += item["quantity"]
            entry[4] += cents(item["subtotal"])
    return sorted(found.values(), key=lambda e: (-e[3], -e[4], e[1]))


def expected(all_purchases, books):
    """The reports that the adapter should return, computed without SQL."""
    valid = [p for p in all_purchases if p["status"] not in ("cancelled", "refunded")]
    within = [p for p in valid if FIRST <= p["at"].date() <= LAST]
    midnight = lambda day: datetime.datetime(day.year, day.month, day.day)
    days = [midnight(FIRST + datetime.timedelta(n)) for n in range((LAST - FIRST).days + 1)]
    ranked = ranked_books(within, books)
    by_category = []
    for category in sorted({entry[0] for entry in ranked}, key=str.encode):
        by_category += [[*entry, place] for place, entry in enumerate((e for e in ranked if e[0] == category), 1) if place <= 3]
    authors = collections.defaultdict(lambda: [0, 0])
    names = {book["book_id"]: book["authors"] for book in books}
    for entry in ranked:
        for name in names.get(entry[1], [""]):
            authors[name][0] += entry[3]
            authors[name][1] += entry[4]
    customers = collections.defaultdict(list)
    for purchase in within:
        customers[purchase["user_id"]].append(purchase)
    best = sorted(([user, sales(of)] for user, of in customers.items()), key=lambda e: (-e[1][2], e[0]))
    until = [p for p in valid if p["at"].date() <= LAST]
    new = {user for user in customers if min(p["at"] for p in until if p["user_id"] == user).date() >= FIRST}
    revenue = {user: sales(of)[2] for user, of in customers.items()}
    return {"totals": sales(within),
            "hours": series([p for p in within if p["at"].date() == FIRST], [days[0] + datetime.timedelta(hours=h) for h in range(24)],
                            lambda at: at.replace(minute=0, second=0, microsecond=0)),
            "days": series(within, days, lambda at: midnight(at)),
            "months": series(within, [datetime.datetime(2026, 1, 1), datetime.datetime(2026, 2, 1)], lambda at: datetime.datetime(at.year, at.month, 1)),
            "top": [[*entry, place] for place, entry in enumerate(ranked[:7], 1)],
            "top_by_category": by_category,
            "authors": sorted(([name, *sums] for name, sums in authors.items()), key=lambda e: (-e[2], e[0].encode()))[:6],
            "customers": best[:8],
            "kinds": [len(new), len(customers) - len(new), sum(revenue[u] for u in new), sum(r for u, r in revenue.items() if u not in new)]}


def adapter_reports(lake, database, tenant):
    gateway = subprocess.Popen([sys.executable, ROOT / "tests/athena/trino_gateway.py", TRINO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = gateway.stdout.readline().strip()
        done = subprocess.run([BUILD / "tests/athena_report", url, S3, lake.bucket, PREFIX, database, tenant, str(FIRST), str(LAST)], capture_output=True, text=True)
    finally:
        gateway.stdin.close()
        gateway.wait()
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


CHECKS = {True: 0, False: 0}


def check(holds, what, detail=""):
    CHECKS[bool(holds)] += 1
    print(f"{'ok  ' if holds else 'FAIL'} {what}{'' if holds else f': {detail}'}")


def query_outcome(sql, parameters, database):
    try:
        return f"returned {len(query_rows(sql, parameters, database))} rows"
    except RuntimeError as failure:
        return f"rejected: {failure}"


def main():
    rng = random.Random(6)
    database = "proof"
    books = {tenant: make_books(rng) for tenant in ("acme", "northwind")}
    purchases = {tenant: make_purchases(tenant, books[tenant], rng) for tenant in books}
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(folder)
        environment = os.environ | {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "testtest", "AWS_REGION": "eu-central-1"}
        for action in ("create", "check"):
            subprocess.run([BUILD / "estante", "lake", action, "--lake", f"s3://{lake.bucket}/{PREFIX}", "--s3-endpoint", S3, "--glue-endpoint", MOTO,
                            "--lake-database", database], env=environment, check=True, stdout=subprocess.DEVNULL)
        for tenant in books:
            lake.fill(tenant, books[tenant], purchases[tenant])

        for table in ("purchases", "purchases_parquet"):
            for name, tenants in (("totals", 1), ("top_books", 2)):
                of_trino = run_on_trino(database, name, ["'2026'", "'01'", *["'acme'"] * tenants], table)
                of_duckdb = run_on_duckdb(lake, name, ["2026", "01", *["acme"] * tenants], table)
                check(of_trino == of_duckdb and of_trino, f"{name} from {table}: Trino and DuckDB give the same {len(of_trino)} rows", (of_trino, of_duckdb))
        january = [p for p in purchases["acme"] if p["at"].month == 1 and p["status"] not in ("cancelled", "refunded")]
        total = run_on_trino(database, "totals", ["'2026'", "'01'", "'acme'"], "purchases")
        check([(row[0], int(row[1]), cents(row[2])) for row in total] == [("acme", len(january), sales(january)[2])], "totals to the cent", total)

        for tenant in books:
            responses, sums = adapter_reports(lake, database, tenant), expected(purchases[tenant], books[tenant])
            for question, right in sums.items():
                check(responses[question] == right, f"the adapter's {question} of {tenant}", (responses[question], right))
        responses, sold = adapter_reports(lake, database, "acme"), expected(purchases["acme"], books["acme"])
        one = next(p for p in purchases["acme"] if FIRST <= p["at"].date() <= LAST and p["status"] == "paid")
        less = expected([p for p in purchases["acme"] if p is not one], books["acme"])
        check(all(responses[q] == sold[q] != less[q] for q in ("totals", "days", "months")), "negative control: one purchase less changes the reports")

        outcome = query_outcome("SELECT count(*) FROM purchases WHERE year = '2026'", [], database)
        check("rejected" in outcome and "tenant_id" in outcome, "a query without a tenant is rejected", outcome)
        inside = query_outcome("SELECT count(*) FROM purchases WHERE tenant_id = ? AND year = '2026'", ["'acme'' OR tenant_id = ''northwind'"], database)
        check(inside == "returned 1 rows" and query_rows("SELECT count(*) FROM purchases WHERE tenant_id = ? AND year = '2026'",
                                                      ["'acme'' OR tenant_id = ''northwind'"], database) == [("0",)], "SQL in a tenant name is a value that matches no tenant", inside)
    print(f"{CHECKS[True]} passed, {CHECKS[False]} failed")
    return 1 if CHECKS[False] else 0


if __name__ == "__main__":
    sys.exit(main())
