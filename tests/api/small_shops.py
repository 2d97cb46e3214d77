"""Two shops of a few hundred books, for tests in which the size of a catalogue does not matter. They have the tenants, accounts and
passwords of the demonstration, and books from its catalogues."""

import csv
import gzip
import hashlib
import pathlib
import subprocess

from estante import PASSWORD, Server

CATALOGUES = pathlib.Path(__file__).resolve().parents[2] / "demo"
BOOK_COUNT = 200  # of each shop
CATEGORIES = {"goodbooks": ("Fiction", "Fantasy", "Romance", "Mystery", "History"), "libreria": ("Novela", "Poesía", "Teatro", "Historia", "Cuentos")}
# Words that tests search for: titles and authors with one of them come first.
SEARCHED = ("quijote", "cervantes", "historia", "novela", "barraca", "amor", "guerra", "paz", "love", "casa", "cuento", "años")


def isbn_10(text):
    """The ISBN with the zeros that the catalogue lost, or nothing when it is none."""
    text = text.rjust(10, "0")
    digits = [10 if c == "X" else int(c) for c in text if c.isdigit() or c == "X"]
    return text if any(digits) and len(digits) == 10 and sum((10 - n) * digit for n, digit in enumerate(digits)) % 11 == 0 else ""


def goodbooks(row):
    return {"title": row["title"], "contributors": row["authors"].replace(", ", "|"), "isbn": isbn_10(row["isbn"]), "language": "en",
            "publication_year": row["original_publication_year"].removesuffix(".0"), "source_id": row["book_id"]}


def libreria(row):
    return {"title": row["title"], "contributors": row["authors"].split("; ")[0], "language": "es", "subjects": row["lcsh"],
            "source_id": row["gutenberg_id"]}


CATALOGUE_OF = {"goodbooks": ("goodbooks10k_books.csv.gz", goodbooks), "libreria": ("gutenberg_es.csv.gz", libreria)}


def books_of(tenant):
    file, book_of = CATALOGUE_OF[tenant]
    with gzip.open(CATALOGUES / file, "rt", encoding="utf-8", newline="") as source:
        books = [book_of(row) for row in csv.DictReader(source)]
    books = [book for book in books if len(book["title"]) <= 200]

    def is_searched(book):
        return any(word in f"{book['title']} {book['contributors']}".lower() for word in SEARCHED)

    first = [book for book in books[:1000] if is_searched(book)][:BOOK_COUNT // 2]
    return (first + [book for book in books if book not in first])[:BOOK_COUNT]


def with_trade(tenant, book):
    """Price, stock and description from a digest of the book's id, so that none depends on another book."""
    draw = hashlib.sha256(f"{tenant} {book['source_id']}".encode()).digest()
    return {**book, "category": CATEGORIES[tenant][draw[0] % 5], "price": f"{5 + draw[1] % 30}.95",
            "stock": 0 if draw[2] % 25 == 0 else 10 + draw[3] % 50,
            "description": f"{book['title']}. A description of this book. " * (1 + draw[4] % 20)}


def write_catalogue(tenant, file):
    books = [with_trade(tenant, book) for book in books_of(tenant)]
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, sorted(set().union(*books)))
        writer.writeheader()
        writer.writerows(books)


def create(binary, folder):
    """Fills an empty data folder. A server has run on it, so the search index is in it."""
    def command(*words, **options):
        done = subprocess.run([binary, *words, "--data", str(folder)], capture_output=True, text=True, timeout=60, **options)
        assert done.returncode == 0, done
        return done.stdout

    for tenant, name in (("goodbooks", "Good Books"), ("libreria", "Librería Estante")):
        language = {"goodbooks": "en", "libreria": "es"}[tenant]
        command("tenant", "create", tenant, "--name", name, "--language", language, "--manager", "manager@example.com")
        for role in ("manager", "customer"):
            command("user", "create", tenant, f"{role}@example.com", "--role", role, "--password-stdin", input=PASSWORD)
        catalogue = folder.with_name(f"{tenant}.csv")
        write_catalogue(tenant, catalogue)
        imported = command("import", str(catalogue), "--tenant", tenant)
        assert f"{BOOK_COUNT} new" in imported, imported
    command("operator", "create", "operator@example.com", "--password-stdin", input=PASSWORD)
    server = Server(binary, folder)
    server.environment = {}  # the items are in the folder
    assert server.start().stop() == 0
