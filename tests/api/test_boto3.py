"""The items are plain DynamoDB: boto3 reads what the program wrote, and the program reads what boto3 wrote."""

import decimal
import uuid

import boto3
import botocore.exceptions
import pytest

import dynamodb
from estante import Client, eventually

pytestmark = pytest.mark.only_on("dynamodb")


def table(server, name):
    resource = boto3.resource("dynamodb", endpoint_url=dynamodb.engine_of(server.folder).url, region_name=dynamodb.REGION,
                              aws_access_key_id="test", aws_secret_access_key="test")
    return resource.Table(f"bookstore-{name}-{dynamodb.STAGE}")


def test_boto3_reads_what_the_program_wrote(server):
    reader = Client(server, "goodbooks").register("ana@example.com")
    book = reader.books()[0]
    reader.post("/v1/cart/items", {"book_id": book["book_id"], "quantity": 1})
    user = reader.get("/v1/users/me").json()["user_id"]
    cart = table(server, "purchases").get_item(Key={"pk": f"goodbooks#{user}", "sk": "CART"})["Item"]
    assert [line["book_id"] for line in cart["lines"]] == [book["book_id"]] and cart["tenant_id"] == "goodbooks"

    bought = reader.post("/v1/purchases", {}).json()
    key = {"pk": f"goodbooks#{user}", "sk": f"PURCHASE#{bought['purchase_id']}"}
    purchase = table(server, "purchases").get_item(Key=key)["Item"]
    assert purchase["total_amount"] == decimal.Decimal(str(bought["total_amount"]))
    assert purchase["gsi1pk"] == "goodbooks#PURCHASES"
    stock = table(server, "books").get_item(Key={"pk": f"goodbooks#{book['book_id']}", "sk": "STOCK"})["Item"]
    assert isinstance(stock["on_hand"], decimal.Decimal)


def test_the_program_reads_what_boto3_wrote(server):
    shop = Client(server, "goodbooks")
    books = table(server, "books")
    source = shop.books()[0]
    items = books.query(KeyConditionExpression=boto3.dynamodb.conditions.Key("pk").eq(f"goodbooks#{source['book_id']}"))["Items"]
    book_id = source["book_id"][:-4] + "0000"
    title = f"Written by boto3 {uuid.uuid4().hex}"
    for item in items:
        copied = {**item, "pk": f"goodbooks#{book_id}", "book_id": book_id}
        if item["sk"].startswith("BOOK#"):
            copied.update(title=title, sk="BOOK#-")
            copied.pop("isbn", None)
            for name in ("gsi1sk", "gsi2sk"):
                if name in copied:
                    copied[name] = copied[name].replace(source["book_id"], book_id)
        if item["sk"] == "STOCK":
            copied.update(price=decimal.Decimal("12.50"), on_hand=decimal.Decimal(7))
        books.put_item(Item=copied)
    response = shop.get(f"/v1/books/{book_id}")
    assert response.status_code == 200, response.text
    assert response.json()["title"] == title and response.json()["price"] == 12.5
    found = lambda: [hit["book_id"] for hit in shop.get(f"/v1/books/search?q={title.split()[-1]}").json()["items"]]
    eventually(lambda: found() == [book_id], timeout_s=20)  # over the change stream


def test_a_query_names_one_whole_partition(server):
    """`begins_with` on the partition key, as the original document isolates shops, is refused; on the sort key it works."""
    books = table(server, "books")
    with pytest.raises(botocore.exceptions.ClientError) as error:
        books.query(KeyConditionExpression="begins_with(pk, :tenant_prefix)", ExpressionAttributeValues={":tenant_prefix": "goodbooks#"})
    assert error.value.response["Error"]["Code"] == "ValidationException"
    book = Client(server, "goodbooks").books()[0]["book_id"]
    found = books.query(KeyConditionExpression="pk = :pk AND begins_with(sk, :entry)",
                        ExpressionAttributeValues={":pk": f"goodbooks#{book}", ":entry": "BOOK#"})["Items"]
    assert [item["book_id"] for item in found] == [book]
