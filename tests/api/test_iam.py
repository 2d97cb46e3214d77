"""The evaluator of policies, and what our policies and the original document's come to."""

import copy
import re

import pytest

import iam
from aws_gate import is_the_platforms_business

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
    "transaction, one foreign": ("TransactWriteItems", {"TransactItems": [
        {"Put": {"TableName": BOOKS, "Item": key("acme#book_1")}}, {"ConditionCheck": {"TableName": BOOKS, "Key": key("rival#book_1")}}]}),
    "a longer name": get("acme2#book_1"),
    "the platform's": get("operator#STREAM"),
    "no tenant": get("book_1"),
    "scan": ("Scan", {"TableName": BOOKS}),
    "PartiQL": ("ExecuteStatement", {"Statement": "select * from books"}),
    "query without a partition": ("Query", {"TableName": BOOKS, "KeyConditionExpression": "begins_with(pk, :tenant_prefix)",
                                            "ExpressionAttributeValues": {":tenant_prefix": {"S": "acme#"}}}),
    "nothing at all": ("BatchGetItem", {"RequestItems": {}}),
    "delete the table": ("DeleteTable", {"TableName": BOOKS}),
    "another table": ("GetItem", {"TableName": "payroll", "Key": key("acme#x")}),
    "a stage whose name ends alike": ("GetItem", {"TableName": "bookstore-books-another-test", "Key": key("acme#x")}),
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


def test_an_explicit_deny_wins():
    both = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
                          {"Effect": "Deny", "Action": "dynamodb:Get*", "Resource": "*"}]}
    assert not may(get("acme#1"), policy=both) and may(query("acme#1"), policy=both)


# ---- The original document's policy ----------------------------------------------------------------------------------------

ORIGINAL = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": ["dynamodb:Query", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
    "Resource": ["arn:aws:dynamodb:*:*:table/bookstore-*", "arn:aws:dynamodb:*:*:table/bookstore-*/index/*"],
    "Condition": {"ForAllValues:StringLike": {"dynamodb:Attributes": ["tenant_id", "pk", "sk"]}}}]}


@pytest.mark.parametrize("name", ["get", "query", "delete", "another stage"])
def test_the_original_documents_condition_is_too_open(name):
    """It lists names of attributes, which every item has: whose item it is, it never asks. A read that names none gets all."""
    assert may(FOREIGN[name], policy=ORIGINAL)
    assert not may(FOREIGN[name])


OWN = {
    "put": ("PutItem", {"TableName": BOOKS, "Item": {**key("acme#book_1"), "on_hand": {"N": "1"}}}),
    "update": ("UpdateItem", {"TableName": BOOKS, "Key": key("acme#book_1"), "UpdateExpression": "ADD #0 :0",
                              "ExpressionAttributeNames": {"#0": "on_hand"}, "ExpressionAttributeValues": {":0": {"N": "1"}}}),
    "delete on a condition": ("DeleteItem", {"TableName": BOOKS, "Key": key("acme#book_1"),
                                             "ConditionExpression": "attribute_exists(version)"}),
    "query of an index": query("acme#CATEGORY", "gsi1pk", IndexName="GSI1"),
}


@pytest.mark.parametrize("name", OWN)
def test_the_original_documents_condition_is_too_closed(name):
    """No write that names anything but the keys passes, and no index can be asked: not even for a shop's own items."""
    assert not may(OWN[name], policy=ORIGINAL)
    assert may(OWN[name])


def test_the_attributes_of_a_request_are_what_it_names():
    request = {"Key": key("acme#1"), "UpdateExpression": "SET #0 = if_not_exists(total, :zero), places.#1 = :one REMOVE old",
               "ConditionExpression": "size(note) > :zero AND NOT contains(#2, :one)",
               "ExpressionAttributeNames": {"#0": "a", "#1": "inner", "#2": "b"}}
    assert iam.attributes_of(request) == {"pk", "sk", "a", "total", "places", "old", "note", "b"}


# ---- What the evaluator refuses to judge -----------------------------------------------------------------------------------


def statement(**more):
    return {"Effect": "Allow", "Action": "*", "Resource": "*", **more}


def judge(*statements, version="2012-10-17", tenant="acme"):
    return may(get("acme#1"), tenant, {"Version": version, "Statement": list(statements)})


TAG = "${aws:PrincipalTag/TenantId}"
UNKNOWN = {
    "operator": {"Condition": {"NumericEquals": {"dynamodb:LeadingKeys": "1"}}},
    "quantifier": {"Condition": {"ForSomeValues:StringLike": {"dynamodb:LeadingKeys": "1"}}},
    "condition key": {"Condition": {"StringEquals": {"dynamodb:Select": "COUNT"}}},
    "variable": {"Condition": {"StringEquals": {"aws:PrincipalTag/TenantId": "${aws:username}"}}},
    "element": {"NotAction": "x"},
    "effect": {"Effect": "allow"},
    "a junk value of Null": {"Condition": {"Null": {"dynamodb:LeadingKeys": "maybe"}}},
    "two values of Null": {"Condition": {"Null": {"dynamodb:LeadingKeys": ["false", "true"]}}},
    "several values without a quantifier, like": {"Condition": {"StringLike": {"dynamodb:LeadingKeys": "acme#*"}}},
    "several values without a quantifier, equal": {"Condition": {"StringEquals": {"dynamodb:LeadingKeys": "acme#1"}}},
    "one value with a quantifier": {"Condition": {"ForAllValues:StringLike": {"aws:PrincipalTag/TenantId": "acme"}}},
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_not_judged(name):
    with pytest.raises(NotImplementedError):
        judge(statement(**UNKNOWN[name]))
    assert judge(statement())  # so it is that which is not known


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_a_version_without_variables_is_not_judged_with_them(version):
    with_tag = statement(Condition={"StringEquals": {"aws:PrincipalTag/TenantId": TAG}})
    assert judge(with_tag)
    with pytest.raises(NotImplementedError):
        judge(with_tag, version=version)
    assert judge(statement(), version=version)


def test_a_deny_whose_variable_has_no_value_is_not_passed_over():
    of_own_tag = {"Condition": {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": f"{TAG}#*"}}}
    of_resource = {"Resource": f"arn:aws:dynamodb:eu-central-1:123456789012:table/{TAG}"}
    for denied in (of_own_tag, of_resource):
        with pytest.raises(NotImplementedError):
            judge(statement(), statement(Effect="Deny", **denied), tenant=None)
    assert not judge(statement(), statement(Effect="Deny", **of_own_tag))  # with a value it denies
    assert judge(statement(), statement(Effect="Deny", Action="dynamodb:PutItem", **of_own_tag), tenant=None)  # another action
    assert not judge(statement(**of_own_tag), tenant=None)  # an Allow like it allows nothing
    of_all_keys = {"Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": f"{TAG}#*"}}}
    assert not may(FOREIGN["scan"], None, {"Version": "2012-10-17", "Statement": [statement(**of_all_keys)]})  # even where no key is named


def test_negated_operators():
    def but(operator, *values):
        key_name = "dynamodb:LeadingKeys" if ":" in operator else "aws:PrincipalTag/TenantId"
        return judge(statement(Condition={operator: {key_name: list(values)}}))

    assert but("StringNotEquals", "rival") and not but("StringNotEquals", "rival", "acme")
    assert but("StringNotLike", "r*") and not but("StringNotLike", "r*", "a*")
    assert but("ForAllValues:StringNotEquals", "acme#2") and not but("ForAllValues:StringNotEquals", "acme#1")
    assert judge(statement(Condition={"StringNotEquals": {"aws:PrincipalTag/TenantId": "acme"}}), tenant=None)  # absent, so not equal


# ---- Tags ------------------------------------------------------------------------------------------------------------------

PLATFORM, TRUST = iam.policy("platform"), iam.policy("tenant-trust")


def may_assume(tags, document=PLATFORM, trust=TRUST, caller="platform"):
    return iam.may_assume(document, trust, iam.role_arn(caller), iam.role_arn("tenant"), tags)


def test_a_session_has_the_one_tag_it_needs():
    assert may_assume({"TenantId": "acme"})
    for tags in ({}, {"TenantId": ""}, {"Other": "acme"}, {"TenantId": "acme", "Other": "x"}):
        assert not may_assume(tags), tags


@pytest.mark.parametrize("tag", ["*", "?", "ac*", "a?me", "*acme"])
def test_a_tag_with_wildcards_is_not_trusted(tag):
    assert not may_assume({"TenantId": tag})
    open_trust = copy.deepcopy(TRUST)
    del open_trust["Statement"][0]["Condition"]["StringNotLike"]
    assert may_assume({"TenantId": tag}, trust=open_trust)


def test_a_tag_with_wildcards_is_judged_only_where_both_readings_agree():
    """As a wildcard it would open another shop's items, as a literal not; AWS does not say which it is."""
    pattern, context = f"{TAG}#*", {"aws:PrincipalTag/TenantId": "*"}
    as_literal, as_wildcard = (re.compile(iam.regex_of(pattern, context, True, wild)) for wild in (False, True))
    assert as_wildcard.fullmatch("rival#book_1") and not as_literal.fullmatch("rival#book_1")
    with pytest.raises(NotImplementedError):
        may(get("rival#book_1"), tenant="*")
    assert may(get("*#book_1"), tenant="*") and not may(get("book_1"), tenant="*")
    assert iam.matches("a${*}b", "a*b", {}) and not iam.matches("a${*}b", "axb", {})


def test_who_passes_tags_needs_both_sides_leave_to():
    without_tagging = copy.deepcopy(PLATFORM)
    without_tagging["Statement"][0]["Action"] = "sts:AssumeRole"
    assert not may_assume({"TenantId": "acme"}, document=without_tagging)
    trust_without_tagging = copy.deepcopy(TRUST)
    trust_without_tagging["Statement"][0]["Action"] = "sts:AssumeRole"
    assert not may_assume({"TenantId": "acme"}, trust=trust_without_tagging)
    assert not may_assume({"TenantId": "acme"}, document={"Version": "2012-10-17", "Statement": []})
    assert not may_assume({"TenantId": "acme"}, caller="copying")


def test_a_trust_in_more_than_roles_is_not_judged():
    for principal in ("*", {"AWS": "*"}, {"AWS": "123456789012"}, {"Service": "lambda.amazonaws.com"}):
        everyone = copy.deepcopy(TRUST)
        everyone["Statement"][0]["Principal"] = principal
        with pytest.raises(NotImplementedError):
            may_assume({"TenantId": "acme"}, trust=everyone)


# ---- The other roles -------------------------------------------------------------------------------------------------------

USERS = "bookstore-users-test"


def on(table, request, **more):
    return request[0], {**request[1], "TableName": table, **more}


def put(table, pk):
    return "PutItem", {"TableName": table, "Item": key(pk)}


def of_stream(table):
    return "DescribeStream", {"StreamArn": iam.table_arn(table, "/stream/1")}


CHECKPOINT = {"read the checkpoint": on(USERS, get("operator#STREAM")), "write the checkpoint": put(USERS, "operator#STREAM")}
LIST_OF_SHOPS = {"list of shops": on(USERS, query("operator#TENANTS", "gsi1pk", IndexName="GSI1"))}
STREAMS = {"stream": of_stream(BOOKS), "describe": ("DescribeTable", {"TableName": BOOKS})}
NEW_SHOPS = {"a shop": put(USERS, "acme#TENANT"), "an invitation": put(USERS, "acme#INVITE#1"),
             "an response kept": put(USERS, "operator#IDEMPOTENCY#a#b")}
BOOK_READS = {"books": ("BatchGetItem", {"RequestItems": {BOOKS: {"Keys": [key("acme#book_1"), key("rival#book_2")]}}}),
              "categories": query("acme#CATEGORY", "gsi1pk", IndexName="GSI1")}
PURCHASES = "bookstore-purchases-test"
COUNTING = {"purchases": ("BatchGetItem", {"RequestItems": {PURCHASES: {"Keys": [key("acme#user_1"), key("rival#user_2")]}}}),
            "sales of a shop": on(PURCHASES, query("acme#PURCHASES", "gsi1pk", IndexName="GSI1")),
            "a day": on(PURCHASES, get("acme#SUMMARY")),
            "a day and its markers": ("TransactWriteItems", {"TransactItems": [
                {"Put": {"TableName": PURCHASES, "Item": key("acme#user_1")}}, {"Put": {"TableName": PURCHASES, "Item": key("acme#SUMMARY")}}]})}
REGISTRATIONS = {"registrations": on(USERS, query("acme#EMAIL", "gsi1pk", IndexName="GSI1"))}
ITEMS = {"scan": ("Scan", {"TableName": USERS}),
         "batch write": ("BatchWriteItem", {"RequestItems": {USERS: [{"PutRequest": {"Item": key("acme#user_1")}}]}}),
         "batch read": ("BatchGetItem", {"RequestItems": {USERS: {"Keys": [key("acme#user_1")]}}})}
SWITCH = {"status": on(USERS, get("acme#TENANT")), "switch": ("UpdateItem", {"TableName": USERS, "Key": key("acme#TENANT")})}
TABLES = {name: (name, {"TableName": USERS}) for name in ("CreateTable", "UpdateTable", "UpdateTimeToLive", "UpdateContinuousBackups")}
NOBODYS = {
    "a customer": on(USERS, get("acme#user_1")), "customers": on(USERS, query("acme#user_1")),
    "an operator's account": put(USERS, "operator#user_1"),
    "a purchase": ("GetItem", {"TableName": "bookstore-purchases-test", "Key": key("acme#user_1")}), "a book": put(BOOKS, "acme#book_1"),
    "another shop's customer": put(USERS, "acme#user_1"), "delete": ("DeleteItem", {"TableName": USERS, "Key": key("acme#TENANT")}),
    "delete a table": ("DeleteTable", {"TableName": USERS}),
    "scan of another stage": ("Scan", {"TableName": "bookstore-users-another-test"}),
    "PartiQL": FOREIGN["PartiQL"], "another stage's stream": of_stream("bookstore-books-another-test"),
}
EVERYTHING = {**CHECKPOINT, **LIST_OF_SHOPS, **STREAMS, **NEW_SHOPS, **BOOK_READS, **COUNTING, **REGISTRATIONS, **ITEMS, **SWITCH, **TABLES,
              **NOBODYS}


@pytest.mark.parametrize("role, business", [
    ("platform", {**CHECKPOINT, **LIST_OF_SHOPS, **STREAMS, **NEW_SHOPS}),
    ("books-processor", {**CHECKPOINT, **LIST_OF_SHOPS, **STREAMS, **BOOK_READS}),
    ("purchases-processor", {**CHECKPOINT, **LIST_OF_SHOPS, **STREAMS, **BOOK_READS, **COUNTING, **REGISTRATIONS}),
    ("copying", {**CHECKPOINT, **LIST_OF_SHOPS, **STREAMS, **ITEMS, **SWITCH, "books": BOOK_READS["books"], **COUNTING, **REGISTRATIONS}),
    ("tables", {**TABLES, "describe": STREAMS["describe"]})])
def test_a_role_may_do_its_business_and_nothing_else(role, business):
    document = iam.policy(role)
    assert {name for name, request in EVERYTHING.items() if iam.may(document, *request, {})} == set(business)


def test_a_session_of_the_operators_does_not_reach_the_checkpoints():
    assert may(on(USERS, get("operator#user_1")), "operator")
    for request in CHECKPOINT.values():
        assert not may(request, "operator")


def test_what_the_platforms_own_key_was_used_for_is_told_from_what_it_must_not_be():
    """The suite's last assertion looks at the requests, not at the policy: it finds what a policy that is too wide let pass."""
    def verdicts(requests):
        return {name: is_the_platforms_business(action.split(":")[1], resource.split(":table/")[1], partition)
                for name, request in requests.items() for action, resource, context in iam.needs_of(*request)
                for partition in context.get("dynamodb:LeadingKeys", [None])}

    assert all(verdicts({**CHECKPOINT, **LIST_OF_SHOPS, **STREAMS, **NEW_SHOPS}).values())
    others = {**BOOK_READS, **COUNTING, **REGISTRATIONS, **ITEMS, **SWITCH, **{name: NOBODYS[name] for name in NOBODYS if "stream" not in name}}
    assert not any(verdicts(others).values())
