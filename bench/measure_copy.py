"""10,000 books with their claims and stock, from the embedded store to Dynoxide and back, digests compared by the program itself; beside
boto3's batch_writer, which writes the same items, already in memory, to the same engine. In turns, each into new tables."""

import os
import subprocess
import time

from served import BINARY, load_demonstration, median, progress, result, scratch
from standing import INDEXES, dynoxide, make_tables

ROUNDS = 3
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "eu-central-1"}


def copy(engine, source, target):
    """The seconds of the whole command, and how many items it copied; it fails when a digest differs."""
    environment = {**os.environ, **KEYS, "ESTANTE_DYNAMODB_ENDPOINT": engine.url}
    begin = time.monotonic()
    done = subprocess.run([BINARY, "copy", "--from", source, "--to", target], env=environment, capture_output=True, text=True)
    took = time.monotonic() - begin
    assert done.returncode == 0, done.stdout + done.stderr
    return took, sum(int(line.split()[1]) for line in done.stdout.splitlines() if line.endswith("equal"))


def turn_streams_on(engine, stage):
    environment = {**os.environ, **KEYS, "ESTANTE_DYNAMODB_ENDPOINT": engine.url}
    subprocess.run([BINARY, "tables", "create", "--stage", stage], env=environment, check=True, stdout=subprocess.DEVNULL)


def all_items(engine, stage):
    resource = engine.resource()
    items = {}
    for table in INDEXES:
        found, start = [], {}
        while start is not None:
            page = resource.Table(f"bookstore-{table}-{stage}").scan(**({"ExclusiveStartKey": start} if start else {}))
            found += page["Items"]
            start = page.get("LastEvaluatedKey")
        items[table] = found
    return items


def batch_writer(engine, stage, items):
    resource = engine.resource()
    begin = time.monotonic()
    for table, found in items.items():
        with resource.Table(f"bookstore-{table}-{stage}").batch_writer() as writer:
            for item in found:
                writer.put_item(Item=item)
    return time.monotonic() - begin


with scratch() as folder:
    load_demonstration(folder / "data")
    ours, theirs, back = [], [], []
    for turn in range(ROUNDS):
        with dynoxide() as engine:
            make_tables(engine, "ours")
            took, count = copy(engine, f"sqlite:{folder}/data", "dynamodb:ours")
            ours.append(count / took)
            items = all_items(engine, "ours")
            make_tables(engine, "theirs")
            theirs.append(count / batch_writer(engine, "theirs", items))
            turn_streams_on(engine, "ours")  # a copy follows what changes meanwhile
            took, returned = copy(engine, "dynamodb:ours", f"sqlite:{folder}/back{turn}")
            assert returned == count
            back.append(count / took)
            progress(f"{count} items: there {ours[-1]:.0f}/s (with reading them twice more to compare digests), boto3's batch_writer "
                     f"{theirs[-1]:.0f}/s, back {back[-1]:.0f}/s, digests equal")
    ratio = median(a / b for a, b in zip(ours, theirs))
    result("copy", ratio, 3, per_s=median(ours), boto3_per_s=median(theirs), back_per_s=median(back), items=count)
