"""With the session of one shop, another shop's items are out of reach for every key. The gate evaluates policies as AWS does."""

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config

import dynamodb
import engines
from aws_gate import PLATFORM_KEY, TENANT_ROLE, Gate
from estante import Client
from test_iam import FOREIGN

pytestmark = pytest.mark.only_on("dynamodb")


@pytest.fixture
def gate(server):
    """A gate of this test's own: what it refuses here is forged, not the program's."""
    own = Gate(dynamodb.engine_of(server.folder).url, engines.MOTO)
    yield own
    own.stop()


def client_of(gate, service, key_id=PLATFORM_KEY, secret="test", token=None):
    return boto3.client(service, endpoint_url=gate.url, region_name=dynamodb.REGION, aws_access_key_id=key_id, aws_secret_access_key=secret,
                        aws_session_token=token, config=Config(parameter_validation=False))


def as_shop(tenant):
    return {"RoleArn": TENANT_ROLE, "RoleSessionName": "x", "Tags": [{"Key": "TenantId", "Value": tenant}]}


def keys_of(gate, tenant):
    """Of a shop's session, as the program gets one."""
    return client_of(gate, "sts").assume_role(**as_shop(tenant))["Credentials"]


def session_of(gate, tenant):
    keys = keys_of(gate, tenant)
    return client_of(gate, "dynamodb", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def refused(call, code=("AccessDeniedException", "AccessDenied"), **named):
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(**named)
    assert error.value.response["Error"]["Code"] in code, error.value
    return True


METHODS = {"GetItem": "get_item", "PutItem": "put_item", "UpdateItem": "update_item", "DeleteItem": "delete_item", "Query": "query",
           "Scan": "scan",
           "BatchGetItem": "batch_get_item", "BatchWriteItem": "batch_write_item", "TransactWriteItems": "transact_write_items",
           "ExecuteStatement": "execute_statement", "DeleteTable": "delete_table"}


def test_forged_requests_are_refused_and_change_nothing(gate, server):
    acme = session_of(gate, "acme")
    before = dynamodb.digests(server.folder)
    tried = 0
    for name, (operation, body) in FOREIGN.items():
        if operation in METHODS:
            assert refused(getattr(acme, METHODS[operation]), **body), name
            tried += 1
    assert tried == len(FOREIGN) - 1  # the stream has an endpoint of its own
    assert dynamodb.digests(server.folder) == before


def test_a_shop_reads_what_is_its_own_and_not_its_neighbours(gate, server):
    book = Client(server, "goodbooks").books()[0]["book_id"]
    wanted = {"TableName": f"bookstore-books-{dynamodb.STAGE}", "Key": {"pk": {"S": f"goodbooks#{book}"}, "sk": {"S": "STOCK"}}}
    assert "on_hand" in session_of(gate, "goodbooks").get_item(**wanted)["Item"]
    assert refused(session_of(gate, "libreria").get_item, **wanted)


def test_a_session_cannot_become_another_shops(gate):
    keys = keys_of(gate, "acme")
    again = client_of(gate, "sts", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert refused(again.assume_role, **as_shop("rival"))
    assert refused(client_of(gate, "sts").assume_role, RoleArn=TENANT_ROLE, RoleSessionName="no-tag")
    for tag in ("*", "ac?e"):
        assert refused(client_of(gate, "sts").assume_role, **as_shop(tag)), tag


def test_a_key_comes_with_the_token_of_its_own_session(gate):
    own, other = keys_of(gate, "goodbooks"), keys_of(gate, "libreria")
    wanted = {"TableName": f"bookstore-books-{dynamodb.STAGE}", "Key": {"pk": {"S": "goodbooks#book_1"}, "sk": {"S": "STOCK"}}}

    def reading(key, token):
        return client_of(gate, "dynamodb", key, "secret", token).get_item

    assert reading(own["AccessKeyId"], own["SessionToken"])(**wanted)
    for key, token in ((own["AccessKeyId"], None), (own["AccessKeyId"], other["SessionToken"]), (other["AccessKeyId"], own["SessionToken"]),
                       (PLATFORM_KEY, own["SessionToken"]), ("AKIDSTOLEN", None)):
        assert refused(reading(key, token), code=["UnrecognizedClientException"], **wanted), (key, token)
    assert refused(client_of(gate, "sts", PLATFORM_KEY, "secret", own["SessionToken"]).assume_role, **as_shop("acme"))
