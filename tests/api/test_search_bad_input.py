"""What people type into a search box, and what programs send: an response or a clear 400 from both engines, the same from both."""

import pytest

from estante import Client, Server, eventually, faults
from test_opensearch import ENGINE, on_opensearch

LONGEST = 200  # characters, stated in docs/search.md and in the OpenAPI document
ANSWERED = {
    "only stop words": "el la de que y a",
    "only punctuation": "!!! ... ---",
    "only spaces inside": "« »",
    "syntax of Lucene": 'title:quijote AND (author:"x" OR *) ~2^4 [a TO z] -no +yes \\',
    "JSON": '{"query":{"match_all":{}}}',
    "SQL": "' OR 1=1; DROP TABLE books --",
    "HTML": "<script>alert(1)</script>",
    "regular expression": "/(a+)+$/",
    "right to left": "שלום עולם",
    "right to left, forced": "\u202equijote\u202c",
    "emoji": "🎉",
    "family of emoji": "👩‍👩‍👧‍👦 quijote",
    "flags": "🇪🇸🇫🇷🇪",
    "Chinese": "日本の歴史",
    "Thai": "ประวัติศาสตร์",
    "combining marks": "e\u0301" * 90,
    "marks alone": "\u0301\u0301\u0301",
    "zero-width": "qui\u200bjote \ufeffquijote",
    "one long word": "a" * LONGEST,
    "a hundred words": " ".join("ab"[n % 2] for n in range(LONGEST // 2)),
    "the same word again and again": " ".join(["quijote"] * 25),
    "beyond the first plane": "𝔮𝔲𝔦𝔧𝔬𝔱𝔢 𐐀",
    "a noncharacter": "\uffff quijote",
}
REFUSED = {
    "control characters": ("quijote\x01\x1f\x7f", "bad_characters"),
    "empty": ("", "too_short"),
    "one character too many": ("a" * (LONGEST + 1), "too_long"),
    "10 KB": ("quijote " * 1_280, "too_long"),
    "500 words": (" ".join(f"w{n}" for n in range(500)), "too_long"),
}
ILL_FORMED = ("%ff", "%c3%28", "%ed%a0%80", "%f4%90%80%80", "%c0%80", "quijote%e2%82", "%00", "quijote%00sancho")


def responses(shop):
    """Everything above, asked of one server."""
    found = {}
    for name, text in ANSWERED.items():
        for options in ({}, {"tolerant": "true", "highlight": "true"}, {"sort": "title"}):
            response = shop.request("GET", "/v1/books/search", params={"q": text, "limit": 5, **options})
            assert response.status_code == 200, (name, options, response.text)
            body = response.json()
            body.pop("next_cursor")  # each engine's own
            found[name, *options] = body
        response = shop.request("GET", "/v1/books/suggest", params={"prefix": text[:100]})
        assert response.status_code == 200, (name, response.text)
        found[name, "suggest"] = response.json()
    for name, (text, _) in REFUSED.items():
        response = shop.request("GET", "/v1/books/search", params={"q": text})
        found[name] = (response.status_code, faults(response))
    for text in ILL_FORMED:
        for path in (f"/v1/books/search?q={text}", f"/v1/books/suggest?prefix={text}", f"/v1/books/search?category={text}"):
            response = shop.get(path)
            found[path] = (response.status_code, faults(response) if "errors" in response.json() else response.json()["code"])
    return found


@pytest.fixture(scope="module")
def embedded(shared_server):
    return responses(Client(shared_server, "libreria"))


def test_odd_queries_are_answered(embedded):
    assert embedded["syntax of Lucene", ]["total"] > 0, "the words of it are words"
    for name in ("only stop words", "only punctuation", "emoji", "marks alone"):
        assert embedded[name, ]["total"] == 0, name
    for name in ("JSON", "SQL", "HTML"):
        assert "<script" not in str(embedded[name, "tolerant", "highlight"]["items"])


@pytest.mark.parametrize("name", REFUSED)
def test_queries_of_a_length_that_nobody_means_are_refused(embedded, name):
    assert embedded[name] == (400, {"?q": REFUSED[name][1]})


def test_ill_formed_text_is_refused(embedded):
    for path, response in embedded.items():
        if isinstance(path, str) and path.startswith("/"):
            assert response[0] == 400, path


def test_a_word_of_two_hundred_letters_in_a_book_is_searchable(server, libreria):
    """A text of a book is longer than a query may be: its words are cut where Lucene cuts them."""
    manager = libreria.as_manager()
    word = "z" * 300
    made = manager.post("/v1/books", {"title": f"{word} 🎉 שלום", "contributors": [{"name": "x" * 200}], "category": "Arte",
                                      "description": "palabra " * 1_000})
    assert made.status_code == 201, made.text
    eventually(lambda: libreria.request("GET", "/v1/books/search", params={"q": "🎉 שלום"}).json()["total"] == 1)


@pytest.mark.only_on("sqlite")  # once is enough
def test_both_engines_answer_odd_input_alike(embedded, binary, shop_folder, prefix):
    server = on_opensearch(binary, shop_folder, ENGINE, prefix).start()
    theirs = responses(Client(server, "libreria"))
    for what, ours in embedded.items():
        assert ours == theirs[what], what
    assert server.stop() == 0
