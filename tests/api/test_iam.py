"""The evaluator of policies, and what our policies and the original document's come to."""

import pytest

import iam

TENANT = iam.policy("tenant")
BOOKS = "bookstore-books-test"


def key(pk):
    return {"pk": {"S": pk}, "sk": {"S": "STOCK"}}


def get(pk):
    return "GetItem", {"TableName": BOOKS, "Key": key(pk)}


def query(partition, attribute="pk", **more):
    return "Query", {"TableName": BOOKS, "KeyConditionExpression": "#0 = :0", "ExpressionAttributeNames": {"#0": attribute},
                     "ExpressionAttributeValues": {":0": {"S": partition}}, **more}


def may(request, tenant="acme", policy=TENANT):
    return iam.may(policy, *request, {"TenantId": tenant} if tenant else {})


def without(operator, key_name):
    """The tenants' policy without one of its conditions."""
    policy = iam.policy("tenant")
    block = policy["Statement"][0]["Condition"][operator]
    del block[key_name]
    return policy


FOREIGN = {
    "get": get("rival#book_1"),
    "query": query("rival#book_1"),
    "query of an index": query("rival#CATEGORY", "gsi1pk", IndexName="GSI1"),
    "put": ("PutItem", {"TableName": BOOKS, "Item": key("rival#book_1")}),
    "update": ("UpdateItem", {"TableName": BOOKS, "Key": key("rival#book_1")}),
    "delete": ("DeleteItem", {"TableName": BOOKS, "Key": key("rival#book_1")}),
    "batch get, one foreign": ("BatchGetItem", {"RequestItems": {BOOKS: {"Keys": [key("acme#book_1"), key("rival#book_1")]}}}),
    "batch write, one foreign": ("BatchWriteItem", {"RequestItems": {BOOKS: [{"PutRequest": {"Item": key("acme#book_1")}},
                                                                             {"DeleteRequest": {"Key": key("rival#book_1")}}]}}),
    "transaction, one foreign": ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": BOOKS, "Item": key("acme#book_1")}},
                                                                          {"ConditionCheck": {"TableName": BOOKS, "Key": key("rival#book_1")}}]}),
    "a longer name": get("acme2#book_1"),
    "the platform's": get("operator#STREAM"),
    "no tenant": get("book_1"),
    "scan": ("Scan", {"TableName": BOOKS}),
    "PartiQL": ("ExecuteStatement", {"Statement": "select * from books"}),
    "query without a partition": ("Query", {"TableName": BOOKS, "KeyConditionExpression": "begins_with(pk, :tenant_prefix)",
                                            "ExpressionAttributeValues": {":tenant_prefix": {"S": "acme#"}}}),
    "delete the table": ("DeleteTable", {"TableName": BOOKS}),
    "another table": ("GetItem", {"TableName": "payroll", "Key": key("acme#x")}),
    "another stage": ("GetItem", {"TableName": "bookstore-books-prod", "Key": key("acme#x")}),
    "the stream": ("DescribeStream", {"StreamArn": f"arn:aws:dynamodb:x:1:table/{BOOKS}/stream/1"}),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_shop_may_not(name):
    assert not may(FOREIGN[name])


def test_a_shop_may_touch_its_own_items():
    assert may(get("acme#book_1")) and may(query("acme#book_1")) and may(query("acme#CATEGORY", "gsi1pk", IndexName="GSI1"))
    assert may(("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": BOOKS, "Item": key("acme#1")}},
                                                         {"Update": {"TableName": "bookstore-users-test", "Key": key("acme#2")}}]}))


def test_a_session_without_the_tag_may_nothing():
    assert not may(get("acme#book_1"), tenant=None) and not may(get("#book_1"), tenant=None)


def test_without_null_what_names_no_key_would_pass():
    """ForAllValues is true of nothing: a policy that lacks the Null condition and allows Scan leaks every shop."""
    leaky = without("Null", "dynamodb:LeadingKeys")
    leaky["Statement"][0]["Action"].append("dynamodb:Scan")
    assert may(FOREIGN["scan"], policy=leaky)
    sound = iam.policy("tenant")
    sound["Statement"][0]["Action"].append("dynamodb:Scan")
    assert not may(FOREIGN["scan"], policy=sound)


def test_without_the_hash_a_longer_name_would_pass():
    loose = iam.policy("tenant")
    loose["Statement"][0]["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] = ["${aws:PrincipalTag/TenantId}*"]
    assert may(FOREIGN["a longer name"], policy=loose)


def test_the_original_documents_condition_lets_one_shop_read_another():
    """It lists attribute names, which every item has: whose item it is, it never asks."""
    original = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": ["dynamodb:Query", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
        "Resource": ["arn:aws:dynamodb:*:*:table/bookstore-*", "arn:aws:dynamodb:*:*:table/bookstore-*/index/*"],
        "Condition": {"ForAllValues:StringLike": {"dynamodb:Attributes": ["tenant_id", "pk", "sk"]}}}]}
    for name in ("get", "query", "put", "update", "delete"):
        assert may(FOREIGN[name], policy=original)


def test_what_is_not_known_is_not_judged():
    with pytest.raises(NotImplementedError):
        may(get("acme#1"), policy={"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "1"}}}]})
    with pytest.raises(NotImplementedError):
        may(get("acme#1"), policy={"Statement": [{"Effect": "Allow", "NotAction": "x", "Action": "*", "Resource": "*"}]})


def test_an_explicit_deny_wins():
    both = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "dynamodb:Get*", "Resource": "*"}]}
    assert not may(get("acme#1"), policy=both) and may(query("acme#1"), policy=both)


def test_a_processor_reads_and_keeps_its_place():
    processor = iam.policy("processor")
    assert iam.may(processor, *get("acme#book_1"), {})
    assert iam.may(processor, "PutItem", {"TableName": "bookstore-users-test", "Item": key("operator#STREAM")}, {})
    assert not iam.may(processor, "PutItem", {"TableName": "bookstore-users-test", "Item": key("acme#user_1")}, {})
    assert not iam.may(processor, "PutItem", {"TableName": BOOKS, "Item": key("acme#book_1")}, {})
    assert not iam.may(processor, "Scan", {"TableName": BOOKS}, {})


def test_the_platform_does_not_write_books_or_purchases():
    platform = iam.policy("platform")
    for table in (BOOKS, "bookstore-purchases-test"):
        assert not iam.may(platform, "PutItem", {"TableName": table, "Item": key("acme#x")}, {})
    assert not iam.may(platform, "Scan", {"TableName": BOOKS}, {})
