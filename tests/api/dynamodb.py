"""The program with its items in DynamoDB: with ESTANTE_TEST_STORE=dynamodb each data folder gets a Dynoxide of its own, whose file is
in the folder. Every command on that folder gets the settings of that instance."""

import atexit
import collections
import hashlib
import json
import os
import pathlib
import socket
import subprocess
import time

import requests

import engines
from aws_gate import TENANT_ROLE, Gate
from dynamodb_tables import INDEXES, KEYS, REGION, make_tables_without_streams  # noqa: F401

ON_DYNAMODB = os.environ.get("ESTANTE_TEST_STORE") == "dynamodb"
STAGE = "test"

_engines = {}
_gates = []  # of all engines, also of stopped ones


class Engine:
    """A Dynoxide on FOLDER/dynoxide.db, from its first use until the tests end or `stop`."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.gate = Gate(self.url, engines.MOTO)
        _gates.append(self.gate)
        self.process = subprocess.Popen([engines.DYNOXIDE, "serve", "--host", "127.0.0.1", "--port", str(port),
                                         "--db-path", str(folder / "dynoxide.db")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                assert time.monotonic() < deadline and self.process.poll() is None, "Dynoxide does not start"

    def stop(self):
        self.gate.stop()
        self.process.terminate()
        self.process.wait(timeout=10)
        _engines.pop(self.folder, None)


def engine_of(folder):
    folder = pathlib.Path(folder).resolve()
    if folder not in _engines:
        _engines[folder] = Engine(folder)
    return _engines[folder]


def forget(folder):
    if pathlib.Path(folder).resolve() in _engines:
        engine_of(folder).stop()


@atexit.register
def stop_all():
    for engine in list(_engines.values()):
        engine.stop()


def environment(folder):
    """The settings with which a command on this folder reaches its items through the gate; empty with SQLite."""
    if not ON_DYNAMODB:
        return {}
    gate = engine_of(folder).gate
    return {**KEYS, "ESTANTE_STORE": "dynamodb", "ESTANTE_STAGE": STAGE, "ESTANTE_DYNAMODB_ENDPOINT": gate.url,
            "ESTANTE_STS_ENDPOINT": gate.url, "ESTANTE_AWS_TENANT_ROLE": TENANT_ROLE}


def run_as(key, gate, binary, *arguments, timeout=300):
    """Runs a command with the access key of a role, through a gate, without assuming roles of shops."""
    environment = {**os.environ, **KEYS, "AWS_ACCESS_KEY_ID": key, "ESTANTE_DYNAMODB_ENDPOINT": gate.url}
    return subprocess.run([binary, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=timeout)


def decisions():
    """The decisions of all gates: counts, denied requests, and what the platform's and the processors' keys accessed."""
    counts = collections.Counter()
    for gate in _gates:
        counts.update(gate.counts)
    return counts, [line for gate in _gates for line in gate.denied], set().union(*(gate.touched for gate in _gates))


def move_there(binary, folder):
    """Moves the items of a data folder into its own Dynoxide, with the commands of the program."""
    engine = engine_of(folder)
    make_tables_without_streams(engine.url, STAGE)
    copied = run_as("COPYING", engine.gate, binary, "copy", "--from", f"sqlite:{folder}", "--to", f"dynamodb:{STAGE}")
    assert copied.returncode == 0, copied
    made = run_as("TABLES", engine.gate, binary, "tables", "create", "--stage", STAGE)
    assert made.returncode == 0, made
    for file in folder.glob("estante.db*"):
        file.unlink()
    engine.stop()


def digests(folder):
    """A digest of the items of each table, without what processors write: checkpoints, summaries and markers. Plain HTTP takes a
    quarter of the time of boto3."""
    return {table: _digest(folder, f"bookstore-{table}-{STAGE}") for table in INDEXES}


def _digest(folder, table):
    whole = hashlib.sha256()
    texts, start = [], None
    while True:
        body = {"TableName": table, "ConsistentRead": True, **({"ExclusiveStartKey": start} if start else {})}
        response = requests.post(engine_of(folder).url, json=body, timeout=30, headers={
            "X-Amz-Target": "DynamoDB_20120810.Scan", "X-Amz-Date": "20260101T000000Z", "Content-Type": "application/x-amz-json-1.0",
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"})
        page = response.json()
        texts += [json.dumps(item, sort_keys=True) for item in page["Items"]
                  if not item["pk"]["S"].endswith(("operator#STREAM", "#SUMMARY")) and not item["sk"]["S"].startswith("COUNTED#")]
        start = page.get("LastEvaluatedKey")
        if not start:
            break
    for text in sorted(texts):
        whole.update(text.encode())
    return whole.hexdigest()
