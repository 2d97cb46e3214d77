#!/usr/bin/env python3
"""boto3 on the same bucket: `write URL BUCKET` puts objects, `read URL BUCKET` checks the objects that the store under test has put."""

import hashlib
import os
import sys
import tempfile

import boto3
import botocore.config

LARGE = bytes(range(256)) * 70_000  # 17.9 MB: several parts with both clients


def main(action, url, bucket):
    client = boto3.client("s3", endpoint_url=url, region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="testtest",
                          config=botocore.config.Config(s3={"addressing_style": "path"}))
    if action == "write":
        client.put_object(Bucket=bucket, Key="boto/ñandú & a+b.json", Body=b'{"title":"\xc3\xb1"}')
        client.put_object(Bucket=bucket, Key="boto/empty", Body=b"")
        with tempfile.NamedTemporaryFile() as file:
            file.write(LARGE)
            file.flush()
            client.upload_file(file.name, bucket, "boto/large")
        return
    keys = [entry["Key"] for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="ours/", PaginationConfig={"PageSize": 2})
            for entry in page["Contents"]]
    assert keys == sorted(["ours/a b+c.json", "ours/empty", "ours/large", "ours/ñ.json.gz"], key=str.encode), keys
    small = client.get_object(Bucket=bucket, Key="ours/ñ.json.gz")
    assert small["Body"].read() == b"\x1f\x8b and what not\x00\xff" and small["ContentType"] == "application/gzip", small
    assert client.get_object(Bucket=bucket, Key="ours/empty")["Body"].read() == b""
    assert client.head_object(Bucket=bucket, Key="ours/a b+c.json")["ContentType"] == "application/json"
    large = client.get_object(Bucket=bucket, Key="ours/large")["Body"].read()
    assert hashlib.sha256(large).digest() == hashlib.sha256(LARGE).digest(), len(large)


if __name__ == "__main__":
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    main(*sys.argv[1:])
