"""The lake's bucket and tables as a person makes them, seen by AWS's own client."""

import json
import uuid

import boto3

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "testtest", "AWS_REGION": "eu-central-1"}


def test_an_address_that_is_none_is_one_clear_line(run_cli):
    for arguments, words in ((("check",), ["the lake is the folder", "s3://BUCKET"]),
                             (("create", "--lake", "gs://bucket"), ["lake", "s3://BUCKET/PREFIX", "gs://bucket"]),
                             (("create", "--lake", "s3://Bucket_1"), ["Bucket_1", "3 to 63"]),
                             (("create", "--lake", "s3://bucket/../up"), ["../up", "prefix"]),
                             (("check", "--lake", "s3://bucket-1", "--s3-addressing", "virtual"), ["s3-addressing", "virtual", "host"]),
                             (("describe", "--lake", "s3://bucket-1", "--lake-database", "my-database"), ["my-database", "a-z, 0-9 and _"])):
        done = run_cli("lake", *arguments, env=KEYS)
        assert done.returncode == 1 and done.stderr.count("\n") == 1, (arguments, done)
        assert all(word in done.stderr for word in words), (arguments, done.stderr)


def test_its_tables_are_printed_for_templates(run_cli):
    printed = json.loads(run_cli("lake", "describe", "--lake", "s3://bucket-1/prod", "--stage", "my-stage").stdout)
    assert printed["database"] == "bookstore_my_stage"
    assert [table["Name"] for table in printed["tables"]] == ["purchases", "purchases_parquet", "books"]
    assert printed["tables"][0]["Parameters"]["storage.location.template"].startswith("s3://bucket-1/prod/${tenant_id}/purchases/year=${year}/")


def test_what_it_makes_is_what_other_clients_see(run_cli, moto):
    bucket = f"lake-{uuid.uuid4()}"
    arguments = ("--lake", f"s3://{bucket}", "--stage", bucket[5:18], "--s3-endpoint", moto, "--glue-endpoint", moto)
    missing = run_cli("lake", "check", *arguments, env=KEYS)
    assert missing.returncode == 1 and bucket in missing.stderr and "estante lake create" in missing.stderr
    assert run_cli("lake", "create", *arguments, env=KEYS).returncode == 0
    checked = run_cli("lake", "check", *arguments, env=KEYS)
    assert checked.returncode == 0 and "matches its definition" in checked.stdout, checked

    client = boto3.client("s3", endpoint_url=moto, region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="testtest")
    aging = next(rule for rule in client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] if "Transitions" in rule)
    assert aging["Filter"]["Tag"] == {"Key": "class", "Value": "raw"}
    assert {(t["Days"], t["StorageClass"]) for t in aging["Transitions"]} == {(30, "STANDARD_IA"), (90, "GLACIER")}
    assert all(client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())

    client.delete_bucket_lifecycle(Bucket=bucket)
    different = run_cli("lake", "check", *arguments, env=KEYS)
    assert different.returncode == 1 and "class=raw" in different.stderr
