"""The roles beside the shops': what runs with each is allowed by its policy, and what it has no business with is refused."""

import boto3
import pytest

import dynamodb
import engines
from aws_gate import PLATFORM_KEY, Gate
from estante import Client, Server, eventually
from test_iam import NOBODYS
from test_streams import buy, lake_purchases
from test_tenant_credentials import METHODS, client_of, refused

pytestmark = pytest.mark.only_on("dynamodb")

PASSWORD = "a good password"


@pytest.fixture
def gate(server):
    """A gate of this test's own, which may refuse something."""
    own = Gate(dynamodb.engine_of(server.folder).url, engines.MOTO)
    yield own
    own.stop()


@pytest.fixture
def engine(tmp_path):
    """Without tables. Its gate is of those that must have refused nothing when the tests end."""
    folder = tmp_path / "data"
    yield dynamodb.engine_of(folder)
    dynamodb.forget(folder)


def allowed_to(gate, role):
    return {action for (who, action, allowed) in gate.counts if who == role and allowed}


def run_as(key, gate, binary, *arguments, code=0):
    done = dynamodb.run_as(key, gate, binary, *arguments)
    assert done.returncode == code, done
    return done.stdout + done.stderr


def test_tables_are_made_and_checked(engine, binary):
    def tables(step, code=0):
        return run_as("TABLES", engine.gate, binary, "tables", step, "--stage", dynamodb.STAGE, code=code)

    assert "there is no such table" in tables("check", code=1)
    dynamodb.make_tables_without_streams(engine.url, dynamodb.STAGE)
    assert "its stream is not on" in tables("check", code=1)
    assert "its stream is on" in tables("create")
    assert "match their definition" in tables("check")
    assert allowed_to(engine.gate, "tables") == {"CreateTable", "DescribeTable", "UpdateTable", "DescribeTimeToLive", "UpdateTimeToLive",
                                                 "DescribeContinuousBackups", "UpdateContinuousBackups"}


def test_the_platform_opens_runs_and_closes_shops(engine, binary, run_cli):
    """By hand and over HTTP, from nothing, with the server's own key and the sessions of the shops."""
    run_as("TABLES", engine.gate, binary, "tables", "create", "--stage", dynamodb.STAGE)

    def command(*arguments, **options):
        done = run_cli(*arguments, "--data", engine.folder, env=dynamodb.environment(engine.folder), **options)
        assert done.returncode == 0, done
        return done.stdout

    command("operator", "create", "op@example.com", "--password-stdin", input=PASSWORD)
    command("operator", "create", "second@example.com", "--password-stdin", input=PASSWORD)
    command("tenant", "create", "acme", "--name", "Acme", "--manager", "boss@example.com")
    command("tenant", "invite", "acme", "second@example.com")
    command("user", "create", "acme", "ana@example.com", "--role", "manager", "--password-stdin", input=PASSWORD)
    command("tenant", "suspend", "acme")
    command("tenant", "resume", "acme")
    assert "acme" in command("tenant", "list")

    server = Server(binary, engine.folder).start()
    operator = Client(server, "operator").login("op@example.com", PASSWORD)
    assert operator.post("/v1/tenants", {"tenant_id": "rival", "name": "Rival", "manager_email": "boss@example.com"}).status_code == 201
    assert operator.post("/v1/tenants/rival/invitations", {"manager_email": "other@example.com"}).status_code == 201
    assert operator.post("/v1/tenants/rival/suspend").status_code == 200
    assert [shop["tenant_id"] for shop in operator.get("/v1/tenants").json()["items"]] == ["acme", "rival"]
    gone = Client(server, "acme").register("gone@example.com")
    assert gone.delete("/v1/users/me").status_code == 204
    assert server.stop() == 0
    assert allowed_to(engine.gate, "tenant") >= {"TransactWriteItems", "BatchWriteItem", "DeleteItem"}
    assert allowed_to(engine.gate, "platform") >= {"AssumeRole", "PutItem", "Query", "DescribeTable", "GetRecords"}


def server_with(key, gate, server, binary, folder):
    """Beside the server of the test, on the same tables, with the key of a role and no session of a shop."""
    other = Server(binary, folder)
    other.environment = {**dynamodb.environment(server.folder), "AWS_ACCESS_KEY_ID": key, "ESTANTE_DYNAMODB_ENDPOINT": gate.url,
                         "ESTANTE_AWS_TENANT_ROLE": ""}
    return other.start()


def figures(folder):
    """The days of the shop libreria, past the gate."""
    found = purchases_table(folder).query(KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": "libreria#SUMMARY"})
    return found["Items"]


def purchases_table(folder):
    resource = boto3.resource("dynamodb", endpoint_url=dynamodb.engine_of(folder).url, region_name=dynamodb.REGION, aws_access_key_id="test",
                              aws_secret_access_key="test")
    return resource.Table(f"bookstore-purchases-{dynamodb.STAGE}")


def forget_figures(folder):
    table = purchases_table(folder)
    items = [item for item in table.scan()["Items"] if item["pk"].endswith("#SUMMARY") or item["sk"].startswith("COUNTED#")]
    for item in items:
        table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
    return len(items)


FOLLOWING = {"DescribeTable", "DescribeStream", "GetShardIterator", "GetRecords", "Query", "BatchGetItem", "GetItem", "PutItem"}
CUT_OFF_DELETIONS = "#DELETIONS"  # a server looks for them, once for each shop; no processor does


def test_the_processor_of_books_fills_its_index_and_follows(gate, server, binary, tmp_path):
    """What a server does besides is refused: looking for users whose deletion was cut off, and filling a lake with the shops' purchases."""
    processor = server_with("BOOKS", gate, server, binary, tmp_path / "processor")
    shop = Client(server, "goodbooks").as_manager()
    made = shop.post("/v1/books", {"title": "Followed", "contributors": [{"name": "Nobody", "role": "author"}], "category": "Novela",
                                   "price": 9.5})
    assert made.status_code == 201, made.text
    read = ("books-processor", "BatchGetItem", "bookstore-books-test", f"goodbooks#{made.json()['book_id']}")
    eventually(lambda: read in gate.touched, timeout_s=20)  # it followed
    assert processor.stop() == 0
    assert allowed_to(gate, "books-processor") == FOLLOWING
    assert sum(CUT_OFF_DELETIONS in line for line in gate.denied) == 2, gate.denied
    assert all("Query" in line and (CUT_OFF_DELETIONS in line or "#PURCHASES" in line or "#EMAIL" in line) for line in gate.denied), gate.denied


def test_the_processor_of_purchases_counts_what_was_sold_and_follows(gate, server, binary, run_cli, tmp_path):
    """What the server has counted itself is forgotten first, so that the processor has all to do. Nothing is refused but the server's
    search for deletions that were cut off."""
    sold = [buy(server, "libreria")[1]["purchase_id"]]
    eventually(lambda: figures(server.folder))
    assert server.stop() == 0
    assert forget_figures(server.folder) >= 3  # the day, the purchase, its buyer
    processor = server_with("PURCHASES", gate, server, binary, tmp_path / "processor")
    assert run_cli("streams", "replay", "--processor", "purchases_stream", "--from", "beginning", "--data", processor.folder).returncode == 0
    eventually(lambda: [day["book_purchases"] for day in figures(server.folder)] == [1], timeout_s=20)
    written = [line for line in gate.touched if line[1] == "PutItem" and line[2] == "bookstore-purchases-test"]
    assert any(partition == "libreria#SUMMARY" for *_, partition in written) and any("#user_" in partition for *_, partition in written)

    server.start()
    sold.append(buy(server, "libreria")[1]["purchase_id"])
    eventually(lambda: set(lake_purchases(processor, "libreria")) == set(sold), timeout_s=20)
    assert processor.stop() == 0
    assert allowed_to(gate, "purchases-processor") == FOLLOWING | {"TransactWriteItems"}
    assert all("Query" in line and CUT_OFF_DELETIONS in line for line in gate.denied), gate.denied


@pytest.mark.parametrize("key", [PLATFORM_KEY, "COPYING", "TABLES", "BOOKS"])
def test_what_is_no_roles_business_is_refused(gate, server, key):
    before = dynamodb.digests(server.folder)
    role = client_of(gate, "dynamodb", key)
    for name, (operation, body) in NOBODYS.items():
        if operation in METHODS:
            assert refused(getattr(role, METHODS[operation]), **body), name
    assert refused(client_of(gate, "sts", key).assume_role, RoleArn="arn:aws:iam::123456789012:role/administrator", RoleSessionName="no")
    assert dynamodb.digests(server.folder) == before


def test_commands_with_another_roles_key_are_refused(gate, binary, tmp_path):
    for key in (PLATFORM_KEY, "TABLES", "BOOKS"):
        run_as(key, gate, binary, "copy", "--from", "dynamodb:test", "--to", f"sqlite:{tmp_path}/{key}", code=1)
    for key in (PLATFORM_KEY, "COPYING", "BOOKS"):
        run_as(key, gate, binary, "tables", "create", "--stage", dynamodb.STAGE, code=1)
    refusals = {tuple(line.split()[:2]) for line in gate.denied}
    assert refusals == {("platform:", "Query"), ("books-processor:", "Query"), ("tables:", "DescribeStream"),
                        ("platform:", "CreateTable"), ("books-processor:", "CreateTable"), ("copying:", "CreateTable")}
