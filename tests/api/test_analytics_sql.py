"""`estante analytics sql`: one shop's lake through views, on a served folder and on one that is not."""

import subprocess

import pytest

import dynamodb
import estante

pytestmark = pytest.mark.skipif(dynamodb.ON_DYNAMODB, reason="makes a data folder of its own")

HOSTILE = ["SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM glob('/**')", "ATTACH '/tmp/other.db'",
           "COPY purchases TO '/tmp/purchases.csv'", "SET lock_configuration = false", "SELECT 1; SELECT 2"]


def sql(binary, folder, statement, *more):
    return subprocess.run([binary, "analytics", "sql", statement, "--tenant", "acme", "--data", str(folder), *more],
                          capture_output=True, text=True, timeout=60)


def check(binary, folder):
    answer = sql(binary, folder, "SELECT count(*) AS n, 'a,b' AS t FROM purchases", "--csv")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.splitlines() == ['"n","t"', '"0","a,b"']
    for statement in HOSTILE:
        refused = sql(binary, folder, statement)
        assert refused.returncode == 1, statement
        assert refused.stdout == "" and "The statement was refused" in refused.stderr, (statement, refused.stderr)


def test_sql_reads_the_shop_and_nothing_else(binary, tmp_path):
    folder = tmp_path / "data"
    subprocess.run([binary, "tenant", "create", "acme", "--name", "Acme", "--manager", "m@acme.example", "--data",
                    str(folder)], check=True, capture_output=True, timeout=60)
    check(binary, folder)
    server = estante.Server(binary, folder).start()
    try:
        check(binary, folder)
    finally:
        server.stop()
