"""One shop of the monkey: what is done to it, and what it must therefore hold."""

import dataclasses
import datetime
import gzip
import json
import random
import urllib.parse

from estante import PASSWORD, Client, eventually
from values import Values

OPTIONAL = ["original_title", "contributors", "publisher", "language", "publication_year", "description", "subjects", "isbn", "condition", "rating", "format",
            "pages", "price", "on_hand"]
TRADES = {"none": [], "cancelled": ["sell", "sell", "cancel_all"], "usual": ["sell", "sell", "sell", "move_on", "cancel", "carts"]}


@dataclasses.dataclass
class Character:
    """What is odd about a shop."""

    absent: set
    style: str = "any"
    trade: str = "usual"
    source: str = "any"
    books: bool = True
    at_limits: bool = False
    past: bool = False


def characters(seed):
    """Twenty: each optional field is absent in one of them, and the extremes have one each."""
    everything = set(OPTIONAL)
    kinds = [Character({field}) for field in OPTIONAL] + [
        Character(everything, style="shortest", source="csv", past=True),
        Character(set(), trade="none", books=False),
        Character({"contributors"}, trade="none", source="csv"),
        Character(set(), trade="cancelled", style="strange", past=True),
        Character(set(), at_limits=True, source="ndjson", past=True),
        Character(set(), style="longest", source="ndjson")]
    random.Random(f"{seed} characters").shuffle(kinds)
    return kinds


class CountingClient(Client):
    """Counts in its shop what the daily figures count."""

    def __init__(self, shop):
        super().__init__(shop.server, shop.name)
        self.shop = shop

    def request(self, method, path, body=None, **options):
        response = super().request(method, path, body, **options)
        query = urllib.parse.urlsplit(response.request.url).query
        if response.status_code == 200 and path.startswith("/v1/books/search") and "cursor=" not in query:
            self.shop.searches += 1
        if response.status_code == 201 and path in ("/v1/users/register", "/v1/users/accept-invitation"):
            self.shop.accounts_made += 1
        return response


def cents_of(amount):
    return round(amount * 100)


class Shop:
    def __init__(self, server, name, character, seed, today):
        self.server = server
        self.name = name
        self.character = character
        self.random = random.Random(f"{seed} {name}")
        self.values = Values(self.random, character.style)
        self.today = today
        self.searches = 0
        self.accounts_made = 0
        self.manager = CountingClient(self)
        self.customers = []
        self.imports = []
        self.books = {}  # id: copies on hand, of those that were touched
        self.book_count = 0
        self.purchases = {}  # id: the purchase as it was answered last
        self.deleted = []
        self.texts = []
        self.past = {}  # day: purchases, copies, cents
        self.number = 0
        self.did = []

    # ---- the beginning

    def open(self, operator):
        created = self.expect(operator.post("/v1/tenants", {"tenant_id": self.name, "name": self.values.text(100), "manager_email": "manager@example.com",
                                                            "language": self.random.choice(["es", "en", "ar"]),
                                                            "currency": self.random.choice(["EUR", "USD", "GBP"]),
                                                            "vat_rate": self.random.choice([0, 4, 21, 99.99, 100])}), 201)
        accepted = self.expect(self.manager.post("/v1/users/accept-invitation", {"tenant_id": self.name, "invitation": created["invitation"],
                                                                                 "password": PASSWORD}), 201)
        self.manager.token = accepted["token"]

    def lay_down_the_past(self, lake):
        """Sales of earlier months, as their objects lie in the lake: there are days to close and months to sum. Before the server starts."""
        for months in (2, 3):
            first = (self.today.replace(day=1) - datetime.timedelta(days=28 * months)).replace(day=1)
            for day in (first, first + datetime.timedelta(days=self.random.randint(1, 27))):
                self.past[day] = [0, 0, 0]
                for n in range(self.random.randint(1, 6)):
                    status = "cancelled" if self.character.trade == "cancelled" else self.random.choice(["placed", "paid", "shipped", "cancelled", "refunded"])
                    self.put_past(lake, day, n, status)

    def put_past(self, lake, day, n, status):
        quantity, cents = self.random.randint(1, 99), self.random.choice([0, 1, 999, 100_000_000])
        book, buyer, bought = (f"{kind}_01H{n:023d}" for kind in ("book", "user", "purchase"))
        at = f"{day} {self.random.randint(0, 23):02d}:00:00.000"
        row = {"purchase_id": bought, "tenant_id": self.name, "user_id": buyer, "number": f"{day.year}-{n:06d}", "status": status,
               "total_amount": cents * quantity / 100, "currency": "EUR", "created_at": at, "updated_at": at,
               "items": [{"book_id": book, "title": self.values.text(500), "quantity": quantity, "unit_price": cents / 100, "subtotal": cents * quantity / 100,
                          "vat_rate": 4}], "vat": [], "delivery_method": "collect", "payment_method": "in_shop"}
        place = lake / self.name / "purchases" / f"year={day:%Y}" / f"month={day:%m}" / f"day={day:%d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{bought}.json.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
        if status not in ("cancelled", "refunded"):
            count, copies, sum_cents = self.past[day]
            self.past[day] = [count + 1, copies + quantity, sum_cents + cents * quantity]

    # ---- what is done

    def step(self):
        """One thing more. What it is follows from the seed and from what was done before."""
        actions = list(TRADES[self.character.trade])
        if self.character.books:
            actions += ["add_book", "add_book", "import_books", "edit_book", "adjust", "delete_book"]
        actions += ["search", "accounts"]
        if self.character.books and self.number == 0:
            actions = ["import_books"]
        action = self.random.choice(actions)
        self.did.append(action)
        getattr(self, action)()

    def expect(self, response, *statuses):
        assert response.status_code in statuses, f"{response.request.method} {response.request.path_url} answered {response.status_code}: {response.text[:500]}"
        return response.json() if response.content and "json" in response.headers["Content-Type"] else None

    def new_body(self):
        self.number += 1
        body = self.values.book(self.character.absent, self.number, self.character.at_limits)
        self.texts += [body["title"], body["category"], *[one["name"] for one in body.get("contributors", [])[:2]]]
        self.texts = self.texts[-60:]
        return body

    def add_book(self):
        body = self.new_body()
        book = self.expect(self.manager.post("/v1/books", body), 201)
        self.books[book["book_id"]] = body.get("on_hand", 0)
        self.book_count += 1

    def import_books(self):
        source = self.random.choice(["csv", "ndjson"]) if self.character.source == "any" else self.character.source
        count = 95 if self.character.at_limits and self.number == 0 else self.random.choice([0, 1, 5, 40])
        if self.character.style == "longest":
            count = min(count, 5)
        rows, media_type = self.values.upload([self.new_body() for _ in range(count)], source)
        if not rows:
            return  # a file of no rows has at least its heading
        if self.random.random() < 0.3:
            rows = gzip.compress(rows)
        started = self.expect(self.manager.post("/v1/imports", data=rows, headers={"Content-Type": media_type}), 202)
        self.imports.append(started["import_id"])
        at = f"/v1/imports/{started['import_id']}"
        eventually(lambda: self.manager.get(at).json()["status"] not in ("waiting", "running"), 60)
        done = self.expect(self.manager.get(at), 200)
        assert done["status"] == "done", f"{done}"
        assert done["rows"] == done["created"] + done["updated"] + done["unchanged"] + done["refused"] == count, f"{count} rows were sent: {done}"
        if source == "ndjson":  # a spreadsheet has separators and trims; the same JSON is as good here as in POST /v1/books
            assert done["refused"] == 0, f"{done}"
        self.book_count += done["created"]

    def some_book(self):
        """A book that is there now, and its stock; None: there is none."""
        response = self.expect(self.manager.get(f"/v1/books/search?limit=20&sort={self.random.choice(['rating', 'price', '-price', 'year', 'title', 'updated'])}"), 200)
        books = [book for book in response["items"] if book["book_id"] not in self.deleted]
        if not books:
            return None, None
        book = self.random.choice(books)
        stock = self.manager.get(f"/v1/books/{book['book_id']}/stock")
        on_hand = self.expect(stock, 200)["on_hand"]
        assert self.books.setdefault(book["book_id"], on_hand) == on_hand, f"{book['book_id']} has {on_hand} copies instead of {self.books[book['book_id']]}"
        return book, stock

    def edit_book(self):
        book, _ = self.some_book()
        if not book:
            return
        changes = {name: value for name, value in self.new_body().items() if name not in ("on_hand", "isbn", "condition")}
        for name in ("original_title", "publisher", "description", "rating", "pages", "price", "publication_year", "language"):
            if self.random.random() < 0.2:
                changes[name] = None
        self.expect(self.manager.patch(f"/v1/books/{book['book_id']}", changes), 200)

    def adjust(self):
        book, stock = self.some_book()
        if not book:
            return
        at, on_hand = f"/v1/books/{book['book_id']}/stock", self.books[book["book_id"]]
        if self.random.random() < 0.5:
            on_hand = self.random.choice([0, 1, 1000, 1000000])
            self.expect(self.manager.put(at, {"on_hand": on_hand}, headers={"If-Match": stock.headers["ETag"]}), 200)
        else:
            delta = self.random.choice([-on_hand, 1000000 - on_hand, 1])
            if not 0 <= on_hand + delta <= 1000000 or delta == 0:
                return
            on_hand += delta
            self.expect(self.manager.post(at + "/adjustments", {"delta": delta, "reason": self.values.text(200)}), 200, 201)
        self.books[book["book_id"]] = on_hand

    def delete_book(self):
        book, _ = self.some_book()
        if book and self.random.random() < 0.5:
            self.expect(self.manager.delete(f"/v1/books/{book['book_id']}"), 204)
            self.deleted.append(book["book_id"])
            self.books.pop(book["book_id"])
            self.book_count -= 1

    def buyer(self):
        if not self.customers or self.random.random() < 0.2 and len(self.customers) < 8:
            self.customers.append(CountingClient(self).register(f"customer{len(self.customers)}@example.com"))
        return self.random.choice(self.customers)

    def make_sellable(self, book):
        """Copies and a price, where the shop's books have none."""
        at = f"/v1/books/{book['book_id']}"
        if "price" not in book:
            self.expect(self.manager.patch(at, {"price": self.values.price(self.character.at_limits)}), 200)
        if self.books[book["book_id"]] < 99:
            stock = self.manager.get(at + "/stock")
            self.expect(self.manager.put(at + "/stock", {"on_hand": 99}, headers={"If-Match": stock.headers["ETag"]}), 200)
            self.books[book["book_id"]] = 99

    def sell(self):
        lines = {}
        for _ in range(60 if self.character.at_limits else self.random.choice([1, 1, 2, 5])):
            book, _ = self.some_book()
            if book:
                self.make_sellable(book)
                lines[book["book_id"]] = 99 if self.character.at_limits else self.random.choice([1, 1, 2, 99])
        if not lines:
            return
        buyer = self.buyer()
        for book_id, quantity in lines.items():
            self.expect(buyer.post("/v1/cart/items", {"book_id": book_id, "quantity": quantity}), 200, 201)
        body = self.random.choice([{}, {"delivery": {"method": "ship", "address": self.values.text(500)}, "payment": {"method": "on_delivery"}}])
        bought = self.expect(buyer.post("/v1/purchases", body, headers={"Idempotency-Key": f"{len(self.purchases)}"}), 201)
        assert {line["book_id"]: line["quantity"] for line in bought["items"]} == lines
        self.purchases[bought["purchase_id"]] = bought
        for book_id, quantity in lines.items():
            self.books[book_id] -= quantity

    def some_purchase(self, *statuses):
        chosen = sorted(key for key, purchase in self.purchases.items() if purchase["status"] in statuses)
        return self.random.choice(chosen) if chosen else None

    def move_on(self):
        steps = {"placed": ["paid", "ready", "shipped"], "paid": ["ready", "shipped"], "ready": ["paid", "collected", "shipped"], "cancelled": ["refunded"]}
        if purchase_id := self.some_purchase(*steps):
            status = self.random.choice(steps[self.purchases[purchase_id]["status"]])
            self.purchases[purchase_id] = self.expect(self.manager.put(f"/v1/purchases/{purchase_id}/status", {"status": status}), 200)

    def cancel(self):
        if purchase_id := self.some_purchase("placed", "paid", "ready"):
            self.purchases[purchase_id] = self.expect(self.manager.post(f"/v1/purchases/{purchase_id}/cancel"), 200)
            for line in self.purchases[purchase_id]["items"]:
                if line["book_id"] in self.books:
                    self.books[line["book_id"]] += line["quantity"]

    def cancel_all(self):
        while self.some_purchase("placed", "paid", "ready"):
            self.cancel()
        self.move_on()

    def carts(self):
        guest = CountingClient(self)
        book, _ = self.some_book()
        if not book:
            return
        self.make_sellable(book)
        added = guest.post("/v1/cart/items", {"book_id": book["book_id"], "quantity": self.random.choice([1, 98])})
        self.expect(added, 200, 201)
        guest.cart_token = added.headers["X-Cart-Token"]
        self.expect(guest.put(f"/v1/cart/items/{book['book_id']}", {"quantity": 99}), 200)
        self.expect(guest.get("/v1/cart"), 200)
        if self.random.random() < 0.5:
            self.expect(guest.delete("/v1/cart"), 204)

    def search(self):
        reader = CountingClient(self)
        for _ in range(3):
            q = self.values.text(200) if self.random.random() < 0.5 or not self.texts else self.random.choice(self.texts)[:200]
            response = reader.request("GET", "/v1/books/search", params={"q": q if q.strip() else "x", "highlight": "true",
                                                                       "tolerant": self.random.choice(["true", "false"])})
            self.expect(response, 200)

    def accounts(self):
        someone = CountingClient(self)
        named = self.expect(someone.post("/v1/users/register", {"tenant_id": self.name, "email": f"{self.random.getrandbits(64):x}@example.com",
                                                                 "password": PASSWORD, "name": self.values.text(100)}), 201)
        someone.token = named["token"]
        if self.random.random() < 0.5:
            self.expect(someone.patch("/v1/users/me", {"name": None}), 200)
        if self.random.random() < 0.5:
            self.expect(someone.delete("/v1/users/me"), 204)

    # ---- what must follow

    def sales(self, on=""):
        """Purchases, copies and cents that count, perhaps of one day alone."""
        counted = [purchase for purchase in self.purchases.values()
                   if purchase["status"] not in ("cancelled", "refunded") and purchase["created_at"].startswith(on)]
        return [len(counted), sum(line["quantity"] for purchase in counted for line in purchase["items"]),
                sum(cents_of(purchase["total_amount"]) for purchase in counted)]

    def sales_ever(self):
        """With those of the past."""
        return [sum(column) for column in zip(self.sales(), *self.past.values())]

    def known(self):
        """What the ids in a path may be."""
        account = self.expect(self.manager.get("/v1/users/me"), 200)["user_id"]
        seen = self.expect(self.manager.get("/v1/books/search?limit=50"), 200)["items"]
        ulid = "01H" + "0" * 23
        return {"books": [book["book_id"] for book in seen], "texts": list(self.texts), "book_id": [book["book_id"] for book in seen],
                "isbn": [book["isbn"] for book in seen if "isbn" in book and book["condition"] == "new"], "import_id": list(self.imports),
                "purchase_id": sorted(self.purchases), "user_id": [account], "tenant_id": [self.name],
                "unknown": {"isbn": "9788420412146", **{f"{kind}_id": f"{kind}_{ulid}" for kind in ("book", "import", "purchase", "user")}}}
