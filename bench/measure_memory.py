"""Resident memory with the demonstration: after the start, and after all books were read once. Ratio: limit / measured."""

from harness import all_book_ids, call, load_demonstration, progress, print_result, scratch_folder, run_server

LIMIT_MB = 150


def resident_mb(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


with scratch_folder() as folder:
    load_demonstration(folder / "data")
    with run_server(folder / "data") as (url, process):
        call(url, "/v1/books/search?q=hunger+games", tenant="goodbooks")
        started = resident_mb(process)
        progress(f"{started:.1f} MB after the start")
        for book in all_book_ids(url):
            call(url, f"/v1/books/{book}", tenant="goodbooks")
        used = resident_mb(process)
        progress(f"{used:.1f} MB after 10,000 books were read")
    print_result("memory", LIMIT_MB / used, 1, started_mb=started, used_mb=used, limit_mb=LIMIT_MB)
