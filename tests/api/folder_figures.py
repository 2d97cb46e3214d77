"""What a data folder holds, as its program says: compared before and after another program opened the folder."""

from estante import Client


def pages(client, path, **query):
    """All items of a list."""
    items, cursor = [], None
    while True:
        response = client.request("GET", path, params={**query, "limit": 100, **({"cursor": cursor} if cursor else {})})
        assert response.status_code == 200, response.text
        items += response.json()["items"]
        cursor = response.json()["next_cursor"]
        if not cursor:
            return items


def by_status(purchases):
    """Count, copies and cents of each status."""
    sums = {}
    for purchase in purchases:
        count, copies, cents = sums.get(purchase["status"], (0, 0, 0))
        sums[purchase["status"]] = (count + 1, copies + sum(line["quantity"] for line in purchase["items"]), cents + cents_of(purchase["total_amount"]))
    return {status: list(sums[status]) for status in sorted(sums)}


def cents_of(amount):
    return round(amount * 100)


def figures_of(server, dead_letters, cart_token, period="from=2026-01-01&to=2026-02-28"):
    """Of each shop and, of libreria, the guest's cart."""
    figures = {"shops": {}, "dead_letters": sorted(dead_letters.splitlines()), "cart_token": cart_token}
    for shop in ("libreria", "acme"):
        manager = Client(server, shop).as_manager()
        books = pages(manager, "/v1/books/search", sort="title")
        daily = manager.get(f"/v1/analytics/daily?{period}").json()["items"]
        figures["shops"][shop] = {
            "settings": Client(server, shop).get("/v1/shop").json(),
            "accounts": sorted((user["email"], user["role"]) for user in pages(manager, "/v1/users")),
            "books": len(books),
            "copies": sum(manager.get(f"/v1/books/{book['book_id']}/stock").json()["on_hand"] for book in books),
            "categories": manager.get("/v1/categories").json()["items"],
            "hits": {words: [book["title"] for book in manager.books(f"q={words}&limit=20")] for words in ("noche", "mar", "sombra viento", "Ana Ruiz")},
            "purchases": by_status(pages(manager, "/v1/purchases")),
            "days": {row["begin"][:10]: [row["purchases"], row["items"], cents_of(row["revenue"])] for row in daily if row["purchases"]},
            "summary": manager.get(f"/v1/analytics/summary?{period}").json(),
            # Without the category: that is the exported catalogue's, which is as old as the last export.
            "top_books": [[row["book_id"], row["title"], row["items"], cents_of(row["revenue"])]
                          for row in manager.get(f"/v1/analytics/top-books?{period}&limit=5").json()["items"]],
        }
    guest = Client(server, "libreria")
    guest.cart_token = cart_token
    figures["guest_cart"] = [[line["title"], line["quantity"]] for line in guest.get("/v1/cart").json()["items"]]
    return figures
