"""Black-box tests: the program as it is shipped, over HTTP, every answer checked against its own OpenAPI document."""

import collections
import os
import pathlib
import shutil
import subprocess

import pytest

import dynamodb
from aws_gate import is_the_platforms_business
from estante import Client, Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = str(pathlib.Path(os.environ.get("ESTANTE_BIN", ROOT / "build" / "release" / "estante")).resolve())


@pytest.fixture(scope="session")
def binary():
    return BINARY


@pytest.fixture(scope="session", autouse=True)
def policies_suffice_and_are_used():
    """With the items in DynamoDB: whatever the program did, the policies of its roles allow; shops' requests came with their own
    keys, and the platform's key touched nothing of a customer."""
    yield
    counts, denied, touched = dynamodb.decisions()
    if not counts:
        return
    by_role = collections.Counter()
    for (role, _, allowed), n in counts.items():
        by_role[role] += n if allowed else 0
    print("\npolicies: allowed", ", ".join(f"{n:,} requests of {role}" for role, n in by_role.most_common()), f"denied {len(denied)}")
    assert denied == []
    assert by_role["tenant"] > 0
    customers = {entry for entry in touched if entry[0] == "platform" and not is_the_platforms_business(*entry[1:])}
    assert not customers, f"the platform's own key was used for {customers}"


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """A loaded demonstration, which no test serves itself: tests get copies."""
    folder = tmp_path_factory.mktemp("demonstration") / "data"
    server = Server(BINARY, folder, command="demo")
    server.start(timeout_s=120)
    assert server.stop() == 0
    if dynamodb.ON_DYNAMODB:
        dynamodb.move_there(BINARY, folder)
    return folder


def give_back(folder):
    """Each is a copy of the demonstration: together they would fill a disk."""
    dynamodb.forget(folder)
    shutil.rmtree(folder)


@pytest.fixture
def shop_folder(demo_folder, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(demo_folder, folder)
    yield folder
    give_back(folder)


@pytest.fixture
def server(shop_folder):
    """The demonstration's two shops, fresh for each test."""
    running = Server(BINARY, shop_folder)
    running.start()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def shared_server(demo_folder, tmp_path_factory):
    """One server for all tests of a module that change nothing that another one looks at."""
    folder = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(demo_folder, folder)
    running = Server(BINARY, folder)
    running.start()
    yield running
    assert running.stop() == 0
    give_back(folder)


@pytest.fixture
def run_cli(tmp_path):
    def run(*arguments, **options):
        environment = {**os.environ, **options.pop("env", {})}
        return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=60, cwd=tmp_path,
                              env=environment, **options)

    return run


@pytest.fixture
def shop(server):
    return Client(server, "goodbooks")


@pytest.fixture
def libreria(server):
    return Client(server, "libreria")
