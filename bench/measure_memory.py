"""Resident memory with the demonstration loaded and in use: started, then all books read once. Ratio: limit / measured."""

from served import all_book_ids, call, load_demonstration, progress, result, scratch, served

LIMIT_MB = 150


def resident_mb(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


with scratch() as folder:
    load_demonstration(folder / "data")
    with served(folder / "data") as (url, process):
        call(url, "/v1/books/search?q=hunger+games", tenant="goodbooks")
        started = resident_mb(process)
        progress(f"{started:.1f} MB after the start")
        for book in all_book_ids(url):
            call(url, f"/v1/books/{book}", tenant="goodbooks")
        used = resident_mb(process)
        progress(f"{used:.1f} MB after 10,000 books were read")
    result("memory", LIMIT_MB / used, 1, started_mb=started, used_mb=used, limit_mb=LIMIT_MB)
