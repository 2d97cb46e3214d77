"""Copies 10,000 books with their claims and stock from the embedded store to Dynoxide and back; `estante copy` compares the digests. The
reference is boto3's batch_writer, which writes the same items from memory to the same engine. They alternate, each with new tables. `ratio`
compares our whole command with boto3's writes alone; for `ratio_same_work` boto3 also reads back and compares what it wrote."""

import resource
import subprocess
import time

import boto3

from harness import BINARY, load_demonstration, median, progress, print_result, scratch_folder
from engines import dynoxide
from dynamodb_tables import INDEXES, REGION, make_tables_without_streams, settings, turn_streams_on

ROUNDS = 3


def cpu(who):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def copy(url, source, target):
    """Returns the seconds of the whole command, its CPU seconds and the number of items. It fails when a digest differs."""
    begin, used = time.monotonic(), cpu(resource.RUSAGE_CHILDREN)
    done = subprocess.run([BINARY, "copy", "--from", source, "--to", target], env=settings(url), capture_output=True, text=True)
    took = time.monotonic() - begin
    assert done.returncode == 0, done.stdout + done.stderr
    return took, cpu(resource.RUSAGE_CHILDREN) - used, sum(int(line.split()[1]) for line in done.stdout.splitlines() if line.endswith("equal"))


def all_items(tables, stage):
    items = {}
    for table in INDEXES:
        found, start = [], {}
        while start is not None:
            page = tables.Table(f"bookstore-{table}-{stage}").scan(**({"ExclusiveStartKey": start} if start else {}))
            found += page["Items"]
            start = page.get("LastEvaluatedKey")
        items[table] = found
    return items


def batch_writer(tables, stage, items):
    begin, used = time.monotonic(), cpu(resource.RUSAGE_SELF)
    for table, found in items.items():
        with tables.Table(f"bookstore-{table}-{stage}").batch_writer() as writer:
            for item in found:
                writer.put_item(Item=item)
    return time.monotonic() - begin, cpu(resource.RUSAGE_SELF) - used


with scratch_folder() as folder:
    load_demonstration(folder / "data")
    ours, theirs, compared, back, cpu_ratios = [], [], [], [], []
    for turn in range(ROUNDS):
        with dynoxide() as url:
            tables = boto3.resource("dynamodb", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
            make_tables_without_streams(url, "ours")
            took, used, count = copy(url, f"sqlite:{folder}/data", "dynamodb:ours")
            ours.append(count / took)
            items = all_items(tables, "ours")
            make_tables_without_streams(url, "theirs")
            their_time, their_use = batch_writer(tables, "theirs", items)
            theirs.append(count / their_time)
            begin = time.monotonic()
            assert all_items(tables, "theirs") == items, "boto3 does not read back what it wrote"
            compared.append(count / (their_time + time.monotonic() - begin))
            cpu_ratios.append(their_use / used)
            turn_streams_on(BINARY, url, "ours")  # a copy follows concurrent changes
            took, _, returned = copy(url, "dynamodb:ours", f"sqlite:{folder}/back{turn}")
            assert returned == count
            back.append(count / took)
            progress(f"{count} items: to Dynoxide {ours[-1]:.0f}/s (including two more reads to compare digests), boto3's batch_writer "
                     f"{theirs[-1]:.0f}/s, {compared[-1]:.0f}/s with comparing too, back {back[-1]:.0f}/s, digests equal")
    ratio = median(a / b for a, b in zip(ours, theirs))
    print_result("copy", ratio, 3, per_s=median(ours), boto3_per_s=median(theirs), back_per_s=median(back), items=count,
           ratio_same_work=median(a / b for a, b in zip(ours, compared)), client_cpu_ratio=median(cpu_ratios))
