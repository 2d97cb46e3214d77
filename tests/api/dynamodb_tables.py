"""The tables of a stage in a test engine, for tests and measurements."""

import os
import subprocess

import boto3

REGION = "eu-central-1"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION}
INDEXES = {"users": 1, "books": 2, "purchases": 1}


def client(url):
    return boto3.client("dynamodb", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")


def make_tables_without_streams(url, stage):
    """Writes of Dynoxide slow down with every record of a stream, so bulk loads come before the streams are enabled."""
    def key(prefix):
        return [{"AttributeName": prefix + "pk", "KeyType": "HASH"}, {"AttributeName": prefix + "sk", "KeyType": "RANGE"}]

    for table, indexes in INDEXES.items():
        prefixes = [f"gsi{n}" for n in range(1, indexes + 1)]
        client(url).create_table(
            TableName=f"bookstore-{table}-{stage}", KeySchema=key(""), BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": p + k, "AttributeType": "S"} for p in ("", *prefixes) for k in ("pk", "sk")],
            GlobalSecondaryIndexes=[{"IndexName": p.upper(), "KeySchema": key(p), "Projection": {"ProjectionType": "ALL"}} for p in prefixes])


def settings(url):
    """The environment of a command that uses the engine directly, without a gate."""
    return {**os.environ, **KEYS, "AWS_ENDPOINT_URL_DYNAMODB": url}


def turn_streams_on(binary, url, stage):
    subprocess.run([binary, "tables", "create", "--stage", stage], env=settings(url), check=True, timeout=60, stdout=subprocess.DEVNULL)
