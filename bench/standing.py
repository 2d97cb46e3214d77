"""A Dynoxide of a measurement's own."""

import contextlib
import os
import pathlib
import subprocess
import tempfile

from served import ROOT

INDEXES = {"users": 1, "books": 2, "purchases": 1}


class Standing:
    def __init__(self, url):
        self.url = url

    def client(self):
        import boto3
        return boto3.client("dynamodb", endpoint_url=self.url, region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="test")

    def resource(self):
        import boto3
        return boto3.resource("dynamodb", endpoint_url=self.url, region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="test")


@contextlib.contextmanager
def dynoxide():
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "ESTANTE_STANDINS_STATE": state}
        script = str(pathlib.Path(ROOT) / "scripts" / "standins")
        subprocess.run([script, "up", "dynoxide"], env=environment, check=True, stdout=subprocess.DEVNULL)
        try:
            lines = subprocess.run([script, "env"], env=environment, check=True, capture_output=True, text=True).stdout.splitlines()
            yield Standing(next(line.split("=", 1)[1] for line in lines if "DYNAMODB_DYNOXIDE=" in line))
        finally:
            subprocess.run([script, "down"], env=environment, check=True, stdout=subprocess.DEVNULL)


def make_tables(engine, stage):
    """Without streams: Dynoxide's writes slow down with every record of one, for whoever writes."""
    def key(prefix):
        return [{"AttributeName": prefix + "pk", "KeyType": "HASH"}, {"AttributeName": prefix + "sk", "KeyType": "RANGE"}]

    for table, indexes in INDEXES.items():
        prefixes = [f"gsi{n}" for n in range(1, indexes + 1)]
        engine.client().create_table(
            TableName=f"bookstore-{table}-{stage}", KeySchema=key(""), BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": p + k, "AttributeType": "S"} for p in ("", *prefixes) for k in ("pk", "sk")],
            GlobalSecondaryIndexes=[{"IndexName": p.upper(), "KeySchema": key(p), "Projection": {"ProjectionType": "ALL"}} for p in prefixes])
