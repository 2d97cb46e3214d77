"""Business counters in CloudWatch, as moto keeps it and boto3 reads it."""

import datetime
import re
import time
import uuid

import boto3
import pytest

import dynamodb
import engines
from estante import Client, Server, eventually

MOTO = engines.MOTO


def counting(binary, folder, url, key_id):
    server = Server(binary, folder)
    server.environment |= {**dynamodb.KEYS, "AWS_ACCESS_KEY_ID": key_id, "ESTANTE_AWS_REGION": dynamodb.REGION,
                           "ESTANTE_BUSINESS_METRICS": "cloudwatch", "ESTANTE_CLOUDWATCH_ENDPOINT": url}
    return server


def sum_of(metric, tenant):
    cloudwatch = boto3.client("cloudwatch", endpoint_url=MOTO, region_name=dynamodb.REGION, aws_access_key_id="test",
                              aws_secret_access_key="test")
    now = datetime.datetime.now(datetime.timezone.utc)
    points = cloudwatch.get_metric_statistics(
        Namespace="Bookstore/Business", MetricName=metric, Dimensions=[{"Name": "TenantId", "Value": tenant}],
        StartTime=now - datetime.timedelta(hours=1), EndTime=now + datetime.timedelta(hours=1), Period=86400,
        Statistics=["Sum"])["Datapoints"]
    return sum(point["Sum"] for point in points)


@pytest.mark.only_on("sqlite")  # the key is the gate's own there
def test_searches_of_each_shop_are_there_when_the_server_has_ended(binary, shop_folder, moto):
    before = {tenant: sum_of("SearchQueries", tenant) for tenant in ("goodbooks", "libreria")}
    server = counting(binary, shop_folder, MOTO, "test").start()
    goodbooks, libreria = Client(server, "goodbooks"), Client(server, "libreria")
    for _ in range(3):
        goodbooks.books("q=love")
    libreria.books("q=amor")
    first = goodbooks.get("/v1/books/search?q=love&limit=1").json()
    goodbooks.get(f"/v1/books/search?q=love&limit=1&cursor={first['next_cursor']}")
    assert goodbooks.get("/v1/books/search?limit=0", check=False).status_code == 400
    assert server.stop() == 0
    assert sum_of("SearchQueries", "goodbooks") - before["goodbooks"] == 4, "three, and one whose second page is none"
    assert sum_of("SearchQueries", "libreria") - before["libreria"] == 1


@pytest.mark.only_on("sqlite")  # the key is the gate's own there
def test_purchases_and_accounts_of_each_shop_are_there_once(binary, run_cli, shop_folder, moto):
    def sums():
        names = ("BookPurchases", "NewUserRegistrations")
        return {(name, shop): sum_of(name, shop) for name in names for shop in ("goodbooks", "libreria")}

    def is_published():
        lines = run_cli("streams", "status", "--data", shop_folder).stdout.splitlines()
        return len(lines) == 2 and all("up to date" in line for line in lines)

    server = counting(binary, shop_folder, MOTO, "test").start()
    eventually(is_published)
    assert server.stop() == 0  # the demonstration's own accounts and purchases are counted by now
    before = sums()
    server.start()
    reader, other = Client(server, "goodbooks").register(), Client(server, "libreria").register()
    Client(server, "goodbooks").register()
    for customer, purchases in ((reader, 3), (other, 1)):
        for _ in range(purchases):
            book = customer.books("limit=1&in_stock=true")[0]
            assert customer.post("/v1/cart/items", {"book_id": book["book_id"]}).ok
            bought = customer.post("/v1/purchases", {})
            assert bought.status_code == 201, bought.text
    assert reader.post(f"/v1/purchases/{reader.get('/v1/purchases').json()['items'][0]['purchase_id']}/cancel").ok
    eventually(is_published)
    replayed = run_cli("streams", "replay", "--processor", "purchases_stream", "--from", "beginning", "--data", shop_folder)
    assert replayed.returncode == 0, replayed.stderr
    assert server.stop() == 0
    wanted = {("BookPurchases", "goodbooks"): 3, ("BookPurchases", "libreria"): 1,
              ("NewUserRegistrations", "goodbooks"): 2, ("NewUserRegistrations", "libreria"): 1}
    assert {place: now - before[place] for place, now in sums().items()} == wanted, "a cancellation takes nothing back, a replay adds nothing"


@pytest.mark.only_on("sqlite")  # the key is the gate's own there
def test_a_shop_sells_while_cloudwatch_is_away_and_the_log_says_what_waits(binary, shop_folder):
    server = counting(binary, shop_folder, "http://127.0.0.1:1", "test").start()
    shop = Client(server, "goodbooks")
    assert shop.books("q=love")
    begun = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begun < 20
    said = re.compile(r"business counters, cloudwatch: [1-9]\d* are retried, 0 are dropped")
    assert any(said.search(line) for line in server.lines), server.lines


def test_an_unknown_place_is_refused_in_one_line(run_cli, tmp_path):
    refused = run_cli("serve", "--data", tmp_path / uuid.uuid4().hex, "--business-metrics", "graphite")
    assert refused.returncode != 0
    assert "business-metrics must be off or cloudwatch, is 'graphite'" in refused.stderr + refused.stdout
