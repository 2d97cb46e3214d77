"""Strong GetItem of one book on Dynoxide with 16 requests in flight. The reference is boto3 with 16 threads; the two alternate. The ratio
compares the CPU time of the clients per request, because the engine's share is the same for both."""

import concurrent.futures
import json
import pathlib
import resource
import subprocess
import sys
import time

from harness import BINARY, median, progress, print_result
from engines import dynoxide
from dynamodb_tables import client, make_tables_without_streams

IN_FLIGHT = 16
ROUNDS = 3
BOOK = {"pk": {"S": "shop#book"}, "sk": {"S": "BOOK#-"}, "title": {"S": "El ingenioso hidalgo don Quijote de la Mancha"},
        "category": {"S": "Literaturas románicas"}, "price": {"N": "12.5"}, "version": {"N": "3"},
        "contributors": {"L": [{"M": {"name": {"S": "Miguel de Cervantes"}, "role": {"S": "author"}}}]},
        "description": {"S": "Una descripción de una longitud corriente, como la de un libro. " * 4}}


def boto3_reads(url, reads):
    """The reference process: `measure_dynamodb_client.py URL READS`."""
    import boto3
    from botocore.config import Config
    client = boto3.client("dynamodb", endpoint_url=url, region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="test",
                          config=Config(max_pool_connections=IN_FLIGHT))

    def read(_):
        response = client.get_item(TableName="bookstore-books-bench", Key={"pk": BOOK["pk"], "sk": BOOK["sk"]}, ConsistentRead=True)
        assert response["Item"]["title"] == BOOK["title"]

    with concurrent.futures.ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(read, range(200)))
        before, begin = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        list(pool.map(read, range(reads)))
        took, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"per_s": reads / took, "cpu_us": cpu / reads * 1e6}))


def run(*command):
    return json.loads(subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout)


def main():
    ours, theirs = [], []
    with dynoxide() as url:
        make_tables_without_streams(url, "bench")
        client(url).put_item(TableName="bookstore-books-bench", Item=BOOK)
        load = pathlib.Path(BINARY).parent / "bench" / "bench_dynamodb_load"
        for _ in range(ROUNDS):
            ours.append(run(load, url, "bench", IN_FLIGHT, 20_000))
            theirs.append(run("/usr/bin/python3", __file__, url, 3_000))
            progress(f"ours {ours[-1]['per_s']:.0f}/s, {ours[-1]['cpu_us']:.0f} µs of CPU each; "
                     f"boto3 {theirs[-1]['per_s']:.0f}/s, {theirs[-1]['cpu_us']:.0f} µs")
    ratio = median(b["cpu_us"] / a["cpu_us"] for a, b in zip(ours, theirs))
    print_result("dynamodb-client", ratio, 5, cpu_us=median(a["cpu_us"] for a in ours), boto3_cpu_us=median(b["cpu_us"] for b in theirs),
           per_s=median(a["per_s"] for a in ours), boto3_per_s=median(b["per_s"] for b in theirs))


if __name__ == "__main__":
    boto3_reads(sys.argv[1], int(sys.argv[2])) if len(sys.argv) == 3 else main()
