"""`estante import` of 10,000 books. The reference inserts the resulting rows into SQLite directly, with the same tables and indexes, in one
transaction with the same durability. The two alternate."""

import shutil
import sqlite3
import subprocess
import time

from harness import BINARY, ROOT, median, progress, print_result, scratch_folder

CATALOGUE = ROOT / "demo" / "goodbooks10k_books.csv.gz"


def estante(*arguments):
    subprocess.run([BINARY, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def import_once(empty, folder):
    shutil.copytree(empty, folder)
    begin = time.perf_counter()
    estante("import", CATALOGUE, "--tenant", "bench", "--price", "9.95", "--on-hand", 5, "--data", folder)
    return time.perf_counter() - begin


def rows_of(database):
    with sqlite3.connect(database) as source:
        schema = [(name, sql) for name, sql in source.execute(
            "select name, sql from sqlite_master where sql is not null order by type desc") if not name.startswith("sqlite_")]
        tables = [name for name, sql in schema if sql.lower().startswith("create table")]
        return [sql for _, sql in schema], {table: source.execute(f"select * from {table}").fetchall() for table in tables}


def insert_bare(schema, rows, path):
    with sqlite3.connect(path, isolation_level=None) as target:
        target.execute("pragma journal_mode=wal")
        target.execute("pragma synchronous=full")
        for sql in schema:
            target.execute(sql)
        begin = time.perf_counter()
        target.execute("begin immediate")
        for table, values in rows.items():
            if values:
                target.executemany(f"insert into {table} values ({','.join('?' * len(values[0]))})", values)
        target.execute("commit")
        return time.perf_counter() - begin


with scratch_folder() as folder:
    empty = folder / "empty"
    estante("tenant", "create", "bench", "--name", "Bench", "--manager", "boss@example.com", "--data", empty)
    ours, bare, schema = [], [], None
    for turn in range(3):
        data = folder / f"data{turn}"
        ours.append(import_once(empty, data))
        if schema is None:
            schema, rows = rows_of(data / "estante.db")
            progress(f"{ {table: len(values) for table, values in rows.items()} }")
        bare.append(insert_bare(schema, rows, folder / f"bare{turn}.db"))
        progress(f"import {ours[-1]:.2f} s, bare inserts {bare[-1]:.2f} s")
    seconds = median(ours)
    ratio = median(b / o for b, o in zip(bare, ours))
    print_result("import", ratio, 0.25, holds=ratio >= 0.25 and seconds < 5, seconds=seconds, bare_seconds=median(bare), limit_s=5)
