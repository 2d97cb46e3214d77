"""A shop's figures over HTTP: who may see them, what is refused, and that they are right and the shop's own."""

import csv
import datetime
import io

import pytest

from estante import Client, eventually, faults, problem

LISTS = ("daily", "top-books", "authors", "customers")
PATHS = tuple(f"/v1/analytics/{name}" for name in ("summary", *LISTS))
HOSTILE_TENANTS = ["../libreria", "goodbooks/../libreria", "libreria'--", "' OR '1'='1", "libreria\"", "*", "%2e%2e%2flibreria", "GOODBOOKS",
                   "operator", "goodbooks;DROP", "a" * 200]
HOSTILE_DATES = ["2026-01-01' OR '1'='1", "2026-01-01; DROP TABLE purchases", "../../libreria/purchases", "2026-01-01/../../libreria",
                 "year=2026", "*", "2026-01-0%00", "now()", "9999-99-99", "-0001-01-01", "2026-02-30", "0", "x" * 5000]


@pytest.fixture(scope="module")
def manager(shared_server):
    return Client(shared_server, "goodbooks").as_manager()


def today():
    return datetime.datetime.now(datetime.timezone.utc).date()


def figures_of(manager, path="/v1/analytics/summary", **options):
    response = manager.get(path, **options)
    assert response.status_code == 200, response.text
    return response


@pytest.mark.parametrize("path", PATHS)
def test_only_the_shops_own_manager_sees_figures(shared_server, manager, path):
    customer = Client(shared_server, "goodbooks").login()
    problem(customer.get(path), 403, "forbidden")
    problem(Client(shared_server, "goodbooks").get(path), 401, "unauthenticated")
    problem(Client(shared_server).get(path), 401, "unauthenticated")
    problem(Client(shared_server, "operator").login("operator@example.com").get(path), 403, "forbidden")
    problem(manager.get(path, headers={"X-Tenant-Id": "libreria"}), 403, "forbidden")
    assert manager.get(path).status_code == 200


@pytest.mark.parametrize("query, pointer, code", [
    ("from=yesterday", "?from", "bad_format"),
    ("to=2026-02-30", "?to", "bad_format"),
    ("from=2026-1-1", "?from", "bad_format"),
    ("from=2026-01-01T00:00:00Z", "?from", "bad_format"),
    ("from=", "?from", None),
    ("from=2026-02-01&to=2026-01-01", "?from", "out_of_range"),
    ("from=2999-01-01", "?from", "out_of_range"),
    ("from=1990-01-01&to=2026-01-01", "?from", "out_of_range"),
])
@pytest.mark.parametrize("path", PATHS)
def test_a_period_that_is_none_is_refused(manager, path, query, pointer, code):
    found = faults(manager.get(f"{path}?{query}"))
    assert set(found) == {pointer}
    assert code is None or found[pointer] == code


@pytest.mark.parametrize("path, query, pointer", [
    ("daily", "by=week", "?by"), ("daily", "by=", "?by"), ("daily", "by=hour;day", "?by"),
    ("daily", "from=2016-01-01&to=2026-01-01&by=hour", "?from"), ("top-books", "by=author", "?by"),
    ("top-books", "limit=0", "?limit"), ("top-books", "limit=1001", "?limit"), ("authors", "limit=ten", "?limit"),
    ("customers", "limit=1;DROP", "?limit"), ("customers", "format=xml", "?format"), ("daily", "format=../x", "?format"),
])
def test_what_a_list_does_not_know_is_refused(manager, path, query, pointer):
    assert set(faults(manager.get(f"/v1/analytics/{path}?{query}"))) == {pointer}


def test_a_refusal_says_the_limit_and_the_fix_in_both_languages(manager):
    path = "/v1/analytics/daily?from=2016-01-01&to=2026-01-01&by=hour"
    spanish, english = (manager.get(path, headers={"Accept-Language": language}).json()["errors"][0]["reason"] for language in ("es", "en"))
    assert "el límite por horas es de 31" in spanish and "by=day" in spanish
    assert "the limit by hour is 31" in english and "by=day" in english


def test_all_faults_are_told_at_once(manager):
    assert set(faults(manager.get("/v1/analytics/top-books?from=x&to=y&by=z&limit=0&format=q"))) == {"?from", "?to", "?by", "?limit", "?format"}


def test_hostile_shop_names_reach_no_figures(shared_server, manager):
    for name in HOSTILE_TENANTS:
        for path in (*PATHS, "/v1/analytics/live"):
            sent = {"X-Tenant-Id": name}
            if path.endswith("live"):
                sent["Accept"] = "application/json"
            problem(manager.get(path, headers=sent), 403, "forbidden")
            problem(Client(shared_server).get(path, headers=sent), 401, "unauthenticated")
    assert manager.get(PATHS[0], headers={"X-Tenant-Id": "goodbooks"}).status_code == 200, "the shop's own name is let in"


def test_hostile_dates_are_no_dates(manager):
    for text in HOSTILE_DATES:
        for path in PATHS:
            for end in ("from", "to"):
                response = manager.session.get(manager.server.url + path, params={end: text.replace("%00", "\0")}, timeout=30,
                                             headers={"Authorization": f"Bearer {manager.token}"})
                assert set(faults(response)) == {f"?{end}"}, (path, end, text)


def test_only_forms_that_a_path_has_are_accepted(manager):
    problem(manager.get("/v1/analytics/daily", headers={"Accept": "image/png"}), 406, "not_acceptable")
    problem(manager.get("/v1/analytics/summary", headers={"Accept": "text/csv"}), 406, "not_acceptable")
    problem(manager.post("/v1/analytics/summary"), 405, "method_not_allowed")


# ---- Figures

def buy(customer, quantity=1):
    book = customer.books("limit=1&in_stock=true")[0]
    assert customer.post("/v1/cart/items", {"book_id": book["book_id"], "quantity": quantity}).ok
    bought = customer.post("/v1/purchases")
    assert bought.status_code == 201, bought.text
    return book, bought.json()


def test_figures_have_the_sale_of_a_second_ago_and_only_the_shops_own(server):
    shop, rival = Client(server, "goodbooks"), Client(server, "libreria")
    manager, other = shop.as_manager(), rival.as_manager()
    before, foreign = (figures_of(who).json()["period"] for who in (manager, other))
    assert (before["purchases"], before["revenue"]) == (0, 0)
    ana, luis = Client(server, "goodbooks").register(), Client(server, "goodbooks").register()

    def cents(amount):
        return round(100 * amount)

    def counted(purchases, revenue):
        now = figures_of(manager).json()["period"]
        return (now["purchases"], cents(now["revenue"])) == (purchases, revenue)

    _, cancelled = buy(luis, 1)
    eventually(lambda: counted(1, cents(cancelled["total_amount"])))
    assert luis.post(f"/v1/purchases/{cancelled['purchase_id']}/cancel").ok
    eventually(lambda: counted(0, 0))
    book, first = buy(ana, 2)
    _, second = buy(ana, 1)
    _, third = buy(luis, 1)
    revenue = sum(cents(sold["total_amount"]) for sold in (first, second, third))
    eventually(lambda: counted(3, revenue))
    summary = figures_of(manager).json()
    assert summary["period"]["to"] == str(today())
    assert summary["currency"] == "EUR"
    assert summary["customers"]["new_customers"] == 2
    assert figures_of(other).json()["period"] == foreign, "another shop's figures moved"

    hours = figures_of(manager, f"/v1/analytics/daily?from={today()}&by=hour").json()["items"]
    assert len(hours) == 24
    assert sum(cents(hour["revenue"]) for hour in hours) == cents(summary["period"]["revenue"]) == revenue
    best = figures_of(manager, "/v1/analytics/top-books?by=category&limit=1000").json()["items"]
    assert book["book_id"] in {row["book_id"] for row in best}
    authors = figures_of(manager, "/v1/analytics/authors?limit=1000").json()["items"]
    assert authors and all(row["revenue"] > 0 for row in authors)
    spent = {row["user_id"]: row for row in figures_of(manager, "/v1/analytics/customers?limit=1000").json()["items"]}
    assert cents(spent[first["user_id"]]["revenue"]) == cents(first["total_amount"]) + cents(second["total_amount"])
    assert spent[third["user_id"]]["purchases"] == 1
    assert not set(spent) & {row["user_id"] for row in figures_of(other, "/v1/analytics/customers?limit=1000").json()["items"]}


def test_lists_are_csv_and_parquet_too(server):
    manager = Client(server, "goodbooks").as_manager()
    figures_of(manager)
    buy(Client(server, "goodbooks").register())
    eventually(lambda: figures_of(manager, "/v1/analytics/customers").json()["items"])
    for name in LISTS:
        items = figures_of(manager, f"/v1/analytics/{name}").json()["items"]
        response = figures_of(manager, f"/v1/analytics/{name}?format=csv")
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in response.headers["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8"), newline="")))
        assert len(rows) == len(items)
        assert {row["currency"] for row in rows} == {"EUR"}
        assert [row["revenue"] for row in rows] == [f"{item['revenue']:.2f}" for item in items]
        assert figures_of(manager, f"/v1/analytics/{name}", headers={"Accept": "text/csv"}).content == response.content
        parquet = figures_of(manager, f"/v1/analytics/{name}?format=parquet")
        assert parquet.headers["Content-Type"] == "application/vnd.apache.parquet"
        assert parquet.content[:4] == b"PAR1" == parquet.content[-4:]
