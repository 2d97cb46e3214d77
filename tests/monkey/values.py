"""Values that the API accepts and that people seldom send."""

import csv
import io
import json

# Whole texts and parts of longer ones. None is blank or has a control character below U+0020.
STRANGE = [
    "a", "1", "-", ".", "'", '"', "\\", "%", "#", "C#", "100%", "&amp;", "<script>alert(1)</script>", "NULL", "null", "nan", "true", "0", "-1", "1e309",
    "=1+1", "+SUM(A1)", "@cmd", "' OR '1'='1", "'; DROP TABLE books; --", "../../etc/passwd", "%s%n%x", "${jndi:x}", "{{7*7}}", "{}", "[]", "a,b;c\td".replace("\t", "|"),
    "ñ", "é", "e\u0301", "Ｆｕｌｌ", "ß", "İ", "ı", "ǅ", "ﬁ", "Å", "K", "中", "日本語の本", "한국어", "ภาษาไทย", "हिन्दी", "שלום", "مرحبا", "\u202eabc", "\u200b",
    "\ufeffx", "\u00ad", "\u00a0x", "\u2028x", "\u0085x", "\ufffd", "\ufffe", "😀", "👩‍👩‍👧‍👦", "🇪🇸", "1️⃣", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "\U0010ffff", "z̸̢̛̗͓͇̖̑͒͛", "a" + "\u0301" * 60,
    "el la de que y a", "la", "AND", "OR NOT", "title:x", "9788420412146", "O'Brien", "Dostoyevski, Fiódor", "¿?", "…", "—", "№", "½", "Ⅷ", "٣", "x" * 40]
WORDS = ["mar", "casa", "noche", "río", "sombra", "viento", "camino", "voz", "tiempo", "luz", "corazón", "amor", "guerra", "ciudad", "the", "of", "quijote"]
LONG = ["a", "😀", "中", "%", "#", "'", "ñ", "a ", "\u0301", "W "]


class Values:
    """Of one shop: its style says which texts it prefers."""

    def __init__(self, random, style):
        self.random = random
        self.style = style

    def text(self, longest):
        kind = self.random.choice({"plain": ["words"], "shortest": ["one"], "longest": ["long"], "strange": ["strange", "mixed"]}.get(
            self.style, ["words", "words", "one", "strange", "mixed", "long"]))
        if kind == "one":
            text = self.random.choice([text for text in STRANGE if len(text) == 1])
        elif kind == "long":
            text = (self.random.choice(LONG) * longest)[:longest]
        elif kind == "strange":
            text = self.random.choice(STRANGE)
        elif kind == "mixed":
            text = " ".join(self.random.choice(STRANGE + WORDS) for _ in range(self.random.randint(2, 9)))
        else:
            text = " ".join(self.random.choice(WORDS) for _ in range(self.random.randint(1, 6)))
        text = text[:longest]
        return text if text.strip() else "x"

    def some(self, longest, make):
        """A list, of any length that is allowed."""
        count = longest if self.style == "longest" else self.random.choice([0, 1, 1, 2, 3, longest])
        return [make() for _ in range(count)]

    def contributor(self):
        named = {"name": self.text(200)}
        if self.random.random() < 0.5:
            named["role"] = self.random.choice(["author", "editor", "translator", "illustrator", "narrator", "contributor"])
        return named

    def price(self, at_limits=False):
        return self.random.choice([0, 0.01, 1000000, 999999.99]) if at_limits else self.random.randint(0, 9999) / 100

    def isbn(self, number):
        body = f"978{number:09d}"
        return body + str((10 - sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(body)) % 10) % 10)

    def book(self, absent, number, at_limits=False):
        """A body of POST /v1/books without the optional fields that are absent in this shop."""
        pick = self.random.choice
        made = {
            "original_title": lambda: self.text(500), "contributors": lambda: self.some(50, self.contributor), "publisher": lambda: self.text(200),
            "language": lambda: pick(["es", "en", "zh", "ar", "la"]), "publication_year": lambda: pick([-3000, -1, 0, 1, 1605, 1999, 2200]),
            "description": lambda: self.text(10000), "subjects": lambda: self.some(50, lambda: self.text(200)), "isbn": lambda: self.isbn(number),
            "condition": lambda: pick(["new", "used"]), "rating": lambda: pick([0, 0.01, 2.5, 4.99, 5]),
            "format": lambda: pick(["paperback", "hardcover", "ebook", "audiobook", "other"]), "pages": lambda: pick([1, 100, 100000]),
            "price": lambda: self.price(at_limits), "on_hand": lambda: pick([0, 1, 2, 99, 1000000])}
        body = {"title": self.text(500), "category": self.text(100)}
        for name, make in made.items():
            if name not in absent and (at_limits or self.random.random() < 0.8):
                body[name] = make()
        return body

    def upload(self, books, source):
        """The same books as a file to import, and its media type."""
        if source == "ndjson":
            return "\n".join(json.dumps(book, ensure_ascii=self.random.random() < 0.5) for book in books).encode(), "application/x-ndjson"
        names = sorted({name for book in books for name in book} | {"title"}, key=lambda name: (name != "title", name))
        out = io.StringIO()
        rows = csv.writer(out, delimiter=self.random.choice(",;\t"), lineterminator=self.random.choice(["\n", "\r\n"]))
        rows.writerow(["stock" if name == "on_hand" else name for name in names])
        for book in books:
            rows.writerow([self.cell(book.get(name)) for name in names])
        return out.getvalue().encode(), "text/csv"

    @staticmethod
    def cell(value):
        if value is None:
            return ""
        if isinstance(value, list):
            return "|".join(f"{one['name']} ({one['role']})" if "role" in one else one["name"] if isinstance(one, dict) else one for one in value)
        return str(value)
