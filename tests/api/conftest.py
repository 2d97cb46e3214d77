"""Black-box tests: the program as it is shipped, over HTTP. Every response is validated against its OpenAPI document."""

import collections
import contextlib
import os
import pathlib
import shutil
import subprocess
import uuid

import pytest
import requests

import dynamodb
import engines
import small_shops
from aws_gate import is_the_platforms_business
from estante import Client, Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = str(pathlib.Path(os.environ.get("ESTANTE_BIN", ROOT / "build" / "release" / "estante")).resolve())


@pytest.fixture(scope="session", autouse=True)
def policies_suffice_and_are_used():
    """With DynamoDB: the policies of the roles allow whatever the program did, the requests of shops had their own keys, and the
    platform's key touched no item of a customer."""
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


# ---- Which tests run -------------------------------------------------------------------------------------------------------

STORE = "dynamodb" if dynamodb.ON_DYNAMODB else "sqlite"
OWN_FOLDER = {"shop_folder", "demo_folder", "engine"}  # fixtures; a test with a server of its own uses one of them


def pytest_configure(config):
    config.addinivalue_line("markers", "only_on(store): the test runs with this store alone: sqlite or dynamodb")
    for marker, _, _ in engines.BY_FIXTURE.values():
        config.addinivalue_line("markers", f"{marker}: set by conftest.py on tests that use the engine")


def runs_here(item):
    """With DynamoDB the tests that have a data folder of their own are repeated, because these change items. The others only
    read, or are refused at the HTTP boundary, whatever the store."""
    only_on = item.get_closest_marker("only_on")
    if only_on:
        return STORE in only_on.args
    return STORE == "sqlite" or bool(OWN_FOLDER & set(item.fixturenames))


@pytest.hookimpl(tryfirst=True)  # before -m selects by the markers that are set here
def pytest_collection_modifyitems(config, items):
    missing = [name for name, place in engines.FOR_DYNAMODB.items() if STORE == "dynamodb" and not place]
    deselected = [item for item in items if not runs_here(item)]
    items[:] = [item for item in items if runs_here(item)]
    config.hook.pytest_deselected(items=deselected)
    for item in items:
        if missing:
            item.add_marker(pytest.mark.skip(reason=f"needs {' and '.join(missing)}: scripts/engines up {' '.join(missing)}"))
        for fixture in engines.BY_FIXTURE.keys() & set(item.fixturenames):
            marker, url, reason = engines.BY_FIXTURE[fixture]
            item.add_marker(marker)
            if not url:
                item.add_marker(pytest.mark.skip(reason=reason))


# ---- Data folders and servers ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def binary():
    return BINARY


def with_the_store(folder):
    if dynamodb.ON_DYNAMODB:
        dynamodb.move_there(BINARY, folder)
    return folder


@pytest.fixture(scope="session")
def loaded_shops(tmp_path_factory):
    """Two small shops. No test serves this folder: tests get copies."""
    folder = tmp_path_factory.mktemp("small") / "data"
    small_shops.create(BINARY, folder)
    return with_the_store(folder)


@pytest.fixture(scope="session")
def loaded_demo(tmp_path_factory):
    """The demonstration with its 10,913 books, for tests in which size matters. Tests get copies."""
    folder = tmp_path_factory.mktemp("demonstration") / "data"
    assert Server(BINARY, folder, command="demo").start(timeout_s=120).stop() == 0
    return with_the_store(folder)


@contextlib.contextmanager
def copy_of(folder, target):
    """A copy is removed after its test: together they would fill a disk."""
    shutil.copytree(folder, target)
    yield target
    dynamodb.forget(target)
    shutil.rmtree(target)


@contextlib.contextmanager
def served(folder):
    running = Server(BINARY, folder).start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def shop_folder(loaded_shops, tmp_path):
    with copy_of(loaded_shops, tmp_path / "data") as folder:
        yield folder


@pytest.fixture
def demo_folder(loaded_demo, tmp_path):
    with copy_of(loaded_demo, tmp_path / "data") as folder:
        yield folder


@pytest.fixture
def server(shop_folder):
    """Two small shops, fresh for each test."""
    with served(shop_folder) as running:
        yield running


@pytest.fixture
def demo_server(demo_folder):
    """The demonstration's two shops, fresh for each test."""
    with served(demo_folder) as running:
        yield running


@pytest.fixture(scope="module")
def shared_server(loaded_shops, tmp_path_factory):
    """One server for the tests of a module that change nothing which another test reads."""
    with copy_of(loaded_shops, tmp_path_factory.mktemp("shared") / "data") as folder, served(folder) as running:
        yield running


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


# ---- Engines ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def moto():
    return engines.MOTO


@pytest.fixture
def prefix():
    """A prefix of the names of indexes in the search engine, for one test."""
    name = f"test-{uuid.uuid4().hex[:12]}_"
    yield name
    for index in requests.get(f"{engines.SEARCH}/_alias/{name}*", timeout=10).json():
        requests.delete(f"{engines.SEARCH}/{index}", timeout=10)
